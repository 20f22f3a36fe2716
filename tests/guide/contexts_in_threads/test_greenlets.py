"""Greenlets: docs/guide/contexts-in-threads.md."""

from __future__ import annotations

import importlib
import importlib.metadata
import threading
from contextvars import copy_context

import greenlet
from flask import copy_current_request_context, g, has_request_context, request
from packaging.requirements import Requirement

from proven.claims.proofs import proves
from tests.guide.contexts.common import new_app, on_the_page, use_request


@proves("guide/contexts-in-threads", "Flask does not install this package.")
def test_flask_does_not_install_greenlet() -> None:
    todo, seen = ["flask", "asgiref"], set()
    while todo:
        name = todo.pop()
        seen.add(name)
        for text in importlib.metadata.requires(name) or []:
            needed = Requirement(text)
            if not needed.marker or needed.marker.evaluate({"extra": ""}):
                todo += {needed.name.lower()} - seen
    assert {"werkzeug", "jinja2"} <= seen
    assert "greenlet" not in seen


@proves(
    "guide/contexts-in-threads",
    "A greenlet starts without a context, like a thread.",
    "copy_current_request_context works as it does with threads, and so does a copied "
    "context: child.gr_context = copy_context().",
)
def test_a_greenlet_starts_with_an_empty_context_unless_it_gets_one() -> None:
    on_the_page("child.gr_context = copy_context()")
    with new_app().test_request_context("/x"):
        assert greenlet.greenlet(has_request_context).switch() is False
        assert greenlet.greenlet(copy_current_request_context(use_request)).switch() == "/x"
        child = greenlet.greenlet(use_request)
        child.gr_context = copy_context()
        assert child.switch() == "/x"


@proves(
    "guide/contexts-in-threads",
    "When Python switches between two greenlets, it switches between their requests too.",
    "threading.local does not distinguish greenlets: all greenlets of one thread share its values.",
)
def test_switching_between_greenlets_switches_between_their_requests() -> None:
    app = new_app()
    shared = threading.local()
    seen = []
    others: dict[str, greenlet.greenlet] = {}

    def answer(path: str, other: str) -> None:
        with app.test_request_context(path):
            g.path = shared.path = path
            others[other].switch()
            seen.append((request.path, g.path, shared.path))

    main = greenlet.getcurrent()
    others["a"] = greenlet.greenlet(lambda: answer("/a", "b"), main)
    others["b"] = greenlet.greenlet(lambda: answer("/b", "a"), main)
    others["a"].switch()
    others["b"].switch()
    # threading.local has the value of the greenlet that came last
    assert seen == [("/a", "/a", "/b"), ("/b", "/b", "/b")]
