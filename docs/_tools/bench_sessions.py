"""Measures what a session on the server costs, beside Flask-Session, and records it: ``nox -s bench``.

For each backend there are two applications on one and the same server: one with the interface of ``snippets.sessions``,
one with that of Flask-Session. Both get the same data, both keep them for as long, and neither session is permanent.
Timed are whole requests of three kinds: the session is not looked at, it is read, it is read and written. The two
applications take turns, a few requests each, so that a busy moment of the machine does not hit one of them only.
Recorded are the medians, and how many times as fast as Flask-Session they are. ``docs/_bench/sessions.json`` and
``docs/_bench/session-count.json``, reading among 10,000 sessions, are what the page shows.
"""

from __future__ import annotations

import contextlib
import datetime
import json
import statistics
import sys
import tempfile
import time
import warnings
from collections.abc import Callable, Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Any

from cachelib.file import FileSystemCache
from flask import Flask, session
from flask.sessions import SessionInterface
from flask_session import Session
from flask_sqlalchemy import SQLAlchemy
from pymemcache import PooledClient  # type: ignore[import-untyped]
from pymongo import MongoClient
from redis import Redis
from sqlalchemy import create_engine
from werkzeug.test import create_environ

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from bench_converters import machine  # noqa: E402

from snippets import sessions  # noqa: E402
from tests import servers  # noqa: E402

FOLDER = ROOT / "docs" / "_bench"
ROUNDS = 60
REQUESTS_PER_ROUND = 25
COUNTS = [1, 10, 100, 1_000, 10_000]

# What a shop might keep of a visitor.
DATA = {
    "user_id": 4217,
    "name": "Ada Lovelace",
    "roles": ["editor", "translator"],
    "csrf_token": "0c0fcb3b6bd5b1c8a1a8a1e0b5a1d6a4f8b3f4d2",
    "cart": [{"sku": f"A-{number}", "quantity": number, "price": 12.5} for number in range(3)],
    "locale": "zh_CN",
}
"""The data of every session that is measured."""


def application(name: str) -> Flask:
    """Return an application with a view for each kind of request."""
    app = Flask(name)
    app.config.update(SESSION_PERMANENT=False, SECRET_KEY="used for timing only")

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


def ours(interface: SessionInterface) -> Flask:
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


Pair = tuple[Flask, Flask]


@contextlib.contextmanager
def redis() -> Iterator[Pair]:
    """Redis."""
    with servers.running(servers.redis()) as server, Redis(port=server.port) as client:
        yield (
            ours(sessions.RedisSessionInterface(client, key_prefix="ours:")),
            theirs("redis", SESSION_REDIS=client, SESSION_KEY_PREFIX="theirs:"),
        )


@contextlib.contextmanager
def memcached() -> Iterator[Pair]:
    """Memcached."""
    with servers.running(servers.memcached()) as server:
        client = PooledClient(f"127.0.0.1:{server.port}", no_delay=True)
        yield (
            ours(sessions.MemcachedSessionInterface(client, key_prefix="ours:")),
            theirs("memcached", SESSION_MEMCACHED=client, SESSION_KEY_PREFIX="theirs:"),
        )
        client.close()


@contextlib.contextmanager
def mongodb() -> Iterator[Pair]:
    """MongoDB's protocol."""
    with (
        servers.running(servers.mongodb()) as server,
        MongoClient("127.0.0.1", server.port) as client,
    ):
        yield (
            ours(sessions.MongoDBSessionInterface(client)),
            theirs("mongodb", SESSION_MONGODB=client),
        )


@contextlib.contextmanager
def sql(url: str) -> Iterator[Pair]:
    """An SQL database."""
    options = {"isolation_level": "AUTOCOMMIT", "skip_autocommit_rollback": True}
    engine = create_engine(url, **options)
    app = theirs("sqlalchemy", SQLALCHEMY_DATABASE_URI=url)
    yield ours(sessions.SqlAlchemySessionInterface(engine)), app
    engine.dispose()
    with app.app_context():
        app.extensions["sqlalchemy"].engine.dispose()


@contextlib.contextmanager
def sqlite() -> Iterator[Pair]:
    """SQLite."""
    with (
        tempfile.TemporaryDirectory() as folder,
        sql(f"sqlite:///{folder}/sessions.db") as pair,
    ):
        yield pair


@contextlib.contextmanager
def mariadb() -> Iterator[Pair]:
    """MariaDB."""
    with (
        servers.running(servers.mariadb()) as server,
        sql(f"mysql+pymysql://root@127.0.0.1:{server.port}/test") as pair,
    ):
        yield pair


@contextlib.contextmanager
def postgresql() -> Iterator[Pair]:
    """PostgreSQL."""
    with (
        servers.running(servers.postgresql()) as server,
        sql(f"postgresql+psycopg://postgres@127.0.0.1:{server.port}/postgres") as pair,
    ):
        yield pair


@contextlib.contextmanager
def files() -> Iterator[Pair]:
    """Files."""
    with tempfile.TemporaryDirectory() as folder:
        cache = FileSystemCache(f"{folder}/theirs", threshold=20_000)
        yield (
            ours(sessions.FileSystemSessionInterface(f"{folder}/ours")),
            theirs("cachelib", SESSION_CACHELIB=cache),
        )


BACKENDS: dict[str, Callable[[], contextlib.AbstractContextManager[Pair]]] = {
    "Redis": redis,
    "Memcached": memcached,
    "MongoDB": mongodb,
    "SQLite": sqlite,
    "MariaDB": mariadb,
    "PostgreSQL": postgresql,
    "files": files,
}
KINDS = ("untouched", "read", "write")


class Visitor:
    """A client with a cookie that costs nothing itself."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        cookie = app.test_client().get("/start").headers["Set-Cookie"].partition(";")[0]
        self.environs = {
            kind: create_environ(f"/{kind}", headers={"Cookie": cookie}) for kind in KINDS
        }

    def ask(self, kind: str) -> None:
        """Make a request."""
        statuses: list[str] = []
        answer = self.app(
            dict(self.environs[kind]),
            lambda status, headers, error=None: statuses.append(status),  # type: ignore[arg-type]
        )
        list(answer)
        if statuses != ["200 OK"]:
            raise SystemExit(f"{self.app.name} answered {statuses} to {kind}")

    def time(self, kind: str) -> float:
        """Return the microseconds that one request takes."""
        start = time.perf_counter()
        for _ in range(REQUESTS_PER_ROUND):
            self.ask(kind)
        return (time.perf_counter() - start) / REQUESTS_PER_ROUND * 1e6


def measure(pair: Pair) -> list[float]:
    """Return, for each kind of request, our median and how many times theirs it goes into."""
    visitors = [Visitor(app) for app in pair]
    values = []
    for kind in KINDS:
        samples: list[list[float]] = [[], []]
        for turn in range(ROUNDS):
            for number in (0, 1) if turn % 2 else (1, 0):
                samples[number].append(visitors[number].time(kind))
        mine, other = (statistics.median(times[3:]) for times in samples)
        values += [round(mine), round(other / mine, 2)]
    return values


def main() -> None:
    names = sys.argv[1:] or BACKENDS
    for name in names:
        with BACKENDS[name]() as pair:
            print(name, measure(pair), flush=True)


if __name__ == "__main__":
    warnings.simplefilter("ignore", DeprecationWarning)
    main()
