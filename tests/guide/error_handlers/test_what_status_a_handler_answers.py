"""What status a handler answers: docs/guide/error-handlers.md."""

from __future__ import annotations

from typing import Any

import pytest
from flask import render_template_string

from proven.claims.proofs import proves
from snippets.hooks import handler_status
from tests.guide.error_handlers.common import new_app, send


@proves(
    "guide/error-handlers",
    "The status of the response is the one that the handler returns.",
    "The code for which the handler is registered has no influence, so a handler that "
    "returns only a string responds with 200.",
)
@pytest.mark.parametrize(
    ("method", "path", "status", "text"),
    [
        ("GET", "/secret", 200, "403 error"),
        ("GET", "/nowhere", 404, "404 error"),
        ("POST", "/page", 405, "<p>405 error</p>"),
        ("GET", "/old", 410, "410 error"),
        ("GET", "/page", 200, "Page"),
    ],
)
def test_a_handler_answers_the_status_it_returns(
    method: str, path: str, status: int, text: str
) -> None:
    answer = send(handler_status.app, path, method)
    assert answer.status_code == status
    assert text in answer.text


@proves(
    "guide/error-handlers",
    '"text", or a dictionary | 200 | lost',
    '"text", 404 | 404 | lost',
    "error | the status of the error | kept",
)
@pytest.mark.parametrize(
    ("value", "status", "kept"),
    [
        ("text", 200, False),
        ({"error": "text"}, 200, False),
        (("text", 405), 405, False),
        (None, 405, True),
    ],
)
def test_only_the_error_itself_keeps_status_and_headers(
    value: Any, status: int, kept: bool
) -> None:
    app = new_app()
    app.register_error_handler(405, lambda error: error if value is None else value)
    answer = send(app, "/", "POST")
    assert (answer.status_code, "Allow" in answer.headers) == (status, kept)


@proves(
    "guide/error-handlers",
    'The handler for 404 returns only a string or only render_template("404.html").',
    "The client gets a 200 and takes the error page for a normal page.",
)
def test_a_rendered_template_alone_answers_200() -> None:
    app = new_app()
    app.register_error_handler(404, lambda error: render_template_string("No such page"))
    assert send(app, "/nowhere").status == "200 OK"
