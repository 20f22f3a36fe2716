"""Four error handlers, and the status that each of them returns."""

from flask import Flask, abort
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import Forbidden, Gone, MethodNotAllowed, NotFound

app = Flask(__name__)


@app.errorhandler(403)
def bare_string(error: Forbidden) -> ResponseReturnValue:
    return "403 error"


@app.errorhandler(404)
def string_and_status(error: NotFound) -> ResponseReturnValue:
    return "404 error", 404


@app.errorhandler(405)
def error_itself(error: MethodNotAllowed) -> ResponseReturnValue:
    error.description = "405 error"
    return error


@app.errorhandler(Gone)
def its_own_code(error: Gone) -> ResponseReturnValue:
    return "410 error", error.code or 500


@app.get("/secret")
def secret() -> str:
    abort(403)


@app.get("/old")
def old() -> str:
    abort(410)


@app.get("/page")
def page() -> str:
    return "Page"
