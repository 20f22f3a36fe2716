"""JSON errors for an API: docs/guide/error-handlers.md."""

from __future__ import annotations

import pytest
from flask import Response, abort
from werkzeug.exceptions import HTTPException, InternalServerError, NotFound

from proven.claims.proofs import proves
from snippets.hooks import json_errors
from tests.guide.error_handlers.common import new_app, send


@proves(
    "guide/error-handlers",
    "One handler for HTTPException is enough for abort, unknown URLs and wrong methods.",
    "It gets unexpected errors too, because Flask turns them into an InternalServerError, "
    "which is an HTTP error as well.",
)
@pytest.mark.parametrize(
    ("method", "path", "code", "name", "description"),
    [
        ("GET", "/api/notes/10", 404, "Not Found", "There are nine notes."),
        ("GET", "/api/nowhere", 404, "Not Found", NotFound.description),
        ("POST", "/api/notes/1", 405, "Method Not Allowed", None),
        ("GET", "/api/notes/0", 500, "Internal Server Error", InternalServerError.description),
    ],
)
def test_every_error_of_the_api_is_json(
    method: str, path: str, code: int, name: str, description: str | None
) -> None:
    answer = send(json_errors.app, path, method)
    assert (answer.status_code, answer.headers.getlist("Content-Type")) == (
        code,
        ["application/json"],
    )
    description = description or "The method is not allowed for the requested URL."
    assert answer.json == {"code": code, "name": name, "description": description}


@proves(
    "guide/error-handlers",
    "The handler passes on the other headers of the error, such as Allow with a 405.",
)
def test_other_headers_of_the_error_are_passed_on() -> None:
    assert set(send(json_errors.app, "/api/notes/1", "POST").allow) == {"GET", "HEAD", "OPTIONS"}


def test_other_pages_keep_their_html() -> None:
    answer = send(json_errors.app, "/nowhere")
    assert (answer.status_code, answer.mimetype) == (404, "text/html")
    assert send(json_errors.app, "/api/notes/4").json == {"number": 4, "share": 0.25}


@proves(
    "guide/error-handlers",
    "It is not called for the redirect to the URL with a slash, nor for abort(response) "
    "with a finished response.",
)
def test_a_redirect_of_a_slash_and_a_finished_response_go_past_handlers() -> None:
    app, seen = new_app(), []
    app.register_error_handler(HTTPException, lambda error: seen.append(error) or error)
    app.add_url_rule("/folder/", "folder", lambda: "")
    app.add_url_rule("/finished", "finished", lambda: abort(Response("Finished", 409)))
    assert [send(app, path).status_code for path in ("/folder", "/finished")] == [308, 409]
    assert seen == []
