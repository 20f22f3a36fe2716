"""Filters clean a value before it is checked."""

from flask import Flask, request
from wtforms import Form, StringField
from wtforms.validators import InputRequired, Length

app = Flask(__name__)


def strip(value: str | None) -> str | None:
    return value.strip() if value else value


class UserForm(Form):
    name = StringField(filters=[strip], validators=[InputRequired(), Length(min=2)])
    mail = StringField(filters=[strip])

    def filter_mail(self, value: str | None) -> str | None:
        return value.lower() if value else value


@app.post("/users")
def add() -> tuple[dict[str, object], int]:
    form = UserForm(request.form)
    return (form.data, 201) if form.validate() else (form.errors, 422)
