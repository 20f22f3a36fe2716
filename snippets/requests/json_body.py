"""A JSON body, read strictly and read leniently."""

from flask import Flask, abort, request
from flask.typing import ResponseReturnValue

app = Flask(__name__)


@app.post("/notes")
def add_note() -> ResponseReturnValue:
    note = request.get_json()
    # valid JSON may still be a list, a number or null
    if not isinstance(note, dict) or not isinstance(note.get("text"), str):
        abort(400, "Send an object with a text.")
    return {"text": note["text"]}, 201


@app.post("/hook")
def hook() -> ResponseReturnValue:
    # a sender that names no content type, and may send nothing at all
    return {"received": request.get_json(force=True, silent=True)}
