"""Pitfalls: docs/guide/middleware.md."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

import pytest
from flask import Flask, got_request_exception

from proven.claims.proofs import proves
from snippets.middleware import headers
from tests.guide.middleware.common import Wrapper, error_of, get, new_app, on_the_page, raw, wrapped


@proves("guide/middleware", '@app.middleware("http") belongs to FastAPI.')
def test_flask_has_no_middleware_decorator() -> None:
    app: Any = new_app()
    message = "AttributeError: 'Flask' object has no attribute 'middleware'"
    assert error_of(lambda: app.middleware("http")) == on_the_page(message)


@proves(
    "guide/middleware",
    "A middleware is called with environ and start_response.",
    "If the message names __init__() instead, or is TypeError: 'DefaultHeaders' object is "
    "not iterable, the class was assigned and not an instance: app.wsgi_app = "
    "DefaultHeaders.",
)
def test_a_middleware_with_one_parameter() -> None:
    class Middleware:
        def __init__(self, app: Any) -> None:
            self.app = app

        def __call__(self, request: Any) -> Any:
            raise NotImplementedError

    named = "TypeError: Middleware.__call__() takes 2 positional arguments but 3 were given"
    found = error_of(lambda: get(wrapped(new_app(), Middleware)))
    prefix = "test_a_middleware_with_one_parameter.<locals>."
    assert found.replace(prefix, "") == on_the_page(named)
    app: Any = new_app()
    app.wsgi_app = Middleware
    found = error_of(lambda: get(app)).replace(prefix, "")
    assert found == named.replace("__call__", "__init__")


@proves(
    "guide/middleware",
    "If the message names __init__() instead, or is TypeError: 'DefaultHeaders' object is "
    "not iterable, the class was assigned and not an instance: app.wsgi_app = "
    "DefaultHeaders.",
)
def test_a_class_instead_of_an_instance() -> None:
    app: Any = new_app()
    app.wsgi_app = headers.DefaultHeaders
    message = "TypeError: 'DefaultHeaders' object is not iterable"
    assert error_of(lambda: get(app)) == on_the_page(message)


class Nothing(Wrapper):
    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Any:
        self.app(environ, start_response)


class Text(Wrapper):
    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Any:
        return [b"".join(self.app(environ, start_response)).decode()]


class Fails(Wrapper):
    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Any:
        raise ValueError("in the middleware")


def chinese(app: WSGIApplication) -> headers.DefaultHeaders:
    return headers.DefaultHeaders(app, {"X-User": "阿达"})


@proves(
    "guide/middleware",
    "The method __call__ has no return.",
    "The log of the development server ends with this message, and the client gets a plain 500.",
    "The body contains text, from the middleware or from an application other than Flask.",
    "The value of a header contains Chinese characters.",
)
@pytest.mark.parametrize(
    ("middleware", "message"),
    [
        (Nothing, "TypeError: 'NoneType' object is not iterable"),
        (Text, "AssertionError: applications must write bytes"),
        (
            chinese,
            "UnicodeEncodeError: 'latin-1' codec can't encode characters in position 8-9: "
            "ordinal not in range(256)",
        ),
    ],
)
def test_what_the_log_of_the_development_server_ends_with(
    middleware: Callable[[WSGIApplication], Any], message: str, caplog: pytest.LogCaptureFixture
) -> None:
    answer = raw(wrapped(new_app(), middleware))
    logged = next(text for text in caplog.messages if text.startswith("Error on request:"))
    assert logged.strip().splitlines()[-1] == on_the_page(message)
    if middleware is Nothing:
        assert b" 500 INTERNAL SERVER ERROR" in answer.splitlines()[0]


@proves("guide/middleware", "Encode it with urllib.parse.quote().")
def test_a_quoted_header_is_sent() -> None:
    from urllib.parse import quote

    app = wrapped(new_app(), lambda inner: headers.DefaultHeaders(inner, {"X-User": quote("阿达")}))
    assert b"X-User: %E9%98%BF%E8%BE%BE" in raw(app)


def test_none_is_not_iterable_for_the_test_client_either() -> None:
    found = error_of(lambda: get(wrapped(new_app(), Nothing)))
    assert found == "TypeError: 'NoneType' object is not iterable"


@proves(
    "guide/middleware",
    "The error is raised outside of Flask.",
    "Flask calls no error handler, does not send flask.got_request_exception, and writes "
    "nothing to app.logger.",
    "The server responds with a plain 500 and logs the traceback, the development server "
    "under Error on request:.",
)
def test_an_error_in_a_middleware_reaches_no_error_handler(
    caplog: pytest.LogCaptureFixture,
) -> None:
    app = wrapped(new_app(), Fails)
    handled: list[object] = []
    app.register_error_handler(Exception, lambda error: handled.append(error) or "handled")

    def receive(sender: Flask, exception: BaseException) -> None:
        handled.append(exception)

    with got_request_exception.connected_to(receive, app):
        answer = raw(app)
    assert handled == []
    assert b" 500 INTERNAL SERVER ERROR" in answer.splitlines()[0]
    errors = [record for record in caplog.records if record.levelno >= logging.ERROR]
    assert [record.name for record in errors] == ["werkzeug"]
    assert errors[0].getMessage().startswith(on_the_page("Error on request:"))
    assert errors[0].getMessage().strip().endswith("ValueError: in the middleware")
