"""How long until the status, and how long until the last byte."""

import logging
from collections.abc import Callable, Iterable, Iterator
from time import perf_counter
from typing import Any
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from flask import Flask
from werkzeug.wsgi import ClosingIterator

logger = logging.getLogger(__name__)


class Timing:
    def __init__(self, app: WSGIApplication, clock: Callable[[], float] = perf_counter) -> None:
        self.app, self.clock = app, clock

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        # the application may change the environ, so take what is needed later
        begun, path = self.clock(), environ.get("PATH_INFO", "")

        def start(
            status: str, headers: list[tuple[str, str]], *exc_info: Any
        ) -> Callable[[bytes], object]:
            took = (self.clock() - begun) * 1000
            headers = [*headers, ("Server-Timing", f"app;dur={took:.0f}")]
            return start_response(status, headers, *exc_info)

        def done() -> None:
            logger.info("%s took %.0f ms to the end", path, (self.clock() - begun) * 1000)

        try:
            return ClosingIterator(self.app(environ, start), done)
        except BaseException:
            done()
            raise


def create_app(clock: Callable[[], float] = perf_counter) -> Flask:
    app = Flask(__name__)
    app.wsgi_app = Timing(app.wsgi_app, clock)  # type: ignore[method-assign]

    @app.get("/report")
    def report() -> Iterator[str]:
        yield from ("first line\n", "last line\n")

    return app
