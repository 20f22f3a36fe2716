"""How it works inside: docs/guide/contexts.md."""

from __future__ import annotations

import contextvars
from typing import Any

import flask
from flask import Flask, Request, current_app, g, has_request_context, request, session
from flask.globals import app_ctx
from flask.sessions import SecureCookieSessionInterface
from werkzeug.routing import BaseConverter

from proven.claims.proofs import proves
from tests.guide.contexts.common import new_app


@proves(
    "guide/contexts",
    "Flask has two context variables, flask.app_ctx and flask.request_ctx, and six "
    "proxies that read them: current_app, g, request, session, app_ctx and request_ctx.",
)
@proves("guide/proxies", "Flask uses context variables.")
def test_flask_has_two_variables() -> None:
    with new_app().test_request_context():
        names = {variable.name for variable in contextvars.copy_context()}
    assert {name for name in names if name.startswith("flask.")} == {
        "flask.app_ctx",
        "flask.request_ctx",
    }


@proves(
    "guide/contexts",
    "For each request, flask.Flask.wsgi_app() creates a flask.ctx.RequestContext and "
    "calls its push, which",
    "pushes an flask.ctx.AppContext, unless one of this application is active,",
    "sets the variable and keeps the token,",
    "opens the session, and",
    "matches the URL, so that a converter can read the session.",
    "After the response is made, pop() calls the teardown_request functions, closes "
    "uploaded files, resets the variable, and pops the application context, which calls "
    "the teardown_appcontext functions.",
    "The test client pushes and pops the contexts for each request, as a server does.",
)
def test_what_push_and_pop_do_in_order() -> None:
    app = new_app()
    events = []

    class Sessions(SecureCookieSessionInterface):
        def open_session(self, app: Flask, request: Request) -> Any:
            events.append(f"open the session, request: {has_request_context()}")
            return super().open_session(app, request)

    class Reading(BaseConverter):
        def to_python(self, value: str) -> str:
            events.append(f"match the URL, session: {session.get('x')}")
            return value

    class Files(Request):
        def close(self) -> None:
            events.append("close the files")
            super().close()

    app.session_interface = Sessions()
    app.request_class = Files
    app.url_map.converters["reading"] = Reading
    app.add_url_rule("/<reading:name>", endpoint="x", view_func=lambda name: name)
    app.teardown_request(lambda error: events.append("teardown_request"))
    app.teardown_appcontext(
        lambda error: events.append(f"teardown_appcontext, request: {has_request_context()}")
    )

    def pushed(sender: Flask, **_: Any) -> None:
        events.append("application context")

    with flask.appcontext_pushed.connected_to(pushed, app):
        assert app.test_client().get("/a").text == "a"
    assert events == [
        "application context",
        "open the session, request: True",
        "match the URL, session: None",
        "teardown_request",
        "close the files",
        "teardown_appcontext, request: False",
    ]


@proves(
    "guide/contexts",
    "The token makes it possible to nest contexts: resetting the variable restores the "
    "context that was active before.",
    "An application context inside another one hides the outer one until it is popped, "
    "even if they belong to different applications.",
)
@proves("guide/proxies", "Flask's contexts do the same.")
def test_contexts_nest_and_the_inner_one_hides_the_outer_one() -> None:
    one, two = Flask("one"), Flask("two")
    with one.test_request_context("/outer"):
        g.user = "ada"
        with two.app_context():
            assert (current_app.name, list(g), request.path) == ("two", [], "/outer")
        with one.test_request_context("/inner"):
            assert (request.path, g.user) == ("/inner", "ada")
        assert (current_app.name, g.user, request.path) == ("one", "ada", "/outer")


@proves(
    "guide/contexts",
    "g is an instance of flask.Flask.app_ctx_globals_class, and each application context "
    "creates one.",
)
def test_g_is_made_with_the_application_context_from_the_class_of_the_application() -> None:
    class Globals(Flask.app_ctx_globals_class):  # type: ignore[misc]
        pass

    app = new_app()
    app.app_ctx_globals_class = Globals
    with app.app_context():
        assert type(app_ctx.g) is Globals
