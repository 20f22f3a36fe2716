"""Where `bench_sessions` measures: each backend, with an application of ours and one with Flask-Session."""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Callable, Iterator
from typing import Any

from cachelib.file import FileSystemCache
from flask import Flask, session
from flask_session import Session
from flask_sqlalchemy import SQLAlchemy
from pymemcache import PooledClient  # type: ignore[import-untyped]
from pymongo import MongoClient
from redis import Redis
from sqlalchemy import create_engine

from snippets import sessions
from tests import servers

# What Flask-Login, Flask-WTF and a shop keep of a visitor.
DATA = {
    "_user_id": "4217",
    "_fresh": True,
    "_id": "4e07408562bedb8b60ce05c1decfe3ad16b72230967de01f640b7e4729b49fce" * 2,
    "csrf_token": "0c0fcb3b6bd5b1c8a1a8a1e0b5a1d6a4f8b3f4d2",
    "locale": "zh_CN",
    "name": "Ada Lovelace",
    "cart": {"A-1017": 2, "B-2044": 1, "C-0311": 5},
}
"""The data of every session that is measured."""


def application(name: str) -> Flask:
    """Return an application with a view for each kind of request."""
    app = Flask(name)
    app.config.update(SESSION_PERMANENT=False, SECRET_KEY="used for timing only")  # noqa: S106  nothing is protected by it

    @app.get("/start")
    def start() -> str:
        session.update(DATA)
        return ""

    @app.get("/untouched")
    def untouched() -> str:
        return ""

    @app.get("/read")
    def read() -> str:
        return str(session["name"])

    @app.get("/write")
    def write() -> str:
        session["visits"] = session.get("visits", 0) + 1
        return ""

    return app


def ours(interface: sessions.ServerSideSessionInterface) -> Flask:
    """Return an application with an interface of the snippets."""
    app = application("ours")
    app.session_interface = interface
    return app


def theirs(kind: str, **config: Any) -> Flask:
    """Return an application with Flask-Session."""
    app = application("theirs")
    app.config.update(SESSION_TYPE=kind, **config)
    if "SQLALCHEMY_DATABASE_URI" in config:
        app.config["SESSION_SQLALCHEMY"] = SQLAlchemy(app)
    Session(app)
    return app


Make = Callable[[int], sessions.ServerSideSessionInterface]
"""Makes an interface of the snippets that keeps its sessions in an empty place, which has a number."""
Place = tuple[Make, Flask]


@contextlib.contextmanager
def redis() -> Iterator[Place]:
    """Redis."""
    with (
        servers.running(servers.redis()) as server,
        contextlib.ExitStack() as stack,
        Redis(port=server.port, db=15) as client,
    ):

        def make(number: int) -> sessions.ServerSideSessionInterface:
            return sessions.RedisSessionInterface(
                stack.enter_context(Redis(port=server.port, db=number))
            )

        yield make, theirs("redis", SESSION_REDIS=client)


@contextlib.contextmanager
def memcached() -> Iterator[Place]:
    """Memcached."""
    with contextlib.ExitStack() as stack:

        def client(port: int) -> PooledClient:
            # By default this client does not wait for the answer to a write: Flask-Session then does not know whether
            # a session was saved. Ours asks for the answer in any case; here both get one.
            client = PooledClient(f"127.0.0.1:{port}", no_delay=True, default_noreply=False)
            stack.callback(client.close)
            return client

        running = [stack.enter_context(servers.running(servers.memcached()))]

        def make(number: int) -> sessions.ServerSideSessionInterface:
            # It has no places but itself; the first is for both applications.
            if number:
                running.append(stack.enter_context(servers.running(servers.memcached())))
            return sessions.MemcachedSessionInterface(client(running[-1].port))

        app = theirs(
            "memcached", SESSION_MEMCACHED=client(running[0].port), SESSION_KEY_PREFIX="theirs:"
        )
        yield make, app


@contextlib.contextmanager
def mongodb() -> Iterator[Place]:
    """What stands in for MongoDB: SecantusDB, which speaks its protocol."""
    with (
        servers.running(servers.mongodb()) as server,
        MongoClient[dict[str, Any]]("127.0.0.1", server.port) as client,
    ):

        def make(number: int) -> sessions.ServerSideSessionInterface:
            name = f"sessions{number}"
            return sessions.MongoDBSessionInterface(client, collection=name)

        yield make, theirs("mongodb", SESSION_MONGODB=client)


@contextlib.contextmanager
def sql(url: str) -> Iterator[Place]:
    """An SQL database."""
    engine = create_engine(url, isolation_level="AUTOCOMMIT", skip_autocommit_rollback=True)

    def make(number: int) -> sessions.ServerSideSessionInterface:
        return sessions.SqlAlchemySessionInterface(engine, table=f"sessions{number}")

    app = theirs("sqlalchemy", SQLALCHEMY_DATABASE_URI=url)
    yield make, app
    engine.dispose()
    with app.app_context():
        app.extensions["sqlalchemy"].engine.dispose()


@contextlib.contextmanager
def sqlite() -> Iterator[Place]:
    """SQLite."""
    with (
        tempfile.TemporaryDirectory() as folder,
        sql(f"sqlite:///{folder}/sessions.db") as place,
    ):
        yield place


@contextlib.contextmanager
def mariadb() -> Iterator[Place]:
    """MariaDB."""
    with (
        servers.running(servers.mariadb()) as server,
        sql(f"mysql+pymysql://root@127.0.0.1:{server.port}/test") as place,
    ):
        yield place


@contextlib.contextmanager
def postgresql() -> Iterator[Place]:
    """PostgreSQL."""
    with (
        servers.running(servers.postgresql()) as server,
        sql(f"postgresql+psycopg://postgres@127.0.0.1:{server.port}/postgres") as place,
    ):
        yield place


@contextlib.contextmanager
def files() -> Iterator[Place]:
    """Files."""
    with tempfile.TemporaryDirectory() as folder:

        def make(number: int) -> sessions.ServerSideSessionInterface:
            return sessions.FileSystemSessionInterface(f"{folder}/{number}")

        cache = FileSystemCache(f"{folder}/theirs", threshold=20_000)
        yield make, theirs("cachelib", SESSION_CACHELIB=cache)


BACKENDS: dict[str, Callable[[], contextlib.AbstractContextManager[Place]]] = {
    "Redis": redis,
    "Memcached": memcached,
    "MongoDB (SecantusDB)": mongodb,
    "SQLite": sqlite,
    "MariaDB": mariadb,
    "PostgreSQL": postgresql,
    "files": files,
}
