"""A middleware that adds headers to every response."""

from collections.abc import Callable, Iterable
from typing import Any
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from flask import Flask, Response
from werkzeug.datastructures import Headers


class DefaultHeaders:
    def __init__(self, app: WSGIApplication, defaults: dict[str, str]) -> None:
        self.app = app
        self.defaults = defaults

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        def start(
            status: str, headers: list[tuple[str, str]], *exc_info: Any
        ) -> Callable[[bytes], object]:
            changed = Headers(headers)
            for name, value in self.defaults.items():
                # the value that the view has set is kept
                changed.setdefault(name, value)
            return start_response(status, changed.to_wsgi_list(), *exc_info)

        return self.app(environ, start)


app = Flask(__name__)
app.wsgi_app = DefaultHeaders(  # type: ignore[method-assign]
    app.wsgi_app, {"X-Frame-Options": "DENY"}
)


@app.get("/")
def front_page() -> str:
    return "Not to be framed"


@app.get("/widget")
def widget() -> Response:
    return Response("For our own pages", headers={"X-Frame-Options": "SAMEORIGIN"})
