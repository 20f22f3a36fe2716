"""Tests with signals: docs/guide/signals.md."""

from __future__ import annotations

from typing import Any

from flask import (
    Flask,
    flash,
    got_request_exception,
    message_flashed,
    render_template,
    request_started,
)

from proven.claims.proofs import proves
from snippets.signals import captured
from tests.guide.signals.common import names, send


@proves(
    "guide/signals",
    "template_rendered gives a test the template and its variables instead:",
    "The receiver is an inner function and still stays connected, because connected_to() "
    "refers to it during the block.",
)
def test_captured_templates_are_templates_with_their_variables() -> None:
    client = captured.app.test_client()
    with captured.captured_templates(captured.app) as rendered:
        assert client.get("/cart/2").text == "<title>2</title>"
        client.get("/cart/0")
    client.get("/cart/1")
    assert [(template.name, sorted(context)) for template, context in rendered] == [
        ("cart.html", ["g", "request", "things"]),
        ("empty.html", ["g", "request"]),
    ]
    assert rendered[0][1]["things"] == ["tea", "tea"]


@proves(
    "guide/signals",
    "context contains the arguments of flask.render_template() and what the context "
    "processors add.",
    "It does not contain the globals of Jinja, such as config and url_for.",
)
def test_the_context_has_what_processors_add_and_no_globals(app: Flask) -> None:
    app.context_processor(lambda: {"site": "实证"})
    app.add_url_rule("/page", view_func=lambda: render_template("page.html"), endpoint="page")
    with captured.captured_templates(app) as rendered:
        send(app, "/page")
    ((_, context),) = rendered
    assert context["site"] == "实证"
    assert {"config", "url_for"} <= set(app.jinja_env.globals)
    assert not {"config", "url_for"} & set(context)


@proves(
    "guide/signals",
    "Use the other signals in the same way: message_flashed for what was flashed, "
    "got_request_exception for the error that led to a 500.",
)
def test_messages_and_errors_are_captured_the_same_way(app: Flask) -> None:
    found: list[Any] = []

    def message(sender: Flask, message: str, category: str, **extra: Any) -> None:
        found.append((category, message))

    def error(sender: Flask, exception: Exception, **extra: Any) -> None:
        found.append(type(exception))

    app.add_url_rule("/flash", view_func=lambda: flash("saved") or "", endpoint="flash")
    with (
        message_flashed.connected_to(message, app),
        got_request_exception.connected_to(error, app),
    ):
        send(app, "/flash")
        assert send(app, "/bug").status_code == 500
    assert found == [("message", "saved"), ZeroDivisionError]


@proves("guide/signals", "muted() does the opposite: it mutes a signal during a block.")
def test_muted_silences_a_signal(app: Flask, heard: list[tuple[str, dict[str, Any]]]) -> None:
    with request_started.muted():
        send(app)
    assert "request_started" not in names(heard)
    send(app)
    assert "request_started" in names(heard)
