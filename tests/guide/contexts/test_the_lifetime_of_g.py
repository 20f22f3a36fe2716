"""The lifetime of g: docs/guide/contexts.md."""

from __future__ import annotations

import gc
import threading
import weakref
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from flask import g, request, session

from proven.claims.proofs import proves
from snippets.contexts import lifetime
from tests.guide.contexts.common import WAIT, error_of, new_app, on_the_page


@proves(
    "guide/contexts",
    "The first call of connection() opens the connection and the second call returns the same one.",
)
def test_a_connection_lives_for_one_request() -> None:
    client = lifetime.app.test_client()
    first, second = client.get("/orders").json, client.get("/orders").json
    number = first["used"][0]
    assert first == {"used": [number, number], "open": [number]}
    assert second == {"used": [number + 1, number + 1], "open": [number + 1]}
    assert client.get("/about").json == {"used": [], "open": []}


@proves(
    "guide/contexts", "g is a namespace, and each application context starts with an empty one."
)
def test_g_lives_exactly_as_long_as_its_application_context() -> None:
    class Thing:
        pass

    app = new_app()
    alive: list[weakref.ref[Thing]] = []
    found = []

    @app.get("/")
    def view() -> str:
        g.thing = Thing()
        alive.append(weakref.ref(g.thing))
        return "text"

    app.after_request(lambda response: found.append(list(g)) or response)
    app.teardown_request(lambda error: found.append(list(g)))
    app.teardown_appcontext(lambda error: found.append(list(g)))
    app.test_client().get("/")
    assert found == [["thing"]] * 3
    gc.collect()
    assert alive[0]() is None
    with app.app_context():
        assert list(g) == []


@proves(
    "guide/contexts",
    "The teardown_appcontext function closes it, also after an exception in the view.",
)
def test_teardown_runs_when_the_view_raises_as_well() -> None:
    app = new_app()
    errors = []
    app.teardown_appcontext(lambda error: errors.append(error))

    @app.get("/")
    def view() -> str:
        raise KeyError("view")

    raised = error_of(app.test_client().get, "/")
    assert errors == [raised]


@proves("guide/contexts", "Requests do not share a g, even if they run at the same time.")
def test_g_is_not_shared_with_a_request_that_runs_at_the_same_time() -> None:
    app = new_app()
    both = threading.Barrier(2, timeout=WAIT)

    @app.get("/<name>")
    def view(name: str) -> dict[str, str]:
        g.name = name
        both.wait()
        return {"g": g.name, "request": request.path, "session": session.setdefault("x", name)}

    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(lambda path: app.test_client().get(path).json, ["/a", "/b"]))
    assert answers == [
        {"g": "a", "request": "/a", "session": "a"},
        {"g": "b", "request": "/b", "session": "b"},
    ]


@proves(
    "guide/contexts",
    "g has get(), pop() and setdefault(), supports in, and iterates over its names:",
    "g.user was read in a request that had not set it.",
    "The message is only the name.",
    "g.pop(\"user\") raises KeyError: 'user' in the same case.",
)
def test_a_name_that_g_does_not_have() -> None:
    on_the_page("`AttributeError: user`")
    on_the_page("`KeyError: 'user'`")
    with new_app().app_context():
        missing, popped = error_of(lambda: g.user), error_of(g.pop, "user")
        assert (type(missing), str(missing)) == (AttributeError, "user")
        assert (type(popped), str(popped)) == (KeyError, "'user'")
        assert g.get("user") is None
        assert g.pop("user", "nobody") == "nobody"
        assert g.setdefault("user", "ada") == g.user == "ada"


@proves(
    "guide/contexts",
    "The block pushes a second application context with an empty g, and at its end the "
    "teardown_appcontext functions run.",
    "A view already has an application context, so remove the block.",
)
def test_an_application_context_inside_a_view_hides_g_and_runs_teardown() -> None:
    app = new_app()
    events: list[Any] = []
    app.teardown_appcontext(lambda error: events.append("teardown"))

    @app.get("/")
    def view() -> str:
        g.user = "ada"
        with app.app_context():
            events.append(list(g))
        events.append(list(g))
        return "text"

    app.test_client().get("/")
    assert events == [[], "teardown", ["user"], "teardown"]
