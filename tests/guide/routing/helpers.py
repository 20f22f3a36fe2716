"""What the tests of the page on routing share."""

import re
from pathlib import Path
from typing import Any

from flask import Flask
from werkzeug.test import TestResponse

from tests.subjects import text_of

ROOT = Path(__file__).parents[3]
PAGE = text_of("routing")
ALLOWED = {"GET", "HEAD", "OPTIONS"}


def send(app: Flask, path: str, method: str = "GET", **options: Any) -> TestResponse:
    """Send one request with a client of its own."""
    return app.test_client().open(path, method=method, **options)


def new_app(*, testing: bool = True, **options: Any) -> Flask:
    """Return an application with no route."""
    app = Flask("routing-test", static_folder=None, **options)
    app.testing = testing
    return app


def view(**values: Any) -> dict[str, Any]:
    """Return the values that routing found."""
    return values


def section(label: str) -> str:
    """Return the text of the page from one label to the next."""
    return re.split(r"(?m)^\([\w-]+\)=$", PAGE.split(f"({label})=\n")[1])[0]


def on_the_page(message: str) -> str:
    """Return the message, having made sure that the page quotes each sentence of it to the letter."""
    for sentence in re.split(r"(?<=\.)\s", message):
        assert " ".join(sentence.split()) in " ".join(PAGE.split())
    return message
