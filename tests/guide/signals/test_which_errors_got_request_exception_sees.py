"""Which errors got_request_exception sees: docs/guide/signals.md."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask, abort, got_request_exception, request

from proven.claims.proofs import proves
from tests.guide.signals.common import names, send


def with_handlers(app: Flask) -> Flask:
    def broken(error: Exception) -> str:
        raise OSError("in the handler")

    def fail(name: str) -> None:
        match name:
            case "handled":
                raise LookupError
            case "broken-handler":
                raise PermissionError
        abort(int(name))

    app.register_error_handler(LookupError, lambda error: ("handled", 400))
    app.register_error_handler(PermissionError, broken)
    app.add_url_rule("/fail/<name>", view_func=fail, endpoint="fail")
    return app


@proves(
    "guide/signals",
    "an error without a handler for its class | yes",
    "the same with a handler for 500 | yes",
    "an error in an error handler | yes, for the new error",
    "an error with a handler for its class, or for Exception | no",
    "abort(404), an unknown URL, even abort(500) | no",
    "It is sent for errors that no handler takes.",
    "It is connected to got_request_exception, and a handler took the error.",
)
@pytest.mark.parametrize(
    ("path", "status", "sent"),
    [
        ("/bug", 500, ["ZeroDivisionError"]),
        ("/fail/handled", 400, []),
        ("/fail/broken-handler", 500, ["OSError"]),
        ("/fail/404", 404, []),
        ("/fail/500", 500, []),
        ("/nowhere", 404, []),
    ],
)
@pytest.mark.parametrize("handler_for_500", [False, True])
def test_which_errors_are_sent(
    app: Flask,
    heard: list[tuple[str, dict[str, Any]]],
    path: str,
    status: int,
    sent: list[str],
    *,
    handler_for_500: bool,
) -> None:
    with_handlers(app)
    if handler_for_500:
        app.register_error_handler(500, lambda error: ("page", 500))
    assert send(app, path).status_code == status
    assert [a["exception"] for n, a in heard if n == "got_request_exception"] == sent


@proves("guide/signals", "the same with TRAP_HTTP_EXCEPTIONS and without a handler | yes")
@pytest.mark.parametrize("handler", [False, True])
@pytest.mark.parametrize(("path", "error"), [("/fail/404", "NotFound"), ("/nowhere", "NotFound")])
def test_a_trapped_http_error_is_sent_unless_it_has_a_handler(
    app: Flask, heard: list[tuple[str, dict[str, Any]]], path: str, error: str, *, handler: bool
) -> None:
    with_handlers(app)
    app.config["TRAP_HTTP_EXCEPTIONS"] = True
    if handler:
        app.register_error_handler(404, lambda error: ("page", 404))
    assert send(app, path).status_code == (404 if handler else 500)
    sent = [a["exception"] for n, a in heard if n == "got_request_exception"]
    assert sent == ([] if handler else [error])


@proves(
    "guide/signals",
    "a missing key of request.form in debug mode, or with TRAP_BAD_REQUEST_ERRORS | yes",
)
@pytest.mark.parametrize(
    ("config", "sent"),
    [
        ({}, []),
        ({"DEBUG": True}, ["BadRequestKeyError"]),
        ({"TRAP_BAD_REQUEST_ERRORS": True}, ["BadRequestKeyError"]),
    ],
)
def test_a_missing_key_is_sent_in_debug_mode(
    app: Flask, heard: list[tuple[str, dict[str, Any]]], config: dict[str, bool], sent: list[str]
) -> None:
    app.config.update(config, PROPAGATE_EXCEPTIONS=False)
    app.add_url_rule("/form", view_func=lambda: request.form["name"], endpoint="form")
    assert send(app, "/form").status_code == (500 if sent else 400)
    assert [a["exception"] for n, a in heard if n == "got_request_exception"] == sent


@proves("guide/signals", "an error in a teardown function | no")
def test_an_error_in_a_teardown_function_is_not_sent(
    app: Flask, heard: list[tuple[str, dict[str, Any]]]
) -> None:
    app.teardown_request(lambda error: 1 // 0)
    with pytest.raises(ZeroDivisionError):
        send(app)
    assert "got_request_exception" not in names(heard)


@proves("guide/signals", "an error with a handler for its class, or for Exception | no")
def test_a_handler_for_exception_keeps_every_error_from_the_signal(
    app: Flask, heard: list[tuple[str, dict[str, Any]]]
) -> None:
    app.register_error_handler(Exception, lambda error: ("all", 500))
    assert send(app, "/bug").text == "all"
    assert "got_request_exception" not in names(heard)


@proves(
    "guide/signals",
    "The signal is sent before the error is logged and before a handler for 500 is called.",
    "A receiver cannot stop the error.",
)
def test_the_signal_comes_before_the_log_and_before_the_handler_for_500(app: Flask) -> None:
    order: list[str] = []
    app.register_error_handler(500, lambda error: order.append("handler") or "page")
    app.logger.addFilter(lambda record: bool(order.append("log") or True))

    def receive(sender: Flask, exception: Exception, **extra: Any) -> None:
        order.append("signal")

    with got_request_exception.connected_to(receive, app):
        assert send(app, "/bug").text == "page"
    assert order == ["signal", "log", "handler"]
