"""JSON: docs/guide/form-patterns.md."""

from __future__ import annotations

from typing import Any

import pytest
from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict
from wtforms import Form, FormField, SelectMultipleField, StringField
from wtforms.validators import InputRequired, Length

from proven.claims.proofs import proves
from snippets.forms import json_flask_form, json_input, login, nested
from tests.guide.forms.common import protected, reason, said


@proves(
    "guide/form-patterns",
    "get_json() returns a dictionary or a list instead.",
    "Convert it into the names and texts that a browser sends.",
    "Then lists of fields and nested forms work too.",
    "A SelectMultipleField is the exception: its name has to be repeated, without a number.",
)
def test_json_becomes_what_a_browser_would_have_sent() -> None:
    client = json_input.app.test_client()
    order = {
        "name": "阿达",
        "gift": True,
        "lines": [{"article": "tea", "count": 2}, {"article": "cup"}],
    }
    right = client.post("/orders", json=order)
    assert right.status_code == 201
    assert right.json == {
        "name": "阿达",
        "gift": True,
        "lines": [{"article": "tea", "count": 2}, {"article": "cup", "count": 1}],
    }
    plain = client.post("/orders", json={"name": 5, "gift": False, "lines": []})
    assert plain.json == {"name": "5", "gift": False, "lines": []}
    wrong = client.post("/orders", json={"name": 5, "gift": False, "lines": [{"count": "x"}]})
    line = {"article": ["This field is required."], "count": ["Not a valid integer value."]}
    assert (wrong.status_code, wrong.json) == (422, {"errors": {"lines": [line]}})
    several = type("F", (Form,), {"it": SelectMultipleField(choices=["a", "b"])})
    assert several(MultiDict(json_input.flat({"it": ["a", "b"]}))).it.data == []
    assert several(MultiDict([("it", "a"), ("it", "b")])).it.data == ["a", "b"]
    for body in ([1], "text", {"name": None}, {}):
        assert client.post("/orders", json=body).status_code == 422


@proves(
    "guide/form-patterns",
    "A form needs an object with the method getlist, such as request.form.",
    'A dictionary was passed as form data: Form(request.get_json()), or Form({"name": "ada"}).',
    "Pass initial values as Form(data={...}).",
)
def test_a_dictionary_is_no_form_data() -> None:
    for given in ({"name": "ada"}, []):
        with pytest.raises(TypeError) as caught:
            Form(given)
        assert said("TypeError", caught.value)
    assert type("F", (Form,), {"name": StringField()})(data={"name": "ada"}).data == {"name": "ada"}


class Json(FlaskForm):
    class Meta:
        csrf = False

    name = StringField(validators=[InputRequired()])
    short = StringField(validators=[Length(max=3)])
    tags = SelectMultipleField(choices=["a", "b"])
    inner = FormField(nested.AddressForm)


def filled(body: object) -> Any:
    """Return the form as JSON fills it."""
    with login.app.test_request_context(method="POST", json=body):
        return Json()


@proves(
    "guide/form-patterns",
    "A FlaskForm reads a JSON body itself, and passes its values to the fields as they are:",
    "A key of the JSON object is the name of a field.",
    "The fields of a nested form have names such as address-city, so the nested object "
    "address does not reach them.",
    "The value keeps its JSON type.",
    "A number or an object reaches a StringField as it is, and InputRequired accepts it "
    "unless it is 0 or empty.",
    "If the value is a list, a field takes the first item, and a SelectMultipleField "
    "takes all of them.",
)
def test_a_flask_form_leaves_json_as_it_is() -> None:
    for value in (5, True, {"$ne": ""}, [["x"]]):
        form = filled({"name": value, "inner-city": "Paris"})
        assert form.validate(), value
        assert form.name.data == (value[0] if isinstance(value, list) else value)
    for empty in (0, {}, [], ""):
        form = filled({"name": empty, "inner-city": "Paris"})
        assert not form.validate(), empty
        assert form.name.data == (None if empty == [] else empty)
    form = filled({"name": ["first", "second"], "tags": ["a", "b"], "inner": {"city": "Paris"}})
    assert (form.name.data, form.tags.data, form.inner.city.data) == ("first", ["a", "b"], None)
    assert filled({"inner-city": "Paris"}).inner.city.data == "Paris"


@proves(
    "guide/form-patterns",
    "Length raises TypeError for a number.",
    "A body that is a list of numbers raises TypeError too.",
    "A list of pairs is read as names and values.",
)
def test_what_a_flask_form_does_not_take() -> None:
    with pytest.raises(TypeError):
        filled({"name": "ada", "short": 5}).validate()
    with pytest.raises(TypeError):
        filled([1, 2])
    assert filled([["name", "ada"], ["short", "x"]]).name.data == "ada"


@proves(
    "guide/form-patterns",
    "The fields of a nested form have names such as address-city, so the nested object "
    "address does not reach them.",
)
def test_the_notes_as_json() -> None:
    client = json_flask_form.app.test_client()
    for title in ("Tea", {"$ne": ""}, 5):
        sent = client.post("/notes", json={"title": title, "address-city": "Paris"})
        assert sent.status_code == 200
        assert sent.get_json()["data"] == {"title": title, "address": {"city": "Paris"}}
    nested_ = client.post("/notes", json={"title": "Tea", "address": {"city": "Paris"}})
    assert nested_.status_code == 422
    assert nested_.get_json()["errors"] == {"address": {"city": ["This field is required."]}}


@proves(
    "guide/form-patterns",
    "The token is the key csrf_token of the body.",
    "CSRFProtect does not look there: send the token in the request header.",
)
@proves(
    "guide/forms",
    "When it has checked the token, a FlaskForm in the same request does not check it again.",
)
def test_where_the_token_goes_with_json() -> None:
    app, _ = protected()

    @app.post("/form")
    def form() -> str:
        return "" if FlaskForm().validate_on_submit() else "refused"

    app.config["WTF_CSRF_CHECK_DEFAULT"] = False
    client = app.test_client()
    value = client.get("/").text
    assert client.post("/form", json={"csrf_token": value}).text == ""
    assert client.post("/form", json={"a": 1}).text == "refused"
    app.config["WTF_CSRF_CHECK_DEFAULT"] = True
    assert reason(client.post("/form", json={"csrf_token": value})) == "The CSRF token is missing."
    assert client.post("/form", json={"a": 1}, headers={"X-CSRFToken": value}).text == ""
