"""Upserts: docs/guide/database-concurrency.md."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy import exc, orm
from sqlalchemy.dialects import mysql, postgresql, sqlite

from proven.claims.proofs import proves
from snippets.database import upsert
from snippets.database.upsert import Price
from tests.guide.database.common import engine_of, everywhere
from tests.guide.database_concurrency.common import error_of, on_the_page


class Base(orm.DeclarativeBase):
    pass


class Article(Base):
    __tablename__ = "article"
    id: orm.Mapped[int] = orm.mapped_column(primary_key=True)
    code: orm.Mapped[str] = orm.mapped_column(sa.String(5), unique=True)
    label: orm.Mapped[str] = orm.mapped_column(sa.String(5), unique=True)
    note: orm.Mapped[str | None] = orm.mapped_column(sa.String(5))
    state: orm.Mapped[str] = orm.mapped_column(sa.String(9), default="new", onupdate="changed")


@pytest.fixture
def session(url: str) -> Any:
    with engine_of(url) as engine, orm.Session(engine) as session:
        Base.metadata.create_all(engine)
        upsert.Base.metadata.create_all(engine)
        yield session


def insert(session: orm.Session, **values: Any) -> Any:
    """Return an insert with the methods of the dialect."""
    of = {"mysql": mysql, "postgresql": postgresql, "sqlite": sqlite}
    return of[session.get_bind().dialect.name].insert(Article).values(values)  # type: ignore[attr-defined]


def or_update(row: Any, *columns: Any) -> Any:
    """Return the upsert, which changes the note."""
    if isinstance(row, mysql.Insert):
        return row.on_duplicate_key_update(note=row.inserted.note)
    return row.on_conflict_do_update(index_elements=columns, set_={"note": row.excluded.note})


@proves(
    "guide/database-concurrency",
    "An upsert inserts a row, or updates the row that has the same key:",
    "SQLite and PostgreSQL have ON CONFLICT, and excluded is the row that was to be inserted.",
    "MariaDB has ON DUPLICATE KEY UPDATE, and inserted.",
)
@everywhere
def test_the_upsert_of_the_page(url: str, made: Callable[..., Flask]) -> None:
    app = made(upsert, url)
    client = app.test_client()
    for article, cents in (("tea", 450), ("tea", 500), ("cup", 1200), ("tea", 550)):
        assert client.put(f"/prices/{article}", data={"cents": cents}).text == "stored"
    assert client.get("/prices").json == {"cup": [1200, 0], "tea": [550, 2]}
    with app.app_context():
        statement = upsert.upsert(upsert.db.engine.dialect, "tea", 1)
        sql = str(statement.compile(dialect=upsert.db.engine.dialect))
    assert ("ON DUPLICATE KEY UPDATE" if "mysql" in url else "ON CONFLICT") in sql


@proves(
    "guide/database-concurrency",
    "Import insert from the dialect: sqlalchemy.sql.expression.insert() has none of these methods.",
)
def test_the_plain_insert_has_none_of_it() -> None:
    names = ("on_conflict_do_update", "on_conflict_do_nothing", "on_duplicate_key_update")
    assert not any(hasattr(sa.insert(Article), name) for name in names)
    assert not any(hasattr(sa.insert(Article), name) for name in ("excluded", "inserted"))


@proves(
    "guide/database-concurrency",
    "index_elements names the columns of a primary key or a unique constraint.",
    "MariaDB takes no such list: a conflict with any unique key of the table updates the row.",
    "onupdate has no effect on an upsert.",
)
@everywhere
def test_which_conflicts_update(url: str, session: orm.Session) -> None:
    session.add(Article(code="a", label="x"))
    session.commit()
    session.execute(or_update(insert(session, code="a", label="y", note="one"), Article.code))
    other = or_update(insert(session, code="b", label="x", note="two"), Article.code)
    if "mysql" in url:
        session.execute(other)
    else:
        with pytest.raises(exc.IntegrityError), session.begin_nested():
            session.execute(other)
    found = session.execute(sa.select(Article.code, Article.label, Article.note, Article.state))
    assert found.all() == [("a", "x", "two" if "mysql" in url else "one", "new")]
    by_key = insert(session, id=1, code="c", label="z", note="key")
    session.execute(or_update(by_key, Article.id))
    assert session.scalars(sa.select(Article.note)).all() == ["key"]


@proves(
    "guide/database-concurrency",
    "on_conflict_do_nothing() keeps the row that exists.",
    "On MariaDB, use a savepoint: INSERT IGNORE also cuts off text that is too long.",
)
@everywhere
def test_keeping_what_is_there(url: str, session: orm.Session) -> None:
    session.add(Article(code="a", label="x", note="old"))
    session.commit()
    again = insert(session, code="a", label="y", note="new")
    if "mysql" in url:
        with pytest.raises(exc.IntegrityError), session.begin_nested():
            session.execute(again)
        long = sa.insert(Article).values(code="b", label="123456").prefix_with("IGNORE")
        session.execute(long)
        found = session.scalars(sa.select(Article.label).where(Article.code == "b"))
        assert found.all() == ["12345"]
        session.execute(sa.delete(Article).where(Article.code == "b"))
    else:
        session.execute(again.on_conflict_do_nothing())
        session.execute(again.on_conflict_do_nothing(index_elements=[Article.code]))
    assert session.scalars(sa.select(Article.note)).all() == ["old"]


@proves(
    "guide/database-concurrency",
    "returning(Price) returns the stored row on all three.",
    "An object that the session has already keeps its old values, unless you pass "
    'execution_options={"populate_existing": True}.',
)
@everywhere
def test_the_row_comes_back(url: str, session: orm.Session) -> None:
    dialect = session.get_bind().dialect
    session.execute(upsert.upsert(dialect, "tea", 1))
    session.commit()
    known = session.get_one(Price, "tea")
    assert known.cents == 1
    statement = upsert.upsert(dialect, "tea", 2).returning(Price)
    assert session.scalars(statement).one() is known
    assert known.cents == 1
    statement = upsert.upsert(dialect, "tea", 3).returning(Price)
    fresh = session.scalars(statement, execution_options={"populate_existing": True}).one()
    assert fresh is known
    assert known.cents == 3


@proves(
    "guide/database-concurrency",
    "db.session.merge() is no upsert.",
    "It sends a SELECT and then an INSERT.",
    "If another request inserts the same key in between, it raises IntegrityError.",
)
@pytest.mark.parametrize("url", ["pymysql", "psycopg"], indirect=True)
def test_merge_is_no_upsert(url: str) -> None:
    with engine_of(url) as engine, orm.Session(engine) as first, orm.Session(engine) as second:
        upsert.Base.metadata.create_all(engine)
        sent: list[str] = []
        sa.event.listen(engine, "before_cursor_execute", lambda *a: sent.append(a[2].split()[0]))
        first.merge(Price(article="tea", cents=1))
        second.merge(Price(article="tea", cents=2))
        assert sent == ["SELECT", "SELECT"]
        first.commit()
        with pytest.raises(exc.IntegrityError):
            second.commit()
        assert sent[2:] == ["INSERT", "INSERT"]


@proves(
    "guide/database-concurrency",
    "The columns of index_elements have no unique constraint.",
    "PostgreSQL says there is no unique or exclusion constraint matching the ON CONFLICT specification.",
    "Add unique=True to the column, or a UniqueConstraint with the same columns.",
)
@pytest.mark.parametrize("url", ["sqlite", "psycopg"], indirect=True)
def test_without_a_unique_constraint(url: str, session: orm.Session) -> None:
    statement = or_update(insert(session, code="a", label="x", note="n"), Article.note)
    on_the_page(error_of(lambda: session.execute(statement)))
    session.rollback()
    # `code` has `unique=True`
    session.execute(or_update(insert(session, code="a", label="x", note="n"), Article.code))


@proves(
    "guide/database-concurrency",
    "One INSERT of several rows has the same key twice, and PostgreSQL refuses that.",
    "SQLite and MariaDB take the last one.",
)
@everywhere
def test_one_key_twice(url: str, session: orm.Session) -> None:
    rows = [{"article": "tea", "cents": cents} for cents in (1, 2)]
    if "mysql" in url:
        new = mysql.insert(Price).values(rows)
        statement: Any = new.on_duplicate_key_update(cents=new.inserted.cents)
    else:
        of = postgresql if "postgresql" in url else sqlite
        row = of.insert(Price).values(rows)
        statement = row.on_conflict_do_update(
            index_elements=[Price.article], set_={"cents": row.excluded.cents}
        )
    if "postgresql" in url:
        message = error_of(lambda: session.execute(statement))
        on_the_page(message.partition(" HINT")[0])
    else:
        session.execute(statement)
        assert session.scalars(sa.select(Price.cents)).all() == [2]
