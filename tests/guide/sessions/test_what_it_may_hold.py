"""What it may hold: docs/guide/sessions.md."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from flask import session
from markupsafe import Markup
from sqlalchemy import create_engine, text

from proven.claims.proofs import proves
from tests.guide.sessions.common import SAID, content, new_app, put, visit


@dataclass
class Point:
    x: int


ROUND_TRIPS = [
    ("text", "text"),
    (1.5, 1.5),
    (None, None),
    ([1, {"a": 2}], [1, {"a": 2}]),
    ((1, 2), (1, 2)),
    (b"\x00", b"\x00"),
    (Markup("<b>"), Markup("<b>")),
    (uuid.UUID(int=1), uuid.UUID(int=1)),
    (datetime(2026, 1, 2, 3, 4, 5, 6), datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)),
    (date(2026, 1, 2), "Fri, 02 Jan 2026 00:00:00 GMT"),
    (Decimal("1.50"), "1.50"),
    (Point(1), {"x": 1}),
    ({1: "one"}, {"1": "one"}),
]


@proves(
    "guide/sessions",
    "str, int, float, bool, None, list, dict | the same",
    "tuple, bytes, UUID, markupsafe.Markup | the same",
    "datetime | a datetime in UTC, without fractions of a second",
    "date, Decimal | a str",
    "an instance of a dataclass | a dict",
    "a dict with numbers as keys | a dict with strings as keys",
)
@pytest.mark.parametrize(("before", "after"), ROUND_TRIPS)
def test_what_comes_back(before: Any, after: Any) -> None:
    client = new_app().test_client()
    visit(client, put(value=before))
    found = content(client)["value"]
    assert (found, type(found)) == (after, type(after))


def row_of_a_database() -> Any:
    with create_engine("sqlite://").connect() as connection:
        return connection.execute(text("SELECT 1")).first()


@proves(
    "guide/sessions",
    "a set, an exception, a row of a database | an error after the view",
    "A view stored a set in the session, which JSON cannot express.",
    "Flask raises the error when it saves the session, so the traceback does not show the "
    "line that stored the value.",
)
@pytest.mark.parametrize("value", [{1, 2}, object(), ValueError("no"), 1j, row_of_a_database()])
def test_what_cannot_be_stored_fails_after_the_view(value: Any) -> None:
    client = new_app().test_client()
    reached: list[str] = []
    with pytest.raises(TypeError) as caught:
        visit(client, lambda: [session.update(value=value), reached.append("end")])
    assert reached == ["end"]
    assert str(caught.value) == f"Object of type {type(value).__name__} is not JSON serializable"


def test_the_message_about_a_set_is_that_of_the_page() -> None:
    with pytest.raises(TypeError) as caught:
        visit(new_app().test_client(), put(value={1}))
    assert f"`TypeError: {caught.value}`" in SAID
