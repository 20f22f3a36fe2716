"""Measures what a session on the server costs, beside Flask-Session, and records it: ``nox -s bench``.

For each backend there are two applications on one and the same server: one with the interface of ``snippets.sessions``,
one with that of Flask-Session. Both get the same data, both keep them for as long. Timed are whole requests of three
kinds: the session is not looked at, it is read, it is read and written. There are 200 other sessions. The two
applications take turns, a few requests each, so that a busy moment of the machine does not hit one of them only.
``docs/_bench/sessions.json`` gets the medians, and the medians of how many times as long Flask-Session takes in that
turn. ``sessions-permanent.json`` gets the same for permanent sessions, whose expiry moves with each request, and
``sessions-at-once.json`` for four clients at once, in threads.

Servers and files are kept in memory where the system has a folder for that (``/dev/shm``): a disk costs both the same,
and more than all the rest.

``docs/_bench/session-count.json`` gets what reading takes among 1 to 10,000 sessions, in places of their own (a table,
a folder, a server) that take turns, too.

Names of backends as arguments measure only these, and write nothing.
"""

from __future__ import annotations

import datetime
import json
import secrets
import shutil
import statistics
import sys
import tempfile
import time
import warnings
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from flask import Flask
from werkzeug.test import create_environ

from proven.base.project import ROOT
from proven.commands.bench_places import BACKENDS, DATA, Make, ours
from proven.commands.measured import circumstances
from snippets import sessions

FOLDER = ROOT / "docs" / "_bench"
# A turn is so many requests. There are so many turns, fewer where they would take longer than that.
REQUESTS = 5
TURNS = 500
SECONDS = 4.0
WARM_UP = 5
OTHERS = 200
COUNTS = [1, 10, 100, 1_000, 10_000]
MEMORY = Path("/dev/shm")  # noqa: S108  only folders with random names are made in it

CLIENTS = 4
# Whose versions are recorded.
LIBRARIES = ("Flask", "Flask-Session")


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


class Crowd:
    """Several clients at once, each with a session of its own."""

    def __init__(self, app: Flask, threads: ThreadPoolExecutor) -> None:
        self.visitors = [Visitor(app) for _ in range(CLIENTS)]
        self.threads = threads

    def time(self, kind: str) -> float:
        """Return the microseconds that one request takes, if what passes is shared out among all."""
        start = time.perf_counter()
        list(self.threads.map(lambda visitor: visitor.time(kind), self.visitors))
        return (time.perf_counter() - start) / REQUESTS / CLIENTS * 1e6


def take_turns(visitors: Sequence[Visitor | Crowd], kind: str) -> list[list[float]]:
    """Return what a request takes each visitor, turn by turn."""
    turns: list[list[float]] = [[] for _ in visitors]
    order = list(range(len(visitors)))
    end = time.monotonic() + SECONDS
    while len(turns[0]) < TURNS and (time.monotonic() < end or len(turns[0]) < 2 * WARM_UP):
        for number in order:
            turns[number].append(visitors[number].time(kind))
        order.reverse()
    return [times[WARM_UP:] for times in turns]


def compare(mine: Flask, other: Flask) -> dict[str, list[float]]:
    """Return, for each kind of request, what ours takes and how many times as long theirs takes.

    There is a result for sessions that are not permanent, for such that are, and for many clients at once.
    """
    apps = (mine, other)
    for app in apps:
        client = app.test_client(use_cookies=False)
        for _ in range(OTHERS):
            client.get("/start")
    found = {"sessions": in_turns([Visitor(app) for app in apps])}
    with ThreadPoolExecutor(CLIENTS) as threads:
        found["sessions-at-once"] = in_turns([Crowd(app, threads) for app in apps])
    for app in apps:
        app.session_interface.permanent = True  # type: ignore[attr-defined]  # both have it
    found["sessions-permanent"] = in_turns([Visitor(app) for app in apps])
    return found


def in_turns(visitors: Sequence[Visitor | Crowd]) -> list[float]:
    """Return, for each kind of request, what the first takes, and how many times as long the second."""
    values: list[float] = []
    for kind in KINDS:
        times, others = take_turns(visitors, kind)
        ratio = statistics.median(b / a for a, b in zip(times, others, strict=True))
        values += [round(statistics.median(times), 1), round(ratio, 2)]
    return values


def fill(interface: sessions.ServerSideSessionInterface, count: int) -> None:
    """Put sessions where an interface keeps them."""
    store, payload = interface.store, interface.serializer.encode(DATA)
    keys = [f"session:ours:{secrets.token_hex(32)}" for _ in range(count)]
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


def columns() -> dict[str, list[dict[str, Any]]]:
    """Return the columns of each result."""
    compared: list[dict[str, Any]] = []
    for kind in KINDS:
        compared += [
            {"name": kind, "unit": "µs", "decimals": 0},
            {"name": f"{kind}-ratio", "unit": "×", "decimals": 2},
        ]
    among = [{"name": str(count), "unit": "µs", "decimals": 0} for count in COUNTS]
    kinds = dict.fromkeys(("sessions", "sessions-permanent", "sessions-at-once"), compared)
    return kinds | {"session-count": among}


def main() -> None:
    """Measure the backends named, or all, and write the results if it was all."""
    start = time.monotonic()
    if MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > 2**30:
        tempfile.tempdir = str(MEMORY)
    names = sys.argv[1:] or list(BACKENDS)
    rows: dict[str, dict[str, list[float]]] = {name: {} for name in columns()}
    for name in names:
        with BACKENDS[name]() as (make, other):
            for result, values in compare(ours(make(0)), other).items():
                rows[result][name] = values
            rows["session-count"][name] = read_among(make)
        print(f"{name:20}", *(result[name] for result in rows.values()), flush=True)
    print(f"{time.monotonic() - start:.0f} seconds")
    if names != list(BACKENDS):
        return
    for result, head in columns().items():
        found = circumstances(*LIBRARIES) | {
            "subject": "backend",
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
