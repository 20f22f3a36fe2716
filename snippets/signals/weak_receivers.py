"""Six receivers, of which three are gone before the first request."""

from typing import Any

from flask import Flask, g, request_started


def note(text: str) -> None:
    g.setdefault("called", []).append(text)


def module_function(sender: Flask, **extra: Any) -> None:
    note("function of a module")


class Counter:
    def count(self, sender: Flask, **extra: Any) -> None:
        note("method of a forgotten object")


def create_app() -> Flask:
    app = Flask(__name__)

    def inner(sender: Flask, **extra: Any) -> None:
        note("inner function")

    def kept(sender: Flask, **extra: Any) -> None:
        note("inner function with weak=False")

    # nothing refers to these three once create_app has returned
    request_started.connect(lambda sender, **extra: note("lambda"), app)
    request_started.connect(inner, app)
    request_started.connect(Counter().count, app)

    # these three stay
    request_started.connect(module_function, app)
    request_started.connect(kept, app, weak=False)

    @request_started.connect_via(app)
    def decorated(sender: Flask, **extra: Any) -> None:
        note("inner function with connect_via")

    @app.get("/")
    def index() -> list[str]:
        return sorted(g.get("called", []))

    return app
