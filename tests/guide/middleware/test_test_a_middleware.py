"""Test a middleware: docs/guide/middleware.md."""

from __future__ import annotations

import gc
from collections.abc import Callable
from typing import Any
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment
from wsgiref.validate import validator

import pytest
from flask import Flask
from werkzeug.middleware.dispatcher import DispatcherMiddleware
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.test import Client

from proven.claims.proofs import proves
from snippets.middleware import closing, headers, health, mounted, order, request_id, sees, timing
from tests.guide.middleware.common import Pieces, error_of, new_app, on_the_page, pieces_app


@proves(
    "guide/middleware",
    "Put one validator around the middleware and one inside it.",
    "All middlewares of this page pass, except Forgetful: Iterator garbage collected "
    "without being closed.",
)
@pytest.mark.parametrize(
    ("middleware", "inner"),
    [
        (lambda app: headers.DefaultHeaders(app, {"X-Frame-Options": "DENY"}), new_app()),
        (lambda app: order.Trace(app, "one"), new_app()),
        (sees.Watch, new_app()),
        (timing.Timing, new_app()),
        (request_id.RequestId, new_app()),
        (closing.Upper, new_app()),
        (health.Health, new_app()),
        (ProxyFix, new_app()),
        (lambda app: DispatcherMiddleware(app, {"/admin": mounted.admin}), new_app()),
    ],
)
def test_every_middleware_of_the_page_passes_the_validator(
    middleware: Callable[[WSGIApplication], Any], inner: Flask
) -> None:
    client = Client(validator(middleware(validator(inner))))
    for path in ("/?page=1", "/healthz?", "/admin/?x=1"):
        with client.get(path) as response:
            response.get_data()
        assert response.status_code in {200, 404}


@proves(
    "guide/middleware",
    "All middlewares of this page pass, except Forgetful: Iterator garbage collected "
    "without being closed.",
)
def test_the_validator_finds_a_body_that_nobody_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    raised: list[str] = []
    monkeypatch.setattr("sys.unraisablehook", lambda given: raised.append(str(given.exc_value)))
    with Client(validator(closing.Forgetful(validator(new_app())))).get("/?x=1") as response:
        assert response.text == "FRONT PAGE"
    del response
    gc.collect()
    assert raised == [on_the_page("Iterator garbage collected without being closed")]


@proves("guide/middleware", "Use the response in a with block, otherwise close is not called.")
def test_without_with_close_is_not_called() -> None:
    pieces = Pieces([])
    response = Client(pieces_app(pieces)).get("/")
    assert "closed" not in pieces.notes
    response.close()
    assert pieces.notes[-1] == "closed"


@proves(
    "guide/middleware",
    "The standard library has wsgiref.validate.validator(), a middleware that checks "
    "whether what passes through it is valid WSGI:",
)
def test_the_validator_finds_a_body_of_text() -> None:
    def wrong(environ: WSGIEnvironment, start_response: StartResponse) -> Any:
        start_response("200 OK", [("Content-Type", "text/plain")])
        return "text"

    message = error_of(lambda: Client(validator(wrong)).get("/?x=1"))
    on_the_page(message)
