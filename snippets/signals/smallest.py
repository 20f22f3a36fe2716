"""A receiver that records each error that no handler took."""

from typing import Any

from flask import Flask, got_request_exception, request

app = Flask(__name__)
errors: list[str] = []


def keep(sender: Flask, exception: Exception, **extra: Any) -> None:
    errors.append(f"{request.path}: {exception!r}")


got_request_exception.connect(keep, app)


@app.get("/share/<int:people>")
def share(people: int) -> str:
    return f"{12 // people} each"


@app.get("/errors")
def show_errors() -> list[str]:
    return errors
