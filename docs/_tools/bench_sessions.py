"""Measures what a session on the server costs, beside Flask-Session, and records it: ``nox -s bench``.

For each backend there are two applications on one and the same server: one with the interface of ``snippets.sessions``,
one with that of Flask-Session. Both get the same data, both keep them for as long, and neither session is permanent.
Timed are whole requests of three kinds: the session is not looked at, it is read, it is read and written. There are 200
other sessions. The two applications take turns, a few requests each, so that a busy moment of the machine does not hit
one of them only.
Recorded are the medians, and how many times as fast as Flask-Session they are. ``docs/_bench/sessions.json`` and
``docs/_bench/session-count.json``, reading among 10,000 sessions, are what the page shows.
"""

from __future__ import annotations

import contextlib
import datetime
import json
import math
import platform
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
from flask_session import Session  # type: ignore[import-untyped]
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
TURNS = 60
WARM_UP = 5
REQUESTS_PER_TURN = 20
OTHERS = 200
COUNTS = [1, 10, 100, 1_000, 10_000]
COLOURS = ["#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00", "#999999"]

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
        # By default this client does not wait for the answer to a write: Flask-Session then does not know whether a
        # session was saved. Ours asks for the answer in any case; here both get one.
        client = PooledClient(f"127.0.0.1:{server.port}", no_delay=True, default_noreply=False)
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
        MongoClient[dict[str, Any]]("127.0.0.1", server.port) as client,
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
        for _ in range(REQUESTS_PER_TURN):
            self.ask(kind)
        return (time.perf_counter() - start) / REQUESTS_PER_TURN * 1e6


def fill(app: Flask, count: int) -> None:
    """Have some more visitors."""
    client = app.test_client(use_cookies=False)
    for _ in range(count):
        client.get("/start")


def compare(pair: Pair) -> list[float]:
    """Return, for each kind of request, what ours takes and how many times as long theirs takes."""
    visitors = [Visitor(app) for app in pair]
    for app in pair:
        fill(app, OTHERS)
    values: list[float] = []
    for kind in KINDS:
        turns: list[list[float]] = [[], []]
        for turn in range(TURNS):
            for number in (0, 1) if turn % 2 else (1, 0):
                turns[number].append(visitors[number].time(kind))
        mine, other = (statistics.median(times[WARM_UP:]) for times in turns)
        values += [round(mine, 1), round(other / mine, 2)]
    return values


def read_among(app: Flask) -> list[float]:
    """Return what reading takes when there are as many sessions as `COUNTS` says."""
    values: list[float] = []
    visitor, there = Visitor(app), 1
    for count in COUNTS:
        fill(app, count - there)
        there = count
        times = [visitor.time("read") for _ in range(TURNS)]
        values.append(round(statistics.median(times[WARM_UP:]), 1))
    return values


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


def write(name: str, columns: list[dict[str, Any]], rows: dict[str, list[float]]) -> None:
    """Write a result as the `benchmark` directive reads it."""
    result = circumstances() | {
        "columns": columns,
        "rows": [{"name": name, "values": values} for name, values in rows.items()],
    }
    path = FOLDER / f"{name}.json"
    path.write_text(json.dumps(result, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    print(f"written: {path.relative_to(ROOT).as_posix()}")


def plot(rows: dict[str, list[float]]) -> str:
    """Return the read times as a picture without words: it is the same in every language."""
    width, height, left, top, right, bottom = 640, 300, 56, 12, 110, 28
    lowest, highest = 10.0, 10_000.0

    def x(number: int) -> float:
        return left + (width - left - right) * number / (len(COUNTS) - 1)

    def y(value: float) -> float:
        share = math.log(value / lowest) / math.log(highest / lowest)
        return height - bottom - (height - top - bottom) * share

    parts = []
    for value in (10, 100, 1_000, 10_000):
        parts += [
            f'<line x1="{left}" x2="{width - right}" y1="{y(value):.1f}" y2="{y(value):.1f}" class="grid"/>',
            f'<text x="{left - 6}" y="{y(value) + 4:.1f}" text-anchor="end">{value:,} µs</text>',
        ]
    for number, count in enumerate(COUNTS):
        parts.append(
            f'<text x="{x(number):.1f}" y="{height - 8}" text-anchor="middle">{count:,}</text>'
        )
    # Names that would meet are moved apart.
    at = height + 0.0
    for colour, (name, values) in zip(
        COLOURS, sorted(rows.items(), key=lambda row: row[1][-1]), strict=True
    ):
        points = " ".join(f"{x(number):.1f},{y(value):.1f}" for number, value in enumerate(values))
        at = min(at - 15, y(values[-1]) + 4)
        parts += [
            f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="2"/>',
            f'<text x="{width - right + 8}" y="{at:.1f}" fill="{colour}">{name}</text>',
        ]
    style = (
        "text{font:12px system-ui,sans-serif}text:not([fill]){fill:#777}"
        ".grid{stroke:#777;stroke-opacity:.3}"
    )
    lines = "\n".join(parts)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img">\n'
        f"<style>{style}</style>\n{lines}\n</svg>\n"
    )


def main() -> None:
    """Measure the backends named, or all, and write the results if it was all."""
    names = sys.argv[1:] or list(BACKENDS)
    compared: dict[str, list[float]] = {}
    among: dict[str, list[float]] = {}
    for name in names:
        with BACKENDS[name]() as pair:
            compared[name] = compare(pair)
        with BACKENDS[name]() as (app, _):
            among[name] = read_among(app)
        print(f"{name:12}", compared[name], among[name], flush=True)
    if names != list(BACKENDS):
        return
    columns: list[dict[str, Any]] = []
    for kind in KINDS:
        columns += [
            {"name": kind, "unit": "µs", "decimals": 0},
            {"name": f"{kind}-ratio", "unit": "×", "decimals": 2},
        ]
    write("sessions", columns, compared)
    counts = [{"name": f"among-{count}", "unit": "µs", "decimals": 0} for count in COUNTS]
    write("session-count", counts, among)
    (FOLDER / "session-count.svg").write_text(plot(among), encoding="utf-8")


if __name__ == "__main__":
    # Flask-Session warns of its own future.
    warnings.simplefilter("ignore", DeprecationWarning)
    main()
