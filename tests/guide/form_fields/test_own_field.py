"""A field of your own: docs/guide/form-fields.md."""

from __future__ import annotations

from wtforms import StringField
from wtforms.validators import Length
from wtforms.widgets import TextInput

from proven.claims.proofs import proves
from snippets.forms import own_field
from tests.guide.forms.common import attributes, with_field


@proves(
    "guide/form-fields",
    "process_formdata converts the texts that were sent into the value.",
    "Length does not suit this field, because it also sets maxlength, which counts letters.",
)
def test_own_field_and_widget() -> None:
    client = own_field.app.test_client()
    assert client.get("/").text.endswith('value="new"> <small>at most 3</small>')
    right = client.post("/", data={"tags": "flask, wtforms,"})
    assert (right.status_code, right.json) == (201, {"tags": ["flask", "wtforms"]})
    wrong = client.post("/", data={"tags": "a, b, c, d"})
    assert (wrong.status_code, wrong.json) == (422, {"tags": ["Three tags are enough."]})
    # what is not sent leaves the default
    assert client.post("/").json == {"tags": ["new"]}
    counted = with_field(own_field.TagsField(validators=[Length(max=3)]))
    assert attributes(counted.it)["maxlength"] == "3"


@proves(
    "guide/form-fields",
    "_value returns the text to show.",
    "TextInput calls it, so you have to define it although its name begins with an underscore.",
)
def test_every_input_asks_for_the_value() -> None:
    class Shouting(StringField):
        def _value(self) -> str:
            return "LOUD"

    assert isinstance(Shouting.widget, TextInput)
    assert attributes(with_field(Shouting(), it="quiet").it)["value"] == "LOUD"
