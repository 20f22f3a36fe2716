"""Parse a JSON body: one view is strict, the other accepts any content type."""

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
    # for a client that sends no content type, and possibly no body
    return {"received": request.get_json(force=True, silent=True)}
