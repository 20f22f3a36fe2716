"""The smallest thing, and the table of all ten: docs/guide/signals.md."""

from __future__ import annotations

import threading
from typing import Any

import blinker
import flask
from blinker import Signal
from flask import (
    Flask,
    flash,
    get_flashed_messages,
    message_flashed,
    render_template,
    request,
    request_started,
    session,
    template_rendered,
)
from jinja2 import Template

from proven.claims.proofs import proves
from snippets.signals import all_ten, smallest
from tests.guide.signals.common import send


@proves(
    "guide/signals",
    "A signal tells every function that is connected to it that something has happened in "
    "an application: a request has begun, a template was rendered, no handler took an "
    "error.",
)
def test_a_receiver_keeps_the_error_that_no_handler_answered() -> None:
    smallest.errors.clear()
    client = smallest.app.test_client()
    assert client.get("/share/3").text == "4 each"
    assert client.get("/errors").json == []
    assert client.get("/share/0").status_code == 500
    assert client.get("/errors").json == [
        "/share/0: ZeroDivisionError('integer division or modulo by zero')"
    ]


@proves(
    "guide/signals",
    "Flask calls it at once and waits for it: a signal is a function call, not a queue.",
    "A slow receiver makes the request slow.",
)
def test_a_receiver_is_called_at_once_and_in_the_thread_of_the_request(app: Flask) -> None:
    moments: list[tuple[str, int]] = []

    def receive(sender: Flask, **extra: Any) -> None:
        moments.append(("receiver", threading.get_ident()))

    @app.get("/flash")
    def view() -> str:
        moments.append(("before", threading.get_ident()))
        flash("x")
        moments.append(("after", threading.get_ident()))
        return ""

    with message_flashed.connected_to(receive, app):
        send(app, "/flash")
    assert [moment for moment, _ in moments] == ["before", "receiver", "after"]
    assert len({thread for _, thread in moments}) == 1


@proves(
    "guide/signals",
    "You can import all of them from flask.",
    "The signals are instances of blinker.NamedSignal.",
)
def test_there_are_ten_signals_and_each_can_be_imported_from_flask() -> None:
    signals = {
        name: value for name, value in vars(flask.signals).items() if isinstance(value, Signal)
    }
    assert len(signals) == 10
    assert set(signals.values()) == set(all_ten.ALL_TEN)
    for name, signal in signals.items():
        assert getattr(flask, name) is signal
        assert isinstance(signal, blinker.NamedSignal)
        assert signal.name == name.replace("_", "-")


GOOD_SIGNALS = [
    {"signal": "appcontext_pushed"},
    {"signal": "request_started"},
    {"signal": "message_flashed", "message": "'猫'", "category": "'message'"},
    {"signal": "before_render_template", "template": "cart.html", "context": "{…}"},
    {"signal": "template_rendered", "template": "cart.html", "context": "{…}"},
    {"signal": "request_finished", "response": "Response 200"},
    {"signal": "request_tearing_down", "exc": "None"},
    {"signal": "appcontext_tearing_down", "exc": "None"},
    {"signal": "appcontext_popped"},
]


@proves(
    "guide/signals",
    "appcontext_pushed | when an application context begins, before the request context |",
    "request_started | before the hooks, after the session was opened and the URL matched |",
    "message_flashed | by each flask.flash() | message, category",
    "before_render_template | after the context processors, before the template | "
    "template, context",
    "template_rendered | after the template, if it raised no error | template, context",
    "request_finished | after the hooks and after the session was saved | response",
    "request_tearing_down | after the functions of teardown_request | exc",
    "appcontext_tearing_down | after the functions of teardown_appcontext | exc",
    "appcontext_popped | when the application context has ended |",
    "The list ends with the two signals that the request for /notes had sent by then.",
)
def test_all_signals_of_a_request_with_their_keywords() -> None:
    all_ten.notes.clear()
    client = all_ten.app.test_client()
    assert client.get("/cart/3").text.strip() == "<p>Your cart has 4 things in it."
    assert client.get("/notes").json == [
        *GOOD_SIGNALS,
        {"signal": "appcontext_pushed"},
        {"signal": "request_started"},
    ]


