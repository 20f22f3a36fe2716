"""A `before_request` function reads the result of routing."""

from flask import Flask, request
from flask.typing import ResponseReturnValue

app = Flask(__name__)


@app.before_request
def explain() -> ResponseReturnValue | None:
    if "explain" not in request.args:
        return None
    return {
        "endpoint": request.endpoint,
        "rule": str(request.url_rule),
        "values": request.view_args,
        "exception": type(request.routing_exception).__name__,
    }


@app.get("/notes/<int:number>")
def note(number: int) -> str:
    return f"Note {number}"
