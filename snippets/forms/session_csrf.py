"""A CSRF token by WTForms alone, kept in Flask's session."""

from datetime import timedelta

from flask import Flask, render_template, request, session
from flask.typing import ResponseReturnValue
from wtforms import Form, StringField
from wtforms.csrf.session import SessionCSRF
from wtforms.validators import InputRequired

app = Flask(__name__)
app.secret_key = "dev"


class SafeForm(Form):
    class Meta:
        csrf = True
        csrf_class = SessionCSRF
        csrf_context = session
        csrf_secret = b"dev, for this example only"
        csrf_time_limit = timedelta(hours=1)


class NoteForm(SafeForm):
    text = StringField("Note", [InputRequired()])


@app.get("/")
def ask() -> str:
    return render_template("form.html", form=NoteForm())


@app.post("/")
def save() -> ResponseReturnValue:
    form = NoteForm(request.form)
    if form.validate():
        return {"saved": form.text.data}
    return form.errors, 422
