"""A form made of macros, and a macro called by a view."""

from flask import Flask, get_template_attribute, render_template

app = Flask(__name__)


@app.get("/")
def index() -> str:
    return render_template("signup.html")


@app.get("/field")
def field() -> str:
    html: str = get_template_attribute("forms.html", "field")("city", "City & country")
    return html
