"""What the tests of the pages on requests, responses and uploads share."""

from __future__ import annotations

import http.client
import io
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from flask import Flask, request
from werkzeug.datastructures import FileStorage, Headers
from werkzeug.test import TestResponse, encode_multipart

from tests.subjects import text_of

ROOT = Path(__file__).parents[3]


TEXT = "\n".join(map(text_of, ("requests", "responses", "uploads")))


# wherever its lines end
SAID = " ".join(TEXT.split())


CHOSEN_BY_CLIENT = "The browser (or proxy) sent a request that this server could not understand."


def send(app: Flask, path: str = "/", method: str = "GET", **options: Any) -> TestResponse:
    """Send one request with a client of its own."""
    return app.test_client().open(path, method=method, **options)


def new_app(*, testing: bool = True, **config: Any) -> Flask:
    """Return an application with no route."""
    app = Flask("requests-test", static_folder=None)
    app.config.update(TESTING=testing, SECRET_KEY="test", **config)
    return app


def app_of(view: Callable[..., Any], *, testing: bool = True, **config: Any) -> Flask:
    """Return an application with one view, at `/` and with any method."""
    app = new_app(testing=testing, **config)
    app.add_url_rule("/", "index", view, methods=["GET", "POST", "PUT", "DELETE"])
    return app


def on_the_page(message: str) -> str:
    """Return the message, having made sure that the page quotes each sentence of it to the letter."""
    for sentence in re.split(r"(?<=\.)\s", message):
        assert sentence in SAID
    return message


def fetch(
    port: int, path: str, method: str = "GET", timeout: float = 10, **options: Any
) -> tuple[int, Headers, bytes]:
    """Send one request to a server."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=timeout)
    try:
        connection.request(method, path, **options)
        answer = connection.getresponse()
        return answer.status, Headers(answer.getheaders()), answer.read()
    finally:
        connection.close()


def upload(name: str = "a.bin", content: bytes = b"x") -> FileStorage:
    return FileStorage(io.BytesIO(content), name)


def rows(heading: str) -> list[list[str]]:
    """Return the cells of the table below a heading, without the head."""
    part = TEXT.partition(f"\n{heading}\n")[2].partition("\n#")[0]
    lines = [line for line in part.splitlines() if line.startswith("| ")][2:]
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines]


def multipart(data: dict[str, Any]) -> dict[str, Any]:
    """Return the options of a request whose body is a form with files."""
    boundary, body = encode_multipart(data, "boundary")
    return {"data": body, "content_type": f"multipart/form-data; boundary={boundary}"}


def parse_all() -> dict[str, Any]:
    return {
        "fields": len(request.form),
        "files": [len(file.read()) for file in request.files.values()],
        "rest": len(request.get_data()),
    }


def status(data: Any, **config: Any) -> int:
    with_file = isinstance(data, dict) and any(
        isinstance(value, FileStorage) for value in data.values()
    )
    options = multipart(data) if with_file else {"data": data}
    return send(app_of(parse_all, testing=False, **config), method="POST", **options).status_code


def returned(value: Any) -> TestResponse:
    return send(app_of(lambda: value))


LOCAL = ["/", "/notes/7", "/notes?q=a//b&r=https://x", "/标签", "/a@b:c", "/#x", "/%5Cevil.example"]
