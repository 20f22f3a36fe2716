"""Measures what a session on the server costs, beside Flask-Session, and records it: ``nox -s bench``.

For each backend there are two applications on one and the same server: one with the interface of ``snippets.sessions``,
one with that of Flask-Session. Both get the same data, both keep them for as long, and neither session is permanent.
Timed are whole requests of three kinds: the session is not looked at, it is read, it is read and written. There are 200
other sessions. The two applications take turns, a few requests each, so that a busy moment of the machine does not hit
one of them only. ``docs/_bench/sessions.json`` gets the medians, and the medians of how many times as long
Flask-Session takes in the same turn.

Servers and files are kept in memory where the system has a folder for that (``/dev/shm``): a disk costs both the same,
and more than all the rest.

``docs/_bench/session-count.json`` gets what reading takes among 1 to 10,000 sessions, in places of their own (a table,
a folder, a server) that take turns, too.

Names of backends as arguments measure only these, and write nothing.
"""

from __future__ import annotations

import contextlib
import datetime
import json
import platform
import secrets
import shutil
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
# A turn is so many requests. There are so many turns, fewer where they would take longer than that.
REQUESTS = 5
TURNS = 500
SECONDS = 4.0
WARM_UP = 5
OTHERS = 200
COUNTS = [1, 10, 100, 1_000, 10_000]
MEMORY = Path("/dev/shm")  # noqa: S108  only folders with random names are made in it

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
    """MongoDB's protocol."""
    with (
        servers.running(servers.mongodb()) as server,
        MongoClient[dict[str, Any]]("127.0.0.1", server.port) as client,
    ):

        def make(number: int) -> sessions.ServerSideSessionInterface:
            return sessions.MongoDBSessionInterface(client, collection=f"sessions{number}")

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
        for _ in range(REQUESTS):
            self.ask(kind)
        return (time.perf_counter() - start) / REQUESTS * 1e6


def take_turns(visitors: list[Visitor], kind: str) -> list[list[float]]:
    """Return what a request takes each visitor, turn by turn."""
    turns: list[list[float]] = [[] for _ in visitors]
    order = list(range(len(visitors)))
    end = time.monotonic() + SECONDS
    while len(turns[0]) < TURNS and (time.monotonic() < end or len(turns[0]) < 2 * WARM_UP):
        for number in order:
            turns[number].append(visitors[number].time(kind))
        order.reverse()
    return [times[WARM_UP:] for times in turns]


def compare(mine: Flask, other: Flask) -> list[float]:
    """Return, for each kind of request, what ours takes and how many times as long theirs takes."""
    visitors = [Visitor(mine), Visitor(other)]
    for app in (mine, other):
        client = app.test_client(use_cookies=False)
        for _ in range(OTHERS):
            client.get("/start")
    values: list[float] = []
    for kind in KINDS:
        times, others = take_turns(visitors, kind)
        ratio = statistics.median(b / a for a, b in zip(times, others, strict=True))
        values += [round(statistics.median(times), 1), round(ratio, 2)]
    return values


def fill(interface: sessions.ServerSideSessionInterface, count: int) -> None:
    """Put sessions where an interface keeps them."""
    store, payload = interface.store, interface.serializer.encode(DATA)
    keys = [interface.key_prefix + secrets.token_urlsafe(32) for _ in range(count)]
    # In one go where each by itself would take minutes.
    if isinstance(store, sessions.SqlAlchemyStore):
        end = time.time_ns() // 1000 + 3600 * 10**6
        rows = [{"id": key, "payload": payload, "expires": end} for key in keys]
        with store.engine.begin() as connection:
            connection.execute(store.table.insert(), rows)
    elif isinstance(store, sessions.MongoDBStore):
        expires = datetime.datetime.now(datetime.UTC) + datetime.timedelta(hours=1)
        store.collection.insert_many(
            [{"_id": key, "payload": payload, "expires": expires} for key in keys]
        )
    else:
        for key in keys:
            store.create(key, payload, 3600)


def read_among(make: Make) -> list[float]:
    """Return what reading takes when there are as many sessions as `COUNTS` says."""
    visitors = []
    for number, count in enumerate(COUNTS, start=1):
        interface = make(number)
        visitors.append(Visitor(ours(interface)))
        if count > 1:
            fill(interface, count - 1)
    return [round(statistics.median(times), 1) for times in take_turns(visitors, "read")]


def circumstances() -> dict[str, Any]:
    """Return when and on what it was measured."""
    return {
        "date": datetime.datetime.now(datetime.UTC).date().isoformat(),
        "machine": machine(),
        "versions": {
            "Python": platform.python_version(),
            "Flask": version("flask"),
            "Flask-Session": version("flask-session"),
        },
        "subject": "backend",
    }


def columns() -> dict[str, list[dict[str, Any]]]:
    """Return the columns of each result."""
    compared: list[dict[str, Any]] = []
    for kind in KINDS:
        compared += [
            {"name": kind, "unit": "µs", "decimals": 0},
            {"name": f"{kind}-ratio", "unit": "×", "decimals": 2},
        ]
    among = [{"name": str(count), "unit": "µs", "decimals": 0} for count in COUNTS]
    return {"sessions": compared, "session-count": among}


def main() -> None:
    """Measure the backends named, or all, and write the results if it was all."""
    start = time.monotonic()
    if MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > 2**30:
        tempfile.tempdir = str(MEMORY)
    names = sys.argv[1:] or list(BACKENDS)
    rows: dict[str, dict[str, list[float]]] = {name: {} for name in columns()}
    for name in names:
        with BACKENDS[name]() as (make, other):
            rows["sessions"][name] = compare(ours(make(0)), other)
            rows["session-count"][name] = read_among(make)
        print(f"{name:12}", *(result[name] for result in rows.values()), flush=True)
    print(f"{time.monotonic() - start:.0f} seconds")
    if names != list(BACKENDS):
        return
    for result, head in columns().items():
        found = circumstances() | {
            "columns": head,
            "rows": [{"name": name, "values": values} for name, values in rows[result].items()],
        }
        path = FOLDER / f"{result}.json"
        path.write_text(json.dumps(found, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
        print(f"written: {path.relative_to(ROOT).as_posix()}")


if __name__ == "__main__":
    # Flask-Session warns of its own future.
    warnings.simplefilter("ignore", DeprecationWarning)
    main()
