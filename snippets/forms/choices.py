"""Choices that are read anew for each form, and choices that depend on another field."""

from flask import Flask, request
from flask.typing import ResponseReturnValue
from wtforms import Form, RadioField, SelectChoice, SelectField, SelectMultipleField
from wtforms.validators import InputRequired

app = Flask(__name__)

# It stands for a table of the database.
AUTHORS = {1: "Ada", 2: "Grace"}
CITIES = {"cn": ["Beijing", "Shanghai"], "uk": ["London"]}


def authors() -> list[SelectChoice]:
    return [SelectChoice(id_, name) for id_, name in AUTHORS.items()]


def cities(form: Form, field: SelectField) -> list[str]:
    return CITIES.get(form.country.data, [])


class BookForm(Form):
    author = SelectField("Author", coerce=int, choices=authors)
    country = RadioField("Country", choices=list(CITIES), default="cn")
    city = SelectField("City", choices=cities)
    topics = SelectMultipleField(
        "Topics",
        choices=[
            SelectChoice("web", "Web", optgroup="Python"),
            SelectChoice("data", "Data", optgroup="Python"),
            SelectChoice("c", "C", optgroup="Other"),
        ],
        validators=[InputRequired()],
    )


@app.post("/authors/<int:id_>/<name>")
def add_author(id_: int, name: str) -> str:
    AUTHORS[id_] = name
    return "Added."


@app.route("/books", methods=["GET", "POST"])
def book() -> ResponseReturnValue:
    form = BookForm(request.form if request.method == "POST" else None)
    if request.method == "GET":
        return "\n".join(map(str, form))
    return (form.data, 201) if form.validate() else (form.errors, 422)
