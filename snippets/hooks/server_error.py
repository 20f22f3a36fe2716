"""The page for unexpected errors: it logs the error and tells the client only the request id."""

from uuid import uuid4

from flask import Flask, abort, g
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import InternalServerError

app = Flask(__name__)


@app.before_request
def number_request() -> None:
    g.request_id = uuid4().hex


@app.errorhandler(500)
def report(error: InternalServerError) -> ResponseReturnValue:
    if error.original_exception is not None:
        app.logger.error("request %s: %r", g.request_id, error.original_exception)
    return "Something broke. We have been told.", 500, {"X-Request-ID": g.request_id}


@app.get("/bug")
def bug() -> str:
    return str(1 / 0)


@app.get("/asked-for")
def asked_for() -> str:
    abort(500)
