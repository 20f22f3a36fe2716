"""Locks on rows and the queue: docs/guide/database-concurrency.md."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from proven.claims.proofs import proves
from snippets.database import booking, jobs, last_ticket
from snippets.database.booking import Booking, Room
from snippets.database.jobs import Job
from tests.guide.database.common import engine_of, everywhere, post
from tests.guide.database_concurrency.common import (
    error_of,
    locking,
    table,
    two_sessions,
    waiting,
)


@proves(
    "guide/database-concurrency",
    "The database checks and changes the number in one statement, so the last ticket is sold once.",
)
@everywhere
def test_the_last_ticket_is_sold_once(url: str, made: Callable[..., Flask], tmp_path: Path) -> None:
    database = f"sqlite:///{tmp_path}/tickets.db" if url == "sqlite://" else url
    app = made(last_ticket, database)
    with app.app_context():
        last_ticket.db.session.execute(sa.update(last_ticket.Concert).values(tickets=3))
        last_ticket.db.session.commit()
    with ThreadPoolExecutor(4) as pool:
        buy = lambda _: app.test_client().post("/jazz/tickets").status_code  # noqa: E731
        assert sorted(pool.map(buy, range(8))) == [201] * 3 + [409] * 5


@proves(
    "guide/database-concurrency",
    "If the view reads the number first, two requests can read the same one.",
)
@everywhere
def test_two_requests_can_read_the_same_number(
    url: str, made: Callable[..., Flask], tmp_path: Path
) -> None:
    database = f"sqlite:///{tmp_path}/tickets.db" if url == "sqlite://" else url
    with made(last_ticket, database).app_context(), two_sessions(last_ticket.db.engine) as sessions:
        concerts = [session.get_one(last_ticket.Concert, "jazz") for session in sessions]
        for session, concert in zip(sessions, concerts, strict=True):
            assert concert.tickets == 1
            concert.tickets -= 1
            session.commit()


def prepared(made: Callable[..., Flask], url: str, **options: Any) -> sa.Engine:
    """Return the engine of the bookings, with one room."""
    made(booking, url)
    return sa.create_engine(url, **options)


@proves(
    "guide/database-concurrency",
    "No UPDATE can check that, because the conflicting row may not exist yet.",
    "The lock ends with the commit or the rollback.",
    "Until then, another request that locks the row waits, and one that only reads the row does not.",
    "without arguments | no lock | waits, at most 50 seconds | waits without a limit",
)
@locking
def test_who_comes_second_waits(url: str, made: Callable[..., Flask]) -> None:
    app = made(booking, url)
    client = app.test_client()

    def book(first: int, last: int) -> int:
        form = {"first": first, "last": last}
        return client.post("/rooms/1/bookings", data=form).status_code

    assert client.post("/rooms/2/bookings", data={"first": 1, "last": 1}).status_code == 404
    with engine_of(url) as engine, two_sessions(engine) as (first, second):
        for end, status in ((first.rollback, 201), (first.commit, 409)):
            first.get_one(Room, 1, with_for_update=True)
            first.add(Booking(room_id=1, first=1, last=3))
            first.flush()
            with waiting(lambda: book(3, 5)) as answer:
                assert second.get_one(Room, 1).id == 1
                second.rollback()
                end()
                assert answer.result(60) == status
            first.execute(sa.delete(Booking))
            first.commit()
        limit = {
            "mysql": "SELECT @@innodb_lock_wait_timeout",
            "postgresql": "SELECT setting::int FROM pg_settings WHERE name = 'lock_timeout'",
        }[engine.dialect.name]
        assert first.scalar(sa.text(limit)) == {"mysql": 50, "postgresql": 0}[engine.dialect.name]


@proves(
    "guide/database-concurrency",
    "nowait=True | no lock | raises an error at once | raises an error at once",
    "skip_locked=True | no lock | leaves out locked rows | leaves out locked rows",
    "read=True | no lock | several can hold the lock | several can hold the lock",
    "lock not free, with nowait | Lock wait timeout exceeded; try restarting transaction | "
    'could not obtain lock on row in relation "room"',
)
@locking
def test_the_arguments(url: str, made: Callable[..., Flask]) -> None:
    made(booking, url)
    with engine_of(url) as engine, two_sessions(engine) as (first, second):
        one = sa.select(Room.id)
        first.execute(one.with_for_update())
        message = error_of(lambda: second.execute(one.with_for_update(nowait=True)))
        second.rollback()
        column = 1 if "mysql" in url else 2
        cell = table("database-deadlocks")[1][column].strip("`")
        assert cell in message
        assert second.scalars(one.with_for_update(skip_locked=True)).all() == []
        first.rollback()
        first.execute(one.with_for_update(read=True))
        assert second.scalars(one.with_for_update(read=True, nowait=True)).all() == [1]
        first.rollback()
        # a shared lock still keeps others from writing
        assert error_of(lambda: first.execute(one.with_for_update(nowait=True)))


@proves(
    "guide/database-concurrency",
    "SQLite has no locks on rows, so SQLAlchemy leaves out FOR UPDATE.",
    "without arguments | no lock | waits, at most 50 seconds | waits without a limit",
    "nowait=True | no lock | raises an error at once | raises an error at once",
    "skip_locked=True | no lock | leaves out locked rows | leaves out locked rows",
    "read=True | no lock | several can hold the lock | several can hold the lock",
)
def test_sqlite_has_no_locks_on_rows() -> None:
    with engine_of("sqlite://") as engine:
        plain = str(sa.select(Room).compile(engine))
        rows = [row[0].strip("`") for row in table("database-locks")]
        assert rows == ["without arguments", "nowait=True", "skip_locked=True", "read=True"]
        for row in rows:
            given = {row.partition("=")[0]: True} if "=" in row else {}
            assert str(sa.select(Room).with_for_update(**given).compile(engine)) == plain


@proves(
    "guide/database-concurrency",
    "Objects that are loaded already. select(Room).with_for_update() and db.session.get(Room, 1, "
    "with_for_update=True) lock the row, but do not change the values of an object that the session has.",
    "db.session.refresh(room, with_for_update=True) locks and loads.",
)
@locking
def test_an_object_that_is_loaded_already(url: str) -> None:
    concert = last_ticket.Concert
    one = sa.select(concert).where(concert.name == "jazz").with_for_update()
    with engine_of(url) as engine, two_sessions(engine) as (first, second):
        last_ticket.Base.metadata.create_all(engine)
        first.add(concert(name="jazz", tickets=1))
        first.commit()
        seen: list[int] = []
        for lock in (
            lambda known: first.scalars(one).one(),
            lambda known: first.get(concert, "jazz", with_for_update=True),
            lambda known: first.get(concert, "jazz", with_for_update=True, populate_existing=True),
            lambda known: first.refresh(known, with_for_update=True),
        ):
            known = first.get_one(concert, "jazz")
            before = known.tickets
            second.execute(sa.update(concert).values(tickets=concert.tickets + 1))
            second.commit()
            lock(known)
            seen.append(known.tickets - before)
            assert error_of(lambda: second.execute(sa.select(concert).with_for_update(nowait=True)))
            second.rollback()
            first.rollback()
        assert seen == [0, 0, 1, 1]


@proves(
    "guide/database-concurrency",
    "MariaDB. The first SELECT of a transaction decides what all others see, except for locked rows.",
    "If a request has read the user before it waits for the lock, it does not see what was committed meanwhile, and "
    "books the room twice.",
    'Set SQLALCHEMY_ENGINE_OPTIONS = {"isolation_level": "READ COMMITTED"}.',
)
@locking
@pytest.mark.parametrize("level", ["", "READ COMMITTED"])
def test_what_was_read_before_the_lock(url: str, level: str, made: Callable[..., Flask]) -> None:
    made(booking, url)
    options = {"isolation_level": level} if level else {}
    count = sa.select(sa.func.count(Booking.id))
    with engine_of(url, **options) as engine, two_sessions(engine) as (first, second):
        assert second.scalar(count) == 0
        first.get_one(Room, 1, with_for_update=True)
        first.add(Booking(room_id=1, first=1, last=3))
        first.flush()
        with waiting(lambda: second.get_one(Room, 1, with_for_update=True)) as lock:
            first.commit()
            lock.result(60)
        blind = "mysql" in url and not level
        assert second.scalar(count) == (0 if blind else 1)
        assert len(second.scalars(sa.select(Booking).with_for_update()).all()) == 1


@proves(
    "guide/database-concurrency",
    "With skip_locked, each worker gets a job of its own, and none waits.",
    "A job can run twice in this way: once without the commit, and once more.",
)
@locking
def test_each_worker_gets_a_job_of_its_own(url: str, made: Callable[..., Flask]) -> None:
    app = made(jobs, url)
    client = app.test_client()
    for text in ("first", "second"):
        post(client, "/jobs", 202, text=text)
    done: list[str | None] = []

    def do(text: str) -> None:
        # while this worker holds the first job, another one works
        if text == "first":
            with ThreadPoolExecutor(1) as pool:
                answers = [pool.submit(client.post, "/work").result() for _ in range(2)]
            done.extend(answer.get_json()[0] for answer in answers)

    with app.app_context():
        done.append(jobs.work(do))
        assert done == ["second", None, "first"]
        assert jobs.work(do) is None
        jobs.db.session.add(Job(text="fails"))
        jobs.db.session.commit()
        with pytest.raises(ZeroDivisionError):
            jobs.work(lambda _: 1 / 0)
        jobs.db.session.rollback()
        ran: list[str] = []
        assert jobs.work(ran.append) == "fails"
        assert ran == ["fails"]


@proves(
    "guide/database-concurrency",
    "If a worker dies, the database removes its lock, and the next worker gets the job.",
)
@locking
def test_the_job_of_a_worker_that_dies(url: str, made: Callable[..., Flask]) -> None:
    app = made(jobs, url)
    post(app.test_client(), "/jobs", 202, text="mail")
    free = sa.select(Job.text).with_for_update(skip_locked=True)
    own, end = {
        True: ("SELECT CONNECTION_ID()", "KILL {}"),
        False: ("SELECT pg_backend_pid()", "SELECT pg_terminate_backend({}, 30000)"),
    }["mysql" in url]
    with engine_of(url) as engine, two_sessions(engine) as (worker, other):
        number = worker.scalar(sa.text(own))
        worker.execute(free)
        assert other.scalar(free) is None
        other.execute(sa.text(end.format(number)))
        other.rollback()
        other.execute(sa.select(Job).with_for_update())
        worker.invalidate()
        assert other.scalar(free) == "mail"
        other.rollback()
    assert app.test_client().post("/work").get_json() == ["mail"]


def test_jobs_on_sqlite(made: Callable[..., Flask]) -> None:
    client = made(jobs).test_client()
    post(client, "/jobs", 202, text="mail")
    assert [client.post("/work").get_json() for _ in range(2)] == [["mail"], [None]]
