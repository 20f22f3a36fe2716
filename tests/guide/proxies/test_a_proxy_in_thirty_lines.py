"""A proxy in thirty lines: docs/guide/proxies.md."""

from __future__ import annotations

import importlib
import importlib.metadata
import inspect
import io
import re
import sys
from contextvars import ContextVar
from types import ModuleType
from typing import Any
from unittest import mock

from flask import g, request, session
from flask.ctx import AppContext, RequestContext
from flask.globals import app_ctx
from werkzeug.local import Local, LocalProxy
from wtforms import StringField

from proven.claims.proofs import proves
from snippets.contexts import proxy, smallest
from tests.guide.contexts.common import PAGE, error_of


def test_the_proxy_has_thirty_lines_and_the_methods_of_the_notes() -> None:
    assert len(inspect.getsource(proxy.Proxy).splitlines()) == 30
    methods = [name for name, value in vars(proxy.Proxy).items() if callable(value)]
    notes = "new call str setattr setitem getattr enter exit add"
    assert sorted(methods) == sorted(f"__{name}__" for name in notes.split())
    rows = re.findall(r"^\| (\{py:meth\}.+?) \|", PAGE, re.MULTILINE)
    assert sorted(re.findall(r"__\w+__", " ".join(rows))) == sorted(methods)


@proves("guide/proxies", "The second visit contains nothing of the first.")
def test_each_visit_has_an_object_of_its_own() -> None:
    client = proxy.app.test_client()
    assert client.get("/tea").json == {"visit": "{'path': '/tea', 'page': 'tea'}"}
    assert client.get("/cake").json == {"visit": "{'path': '/cake', 'page': 'cake'}"}
    assert type(error_of(str, proxy.visit)) is LookupError


@proves(
    "guide/proxies",
    "push stores an object in the variable and keeps the token, and pop restores what was "
    "there before.",
)
def test_pop_puts_back_what_was_there_before() -> None:
    with proxy.app.test_request_context("/outer"):
        proxy.app.preprocess_request()
        with proxy.app.test_request_context("/inner"):
            # no hook ran here, so there is nothing to put back
            g.pop("token")
        assert proxy.visit.get("path") == "/outer"
        proxy.visit.variable.set(None)


def own_proxy(value: Any) -> proxy.Proxy:
    variable: ContextVar[Any] = ContextVar("variable")
    variable.set(value)
    return proxy.Proxy(variable)


@proves("guide/proxies", "__add__() | x + y | a proxy passes it on, as it does all operators")
def test_each_special_method_of_the_proxy() -> None:
    stock = {"bread": 2}
    of_stock = own_proxy(stock)
    of_stock["eggs"] = 6
    assert (of_stock.get("eggs"), str(of_stock)) == (6, "{'bread': 2, 'eggs': 6}")
    assert own_proxy(41) + 1 == 42
    assert own_proxy(len)("four") == 4
    thing = ModuleType("thing")
    own_proxy(thing).name = "Ada"
    assert thing.name == "Ada"
    with own_proxy(mock.MagicMock(__enter__=lambda _: "inside")) as value:
        assert value == "inside"
    with own_proxy(open(__file__, encoding="utf-8")) as file:
        pass
    assert file.closed


@proves(
    "guide/proxies",
    "Python looks up the method of an operator on the class and does not call __getattr__.",
    "So a proxy has to define the method of each operator:",
)
def test_an_operator_looks_for_its_method_on_the_class() -> None:
    class Naive:
        def __getattr__(self, name: str) -> Any:
            return getattr(41, name)

    naive: Any = Naive()
    assert naive.real == 41
    assert naive.__add__(1) == 42
    assert str(error_of(lambda: naive + 1)) == (
        "unsupported operand type(s) for +: 'Naive' and 'int'"
    )


@proves(
    "guide/proxies",
    "__new__() | Class(...), before __init__ | a field of WTForms: outside a form, "
    "StringField() gives an UnboundField",
    "__call__() | x(...) | the application: a WSGI server calls app(environ, start_response)",
    "__str__() | str(x) | str(request.url_rule) is the rule as you wrote it",
    "__setattr__() | x.name = value | g writes into its __dict__",
    "__setitem__() | x[key] = value | session notes that it was modified",
    "__getattr__() | x.name, if nothing else finds it | g.user that was never set ends here",
    "__enter__(), __exit__() | with x: | with app.app_context(): pushes and pops",
)
def test_where_a_reader_meets_each_special_method() -> None:
    # __new__
    assert type(StringField()).__name__ == "UnboundField"
    assert "__new__" in vars(importlib.import_module("wtforms.fields.core").Field)
    # __call__
    body = smallest.app({"REQUEST_METHOD": "GET", "PATH_INFO": "/news", **ENVIRON}, mock.Mock())
    assert b"nobody reads /news" in b"".join(body)
    with smallest.app.test_request_context("/news"):
        # __str__
        assert str(request.url_rule) == "/news"
        # __setattr__
        g.user = "ada"
        assert g.__dict__ == {"user": "ada"}
        # __setitem__
        assert session.modified is False
        session["x"] = 1
        assert session.modified is True
        # __getattr__
        assert "__getattr__" in vars(type(app_ctx.g))
        # __enter__ and __exit__
        assert {"__enter__", "__exit__"} <= vars(AppContext).keys() & vars(RequestContext).keys()


ENVIRON: dict[str, Any] = {
    "SERVER_NAME": "localhost",
    "SERVER_PORT": "80",
    "SERVER_PROTOCOL": "HTTP/1.1",
    "wsgi.url_scheme": "http",
    "wsgi.input": io.BytesIO(),
    "wsgi.errors": sys.stderr,
}


@proves(
    "guide/proxies",
    "Werkzeug's proxy does the same with about ninety methods.",
    "It sets its attributes in __init__, also with object.__setattr__.",
    "__add__() | x + y | a proxy passes it on, as it does all operators",
)
def test_werkzeugs_proxy_passes_some_ninety_methods_on() -> None:
    lookup = type(LocalProxy.__dict__["__add__"])
    methods = [name for name, value in vars(LocalProxy).items() if isinstance(value, lookup)]
    assert 85 <= len(methods) <= 95
    assert "__new__" not in vars(LocalProxy)
    assert "__init__" in vars(LocalProxy)
    assert "object.__setattr__(self" in inspect.getsource(LocalProxy.__init__)


@proves(
    "guide/proxies",
    "It takes a function, a ContextVar or a Local, and optionally the name of an "
    "attribute: session is the attribute session of the object in the variable "
    "flask.request_ctx.",
    "If the variable is empty, the proxy raises the RuntimeError of a missing context "
    "instead of a LookupError.",
)
def test_what_werkzeugs_proxy_can_look_at() -> None:
    variable: ContextVar[Any] = ContextVar("variable")
    empty: LocalProxy[Any] = LocalProxy(variable, unbound_message="nothing there")
    assert str(error_of(lambda: empty.real)) == "nothing there"
    variable.set(41)
    local = Local()
    local.number = 41
    for looking in (
        LocalProxy(variable),
        LocalProxy(variable, "real"),
        LocalProxy(lambda: 41),
        LocalProxy(local, "number"),
    ):
        assert looking + 1 == 42
