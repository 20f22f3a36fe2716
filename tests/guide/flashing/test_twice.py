"""Twice: docs/guide/flashing.md."""

from __future__ import annotations

from flask import render_template_string

from proven.claims.proofs import proves
from snippets.flashing import streamed
from tests.guide.flashing.common import LOOP, get, new_app


@proves(
    "guide/flashing", "Two loops in one page. All calls in one request return the same messages."
)
def test_each_call_in_a_request_returns_the_same() -> None:
    app = new_app()
    app.add_url_rule("/both", "both", lambda: render_template_string(LOOP + LOOP))
    client = app.test_client()
    get(client, "/flash/one")
    assert get(client, "/both") == "[one][one]"


@proves(
    "guide/flashing",
    "Two calls of flash. Flask does not remove duplicates.",
    "A view that flashes on GET adds a message with each reload.",
)
def test_nothing_removes_duplicates() -> None:
    client = new_app().test_client()
    get(client, "/flash/one")
    get(client, "/flash/one")
    assert get(client, "/show") == "[one][one]"


@proves(
    "guide/flashing",
    "A streamed template. It runs after the session was saved, so it shows the messages "
    "but cannot remove them:",
)
def test_a_streamed_template_cannot_remove_its_messages() -> None:
    client = streamed.app.test_client()
    assert client.post("/notes").status_code == 204
    shown = [get(client, path) for path in ("/again", "/again", "/once", "/once")]
    assert shown == ["<p>Saved.</p>", "<p>Saved.</p>", "<p>Saved.</p>", "<p></p>"]