@proves(
    "guide/signals",
    "got_request_exception | when no handler takes an error | exception",
    "exc is the error that no handler took, or None.",
)
def test_all_signals_of_a_request_with_an_error_in_the_view() -> None:
    all_ten.notes.clear()
    assert send(all_ten.app, "/cart/0").status_code == 500
    assert all_ten.notes == [
        {"signal": "appcontext_pushed"},
        {"signal": "request_started"},
        {"signal": "message_flashed", "message": "'猫'", "category": "'message'"},
        {"signal": "got_request_exception", "exception": "ZeroDivisionError"},
        {"signal": "request_finished", "response": "Response 500"},
        {"signal": "request_tearing_down", "exc": "ZeroDivisionError"},
        {"signal": "appcontext_tearing_down", "exc": "ZeroDivisionError"},
        {"signal": "appcontext_popped"},
    ]


@proves(
    "guide/signals",
    "The first argument of each signal is its sender, the application.",
    "The other arguments are keywords:",
)
def test_the_sender_is_the_application_and_the_rest_are_keywords(app: Flask) -> None:
    found: list[tuple[Any, ...]] = []

    def receive(*arguments: Any, **keywords: Any) -> None:
        found.append((*arguments, sorted(keywords)))

    @app.get("/all")
    def view() -> str:
        flash("x", "warning")
        return render_template("page.html")

    for signal in all_ten.ALL_TEN:
        signal.connect(receive, app)
    send(app, "/all")
    send(app, "/bug")
    assert {sender is app for sender, _ in found} == {True}
    assert sorted({tuple(keywords) for _, keywords in found}) == [
        (),
        ("category", "message"),
        ("context", "template"),
        ("exc",),
        ("exception",),
        ("response",),
    ]


@proves(
    "guide/signals",
    "context is the dictionary of the variables of the template, and template is a "
    "jinja2.Template.",
)
def test_template_is_a_template_of_jinja_and_context_a_dictionary(app: Flask) -> None:
    app.add_url_rule("/page", view_func=lambda: render_template("page.html", a=1), endpoint="page")
    found: list[Any] = []

    def receive(sender: Flask, template: Template, context: dict[str, Any], **extra: Any) -> None:
        found.append((type(template), type(context), context["a"]))

    with template_rendered.connected_to(receive, app):
        send(app, "/page")
    assert found == [(Template, dict, 1)]


@proves(
    "guide/signals",
    "message_flashed | by each flask.flash() | message, category",
    "It is sent by flask.flash().",
)
def test_message_flashed_is_sent_by_each_flash_and_not_by_showing(
    app: Flask, heard: list[tuple[str, dict[str, Any]]]
) -> None:
    @app.get("/two")
    def two() -> list[str]:
        flash("a")
        flash("b", "error")
        return get_flashed_messages()  # type: ignore[return-value]

    assert send(app, "/two").json == ["a", "b"]
    assert [arguments for name, arguments in heard if name == "message_flashed"] == [
        {"message": "'a'", "category": "'message'"},
        {"message": "'b'", "category": "'error'"},
    ]


@proves(
    "guide/signals",
    "request_started | before the hooks, after the session was opened and the URL matched |",
    "When request_started is sent, the session is open and the URL is matched.",
)
def test_request_started_knows_session_and_url(app: Flask) -> None:
    found: list[Any] = []

    def receive(sender: Flask, **extra: Any) -> None:
        found.append((request.endpoint, dict(session)))

    with request_started.connected_to(receive, app):
        client = app.test_client()
        with client.session_transaction() as stored:
            stored["user"] = "ada"
        client.get("/")
    assert found[-1] == ("index", {"user": "ada"})
