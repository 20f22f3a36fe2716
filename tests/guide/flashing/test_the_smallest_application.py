"""The smallest application: docs/guide/flashing.md."""

from __future__ import annotations

from proven.claims.proofs import proves
from snippets.flashing import smallest
from tests.guide.flashing.common import get, new_app


@proves(
    "guide/flashing",
    "flash() stores a message in the session, and get_flashed_messages() takes it out "
    "again, usually in the next request.",
    "The first response carries the message in the session cookie.",
    "The second response shows the message and deletes the cookie, because nothing else "
    "is in the session.",
    "The third response has no message to show.",
)
def test_a_message_goes_with_the_cookie_and_the_cookie_goes_with_the_message() -> None:
    client = smallest.app.test_client()
    first = client.post("/notes", data={"text": "bread"})
    assert (first.status_code, first.location) == (302, "/")
    assert first.headers["Set-Cookie"].startswith("session=ey")
    second = client.get("/")
    assert second.text.split() == ["<p>Saved:", "bread</p>"]
    assert second.headers["Set-Cookie"].startswith("session=; Expires=Thu, 01 Jan 1970")
    third = client.get("/")
    assert third.text.split() == ["<p>Nothing", "new.</p>"]
    assert "Set-Cookie" not in third.headers


def test_the_cookie_stays_if_something_else_is_in_the_session() -> None:
    client = new_app().test_client()
    with client.session_transaction() as kept:
        kept["user"] = "ada"
    get(client, "/flash/one")
    assert get(client, "/show") == "[one]"
    with client.session_transaction() as kept:
        assert dict(kept) == {"user": "ada"}
