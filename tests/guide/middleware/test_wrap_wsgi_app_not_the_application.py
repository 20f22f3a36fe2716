"""Wrap wsgi_app, not the application: docs/guide/middleware.md."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from flask import Flask
from flask.cli import cli
from werkzeug.test import Client

from proven.claims.proofs import proves
from snippets.middleware import headers, order
from tests.guide.middleware.common import PAGE, error_of, get, new_app, on_the_page, wrapped


@proves(
    "guide/middleware",
    "Put the middleware there, and app remains a flask.Flask:",
    "The test client goes through the middleware, as do all exchanges on this page.",
    "If you use another name, wrapped = DefaultHeaders(app, {...}), then "
    "app.test_client() and flask run do not go through the middleware.",
    "The test client goes through wsgi_app.",
)
def test_the_test_client_goes_through_wsgi_app_and_past_a_wrapper() -> None:
    inside = wrapped(new_app(), lambda app: headers.DefaultHeaders(app, {"X-Seen": "yes"}))
    assert get(inside).headers["X-Seen"] == "yes"
    assert isinstance(inside, Flask)
    outside = new_app()
    around = headers.DefaultHeaders(outside, {"X-Seen": "yes"})
    assert Client(around).get("/").headers["X-Seen"] == "yes"
    assert "X-Seen" not in get(outside).headers


@proves(
    "guide/middleware",
    "After app = DefaultHeaders(app, {...}), the name app means the middleware, which has "
    "no route and no test_client.",
    "The application itself was wrapped.",
    "Write app.wsgi_app = DefaultHeaders(app.wsgi_app, {...}).",
    "flask run, extensions and @app.route still work with app.",
)
def test_a_wrapped_application_is_no_flask_application() -> None:
    app: Any = headers.DefaultHeaders(new_app(), {})
    message = "AttributeError: 'DefaultHeaders' object has no attribute 'route'"
    assert error_of(lambda: app.route("/")) == on_the_page(message)
    assert not hasattr(app, "test_client")


@proves(
    "guide/middleware",
    "For the same mistake, the flask command prints Error: Failed to find Flask "
    "application or factory in module 'shop'. Use 'shop:name' to specify one., and if you "
    "name the application, Error: A valid Flask application was not obtained from "
    "'shop:app'.",
    "flask run, extensions and @app.route still work with app.",
)
def test_the_flask_command_does_not_find_a_wrapped_application(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = [
        "from flask import Flask",
        "from snippets.middleware.headers import DefaultHeaders",
        "app = DefaultHeaders(Flask('shop'), {})",
    ]
    tmp_path.joinpath("shop.py").write_text("\n".join(lines), encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    for name, message in [
        (
            "shop",
            "Error: Failed to find Flask application or factory in module 'shop'. "
            "Use 'shop:name' to specify one.",
        ),
        ("shop:app", "Error: A valid Flask application was not obtained from 'shop:app'."),
    ]:
        result = CliRunner().invoke(cli, ["--app", name, "routes"])
        assert result.output.strip().splitlines()[-1] == on_the_page(message)


@proves(
    "guide/middleware",
    "app.wsgi_app = DefaultHeaders(app, {...}) lacks the second .wsgi_app: the "
    "application calls the middleware, which calls the application.",
)
def test_wrapping_the_application_into_its_own_wsgi_app_never_ends() -> None:
    app = new_app()
    app.wsgi_app = headers.DefaultHeaders(app, {})  # type: ignore[method-assign]
    message = error_of(lambda: get(app))
    assert message.startswith(on_the_page("RecursionError: maximum recursion depth exceeded"))


@proves(
    "guide/middleware",
    "The middleware that is added last is the outermost: it gets the request first and "
    "the response last.",
    "The first ten steps happen before the first line of the body is generated: "
    "teardown_request runs before a streamed body.",
    "The two closed happen at the very end, the inner one first.",
    "The last three lines come from the request for the list itself.",
)
def test_what_is_wrapped_last_stands_outermost() -> None:
    traced = get(order.app, "/lines")
    assert traced.text == "line 1\nline 2\n"
    handed_over = [
        "outer: called",
        "inner: called",
        "before_request",
        "view",
        "after_request",
        "inner: 200 OK",
        "outer: 200 OK",
        "teardown_request",
        "inner: has the body",
        "outer: has the body",
    ]
    assert len(handed_over) == 10
    assert "The first ten steps happen before the first line of the body is generated" in PAGE
    sent = ["line 1", "line 2", "inner: closed", "outer: closed"]
    assert order.steps == [*handed_over, *sent]
    shown = get(order.app, "/steps").text.splitlines()
    assert shown == [*handed_over, *sent, "outer: called", "inner: called", "before_request"]
