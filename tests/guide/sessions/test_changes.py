"""Changes: docs/guide/sessions.md."""

from __future__ import annotations

from collections.abc import Callable
from types import MappingProxyType

import pytest
from flask import session
from werkzeug.datastructures.mixins import UpdateDictMixin

from proven.claims.proofs import proves
from snippets.signed_sessions import cart
from tests.guide.sessions.common import attributes, content, new_app, put, visit


@proves(
    "guide/sessions",
    "Such a change is lost unless you set session.modified or assign the value again:",
    "The view changed the inside of a list | Set session.modified = True.",
)
def test_a_change_inside_a_list_needs_a_word() -> None:
    client = cart.app.test_client()
    client.post("/empty")
    answers = [client.post("/lost/tea"), client.get("/")]
    assert [answer.get_json()["cart"] for answer in answers] == [["tea"], []]
    assert "Set-Cookie" not in answers[0].headers
    client.post("/marked/tea")
    client.post("/assigned/milk")
    assert client.get("/").get_json() == {"cart": ["tea", "milk"]}


def test_assigning_the_same_list_again_is_a_change() -> None:
    client = new_app().test_client()
    visit(client, put(basket=[]))

    def add() -> None:
        items = session["basket"]
        items.append("tea")
        session["basket"] = items

    visit(client, add)
    assert content(client) == {"basket": ["tea"]}


CHANGES: dict[str, Callable[[], object]] = {
    'session["a"] = 1': lambda: session.__setitem__("a", 1),
    "update": lambda: session.update(a=1),
    "setdefault": lambda: session.setdefault("a", 1),
    "|=": lambda: session._get_current_object().__ior__({"a": 1}),  # type: ignore[attr-defined]
    "pop": lambda: session.pop("b"),
    "popitem": lambda: session.popitem(),
    "del": lambda: session.__delitem__("b"),
    "clear": lambda: session.clear(),
    "same value": lambda: session.__setitem__("b", 1),
}


@proves(
    "guide/sessions",
    "The session notices each change of its keys: an assignment, |=, update, setdefault, "
    "pop, popitem, del and clear.",
    "An assignment sets it to True, even if the new value equals the old one.",
)
@pytest.mark.parametrize("change", CHANGES)
def test_these_are_changes(change: str) -> None:
    with new_app().test_request_context():
        session["b"] = 1
        session.modified = False
        CHANGES[change]()
        assert session.modified


def test_the_changes_are_all_that_a_dictionary_has() -> None:
    """Each method that changes a dictionary, which is each that a read-only mapping does not have."""
    changing = set(dir(dict)) - set(dir(MappingProxyType)) - {"__getattribute__", "fromkeys"}
    assert {name.strip("_") for name in changing} == {
        *("setitem", "delitem", "update", "setdefault", "pop", "popitem", "clear"),
    }
    assert "__ior__" in vars(UpdateDictMixin)


@proves(
    "guide/sessions",
    "It does not notice a change inside a value, such as an item appended to a list.",
)
def test_a_change_inside_a_value_is_lost_in_any_container() -> None:
    client = new_app().test_client()
    visit(client, put(items=[1], settings={"a": {"b": 1}}))
    visit(client, lambda: session["items"].append(2))
    visit(client, lambda: session["settings"]["a"].update(b=2) or "")
    assert content(client) == {"items": [1], "settings": {"a": {"b": 1}}}


def test_reading_is_no_change() -> None:
    with new_app().test_request_context():
        assert session.get("a") is None
        assert "a" not in session
        assert dict(session) == {}
        assert session.modified is False


@proves("guide/sessions", "session.new does not help: in Flask's own session it is always False.")
def test_new_is_always_false() -> None:
    with new_app().test_request_context():
        assert session.new is False


@proves(
    "guide/session-cookie",
    "If a request reads or changes the session, its response has the header Vary: Cookie, "
    "so that a cache does not serve it to another visitor.",
    "Flask adds no Cache-Control.",
)
@pytest.mark.parametrize(
    "use",
    [
        lambda: session.get("user"),
        lambda: "user" in session,
        lambda: len(session),
        lambda: list(session),
        lambda: session.update(a=1),
        lambda: session.clear(),
    ],
)
def test_the_response_varies_with_the_cookie_if_the_session_is_used(
    use: Callable[[], object],
) -> None:
    client = new_app().test_client()
    assert "Vary" not in visit(client, lambda: "").headers
    headers = visit(client, lambda: str(use())).headers
    assert headers["Vary"] == "Cookie"
    assert "Cache-Control" not in headers


def test_emptying_deletes_the_cookie_with_the_attributes_it_was_set_with() -> None:
    client = new_app(SESSION_COOKIE_SECURE=True, SESSION_COOKIE_SAMESITE="Lax").test_client()
    expected = {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"}
    assert set(attributes(visit(client, put(a=1)))) == expected
    ended = attributes(visit(client, lambda: session.pop("a") and ""))
    assert set(ended) == expected | {"Expires=Thu, 01 Jan 1970 00:00:00 GMT", "Max-Age=0"}
