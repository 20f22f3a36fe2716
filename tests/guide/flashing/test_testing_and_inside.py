"""Testing and inside: docs/guide/flashing.md."""

from __future__ import annotations

from typing import Any

from flask import Flask, flash, get_flashed_messages, message_flashed, session

from proven.claims.proofs import proves
from snippets.flashing import smallest
from tests.guide.flashing.common import get, new_app


@proves(
    "guide/flashing",
    "Alternatively, use the client in a with statement, which keeps the request context, "
    "and call get_flashed_messages in the test.",
    "The call in the test does not change the cookie of the client, so the next page "
    "still shows the message.",
)
def test_the_client_can_follow_or_ask_and_asking_leaves_the_cookie() -> None:
    client = smallest.app.test_client()
    answer = client.post("/notes", data={"text": "bread"}, follow_redirects=True)
    assert "Saved: bread" in answer.text
    with smallest.app.test_client() as client:
        client.post("/notes", data={"text": "bread"})
        assert get_flashed_messages(with_categories=True) == [("message", "Saved: bread")]
    assert "Saved: bread" in get(client, "/")


@proves(
    "guide/flashing",
    "flash() appends a pair of category and message to the list under the key _flashes of "
    "session, assigns the list to the key again, and sends the signal message_flashed.",
)
def test_flash_appends_to_one_key_assigns_it_and_sends_a_signal() -> None:
    app = new_app()
    sent: list[tuple[str, str]] = []

    def keep(sender: Flask, message: str, category: str, **extra: Any) -> None:
        sent.append((category, message))

    with app.test_request_context(), message_flashed.connected_to(keep, app):
        flash("one")
        session.modified = False
        flash("two", "error")
        assert session.modified is True
        assert dict(session) == {"_flashes": [("message", "one"), ("error", "two")]}
    assert sent == [("message", "one"), ("error", "two")]
