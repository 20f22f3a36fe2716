"""A form whose errors are read out with the field that they belong to."""

from flask import Flask, render_template, request
from wtforms import EmailField, Form, StringField, TextAreaField
from wtforms.validators import Email, InputRequired, Length, Optional

app = Flask(__name__)


class ContactForm(Form):
    name = StringField("Name", [InputRequired()], render_kw={"autocomplete": "name"})
    mail = EmailField("E-mail", [Optional(), Email()], description="We answer to it.")
    text = TextAreaField("Message", [Length(min=5)], render_kw={"rows": 4})


@app.get("/")
def show() -> str:
    return render_template("form.html", form=ContactForm())


@app.post("/")
def send() -> str | tuple[str, int]:
    form = ContactForm(request.form)
    if form.validate():
        return "Thank you."
    return render_template("form.html", form=form), 422
