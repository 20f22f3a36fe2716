"""Every error of an API is JSON, also for unknown URLs and unexpected exceptions."""

from flask import Flask, abort, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException

app = Flask(__name__)


@app.errorhandler(HTTPException)
def as_json(error: HTTPException) -> ResponseReturnValue:
    # other pages keep their HTML
    if not request.path.startswith("/api/"):
        return error
    body = {"code": error.code, "name": error.name, "description": error.description}
    headers = [(k, v) for k, v in error.get_headers() if k != "Content-Type"]
    return body, error.code or 500, headers


@app.get("/api/notes/<int:number>")
def note(number: int) -> ResponseReturnValue:
    if number > 9:
        abort(404, "There are nine notes.")
    return {"number": number, "share": 1 / number}
