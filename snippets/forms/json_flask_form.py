"""What the fields of a FlaskForm get from a JSON body."""

from flask import Flask
from flask_wtf import FlaskForm
from wtforms import Form, FormField, StringField
from wtforms.validators import InputRequired

app = Flask(__name__)
app.secret_key = "dev"


class AddressForm(Form):
    city = StringField("City", [InputRequired()])


class NoteForm(FlaskForm):
    # Without a token, to keep the requests short.
    class Meta:
        csrf = False

    title = StringField("Title", [InputRequired()])
    address = FormField(AddressForm)


@app.post("/notes")
def save() -> tuple[dict[str, object], int]:
    form = NoteForm()
    valid = form.validate_on_submit()
    return {"valid": valid, "data": form.data, "errors": form.errors}, 200 if valid else 422
