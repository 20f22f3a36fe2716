"""Routing responds with 404, 405 or 308 without calling a view."""

from flask import Flask
from werkzeug.exceptions import MethodNotAllowed, NotFound

app = Flask(__name__)


@app.get("/notes/")
def notes() -> list[str]:
    return ["milk"]


@app.errorhandler(404)
def no_such_page(error: NotFound) -> tuple[str, int]:
    return "No such page", 404


@app.errorhandler(405)
def no_such_method(error: MethodNotAllowed) -> tuple[str, int, dict[str, str]]:
    allowed = ", ".join(sorted(error.valid_methods or ()))
    return "No such method", 405, {"Allow": allowed}
