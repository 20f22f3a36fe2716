"""Without a template: docs/guide/flashing.md."""

from __future__ import annotations

from flask import get_flashed_messages

from proven.claims.proofs import proves
from snippets.flashing import without_template
from tests.guide.flashing.common import get, new_app


@proves(
    "guide/flashing",
    "Both functions work in any view.",
    "The request removes the messages from the session, as a page does.",
)
def test_a_script_gets_messages_as_json_once() -> None:
    client = without_template.app.test_client()
    assert client.post("/jobs").status_code == 202
    assert client.get("/messages").json == [{"category": "info", "text": "The job has begun."}]
    assert client.get("/messages").json == []


@proves("guide/flashing", "If a script and a page both ask for them, the first one gets them.")
def test_whoever_asks_first_gets_the_messages() -> None:
    app = new_app()
    app.add_url_rule("/script", "script", lambda: get_flashed_messages())
    client = app.test_client()
    get(client, "/flash/one")
    assert client.get("/script").json == ["one"]
    assert get(client, "/show") == ""


@proves(
    "guide/flashing",
    "Flask does not escape a string that you build yourself, so return JSON or render a template.",
)
def test_a_string_that_a_view_builds_is_not_escaped() -> None:
    app = new_app()
    app.add_url_rule("/built", "built", lambda: " ".join(get_flashed_messages()))
    app.add_url_rule("/json", "json", lambda: get_flashed_messages())
    client = app.test_client()
    # The remedies are the others: JSON is no HTML, and a template escapes.
    for path, text, mimetype in (
        ("/built", "<b>", "text/html"),
        ("/json", '["<b>"]', "application/json"),
        ("/show", "[&lt;b&gt;]", "text/html"),
    ):
        with client.session_transaction() as kept:
            kept["_flashes"] = [("message", "<b>")]
        answer = client.get(path)
        assert ("".join(answer.text.split()), answer.mimetype) == (text, mimetype)
