"""A list of fields: as many guests as the visitor enters."""

from flask import Flask, request
from wtforms import FieldList, Form, StringField
from wtforms.validators import InputRequired

app = Flask(__name__)


class InvitationForm(Form):
    guests = FieldList(StringField("Guest", [InputRequired()]))


@app.post("/invitations")
def invite() -> tuple[dict[str, object], int]:
    form = InvitationForm(request.form)
    return (form.data, 201) if form.validate() else (form.errors, 422)
