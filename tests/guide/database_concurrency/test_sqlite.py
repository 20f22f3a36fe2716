"""SQLite with several writers: docs/guide/database-concurrency.md."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy import exc

from proven.claims.proofs import proves
from snippets.database import rolled_back, sqlite_writers
from snippets.database.sqlite_writers import Counter
from tests.guide.database.common import engine_of
from tests.guide.database_concurrency.common import on_the_page, two_sessions, waiting


@proves(
    "guide/database-concurrency",
    "Two settings let requests take turns:",
    "WAL, the write-ahead log, lets others read while one writes.",
    "It is a property of the file and stays.",
    "Beside the database lie two more files, -wal and -shm; all processes must be on the same machine.",
)
def test_requests_take_turns(made: Callable[..., Flask], tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/counter.db"
    app = made(sqlite_writers, url)
    with ThreadPoolExecutor(4) as pool:
        found = pool.map(lambda _: int(app.test_client().post("/").text), range(40))
        assert sorted(found) == list(range(1, 41))
    assert {file.name for file in tmp_path.iterdir()} == {
        "counter.db",
        "counter.db-wal",
        "counter.db-shm",
    }
    with app.app_context(), sqlite_writers.db.engine.connect() as writer:
        assert writer.exec_driver_sql("PRAGMA busy_timeout").scalar() == 30_000
        writer.execute(sa.update(Counter).values(count=99))
        with app.test_request_context("/"):
            # a reader neither waits nor sees what is not committed
            assert sqlite_writers.db.session.scalar(sa.select(Counter.count)) == 40
    with sqlite3.connect(tmp_path / "counter.db") as plain:
        assert plain.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    plain.close()


@proves(
    "guide/database-concurrency",
    "SQLite locks the whole database for one writer.",
    "BEGIN IMMEDIATE takes the lock of the writer before the first SELECT.",
    "So what the view reads is still true when it writes.",
)
def test_the_second_writer_waits_before_it_reads(
    made: Callable[..., Flask], tmp_path: Path
) -> None:
    app = made(sqlite_writers, f"sqlite:///{tmp_path}/counter.db")
    with app.app_context(), sqlite_writers.db.engine.connect() as first:
        first.scalar(sa.select(Counter.count))
        with waiting(lambda: app.test_client().post("/").text) as answer:
            first.execute(sa.update(Counter).values(count=7))
            first.commit()
            assert answer.result(60) == "8"


@proves(
    "guide/database-concurrency",
    "By default, sqlite3 begins a transaction only before the first change: two requests read the same number, and "
    "one of the two changes is lost.",
    "timeout is the number of seconds to wait for the turn.",
    "The default is 5.",
)
def test_without_them_a_change_is_lost(tmp_path: Path) -> None:
    with engine_of(f"sqlite:///{tmp_path}/counter.db") as engine:
        sqlite_writers.Base.metadata.create_all(engine)
        with two_sessions(engine) as sessions:
            sessions[0].add(Counter(id=1, count=0))
            sessions[0].commit()
            counters = [session.get_one(Counter, 1) for session in sessions]
            for session, counter in zip(sessions, counters, strict=True):
                counter.count += 1
                session.commit()
            assert counters[1].count == 1
            assert sessions[0].scalar(sa.text("PRAGMA busy_timeout")) == 5000


@proves(
    "guide/database-concurrency",
    "Without IMMEDIATE, a transaction that has read and then wants to write can fail at once, whatever the timeout: "
    "what it has read is old.",
    "The transaction has read before it writes, and another one has written in between.",
)
def test_locked_at_once(tmp_path: Path) -> None:
    # the default timeout of a test run is shorter than this one
    with engine_of(f"sqlite:///{tmp_path}/counter.db", connect_args={"timeout": 3600}) as engine:
        rolled_back.begin_for_real(engine)
        sa.event.listen(
            engine, "connect", lambda connection, _: connection.execute("PRAGMA journal_mode = WAL")
        )
        sqlite_writers.Base.metadata.create_all(engine)
        with two_sessions(engine) as (first, second):
            first.add(Counter(id=1, count=0))
            first.commit()
            assert first.get_one(Counter, 1).count == second.get_one(Counter, 1).count == 0
            first.get_one(Counter, 1).count = 1
            first.commit()
            second.get_one(Counter, 1).count = 1
            with pytest.raises(exc.OperationalError) as caught:
                second.commit()
    assert isinstance(caught.value.orig, sqlite3.OperationalError)
    assert caught.value.orig.sqlite_errorname == "SQLITE_BUSY_SNAPSHOT"
    on_the_page(f"`{caught.value.orig}` at once")
