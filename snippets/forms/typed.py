"""Each field turns text into a Python value, and each validator checks it."""

from flask import Flask, request
from wtforms import BooleanField, DateField, Form, IntegerField, StringField
from wtforms.validators import InputRequired, NumberRange

app = Flask(__name__)


class BookingForm(Form):
    guest = StringField("Guest", [InputRequired()])
    nights = IntegerField("Nights", [NumberRange(1, 30)])
    arrival = DateField("Arrival")
    breakfast = BooleanField("Breakfast")


@app.post("/bookings")
def book() -> tuple[dict[str, object], int]:
    form = BookingForm(request.form)
    if not form.validate():
        return form.errors, 422
    return {field.name: repr(field.data) for field in form}, 201
