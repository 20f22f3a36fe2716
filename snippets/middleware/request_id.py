"""Each request has an id: in the view, in the log and in the response."""

import re
import uuid
from collections.abc import Callable, Iterable
from typing import Any
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from flask import Flask, request

# it goes into the log, so it has no line breaks and is short
FIT = re.compile(r"[A-Za-z0-9-]{1,64}")


def new_id() -> str:
    return uuid.uuid4().hex


class RequestId:
    def __init__(self, app: WSGIApplication, make: Callable[[], str] = new_id) -> None:
        self.app, self.make = app, make

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        given = environ.get("HTTP_X_REQUEST_ID", "")
        request_id = given if FIT.fullmatch(given) else self.make()
        environ["request_id.value"] = request_id

        def start(
            status: str, headers: list[tuple[str, str]], *exc_info: Any
        ) -> Callable[[bytes], object]:
            headers = [*headers, ("X-Request-ID", request_id)]
            return start_response(status, headers, *exc_info)

        return self.app(environ, start)


def create_app(make: Callable[[], str] = new_id) -> Flask:
    app = Flask(__name__)
    app.wsgi_app = RequestId(app.wsgi_app, make)  # type: ignore[method-assign]

    @app.get("/")
    def front_page() -> str:
        app.logger.warning("[%s] nothing in stock", request.environ["request_id.value"])
        return "Sold out"

    return app
