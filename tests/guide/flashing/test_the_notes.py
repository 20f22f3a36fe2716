"""The notes: docs/guide/flashing.md."""

from __future__ import annotations

import pytest

from proven.claims.proofs import proves
from snippets.flashing import notes_example
from tests.guide.flashing.common import get


@proves(
    "guide/flashing",
    'flash("超时错误", category="x1") and get_flashed_messages(category_filter=["x1"]) are '
    "still correct.",
)
def test_the_notes_example_works_once_it_has_a_key() -> None:
    client = notes_example.app.test_client()
    paths = ("/error", "/index", "/error", "/error", "/index?v=ZJL", "/error")
    nothing, found = "错误信息：...", "错误信息：超时错误"
    expected = [nothing, "Hello", found, nothing, "Hello world", nothing]
    assert [get(client, path) for path in paths] == expected


@proves(
    "guide/flashing",
    "msg = data[0]. Two requests to /index leave two messages.",
    "This line shows the first one, and the other is lost.",
    "Other categories. /error also takes the messages of categories other than x1 out of "
    "the session, and shows them to nobody.",
)
def test_the_notes_show_one_message_and_lose_the_others() -> None:
    client = notes_example.app.test_client()
    get(client, "/index")
    get(client, "/index")
    with client.session_transaction() as kept:
        kept["_flashes"] = [*kept["_flashes"], ("other", "lost")]
        assert len(kept["_flashes"]) == 3
    assert get(client, "/error") == "错误信息：超时错误"
    with client.session_transaction() as kept:
        assert dict(kept) == {}


@proves(
    "guide/flashing",
    "No app.secret_key. Without it, /index raises the RuntimeError above.",
    "/error responds with ..., as if there were no message.",
)
def test_the_notes_without_a_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(notes_example.app, "secret_key", None)
    monkeypatch.setattr(notes_example.app, "testing", True)
    client = notes_example.app.test_client()
    assert get(client, "/error") == "错误信息：..."
    with pytest.raises(RuntimeError, match="no secret key was set"):
        client.get("/index")
    monkeypatch.setattr(notes_example.app, "testing", False)
    assert client.get("/index").status_code == 500


@proves(
    "guide/flashing",
    '"错误信息：%s" % (msg). Nothing escapes a message that is put into HTML in this way.',
)
def test_nothing_escapes_the_notes_text() -> None:
    client = notes_example.app.test_client()
    with client.session_transaction() as kept:
        kept["_flashes"] = [("x1", "<b>")]
    answer = client.get("/error")
    assert (answer.mimetype, answer.text) == ("text/html", "错误信息：<b>")
