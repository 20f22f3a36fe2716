"""A field whose value is a list of words, and a widget that shows how many there may be."""

from typing import Any

from flask import Flask, request
from markupsafe import Markup
from wtforms import Field, Form
from wtforms.validators import ValidationError
from wtforms.widgets import TextInput

app = Flask(__name__)


class CountedInput(TextInput):
    def __call__(self, field: Field, **kwargs: Any) -> Markup:
        most = kwargs.pop("most", 3)
        box: Markup = super().__call__(field, **kwargs)
        return box + Markup(" <small>at most {}</small>").format(most)


class TagsField(Field):
    widget = CountedInput()

    # What stands in the input.
    def _value(self) -> str:
        return ", ".join(self.data or [])

    # What came from the input.
    def process_formdata(self, valuelist: list[str]) -> None:
        if valuelist:
            self.data = [word.strip() for word in valuelist[0].split(",") if word.strip()]


def few(form: Form, field: Field) -> None:
    if len(field.data) > 3:
        raise ValidationError("Three tags are enough.")


class NoteForm(Form):
    tags = TagsField("Tags", [few], default=["new"])


@app.get("/")
def show() -> str:
    return str(NoteForm().tags(most=3))


@app.post("/")
def save() -> tuple[dict[str, object], int]:
    form = NoteForm(request.form)
    return (form.data, 201) if form.validate() else (form.errors, 422)
