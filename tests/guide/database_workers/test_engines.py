"""Forks, engines without a pool, limits of servers and replicas: docs/guide/database-workers.md."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy import exc
from sqlalchemy.pool import NullPool

from proven.claims.proofs import proves
from snippets.database import fork_hook, replicas, workers
from snippets.database.replicas import Visit
from tests.guide.database.common import engine_of
from tests.guide.database_workers.common import (
    fetch,
    on_the_page,
    opened,
    serving,
    url_of,
    watching,
)
from tests.guide.database_workers.test_gunicorn import DISPOSE, OPEN, shop
from tests.servers import Server, postgresql, postgresql_replica, running, wait_for

ROOT = Path(__file__).parents[3]


def backends(port: int) -> tuple[int, int]:
    """Return how many workers answered, and how many connections they used."""
    pairs: set[tuple[str, ...]] = set()

    def both() -> bool:
        pairs.add(tuple(fetch(port, "/backend")[1].split()))
        return len({pid for pid, _ in pairs}) == 2

    wait_for(both)
    return len({pid for pid, _ in pairs}), len({backend for _, backend in pairs})


@proves(
    "guide/database-workers",
    "Each worker process has its own pool of connections.",
    "So close the connections at the end of the factory, as above: db.engine.dispose().",
    "Or drop them in each worker:",
    "Without --preload, each worker imports the application itself, so nothing is shared.",
    "A fork is no danger to an engine without a pool, unless it happens while a connection is in use.",
)
@pytest.mark.parametrize("how", ["dispose", "hook", "no preload", "no pool"])
def test_each_worker_has_its_own(how: str, postgresql_server: Server, tmp_path: Path) -> None:
    pool = '"poolclass": NullPool' if how == "no pool" else ""
    target = shop(tmp_path, pool, DISPOSE if how == "dispose" else OPEN)
    options = {
        "hook": ["--config", str(ROOT / "snippets/database/fork_hook.py")],
        "no preload": ["--workers", "2"],
    }.get(how, ["--workers", "2", "--preload"])
    url = url_of(postgresql_server, "apart")
    with serving("gunicorn", *options, target, cwd=tmp_path, SHOP_URL=url) as server:
        workers, connections = backends(server.port)
        assert workers == 2
        assert connections >= 2


def test_the_hook_drops_the_pool_and_closes_nothing(
    postgresql_server: Server, made: Callable[..., Flask]
) -> None:
    app = made(workers, url_of(postgresql_server, "hook"))
    assert app.test_client().get("/").json[1].startswith("PostgreSQL")
    with app.app_context():
        engine = workers.db.engine
        with engine.connect() as connection:
            before = connection.connection.dbapi_connection
        pool = engine.pool
        server = SimpleNamespace(app=SimpleNamespace(wsgi=lambda: app))
        fork_hook.post_fork(server, None)
        assert engine.pool is not pool
        assert not before.closed
        pool.dispose()


def test_the_application_of_the_page(postgresql_server: Server) -> None:
    url = url_of(postgresql_server, "page")
    options = ("--workers", "2", "--preload", "snippets.database.workers:create_app()")
    with (
        serving("gunicorn", *options, SHOP_SQLALCHEMY_DATABASE_URI=url) as server,
        watching(url) as watcher,
    ):
        assert json.loads(fetch(server.port)[1])[1].startswith("PostgreSQL")
        assert opened(watcher, "page") == 0


@proves(
    "guide/database-workers",
    "close=False matters.",
    "Without it, the worker closes the connection that the first process still uses.",
    "The same holds for multiprocessing and for workers of Celery: call dispose(close=False) first in the child.",
)
@pytest.mark.parametrize("close", [True, False])
def test_what_a_child_closes(close: bool, postgresql_server: Server) -> None:
    with engine_of(url_of(postgresql_server, "parent")) as engine:
        with engine.connect() as connection:
            assert connection.scalar(sa.text("SELECT 1")) == 1
        child = os.fork()
        if not child:
            engine.dispose(close=close)
            os._exit(0)
        os.waitpid(child, 0)
        if close:
            with pytest.raises(exc.OperationalError), engine.connect() as connection:
                connection.scalar(sa.text("SELECT 1"))
        else:
            with engine.connect() as connection:
                assert connection.scalar(sa.text("SELECT 1")) == 1


@proves(
    "guide/database-workers",
    "NullPool opens a connection for each use and closes it afterwards: SQLALCHEMY_ENGINE_OPTIONS = "
    '{"poolclass": NullPool}.',
    "Otherwise keep the pool: with NullPool, each request logs in anew.",
)
def test_without_a_pool(postgresql_server: Server) -> None:
    url = url_of(postgresql_server, "none")
    numbers: dict[bool, set[int]] = {True: set(), False: set()}
    app = Flask("no-pool")
    app.config["SQLALCHEMY_DATABASE_URI"] = url
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = {"poolclass": NullPool}
    workers.db.init_app(app)
    with app.app_context():
        assert isinstance(workers.db.engine.pool, NullPool)
    with watching(url) as watcher:
        for pooled, used in numbers.items():
            with engine_of(url, **({} if pooled else {"poolclass": NullPool})) as engine:
                for _ in range(3):
                    with engine.connect() as connection:
                        used.add(connection.scalar(sa.text("SELECT pg_backend_pid()")))
                wait_for(lambda: opened(watcher, "none") == int(pooled))  # noqa: B023
    assert (len(numbers[True]), len(numbers[False])) == (1, 3)


@proves("guide/database-workers", "NullPool keeps nothing, so it has no size.")
@proves("guide/database-workers", "SQLite in memory has StaticPool and says the same.")
def test_a_size_for_no_pool() -> None:
    options = {"pool_size": 5, "max_overflow": 10}
    with pytest.raises(TypeError) as caught:
        sa.create_engine("postgresql+psycopg://u@h/d", poolclass=NullPool, **options)
    on_the_page(f"TypeError: {caught.value}".partition("  Please")[0])
    app = Flask("static-pool")
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = options
    app.config["SQLALCHEMY_DATABASE_URI"] = "sqlite://"
    with pytest.raises(TypeError, match=r"sent to create_engine\(\), .*StaticPool"):
        workers.db.init_app(app)


@proves(
    "guide/database-workers",
    "PostgreSQL accepts 100 connections by default, and MariaDB 151.",
    "All workers together open more connections than PostgreSQL accepts.",
    "MariaDB reports (1040, 'Too many connections').",
)
def test_too_many(postgresql_server: Server, mariadb_server: Server) -> None:
    mariadb_url = f"mysql+pymysql://root@127.0.0.1:{mariadb_server.port}/test"
    with watching(url_of(postgresql_server)) as watcher:
        assert watcher.scalar(sa.text("SHOW max_connections")) == "100"
    with engine_of(mariadb_url) as engine, engine.connect() as connection:
        assert connection.scalar(sa.text("SELECT @@max_connections")) == 151
        connection.execute(sa.text("SET GLOBAL max_connections = 10"))
        try:
            message = until_refused(mariadb_url)
        finally:
            connection.execute(sa.text("SET GLOBAL max_connections = 151"))
    on_the_page(message)
    few = ("max_connections=4", "superuser_reserved_connections=0", "max_wal_senders=0")
    options = [word for setting in few for word in ("-c", setting)]
    with running(postgresql("-c", "fsync=off", *options)) as server:
        message = until_refused(url_of(server))
    on_the_page(" ".join(message[message.index("FATAL") :].split()))


def until_refused(url: str) -> str:
    """Open connections until the server refuses one, and return what it says."""
    opened: list[sa.Connection] = []
    with engine_of(url, pool_size=20) as engine:
        with pytest.raises(exc.OperationalError) as caught:
            for _ in range(20):
                opened.append(engine.connect())  # noqa: PERF401
        for connection in opened:
            connection.close()
    return str(caught.value.orig).strip()


@pytest.fixture(scope="module")
def replica(postgresql_server: Server) -> Iterator[Server]:
    with running(postgresql_replica(postgresql_server)) as server:
        yield server


@proves(
    "guide/database-workers",
    "A replica is a copy of the database that follows the primary, and can only be read.",
    "The session decides for each statement which of the two it sends it to:",
    "No model has the bind key replica, so create_all does not touch it.",
    "A GET is sent to the replica, all else to the primary, and so is what runs without a request.",
    "The replica is late.",
    "Without the time in the session, a user who has just saved a note and is redirected to the list does not find "
    "it there.",
    "The replica refuses to write, so a GET that writes fails instead of storing the row in the wrong place.",
    "To choose the place of one statement: db.session.execute(statement, "
    'bind_arguments={"bind": db.engines["replica"]}).',
    "The statement was sent to a replica.",
)
def test_a_real_replica(
    postgresql_server: Server, replica: Server, made: Callable[..., Flask]
) -> None:
    urls = [url_of(server, "routed") for server in (postgresql_server, replica)]
    app = made(replicas, *urls)
    db = replicas.db

    @app.get("/careless")
    def careless() -> str:
        db.session.add(Visit())
        db.session.commit()
        return "stored"

    late = sa.text("SELECT pg_is_in_recovery()")
    with app.app_context():
        db.create_all()
        assert db.session.scalar(late) is False
        there = {"bind": db.engines["replica"]}
        assert db.session.scalar(late, bind_arguments=there) is True
        with db.engines["replica"].connect() as connection:
            wait_for(lambda: sa.inspect(db.engines["replica"]).has_table("visit"))
            connection.execute(sa.text("SELECT pg_wal_replay_pause()"))
    try:
        ada, bob = app.test_client(), app.test_client()
        assert ada.post("/visits").json == [1]
        # the replica has not got it yet: the others see the old state, who has written does not
        assert bob.get("/visits").json == []
        assert ada.get("/visits").json == [1]
        with ada.session_transaction() as session:
            session["wrote"] -= replicas.LAG + 1
        assert ada.get("/visits").json == []
    finally:
        with app.app_context(), db.engines["replica"].connect() as connection:
            connection.execute(sa.text("SELECT pg_wal_replay_resume()"))
    wait_for(lambda: bob.get("/visits").json == [1])
    with pytest.raises(exc.InternalError) as caught:
        bob.get("/careless")
    on_the_page(str(caught.value.orig))
    with app.app_context():
        db.drop_all()
