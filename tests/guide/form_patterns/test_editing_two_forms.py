"""Editing, two forms: docs/guide/form-patterns.md."""

from __future__ import annotations

from bs4 import BeautifulSoup
from werkzeug.datastructures import MultiDict
from wtforms import Form, StringField
from wtforms.validators import Length

from proven.claims.proofs import proves
from snippets.forms import editing, two_forms
from tests.guide.forms.common import Person


@proves(
    "guide/form-patterns",
    "Pass the object as obj, and the form shows its values:",
    "populate_obj() writes the value of each field of the form into the object.",
    "The form has no field owner, so a visitor cannot change the owner.",
    "The box was not checked, so done is now False.",
)
def test_editing_writes_the_fields_of_the_form_and_nothing_else() -> None:
    client = editing.app.test_client()
    page = client.get("/notes/1/edit").text
    assert 'value="Buy bread"' in page
    assert "checked" in page
    assert client.post("/notes/1/edit", data={"title": ""}).status_code == 422
    assert client.get("/notes/1").json == {"title": "Buy bread", "done": True, "owner": "ada"}
    answer = client.post("/notes/1/edit", data={"title": "Buy eggs", "owner": "eve"})
    assert (answer.status_code, answer.location) == (302, "/notes/1")
    assert client.get("/notes/1").json == {"title": "Buy eggs", "done": False, "owner": "ada"}


@proves(
    "guide/form-patterns",
    "Call populate_obj after validate: it writes values that are not valid too.",
)
def test_populate_obj_writes_what_is_wrong_too() -> None:
    person = Person()
    form = type("F", (Form,), {"name": StringField(validators=[Length(max=1)])})(
        MultiDict({"name": "too long"})
    )
    assert not form.validate()
    form.populate_obj(person)
    assert person.name == "too long"


@proves(
    "guide/form-patterns",
    "A browser sends only the button that was pressed, so the value of the SubmitField "
    "tells which form was sent.",
    "prefix is put before each field name, so both forms can have a field of the same name.",
)
def test_two_forms_are_told_apart() -> None:
    client = two_forms.app.test_client()
    names = [tag["name"] for tag in BeautifulSoup(client.get("/").text, "lxml")("input")]
    assert names == ["search-text", "search-send", "news-mail", "news-send"]
    news = {"news-mail": "ada@example.com", "news-send": "Subscribe"}
    assert client.post("/", data=news).json == {"subscribed": "ada@example.com"}
    search = {"search-text": "tea", "search-send": "Search"}
    assert client.post("/", data=search).json == {"search": "tea"}
    assert "<form" in client.post("/", data={**search, "search-text": ""}).text
