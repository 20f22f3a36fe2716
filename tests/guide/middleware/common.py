"""What the tests of docs/guide/middleware.md share."""

from __future__ import annotations

import re
import socket
import traceback
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import Any
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from tests import servers
from tests.subjects import text_of

PAGE = text_of("middleware")


class Wrapper:
    """A middleware that changes nothing, to build others on."""

    def __init__(self, app: WSGIApplication) -> None:
        self.app = app

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        return self.app(environ, start_response)


def wrapped(app: Flask, middleware: Callable[[WSGIApplication], Any]) -> Flask:
    """Put a middleware around an application the way the page does."""
    app.wsgi_app = middleware(app.wsgi_app)  # type: ignore[method-assign]
    return app


def new_app(*, testing: bool = False) -> Flask:
    """Return an application with a front page and nothing else."""
    app = Flask("middleware-test", static_folder=None)
    app.testing = testing
    app.secret_key = "dev"
    app.add_url_rule("/", "front", lambda: "Front page")
    return app


def get(app: Flask, path: str = "/", **options: Any) -> TestResponse:
    """Send one GET with a client of its own, read the answer and close it."""
    with app.test_client().get(path, **options) as response:
        response.get_data()
    return response


def on_the_page(message: str) -> str:
    """Return the message, having made sure that the page quotes it to the letter."""
    assert message in PAGE.replace("\n", " ")
    return message


def error_of(call: Callable[[], object]) -> str:
    """Return the last line of the traceback that a call ends with."""
    with pytest.raises(Exception) as caught:
        call()
    return traceback.format_exception_only(caught.value)[-1].strip()


# One request after the other.
served = partial(servers.served, threaded=False)


def raw(app: WSGIApplication) -> bytes:
    """Return everything that a real server sends for ``GET /``."""
    with served(app) as port, socket.create_connection(("127.0.0.1", port), 10) as connection:
        connection.sendall(b"GET / HTTP/1.0\r\n\r\n")
        connection.shutdown(socket.SHUT_WR)
        return b"".join(iter(lambda: connection.recv(65536), b""))


def table(label: str, number: int = 0) -> list[list[str]]:
    """Return the cells of a table below a label, without its head."""
    section = re.split(r"\n\([\w-]+\)=\n", PAGE.split(f"({label})=\n")[1])[0]
    found = re.findall(r"(?:^\|.*\n)+", section, re.MULTILINE)[number]
    return [[cell.strip() for cell in line.split("|")[1:-1]] for line in found.splitlines()[2:]]


class Pieces:
    """A body that notes when it is asked and when it is closed."""

    def __init__(self, notes: list[str], fails: bool = False, endless: bool = False) -> None:
        self.notes, self.fails, self.endless, self.number = notes, fails, endless, 0

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        self.number += 1
        self.notes.append(f"piece {self.number}")
        if self.fails and self.number == 2:
            raise ValueError("broken")
        if not self.endless and self.number == 3:
            raise StopIteration
        return b"x" * 100_000

    def close(self) -> None:
        self.notes.append("closed")


def pieces_app(pieces: Pieces) -> WSGIApplication:
    def app(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        start_response("200 OK", [("Content-Type", "text/plain")])
        return pieces

    return app
