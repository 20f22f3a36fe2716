"""Pitfalls: docs/guide/sessions.md."""

from __future__ import annotations

import uuid
from collections.abc import Iterator

import pytest
from flask import Response, session

from proven.claims.proofs import proves
from tests.guide.sessions.common import (
    NO_KEY,
    TEXT,
    content,
    cookie,
    new_app,
    put,
    visit,
    with_cookie,
)


@proves(
    "guide/sessions",
    "A view writes to the session, and SECRET_KEY is missing or empty.",
    "Without a key, a view that only reads finds an empty session.",
)
@pytest.mark.parametrize("key", [None, ""])
def test_without_a_key_reading_is_empty_and_writing_raises(key: str | None) -> None:
    app = new_app()
    app.secret_key = key
    assert content(app.test_client()) == {}
    with pytest.raises(RuntimeError) as caught:
        visit(app.test_client(), put(user="ada"))
    assert str(caught.value) == NO_KEY
    assert f"RuntimeError: {NO_KEY}" in TEXT


@proves(
    "guide/sessions",
    "A new secret key is generated at each start or in each worker | Read one key from "
    "outside the code.",
)
def test_a_key_of_each_process_its_own() -> None:
    one, two = new_app(), new_app()
    one.secret_key, two.secret_key = uuid.uuid4().hex, uuid.uuid4().hex
    client = one.test_client()
    visit(client, put(user="ada"))
    assert content(with_cookie(two, cookie(client))) == {}


@proves(
    "guide/sessions",
    'The view reads session["user"] for a visitor whose session has no such key, and '
    "Flask responds with 500.",
)
def test_a_missing_key_of_the_session_is_a_500() -> None:
    app = new_app(PROPAGATE_EXCEPTIONS=False)
    assert visit(app.test_client(), lambda: session["user"]).status_code == 500
    app.config["PROPAGATE_EXCEPTIONS"] = True
    with pytest.raises(KeyError, match="'user'"):
        visit(app.test_client(), lambda: session["user"])


@proves(
    "guide/sessions",
    "The session was changed in a streamed body or in a teardown function, after it had "
    "been saved | Change it in the view.",
)
def test_a_streamed_body_cannot_change_the_session() -> None:
    from flask import stream_with_context

    client = new_app().test_client()

    def late() -> Response:
        def generate() -> Iterator[str]:
            session["user"] = "ada"
            yield "body"

        return Response(stream_with_context(generate()))

    assert visit(client, late).text == "body"
    assert content(client) == {}


@proves(
    "guide/sessions",
    "Two requests changed the session at once, and the later response overwrote the "
    "earlier one | Do not let scripts change the session while a page loads.",
)
def test_of_two_requests_at_once_the_later_answer_wins() -> None:
    app = new_app()
    client = app.test_client()
    visit(client, put(basket=["tea"]))
    before = cookie(client)
    visit(client, put(user="ada"))
    slow = with_cookie(app, before)
    visit(slow, put(seen=True))
    assert content(slow) == {"basket": ["tea"], "seen": True}
