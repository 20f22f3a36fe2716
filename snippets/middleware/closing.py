"""A middleware that changes the body piece by piece, and one that forgets to close it."""

from collections.abc import Iterable, Iterator
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from flask import Flask, Response
from werkzeug.wsgi import ClosingIterator


class Upper:
    def __init__(self, app: WSGIApplication) -> None:
        self.app = app

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        body = self.app(environ, start_response)
        # lazily, piece by piece; as many bytes as before, so Content-Length stays right
        pieces = (piece.upper() for piece in body)
        return ClosingIterator(pieces, getattr(body, "close", None))


class Forgetful(Upper):
    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterator[bytes]:
        for piece in self.app(environ, start_response):
            yield piece.upper()


def create_app(wrapper: type[Upper] = Upper) -> Flask:
    app = Flask(__name__)
    app.wsgi_app = wrapper(app.wsgi_app)  # type: ignore[method-assign]
    closed: list[str] = []

    @app.get("/report")
    def report() -> Response:
        response = Response(iter(["first line\n", "last line\n"]), mimetype="text/plain")
        response.call_on_close(lambda: closed.append("report"))
        return response

    @app.get("/closed")
    def show_closed() -> list[str]:
        return closed

    return app
