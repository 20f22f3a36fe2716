"""The two contexts: docs/guide/contexts.md."""

from __future__ import annotations

from typing import Any

import click
import flask
from flask import Flask, current_app, g, has_app_context, has_request_context, request
from flask.ctx import RequestContext

from proven.claims.proofs import proves
from snippets.contexts import moments, smallest
from tests.guide.contexts.common import new_app


@proves("guide/middleware", "When a middleware is called, no request context is active yet.")
@proves(
    "guide/request-life", "For this reason no context is active in a generator that makes the body."
)
@proves(
    "guide/teardown",
    "The request context has ended by then, so request and session raise RuntimeError: "
    "Working outside of request context.",
    "A generator that makes the body therefore starts with a closed connection and "
    "without a request: RuntimeError: Working outside of request context.",
)
@proves(
    "guide/contexts",
    "application context | current_app, g | each request, each flask command",
    "request context | request, session | each request",
    "At module level, in a WSGI middleware, in a new thread and in a generator that makes "
    "the body, no context is active.",
    "In a teardown_appcontext() function the application context is active, but the "
    "request context has ended.",
)
def test_which_names_are_there_at_each_moment() -> None:
    moments.seen.clear()
    moments.note("module level")
    client = moments.app.test_client()
    with client.get("/") as answer:
        assert answer.text == "sent"
    both = "current_app, g, request, session"
    assert client.get("/moments").text.splitlines() == [
        "module level: nothing",
        "WSGI middleware: nothing",
        f"before_request: {both}",
        f"view: {both}",
        "thread started by the view: nothing",
        f"after_request: {both}",
        f"teardown_request: {both}",
        "teardown_appcontext: current_app, g",
        "generator of the body: nothing",
        "call_on_close: nothing",
    ]


@proves(
    "guide/contexts",
    "A request pushes both contexts, the application context first, and pops them in "
    "reverse order.",
)
def test_a_request_pushes_the_application_context_first_and_pops_it_last() -> None:
    app = new_app()
    order = []

    class Recorder(RequestContext):
        def match_request(self) -> None:
            order.append("push ends")
            super().match_request()

    app.request_context = lambda environ: Recorder(app, environ)  # type: ignore[method-assign]
    app.teardown_request(lambda error: order.append("request popped"))
    app.teardown_appcontext(lambda error: order.append("application popped"))

    def pushed(sender: Flask, **_: Any) -> None:
        order.append(f"application pushed, request: {has_request_context()}")

    with flask.appcontext_pushed.connected_to(pushed, app):
        app.test_client().get("/")
    assert order == [
        "application pushed, request: False",
        "push ends",
        "request popped",
        "application popped",
    ]


@proves(
    "guide/contexts",
    "application context | current_app, g | each request, each flask command",
    "in a flask command, in flask shell | pass the values as arguments",
    "It belongs to the application context: a command has one too, and requests share it "
    "while an application context is active around them.",
)
def test_a_flask_command_gets_an_application_context_and_no_request() -> None:
    app = new_app()

    @app.cli.command("look")
    def look() -> None:
        click.echo(f"{has_app_context()} {has_request_context()} {current_app.name} {list(g)}")

    assert app.test_cli_runner().invoke(args=["look"]).output == "True False contexts-test []\n"


@proves(
    "guide/contexts",
    "To find out whether a context is active, call flask.has_app_context() or "
    "flask.has_request_context().",
    "You can also test the name itself: if request: is false if no request is active.",
)
def test_has_context_and_the_truth_of_a_name_ask_instead_of_failing() -> None:
    def found() -> list[bool]:
        return [has_app_context(), bool(current_app), has_request_context(), bool(request)]

    assert found() == [False, False, False, False]
    with smallest.app.app_context():
        assert found() == [True, True, False, False]
    with smallest.app.test_request_context():
        assert found() == [True, True, True, True]
