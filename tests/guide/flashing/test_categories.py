"""Categories: docs/guide/flashing.md."""

from __future__ import annotations

import re

from flask import flash, get_flashed_messages, session

from proven.claims.proofs import proves
from snippets.flashing import categories
from tests.guide.flashing.common import get, new_app


def test_messages_come_with_categories_in_the_order_of_flashing() -> None:
    client = categories.app.test_client()
    client.post("/import")
    assert re.findall(r'class="(\w+)">([^<]+)', get(client, "/")) == [
        ("message", "Three notes imported."),
        ("warning", "The disk is almost full."),
        ("error", "Line 4 is empty."),
    ]


@proves(
    "guide/flashing",
    "The messages still come in the order in which they were flashed, not in the order of "
    "the filter.",
)
def test_a_filter_chooses_and_does_not_order() -> None:
    client = categories.app.test_client()
    client.post("/import")
    assert re.findall(r'role="(\w+)">([^<]+)', get(client, "/picked")) == [
        ("alert", "The disk is almost full."),
        ("alert", "Line 4 is empty."),
        ("status", "Three notes imported."),
    ]


@proves(
    "guide/flashing",
    "The second argument of flash is a category, which can be any string.",
    'The default is "message".',
    "With with_categories=True, get_flashed_messages returns pairs of category and message.",
    "In the call of flash the order is reversed: message first.",
)
def test_any_string_is_a_category_and_pairs_are_turned_round() -> None:
    with new_app().test_request_context():
        flash("text", "自定义")
        flash("plain")
        assert get_flashed_messages(with_categories=True) == [
            ("自定义", "text"),
            ("message", "plain"),
        ]


@proves(
    "guide/flashing",
    "The first call of get_flashed_messages in a request takes all messages out of the "
    "session and keeps them until the request ends.",
    "The filter only chooses which of them this call returns.",
    "The first call of get_flashed_messages() in a request removes the key and keeps the "
    "list in the request context.",
)
def test_the_first_call_takes_all_messages_whatever_its_filter() -> None:
    app = categories.app
    with app.test_client() as client:
        client.post("/import")
        assert get_flashed_messages(category_filter=["error"]) == ["Line 4 is empty."]
        assert dict(session) == {}
        assert get_flashed_messages(category_filter=["warning"]) == ["The disk is almost full."]
        assert len(get_flashed_messages()) == 3


@proves(
    "guide/flashing",
    "A message that no call of this request returns is lost.",
    "A call with a filter took all messages and returned only some | Ask for the other "
    "categories too.",
)
def test_a_message_that_no_call_asks_for_is_lost() -> None:
    app = new_app()
    app.add_url_rule("/none", "none", lambda: get_flashed_messages(category_filter=["x"]))
    client = app.test_client()
    get(client, "/flash/one")
    assert client.get("/none").json == []
    assert get(client, "/show") == ""
