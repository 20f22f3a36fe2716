"""The smallest application: docs/guide/database.md."""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask

from proven.claims.proofs import proves
from snippets.database import smallest
from tests.guide.database.common import everywhere


@proves(
    "guide/database",
    "SQLAlchemy maps classes to tables and objects to rows.",
    "This application runs unchanged on SQLite, MariaDB and PostgreSQL: only the URL of "
    "the database differs.",
    "The tests of this page run it on all three.",
)
@everywhere
def test_the_smallest_runs_on_all(url: str, made: Callable[..., Flask]) -> None:
    client = made(smallest, url).test_client()
    assert client.post("/notes", data={"text": "bread 😀"}).get_json() == {"id": 1}
    assert client.get("/notes").get_json() == ["bread 😀"]
    assert client.get("/notes/1").text == "bread 😀"
    assert client.get("/notes/2").status_code == 404
