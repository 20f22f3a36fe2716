"""Pages: docs/guide/pagination.md."""

from __future__ import annotations

from collections.abc import Callable

import sqlalchemy as sa
from flask import Flask
from flask_sqlalchemy import SQLAlchemy

from proven.claims.proofs import proves
from snippets.database import keyset, pages
from tests.guide.database.common import everywhere, listen_to


@everywhere
def test_pages(url: str, made: Callable[..., Flask]) -> None:
    client = made(pages, url).test_client()
    first = client.get("/entries").text.split("\n")
    assert first == ["1-4 of 21: 1 2 3 4", "[1]", "/entries?page=2", "...", "/entries?page=6", ""]
    assert client.get("/entries?page=6").text.startswith("21-21 of 21: 21\n")
    for wrong in ("7", "0", "-1", "x"):
        assert client.get(f"/entries?page={wrong}").status_code == 404


@proves(
    "guide/pagination",
    "paginate() takes page and per_page from the query string, unless you pass them.",
    "The default of per_page is 20.",
    "Pass max_per_page, or a visitor can request any number of rows.",
    "The documentation says that its default is 100, but in the installed version "
    "paginate has no limit.",
    "Each page sends two statements.",
    "The second one counts the rows.",
    "count=False leaves it out.",
)
def test_what_paginate_takes_from_the_request(made: Callable[..., Flask]) -> None:
    app = made(pages)
    db, entries = pages.db, sa.select(pages.Entry).order_by(pages.Entry.id)
    with app.test_request_context("/?per_page=1000"):
        assert db.paginate(entries).per_page == 1000
        assert "Defaults to 100" in (SQLAlchemy.paginate.__doc__ or "")
        assert db.paginate(entries, max_per_page=10).per_page == 10
        assert db.paginate(entries, per_page=3).per_page == 3
    with app.test_request_context("/"):
        assert db.paginate(entries).per_page == 20
    with app.test_request_context("/?page=99"):
        assert db.paginate(entries, error_out=False).items == []
    sent: list[str] = []
    with app.test_request_context("/"):
        listen_to(db.engine, sent)
        statements: list[str] = []
        sa.event.listen(db.engine, "before_cursor_execute", lambda *a: statements.append(a[2]))
        assert db.paginate(entries).total == 21
        assert len(sent) == 2
        assert "count(" in statements[1]
        assert db.paginate(entries, count=False).total is None
        assert len(sent) == 3


@everywhere
def test_the_page_after_the_last_key(url: str, made: Callable[..., Flask]) -> None:
    client = made(keyset, url).test_client()
    following, found = "/entries", []
    while following:
        answer = client.get(following).get_json()
        found.append(answer["ids"])
        following = answer["next"]
    assert found == [[1, 2, 3, 4], [5, 6]]
