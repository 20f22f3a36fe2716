"""Working outside of a context: docs/guide/contexts.md."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import flask
import pytest
from flask import (
    Response,
    after_this_request,
    copy_current_request_context,
    current_app,
    g,
    session,
    stream_with_context,
)
from flask_wtf import FlaskForm

from proven.claims.proofs import proves
from tests.guide.contexts.common import (
    NEED_APP,
    OUTSIDE_APP,
    OUTSIDE_REQUEST,
    PAGE,
    ROOT,
    error_of,
    new_app,
    on_the_page,
    use_request,
)


def use_app() -> Any:
    return current_app.name


@proves(
    "guide/contexts",
    "The error means that current_app or g was used while no application context was "
    "active, by your code or by a function that it calls:",
)
def test_the_whole_message_outside_of_an_application_context_is_on_the_page() -> None:
    assert str(error_of(use_app)) == str(error_of(lambda: g.user)) == OUTSIDE_APP
    assert f"RuntimeError: {OUTSIDE_APP}".replace("\n\n", "\n<BLANKLINE>\n") in PAGE


@proves(
    "guide/contexts",
    "The error means that request or session was used while no request context was "
    "active, by your code or by a function that it calls:",
)
def test_the_whole_message_outside_of_a_request_context_is_on_the_page() -> None:
    assert str(error_of(use_request)) == str(error_of(lambda: session["x"])) == OUTSIDE_REQUEST
    assert f"RuntimeError: {OUTSIDE_REQUEST}".replace("\n\n", "\n<BLANKLINE>\n") in PAGE


NEED_REQUEST: dict[str, Callable[[], Any]] = {
    "flash": lambda: flask.flash("text"),
    "get_flashed_messages": flask.get_flashed_messages,
    "send_file": lambda: flask.send_file(__file__),
    "send_from_directory": lambda: flask.send_from_directory(ROOT, "README.md"),
    "`FlaskForm` with CSRF protection": FlaskForm,
    "template that reads `request`": lambda: flask.render_template_string("{{ request.path }}"),
    "or `session`": lambda: flask.render_template_string("{{ session.user }}"),
}


@proves(
    "guide/contexts",
    "These need an application context: url_for(), render_template(), "
    "render_template_string(), stream_template(), get_template_attribute(), jsonify(), "
    "make_response(), and db.session, db.engine and db.create_all() of Flask-SQLAlchemy.",
)
@pytest.mark.parametrize("name", NEED_APP)
def test_what_needs_an_application_context(name: str) -> None:
    section = PAGE.partition("(outside-application-context)=")[2].partition("| Where")[0]
    assert re.search(rf"[`.]{re.escape(name)}`", section)
    error = error_of(NEED_APP[name])
    assert (type(error), str(error)) == (RuntimeError, OUTSIDE_APP)


@proves(
    "guide/contexts",
    "These need a request context: flash(), get_flashed_messages(), send_file(), "
    "send_from_directory(), a FlaskForm with CSRF protection, and a template that reads "
    "request or session.",
)
@pytest.mark.parametrize("name", NEED_REQUEST)
def test_what_needs_a_request_context(name: str) -> None:
    section = PAGE.partition("(outside-request-context)=")[2].partition("| Where")[0]
    assert name in section
    with new_app().app_context():
        error = error_of(NEED_REQUEST[name])
    assert (type(error), str(error)) == (RuntimeError, OUTSIDE_REQUEST)


@proves("guide/contexts", "A FlaskForm without CSRF protection needs only an application context.")
def test_a_form_without_csrf_protection_needs_only_an_application_context() -> None:
    app = new_app()
    app.config["WTF_CSRF_ENABLED"] = False
    for options in ({}, {"meta": {"csrf": False}}):
        assert str(error_of(FlaskForm, **options)) == OUTSIDE_APP
        with app.app_context():
            form = FlaskForm(**options)
            assert (form.hidden_tag(), form.is_submitted()) == ("", False)
    with new_app().app_context():
        assert FlaskForm(meta={"csrf": False}).hidden_tag() == ""


@proves(
    "guide/contexts",
    "redirect, abort, Response and app.json work without a context.",
    "So does app.url_for, if SERVER_NAME is set.",
)
def test_what_works_without_a_context() -> None:
    app = new_app()
    app.add_url_rule("/x", endpoint="x")
    assert flask.redirect("/x").status_code == 302
    assert error_of(flask.abort, 404).code == 404  # type: ignore[attr-defined]
    assert Response("text").status_code == 200
    assert app.json.dumps([1]) == "[1]"
    assert "Unable to build URLs outside an active request" in str(error_of(app.url_for, "x"))
    app.config["SERVER_NAME"] = "example.com"
    assert app.url_for("x") == "http://example.com/x"


@proves(
    "guide/contexts",
    "Three functions raise a RuntimeError with another message if they are called outside "
    "of a request:",
    "'after_this_request' can only be used when a request context is active, such as in a "
    "view function.",
    "'copy_current_request_context' can only be used when a request context is active, "
    "such as in a view function.",
    "'stream_with_context' can only be used when a request context is active, such as in "
    "a view function.",
)
@pytest.mark.parametrize(
    "function", [after_this_request, copy_current_request_context, stream_with_context]
)
def test_three_functions_have_messages_of_their_own(function: Callable[..., Any]) -> None:
    message = on_the_page(
        f"'{function.__name__}' can only be used when a request context is active,"
        " such as in a view function."
    )
    argument: Any = iter(()) if function is stream_with_context else use_app
    with new_app().app_context():
        assert str(error_of(function, argument)) == message
