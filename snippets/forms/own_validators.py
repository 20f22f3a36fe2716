"""Four ways to write a validator: a function, one with arguments, a class, and a method of the form."""

from collections.abc import Callable

from flask import Flask, request
from wtforms import Field, Form, IntegerField, StringField
from wtforms.validators import InputRequired, StopValidation, ValidationError

app = Flask(__name__)


def no_spaces(form: Form, field: Field) -> None:
    if " " in (field.data or ""):
        raise StopValidation("No spaces here.")


def without(*words: str) -> Callable[[Form, Field], None]:
    def check(form: Form, field: Field) -> None:
        for word in words:
            if word in (field.data or ""):
                raise ValidationError(f"{word!r} is not allowed.")

    return check


class MultipleOf:
    def __init__(self, number: int) -> None:
        self.number = number
        # Attributes for the widget: the browser checks the same.
        self.field_flags = {"step": number}

    def __call__(self, form: Form, field: Field) -> None:
        if field.data is None or field.data % self.number:
            raise ValidationError(f"This is no multiple of {self.number}.")


class OrderForm(Form):
    code = StringField("Code", [InputRequired(), no_spaces, without("test")])
    count = IntegerField("Pieces", [MultipleOf(6)])

    def validate_code(self, field: Field) -> None:
        if field.data.startswith("X") and self.count.data != 6:
            raise ValidationError("Codes with X come by six.")


@app.post("/orders")
def order() -> tuple[dict[str, object], int]:
    form = OrderForm(request.form)
    return (form.data, 201) if form.validate() else (form.errors, 422)
