"""Lists and nested forms: docs/guide/form-patterns.md."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup
from flask_wtf import FlaskForm
from wtforms import FieldList, FormField, StringField
from wtforms.validators import InputRequired

from proven.claims.proofs import proves
from snippets.forms import field_list, login, nested, repeated
from tests.guide.forms.common import SAID, said, with_field


@proves("guide/form-patterns", "FieldList repeats a field.")
def test_the_smallest_list() -> None:
    client = repeated.app.test_client()
    both = client.post("/invitations", data={"guests-0": "Ada", "guests-1": "Grace"})
    assert (both.status_code, both.json) == (201, {"guests": ["Ada", "Grace"]})
    one = client.post("/invitations", data={"guests-0": "Ada", "guests-1": ""})
    assert (one.status_code, one.json) == (422, {"guests": [[], ["This field is required."]]})


@proves(
    "guide/form-patterns",
    "If this field is a FormField, it repeats a whole form.",
    "The name of an input contains its position in the list: lines-0-article.",
    "The errors of a list are a list too, with one item for each entry.",
)
def test_a_list_of_forms() -> None:
    client = field_list.app.test_client()
    line = {"lines-0-article": "tea", "lines-0-count": "2"}
    more = client.post("/orders", data={**line, "more": "yes"})
    names = [tag["name"] for tag in BeautifulSoup(more.text, "lxml").select("fieldset input")]
    assert names == ["lines-0-article", "lines-0-count", "lines-1-article", "lines-1-count"]
    assert len(BeautifulSoup(client.get("/orders").text, "lxml").select("fieldset")) == 1
    cup = {**line, "lines-7-article": "cup", "lines-7-count": "0"}
    wrong = client.post("/orders", data=cup)
    message = "Number must be at least 1."
    assert (wrong.status_code, wrong.json) == (422, {"lines": [{}, {"count": [message]}]})
    right = client.post("/orders", data={**cup, "lines-7-count": "1", "mails-0": "ada"})
    assert right.status_code == 201
    assert right.json == {
        "lines": [{"article": "tea", "count": 2}, {"article": "cup", "count": 1}],
        "mails": ["ada"],
    }


@proves(
    "guide/form-patterns",
    "The name of an input contains its position in the list: lines-0-article.",
    "The numbers may have gaps, for example after a script has removed a row.",
    "WTForms numbers the entries anew.",
    "Entries beyond max_entries are ignored without an error.",
)
def test_gaps_are_closed_and_what_is_too_much_is_ignored() -> None:
    field = FieldList(StringField(), max_entries=2)
    form = with_field(field, **{"it-3": "a", "it-5": "b", "it-9": "c"})
    assert [entry.name for entry in form.it] == ["it-0", "it-1"]
    assert (form.it.data, form.validate()) == (["a", "b"], True)
    with pytest.raises(AssertionError):
        form.it.append_entry("d")


@proves(
    "guide/form-patterns",
    "A view can change the entries with append_entry(), insert_entry() and pop_entry().",
)
def test_entries_can_be_added_and_taken_out() -> None:
    entries = with_field(FieldList(StringField()), **{"it-0": "a"}).it
    entries.append_entry("c")
    entries.insert_entry(1, "b")
    assert entries.data == ["a", "b", "c"]
    entries.pop_entry(0)
    assert [(entry.name, entry.data) for entry in entries] == [("it-0", "b"), ("it-1", "c")]


@proves("guide/form-patterns", "If it is a FlaskForm, each row has a token field of its own.")
def test_an_inner_flask_form_has_a_token_of_its_own() -> None:
    class Row(FlaskForm):
        name = StringField()

    with login.app.test_request_context():
        form = type("F", (FlaskForm,), {"rows": FieldList(FormField(Row), min_entries=1)})()
        assert [field.name for field in form.rows[0]] == ["rows-0-name", "rows-0-csrf_token"]


@proves(
    "guide/form-patterns",
    "The value of a nested form is a dictionary, and so are its errors.",
    "populate_obj() writes the values into the inner object.",
)
def test_a_nested_form_is_shown_checked_and_written_back() -> None:
    client = nested.app.test_client()
    page = BeautifulSoup(client.get("/people/1").text, "lxml")
    city = page.select_one("fieldset input[name=address-city]")
    assert city
    assert city["value"] == "London"
    assert page.select_one("legend").text == "Address"  # type: ignore[union-attr]
    wrong = client.post("/people/1", data={"name": "Ada"})
    assert (wrong.status_code, wrong.json) == (
        422,
        {"address": {"city": ["This field is required."]}},
    )
    sent = {"name": "Ada", "address-city": "Paris", "address-street": ""}
    assert client.post("/people/1", data=sent).json == {
        "name": "Ada",
        "address": {"city": "Paris", "street": ""},
    }


@proves(
    "guide/form-patterns",
    "A FormField accepts no validators and no filters.",
    "Put them into the inner class.",
    "A FormField was created with validators.",
    "With filters the message is FormField cannot take filters, as the encapsulated data "
    "is not mutable.",
)
def test_a_nested_form_takes_neither_validators_nor_filters() -> None:
    for options in ({"validators": [InputRequired()]}, {"filters": [str]}):
        with pytest.raises(TypeError) as caught:
            with_field(FormField(nested.AddressForm, **options))
        assert said("TypeError", caught.value) or f"`{caught.value}`" in SAID


@proves(
    "guide/form-patterns",
    "The attribute that the nested form writes to is None.",
    "Give the object an empty inner object first, or pass default=Address to the FormField.",
)
def test_populating_nothing() -> None:
    class Empty:
        it = None

    form = with_field(FormField(nested.AddressForm))
    with pytest.raises(TypeError) as caught:
        form.populate_obj(Empty())
    assert said("TypeError", caught.value)
    person = Empty()
    with_field(FormField(nested.AddressForm, default=nested.Address)).populate_obj(person)
    assert isinstance(person.it, nested.Address)
