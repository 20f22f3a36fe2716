"""Late or never: docs/guide/flashing.md."""

from __future__ import annotations

from flask import flash, render_template_string

from proven.claims.proofs import proves
from tests.guide.flashing.common import LOOP, get, han, new_app


@proves(
    "guide/flashing",
    "flash after the first call of get_flashed_messages. The request already has its list "
    "of messages, so the new message waits for the next request.",
)
def test_a_message_after_the_first_call_waits_for_the_next_request() -> None:
    app = new_app()

    @app.get("/late")
    def late() -> str:
        page = render_template_string(LOOP)
        flash("late")
        return page + render_template_string(LOOP)

    client = app.test_client()
    assert get(client, "/late") == ""
    assert get(client, "/show") == "[late]"


@proves(
    "guide/flashing",
    "No page calls get_flashed_messages. The messages collect in the session and make the "
    "cookie larger.",
    "The first page that calls it shows them all.",
)
def test_messages_pile_up_until_a_page_asks() -> None:
    client = new_app().test_client()
    sizes = [
        len(client.get(f"/flash/{text * 50}-{han(9)}").headers["Set-Cookie"]) for text in "abc"
    ]
    assert sizes == sorted(set(sizes))
    assert get(client, "/show").count("[") == 3
