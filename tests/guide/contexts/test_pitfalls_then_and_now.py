"""Pitfalls, then and now: docs/guide/contexts.md."""

from __future__ import annotations

import inspect
import operator
from types import ModuleType
from typing import Any
from unittest import mock

import flask
import pytest
from flask import Flask, Request, session
from flask.ctx import RequestContext
from flask.sessions import SecureCookieSessionInterface

from proven.claims.proofs import proves
from proven.releases.timeline import History
from tests.guide.contexts.common import PAGE, error_of, new_app, on_the_page


@proves("guide/contexts", "The import of _app_ctx_stack fails in the same way.")
@pytest.mark.parametrize("name", ["_request_ctx_stack", "_app_ctx_stack"])
def test_the_stacks_are_gone(name: str) -> None:
    error = error_of(exec, f"from flask import {name}", {})
    assert type(error) is ImportError
    assert str(error).startswith(f"cannot import name '{name}' from 'flask' (")
    assert name in PAGE


@proves(
    "guide/contexts",
    "session was read before the session was opened, for example in open_session of a "
    "session interface, or on a request context that was created and not pushed.",
)
def test_the_session_read_while_it_is_being_opened() -> None:
    message = on_the_page("The session has not yet been opened.")

    class Early(SecureCookieSessionInterface):
        def open_session(self, app: Flask, request: Request) -> Any:
            return session.get("x")

    app = new_app()
    app.session_interface = Early()
    opening = error_of(app.test_client().get, "/")
    unpushed = error_of(lambda: new_app().test_request_context().session)
    for error in (opening, unpushed):
        assert (type(error), str(error)) == (AssertionError, message)


@proves(
    "guide/contexts",
    "What became of the stack: ….",
    "There is no stack any more: ….",
    "If you need a context itself, read app_ctx or request_ctx: ….",
    "The configuration key that kept the context after an error is gone as well: ….",
)
@proves(
    "guide/proxies",
    "Before it did, Werkzeug told threads and greenlets apart by a function that returned "
    "their identity: ….",
    "MethodView once had a metaclass: ….",
)
def test_what_then_and_now_says_of_the_releases() -> None:
    history = History()
    for name in (
        "werkzeug.local.LocalManager.ident_func",
        "flask._request_ctx_stack",
        "flask._app_ctx_stack",
        "flask.ctx.RequestContext.auto_pop",
        "flask:PRESERVE_CONTEXT_ON_EXCEPTION",
        "flask.views.MethodViewType",
    ):
        assert f"{{since}}`{name}`" in PAGE
        assert history.find(name).removed is not None
    added = history.find("flask.globals.app_ctx")
    assert (added.current, added.added is not None) == (True, True)


@proves(
    "guide/contexts",
    "The name is current_app; app is your own variable.",
    "Today the line is ctx.pop(error).",
)
def test_what_the_notes_know_by_another_name() -> None:
    assert not hasattr(RequestContext, "auto_pop")
    assert "ctx.pop(error)" in inspect.getsource(Flask.wsgi_app)
    assert "PRESERVE_CONTEXT_ON_EXCEPTION" not in new_app().config
    # `flask.app` is a module, not the application
    assert type(flask.app) is ModuleType
    assert not hasattr(flask.globals, "app")


@proves(
    "guide/contexts",
    "Flask still calls should_ignore_error().",
    "If it returns True, the teardown functions get None instead of the error.",
    "It returns False, unless you override it.",
)
@pytest.mark.parametrize("ignored", [True, False])
def test_flask_still_asks_which_errors_teardown_functions_do_not_get(ignored: bool) -> None:
    class Lenient(Flask):
        def should_ignore_error(self, error: BaseException | None) -> bool:
            return ignored

    assert new_app().should_ignore_error(ValueError()) is False
    seen: list[BaseException | None] = []
    app = Lenient("lenient", static_folder=None)
    app.add_url_rule("/", "bug", lambda: 1 / 0)
    app.teardown_request(seen.append)
    app.teardown_appcontext(seen.append)
    assert app.test_client().get("/").status_code == 500
    assert [error is None for error in seen] == [ignored, ignored]


@proves(
    "guide/proxies",
    "It is the operator +.",
    "An item is set by __setitem__, read by __getitem__, found by __contains__ and "
    "deleted by __delitem__.",
)
def test_add_is_the_operator_and_items_have_methods_of_their_own() -> None:
    stock = mock.MagicMock()
    stock["eggs"] = 6
    stock["eggs"]
    "eggs" in stock  # noqa: B015
    del stock["eggs"]
    stock.__setitem__.assert_called_once_with("eggs", 6)
    stock.__getitem__.assert_called_once_with("eggs")
    stock.__contains__.assert_called_once_with("eggs")
    stock.__delitem__.assert_called_once_with("eggs")
    assert [1].__add__([2]) == operator.add([1], [2]) == [1, 2]
