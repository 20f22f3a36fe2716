"""Rendering: docs/guide/forms.md."""

from __future__ import annotations

from bs4 import BeautifulSoup
from wtforms import HiddenField, RadioField, StringField
from wtforms.validators import InputRequired

from proven.claims.proofs import proves
from snippets.forms import rendering
from tests.guide.forms.common import attributes, with_field


@proves(
    "guide/forms",
    "aria-invalid marks the field as wrong.",
    "The macro in macros.html sets both for every field, and form.html renders a form "
    "with this macro:",
)
def test_each_error_belongs_to_its_field() -> None:
    client = rendering.app.test_client()
    page = BeautifulSoup(client.get("/").text, "lxml")
    assert not page.select("[aria-invalid]")
    assert page.select_one("[aria-describedby]")["aria-describedby"] == "mail-help"  # type: ignore[index]
    wrong = client.post("/", data={"mail": "ada", "text": "Hi"})
    assert wrong.status_code == 422
    page = BeautifulSoup(wrong.text, "lxml")
    described = {}
    for control in page.select("input, textarea"):
        assert page.select_one(f"label[for={control['id']}]")
        ids = str(control.get("aria-describedby", "")).split()
        texts = [page.find(id=one).text for one in ids]  # type: ignore[union-attr]
        described[control["name"]] = (control.get("aria-invalid"), texts)
    assert described == {
        "name": ("true", ["This field is required."]),
        "mail": ("true", ["We answer to it.", "Invalid email address."]),
        "text": ("true", ["Field must be at least 5 characters long."]),
    }
    right = client.post("/", data={"name": "Ada", "text": "Hello"})
    assert right.text == "Thank you."


@proves(
    "guide/forms",
    "A keyword argument of {{ form.name(...) }} becomes an HTML attribute:",
    "A trailing underscore is removed: class_ becomes class.",
    "In a name that begins with data_ or aria_, underscores become hyphens.",
    "True renders an attribute without a value.",
    "False leaves the attribute out.",
    "A keyword argument replaces the same key of render_kw.",
    "Values are escaped.",
)
def test_what_a_keyword_becomes() -> None:
    field = StringField(render_kw={"class": "wide", "autofocus": True, "title": "a"})
    html = with_field(field).it(class_="narrow", data_a_b=7, x_y=1, aria_label='"', title=False)
    assert attributes(html) == {
        "class": ["narrow"],
        "autofocus": "",
        "data-a-b": "7",
        "x_y": "1",
        "aria-label": '"',
        "id": "it",
        "name": "it",
        "type": "text",
        "value": "",
    }


@proves(
    "guide/forms",
    "A template can read what it needs from a field: field.type, field.flags.required, "
    "field.flags.hidden, field.errors and field.description.",
    "A radio field is iterable, and each item is one option: {% for option in "
    "form.country %}{{ option }} {{ option.label }}{% endfor %}.",
)
def test_what_a_template_may_ask_a_field() -> None:
    form = with_field(StringField(description="help", validators=[InputRequired()]))
    field = form.it
    assert (field.type, field.description, field.flags.required) == ("StringField", "help", True)
    assert field.flags.hidden is None
    form.validate()
    assert field.errors == ["This field is required."]
    assert with_field(HiddenField()).it.flags.hidden is True
    options = list(with_field(RadioField(choices=["a", "b"])).it)
    assert [str(option.label) for option in options] == [
        '<label for="it-0">a</label>',
        '<label for="it-1">b</label>',
    ]
    assert [attributes(option)["value"] for option in options] == ["a", "b"]
