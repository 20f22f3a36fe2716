"""Versions, deadlocks and repeated transactions: docs/guide/database-concurrency.md."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa
from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import exc, orm

from proven.claims.proofs import proves
from snippets.database import last_ticket, versioned
from snippets.database.last_ticket import Concert
from snippets.database.repeated import is_conflict, repeated
from snippets.database.versioned import Page
from tests.guide.database.common import engine_of, everywhere
from tests.guide.database_concurrency.common import (
    error_of,
    locking,
    on_the_page,
    said,
    table,
    two_sessions,
    waiting,
)


def change(app: Flask, version: int, text: str) -> int:
    return app.test_client().put("/pages/1", data={"version": version, "text": text}).status_code


@proves(
    "guide/database-concurrency",
    "Give each row a version, and refuse a change of an old one:",
    'The model has __mapper_args__ = {"version_id_col": version}.',
    "SQLAlchemy then increases the version with each change, and adds the version that it has read to the "
    "WHERE of an UPDATE or DELETE.",
)
@everywhere
def test_a_change_of_an_old_version_is_refused(url: str, made: Callable[..., Flask]) -> None:
    app = made(versioned, url)
    sent: list[str] = []
    with app.app_context():
        sa.event.listen(versioned.db.engine, "before_cursor_execute", lambda *a: sent.append(a[2]))
    assert [change(app, 1, "first"), change(app, 1, "second"), change(app, 2, "x")] == [
        200,
        409,
        200,
    ]
    with app.app_context():
        page = versioned.db.session.get_one(Page, 1)
        assert (page.text, page.version) == ("x", 3)
        versioned.db.session.delete(page)
        versioned.db.session.commit()
    writes = [sql for sql in sent if sql.startswith(("UPDATE", "DELETE"))]
    assert len(writes) == 3
    assert all("page.version = " in sql.partition("WHERE")[2] for sql in writes)


@proves(
    "guide/database-concurrency",
    "If no row matches, another request was faster, and commit raises StaleDataError.",
    "A bulk update(Page) neither checks nor increases the version.",
    "The row has another version, or was deleted.",
)
@everywhere
def test_who_was_slower_gets_an_error(url: str, made: Callable[..., Flask]) -> None:
    app = made(versioned, url)
    session = versioned.db.session
    faster = sa.text("UPDATE page SET version = version + 1")
    with app.app_context():
        engine = versioned.db.engine
        for other in (faster, sa.text("DELETE FROM page")):
            page = session.get_one(Page, 1)
            page.text = "slower"
            before = page.version
            session.connection().execute(other)
            with pytest.raises(orm.exc.StaleDataError) as caught:
                session.commit()
            session.rollback()
            on_the_page(f"StaleDataError: {caught.value}")
        session.execute(sa.update(Page).values(text="bulk"))
        session.commit()
        assert session.get_one(Page, 1).version == before
        session.rollback()

        # the view: between its SELECT and its UPDATE
        once = [faster]

        @sa.event.listens_for(engine, "before_cursor_execute")
        def overtake(connection: sa.Connection, *arguments: object) -> None:
            if str(arguments[1]).startswith("UPDATE page SET text") and once:
                connection.execute(once.pop())

    assert change(app, before, "slower") == 409
    assert change(app, before, "again") == 200


def deadlock(first: orm.Session, second: orm.Session) -> exc.DBAPIError:
    """Let two transactions wait for each other, and return the error of the one that is ended."""
    for session, name in ((first, "jazz"), (second, "rock")):
        session.get_one(Concert, name, with_for_update=True)
    errors = []
    with waiting(lambda: first.get_one(Concert, "rock", with_for_update=True)) as other:
        try:
            second.get_one(Concert, "jazz", with_for_update=True)
        except exc.DBAPIError as error:
            errors.append(error)
            second.rollback()
        else:
            second.rollback()
        try:
            other.result(60)
        except exc.DBAPIError as error:
            errors.append(error)
    first.rollback()
    [error] = errors
    return error


def fill(engine: sa.Engine) -> None:
    last_ticket.Base.metadata.create_all(engine)
    with orm.Session(engine) as session:
        session.add_all([Concert(name=name, tickets=5) for name in ("jazz", "rock")])
        session.commit()


@proves(
    "guide/database-concurrency",
    "Two transactions that lock two rows in opposite order wait for each other: a deadlock.",
    "The database ends one of them with an error.",
    "deadlock | Deadlock found when trying to get lock; try restarting transaction | deadlock detected",
    "Two transactions wait for each other.",
    "MariaDB finds a deadlock at once, PostgreSQL after deadlock_timeout, by default one second.",
)
@locking
def test_a_deadlock(url: str) -> None:
    with engine_of(url) as engine, two_sessions(engine) as sessions:
        fill(engine)
        error = deadlock(*sessions)
        assert is_conflict(error)
        [row] = [row for row in table("database-deadlocks") if row[0] == "deadlock"]
        if "mysql" in url:
            on_the_page(said(error))
            assert row[1].strip("`") in said(error)
            assert sessions[0].scalar(sa.text("SELECT @@innodb_deadlock_detect")) == 1
        else:
            line = str(error).splitlines()[0]
            assert row[2].strip("`") in line
            on_the_page(f"{{pitfall}} `{line}`")
            assert sessions[0].scalar(sa.text("SHOW deadlock_timeout")) == "1s"


@proves(
    "guide/database-concurrency",
    "waited for too long | Lock wait timeout exceeded; try restarting transaction | "
    "canceling statement due to lock timeout",
    "Limit how long a request waits: SET lock_timeout = '5s' on PostgreSQL, "
    "SET innodb_lock_wait_timeout = 5 on MariaDB.",
    "After error 1205, MariaDB has undone only the last statement.",
    "Another transaction holds the lock, often because a request calls a slow service before its commit, or because "
    "a prompt was left open in a transaction.",
    "Without nowait, this error comes after 50 seconds.",
)
@locking
def test_waiting_for_too_long(url: str) -> None:
    mysql = "mysql" in url
    limit = "SET innodb_lock_wait_timeout = 1" if mysql else "SET lock_timeout = '1s'"
    with engine_of(url) as engine, two_sessions(engine) as (first, second):
        fill(engine)
        first.get_one(Concert, "jazz", with_for_update=True)
        second.execute(sa.text(limit))
        second.execute(sa.update(Concert).where(Concert.name == "rock").values(tickets=1))
        message = error_of(lambda: second.get_one(Concert, "jazz", with_for_update=True))
        row = table("database-deadlocks")[2]
        assert row[1 if mysql else 2].strip("`") in message
        if mysql:
            on_the_page(message)
            # the first statement of the transaction is still there
            second.connection().execute(sa.text("COMMIT"))
        else:
            second.rollback()
        first.rollback()
        assert first.get_one(Concert, "rock").tickets == (1 if mysql else 5)
        on_the_page(limit.replace("= 1", "= 5").replace("'1s'", "'5s'"))


@proves(
    "guide/database-concurrency",
    "The isolation level is REPEATABLE READ or SERIALIZABLE, and another transaction has changed the row.",
)
@pytest.mark.parametrize("url", ["psycopg"], indirect=True)
@pytest.mark.parametrize("level", ["REPEATABLE READ", "SERIALIZABLE"])
def test_a_conflict_of_serializable_transactions(url: str, level: str) -> None:
    with engine_of(url, isolation_level=level) as engine, two_sessions(engine) as (first, second):
        fill(engine)
        for session in (first, second):
            session.get_one(Concert, "jazz").tickets -= 1
        first.commit()
        with pytest.raises(exc.OperationalError) as caught:
            second.commit()
        assert is_conflict(caught.value)
        on_the_page(said(caught.value))


@proves(
    "guide/database-concurrency",
    "Lock rows in the same order everywhere, for example by their key, and run a transaction again that was ended:",
    "Pass a function that does everything from the first query on: what it has read before is old.",
)
@locking
def test_a_transaction_that_is_repeated(url: str, made: Callable[..., Flask]) -> None:
    db = SQLAlchemy(model_class=last_ticket.Base)
    app = made(db, SQLALCHEMY_DATABASE_URI=url)
    with app.app_context():
        fill(db.engine)
    both = threading.Barrier(2)
    runs: list[str] = []

    def move(source: str, target: str) -> None:
        first_run = not runs.count(source)
        runs.append(source)
        for name, change in ((source, -1), (target, 1)):
            db.session.get_one(Concert, name, with_for_update=True).tickets += change
            db.session.flush()
            if first_run and name == source:
                both.wait(60)

    def work(source: str, target: str) -> None:
        with app.app_context():
            repeated(db, lambda: move(source, target))

    with ThreadPoolExecutor(2) as pool:
        for future in [pool.submit(work, "jazz", "rock"), pool.submit(work, "rock", "jazz")]:
            future.result()
    # One is the victim; its second run may lock before the other wakes, and then the other becomes one too.
    assert len(runs) in (3, 4)
    with app.app_context():
        assert db.session.scalars(sa.select(Concert.tickets)).all() == [5, 5]


def test_what_is_not_repeated(made: Callable[..., Flask]) -> None:
    db = SQLAlchemy(model_class=last_ticket.Base)
    app = made(db)
    runs: list[str] = []

    def stale() -> None:
        runs.append("stale")
        raise orm.exc.StaleDataError

    def wrong() -> None:
        runs.append("wrong")
        db.session.execute(sa.text("SELECT 1 FROM nowhere"))

    with app.app_context():
        with pytest.raises(orm.exc.StaleDataError):
            repeated(db, stale)
        with pytest.raises(exc.OperationalError):
            repeated(db, wrong)
    assert runs == ["stale"] * 3 + ["wrong"]


@proves(
    "guide/database-concurrency",
    'query.with_lockmode("update") | select(Room).with_for_update(); the old method was removed',
    "Room.query.with_for_update().first() | db.session.scalar(select(Room).with_for_update()); the old form "
    "still works",
)
def test_then_and_now(made: Callable[..., Flask]) -> None:
    with made(versioned).app_context():
        query = versioned.db.session.query(Page)
        assert not hasattr(query, "with_lockmode")
        one = query.with_for_update().first()
        assert versioned.db.session.scalar(sa.select(Page).with_for_update()) is one
