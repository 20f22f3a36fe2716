"""The header middleware: docs/guide/middleware.md."""

from __future__ import annotations

from werkzeug.test import Client

from proven.claims.proofs import proves
from snippets.middleware import bare, headers
from tests.guide.middleware.common import get


@proves(
    "guide/middleware",
    "A middleware stands between the server and Flask: it gets every request before Flask "
    "does, and every response after Flask.",
)
def test_every_response_gets_the_header_unless_the_view_set_it() -> None:
    found = {path: get(headers.app, path).headers for path in ("/", "/widget", "/nowhere")}
    assert {path: one.getlist("X-Frame-Options") for path, one in found.items()} == {
        "/": ["DENY"],
        "/widget": ["SAMEORIGIN"],
        "/nowhere": ["DENY"],
    }


@proves(
    "guide/middleware",
    "It is a WSGI application that calls another one.",
    "It does not know views, and works with any framework.",
    "use it with an application that is not Flask | a middleware",
)
def test_a_middleware_works_with_any_wsgi_application() -> None:
    client = Client(headers.DefaultHeaders(bare.hello, {"X-Frame-Options": "DENY"}))
    response = client.get("/tea")
    assert response.headers["X-Frame-Options"] == "DENY"
    assert response.text == "GET /tea\nNo Flask here"
