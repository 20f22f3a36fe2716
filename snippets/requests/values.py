"""The same name in the query string and in the form, read from values."""

from flask import Flask, request
from flask.typing import ResponseReturnValue

app = Flask(__name__)


@app.route("/search", methods=["GET", "POST"])
def search() -> ResponseReturnValue:
    return {
        "form": request.form.getlist("q"),
        "values": request.values.getlist("q"),
        "first of values": request.values["q"],
    }
