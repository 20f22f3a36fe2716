"""Constraints: docs/guide/constraints.md."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy import exc

from proven.claims.proofs import proves
from snippets.database import constraints, generated, sqlite_foreign_keys
from tests.guide.database.common import engine_of, everywhere, mysql, post


@proves(
    "guide/constraints",
    "A row that violates a CHECK raises OperationalError on MariaDB, and IntegrityError "
    "on SQLite and PostgreSQL.",
    "The naming convention generates the names of the constraints, and they are the same "
    "in every database.",
)
@everywhere
def test_broken_constraints_are_answered(url: str, made: Callable[..., Flask]) -> None:
    app = made(constraints, url)
    client = app.test_client()
    post(client, "/authors/1/books", 201, title="Emma", year=1815)
    post(client, "/authors/1/books", 409, title="Emma", year=1816)
    post(client, "/authors/9/books", 409, title="Utopia", year=1516)
    bad = {"title": "Iliad", "year": "-800"}
    if "mysql" in url:
        with pytest.raises(exc.OperationalError, match="ck_book_year"):
            client.post("/authors/1/books", data=bad)
    else:
        assert "ck_book_year" in post(client, "/authors/1/books", 409, **bad)
    with app.app_context():
        inspector = sa.inspect(constraints.db.engine)
        assert [u["name"] for u in inspector.get_unique_constraints("book")] == [
            "uq_book_author_id_title"
        ]
        assert [f["name"] for f in inspector.get_foreign_keys("book")] == ["fk_book_author_id"]
        # ON DELETE CASCADE is the database's
        constraints.db.session.execute(sa.text("DELETE FROM author"))
        assert constraints.db.session.scalar(sa.text("SELECT count(*) FROM book")) == 0


@proves("guide/constraints", "With this convention, you have to give each CHECK a name.")
def test_with_the_convention_a_check_needs_a_name() -> None:
    metadata = sa.MetaData(naming_convention=constraints.Base.metadata.naming_convention)
    check = sa.CheckConstraint("year > 0")
    with pytest.raises(exc.InvalidRequestError, match="constraint is explicitly named"):
        sa.Table("book", metadata, sa.Column("year", sa.Integer), check)


@proves(
    "guide/constraints",
    "Put the CHECK into __table_args__: beside its column, a CHECK with a name is a "
    "syntax error on MariaDB.",
)
@mysql
def test_a_named_check_beside_its_column_is_no_sql_for_mariadb(url: str) -> None:
    check = sa.CheckConstraint("year > 1400", name="year")
    table = sa.Table("book", sa.MetaData(), sa.Column("year", sa.Integer, check))
    with engine_of(url) as engine, pytest.raises(exc.ProgrammingError, match="1064"):
        table.create(engine)


@proves("guide/constraints", "By default, SQLite accepts a row whose foreign key refers to no row.")
def test_sqlite_checks_foreign_keys_when_asked() -> None:
    client = sqlite_foreign_keys.app.test_client()
    assert client.get("/unasked").text == "a book without its author"
    assert client.get("/asked").text == "FOREIGN KEY constraint failed"


@proves(
    "guide/constraints",
    "The exchange was recorded on SQLite, which has neither sequences nor identity "
    "columns, and counts from 1.",
    "MariaDB has sequences: there the number is 1000 and the event is 1.",
    "PostgreSQL has both: the number is 1000 and the event is 500.",
    "All three compute the gross.",
)
@everywhere
def test_generated_columns(url: str, made: Callable[..., Flask]) -> None:
    client = made(generated, url).test_client()
    number, event = (1, 1) if "sqlite" in url else (1000, 1) if "mysql" in url else (1000, 500)
    expected = {"number": number, "event": event, "gross": 119}
    assert client.post("/invoices/100").get_json() == expected
    assert client.post("/invoices/200").get_json()["number"] == number + 1
