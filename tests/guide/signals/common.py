"""What the tests of docs/guide/signals.md share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Flask
from werkzeug.test import TestResponse

Receiver = Callable[..., Any]


def send(app: Flask, path: str = "/") -> TestResponse:
    """Send one request with a client of its own, to its very end."""
    response = app.test_client().get(path)
    response.close()
    return response


def names(heard: list[tuple[str, dict[str, Any]]]) -> list[str]:
    return [name for name, _ in heard]
