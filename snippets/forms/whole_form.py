"""A rule about several fields belongs to the form."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import Flask, request
from wtforms import DateField, Form
from wtforms.validators import InputRequired

app = Flask(__name__)


class TripForm(Form):
    start = DateField("From", [InputRequired()])
    end = DateField("To", [InputRequired()])

    def validate(self, extra_validators: Mapping[str, Sequence[Any]] | None = None) -> bool:
        if not super().validate(extra_validators):
            return False
        if self.end.data < self.start.data:
            self.form_errors.append("The trip ends before it begins.")
        return not self.form_errors


@app.post("/trips")
def plan() -> tuple[dict[str, Any], int]:
    form = TripForm(request.form)
    if form.validate():
        return {"days": (form.end.data - form.start.data).days}, 201
    return form.errors, 422
