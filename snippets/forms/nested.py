"""An address inside a form, shown from an object and written back to it."""

from dataclasses import asdict, dataclass, field

from flask import Flask, render_template, request
from flask.typing import ResponseReturnValue
from wtforms import Form, FormField, StringField
from wtforms.validators import InputRequired

app = Flask(__name__)


@dataclass
class Address:
    city: str = ""
    street: str = ""


@dataclass
class Person:
    name: str
    address: Address = field(default_factory=Address)


class AddressForm(Form):
    city = StringField("City", [InputRequired()])
    street = StringField("Street")


class PersonForm(Form):
    name = StringField("Name", [InputRequired()])
    address = FormField(AddressForm)


PEOPLE = {1: Person("Ada", Address("London", "St James's Square"))}


@app.get("/people/1")
def edit() -> str:
    return render_template("form.html", form=PersonForm(obj=PEOPLE[1]))


@app.post("/people/1")
def save() -> ResponseReturnValue:
    form = PersonForm(request.form)
    if not form.validate():
        return form.errors, 422
    form.populate_obj(PEOPLE[1])
    return asdict(PEOPLE[1])
