"""A name that does not exist is an error, not an empty text."""

from flask import Flask, render_template_string
from jinja2 import StrictUndefined

app = Flask(__name__)
app.jinja_options = {"undefined": StrictUndefined}


@app.get("/optional")
def optional() -> str:
    return render_template_string("{{ subtitle|default('none') }}")


@app.get("/typo")
def typo() -> str:
    return render_template_string("{{ subtitel }}", subtitle="Notes")
