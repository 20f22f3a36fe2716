"""Query string and form: one value, a number, several values under one name."""

from flask import Flask, request
from flask.typing import ResponseReturnValue

app = Flask(__name__)


@app.get("/notes")
def find_notes() -> ResponseReturnValue:
    page = request.args.get("page", default=1, type=int)
    return {"page": page, "tags": request.args.getlist("tag")}


@app.post("/notes")
def add_note() -> ResponseReturnValue:
    # without a field `text` in the form, the client gets 400
    text = request.form["text"]
    return {"text": text, "tags": request.form.getlist("tag")}, 201
