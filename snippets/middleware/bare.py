"""A WSGI application without Flask is one function."""

from collections.abc import Iterable
from wsgiref.types import StartResponse, WSGIEnvironment

from flask import Flask


def hello(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    line = f"{environ['REQUEST_METHOD']} {environ['PATH_INFO']}"
    start_response("200 OK", [("Content-Type", "text/plain; charset=utf-8")])
    return [line.encode(), b"\n", b"No Flask here"]


# it is only there so that `flask run` works: app passes each request to wsgi_app
app = Flask(__name__)
app.wsgi_app = hello  # type: ignore[method-assign]
