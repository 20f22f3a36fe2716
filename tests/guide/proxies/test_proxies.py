"""Proxies: docs/guide/proxies.md."""

from __future__ import annotations

import operator
import pickle
from contextvars import ContextVar
from typing import Any
from unittest import mock

import flask
import pytest
from flask import Flask, Request, current_app, g, request, session
from flask.globals import app_ctx, request_ctx
from werkzeug.local import LocalProxy

from proven.claims.proofs import proves
from snippets.contexts import current_user
from tests.guide.contexts.common import error_of, new_app


@proves(
    "guide/contexts",
    "request is one name in your module, and it stands for a different object in each request.",
    "Flask has two context variables, flask.app_ctx and flask.request_ctx, and six "
    "proxies that read them: current_app, g, request, session, app_ctx and request_ctx.",
)
@proves(
    "guide/proxies",
    "Each of the four names is a werkzeug.local.LocalProxy, an object that is created "
    "once, when Flask is imported.",
    "It passes on whatever you do with it to the object of the active context.",
    "current_app is app is false.",
    "type(g) is LocalProxy.",
    "Use isinstance.",
    "Compare with ==.",
    "Every proxy also has _get_current_object, which is documented in spite of its underscore.",
)
def test_the_four_names_are_proxies_for_the_objects_of_the_context() -> None:
    variables = [v for v in vars(flask.globals).values() if isinstance(v, ContextVar)]
    assert sorted(each.name for each in variables) == ["flask.app_ctx", "flask.request_ctx"]
    names = {name: value for name, value in vars(flask.globals).items() if is_proxy(value)}
    assert names.keys() == {
        *("current_app", "g", "request", "session"),
        *("app_ctx", "request_ctx"),
    }
    app = new_app()
    with app.test_request_context():
        assert isinstance(request, Request)
        assert isinstance(current_app, Flask)
        assert (current_app is app, current_app == app) == (False, True)
        assert type(g) is LocalProxy
        assert isinstance(g, app.app_ctx_globals_class)
        current = operator.attrgetter("_get_current_object")
        assert current(current_app)() is app
        assert current(request)() is request_ctx.request
        assert current(session)() is request_ctx.session
        # the same name in another context is the same proxy for another object
        first, outer = request, request.path
        with app.test_request_context("/inner"):
            assert (request is first, request.path) == (True, "/inner")
        assert request.path == outer == "/"


def is_proxy(value: Any) -> bool:
    return type(value) is LocalProxy


@proves("guide/proxies", "request is None is never true.")
def test_a_proxy_without_an_object() -> None:
    assert repr(request) == "<LocalProxy unbound>"
    assert isinstance(request, Request) is False
    assert not request
    # never true, with or without a request
    assert (request is None) is False
    with new_app().test_request_context():
        assert (request is None) is False


@proves(
    "guide/proxies",
    "A signal connected with sender=current_app never calls its receiver.",
    "Pass the object.",
)
def test_a_signal_connected_with_a_proxy_as_sender_calls_nobody() -> None:
    app = new_app()
    calls = []
    by_proxy, by_object = (
        lambda sender, name=name: calls.append(name) for name in ("proxy", "app")
    )
    with app.app_context():
        flask.request_started.connect(by_proxy, sender=current_app)
        flask.request_started.connect(by_object, sender=app_ctx.app)
    app.test_client().get("/")
    assert calls == ["app"]


@proves("guide/proxies", "pickle.dumps(g) raises pickle.PicklingError.")
def test_a_proxy_cannot_be_pickled() -> None:
    with new_app().app_context():
        assert type(error_of(pickle.dumps, g)) is pickle.PicklingError


@proves(
    "guide/proxies",
    "LocalProxy also takes a function, and calls it at each use:",
    "not current_user tests the object behind the proxy, and None counts as false.",
    "current_user is None would test the proxy itself, and is never true.",
)
def test_a_proxy_of_ones_own_calls_its_function_at_each_use(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    client = current_user.app.test_client()
    known = client.get("/me", headers={"X-Token": "a1"})
    unknown = client.get("/me")
    assert (known.status_code, known.json) == (200, {"name": "Ada"})
    assert (unknown.status_code, unknown.json) == (401, {"error": "who are you?"})
    with current_user.app.test_request_context():
        assert not current_user.current_user
        assert (current_user.current_user is None) is False

    calls = []
    counted = LocalProxy(lambda: calls.append(1) or len(calls))  # type: ignore[func-returns-value]
    assert (counted + 0, counted + 0) == (1, 2)


def test_the_user_is_looked_up_once_a_request(monkeypatch: pytest.MonkeyPatch) -> None:
    users = mock.Mock()
    users.get.return_value = {"name": "Ada"}
    monkeypatch.setattr(current_user, "USERS", users)
    current_user.app.test_client().get("/me", headers={"X-Token": "a1"})
    users.get.assert_called_once_with("a1")
