"""The figures on the page: what ``nox -s bench`` has recorded keeps to the bounds that the package promises."""

from __future__ import annotations

import json
from itertools import chain
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from proven.claims.proofs import proves
from proven.commands import bench_sessions
from proven.commands.bench_places import BACKENDS, ours
from proven.commands.bench_sessions import CLIENTS, COUNTS, KINDS, columns, compare, read_among
from snippets.sessions import (
    FileSystemStore,
    MongoDBStore,
    ServerSideSessionInterface,
    SqlAlchemyStore,
)

FOLDER = Path(__file__).parents[3] / "docs/_bench"
SQL = ("SQLite", "MariaDB", "PostgreSQL")

# As long as the other; so much less is noise.
PARITY = 0.95
# How many times as long Flask-Session takes, at least.
UNTOUCHED = dict.fromkeys(BACKENDS, 2.0)
READ = (
    dict.fromkeys(BACKENDS, 1.0)
    | {"Redis": 1.15, "Memcached": 1.15}
    | dict.fromkeys((*SQL, "files"), 2.0)
)
WRITE = dict.fromkeys(BACKENDS, 1.0) | dict.fromkeys(SQL, 1.3) | {"Memcached": PARITY}
BOUNDS = {"untouched": UNTOUCHED, "read": READ, "write": WRITE}
# A scan would take a thousand times as long; so much is noise.
FLAT = 2.0


def recorded(name: str) -> dict[str, dict[str, float]]:
    """Return a recorded result: by row, by column."""
    result: dict[str, Any] = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    heads = [column["name"] for column in result["columns"]]
    assert result["columns"] == columns()[name], "what is recorded is not what the script measures"
    return {row["name"]: dict(zip(heads, row["values"], strict=True)) for row in result["rows"]}


@pytest.mark.parametrize("name", columns())
def test_every_backend_is_on_record(name: str) -> None:
    assert list(recorded(name)) == list(BACKENDS)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("backend", BACKENDS)
def test_flask_session_takes_longer(backend: str, kind: str) -> None:
    assert recorded("sessions")[backend][f"{kind}-ratio"] >= BOUNDS[kind][backend]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("name", ["sessions-permanent", "sessions-at-once"])
def test_flask_session_takes_as_long_or_longer(name: str, backend: str, kind: str) -> None:
    """If sessions are permanent, both ask the store as often."""
    assert recorded(name)[backend][f"{kind}-ratio"] >= (
        UNTOUCHED[backend] if kind == KINDS[0] else PARITY
    )


@proves(
    "reference/sessions-compared",
    "On every backend, reading a session takes about as long with 10,000 sessions in the "
    "store as with one, because the store finds a session by its key.",
)
@pytest.mark.parametrize("backend", BACKENDS)
def test_reading_among_many_sessions_takes_as_long_as_among_one(backend: str) -> None:
    times = recorded("session-count")[backend]
    assert COUNTS[-1] == 10_000
    assert max(times.values()) <= FLAT * times["1"]


@pytest.mark.filterwarnings("ignore::DeprecationWarning:flask_session")
@pytest.mark.parametrize("backend", ["files", "SQLite", "Memcached", "MongoDB (SecantusDB)"])
def test_the_script_measures_both_and_fills_its_places(
    backend: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bench_sessions, "SECONDS", 0)
    # A request and a turn more than the one that warms up: each may wait for the disk.
    monkeypatch.setattr(bench_sessions, "REQUESTS", 1)
    monkeypatch.setattr(bench_sessions, "WARM_UP", 1)
    monkeypatch.setattr(bench_sessions, "OTHERS", 2)
    monkeypatch.setattr(bench_sessions, "COUNTS", [1, 7])
    stores = []
    with BACKENDS[backend]() as (make, other):

        def noted(number: int) -> ServerSideSessionInterface:
            interface = make(number)
            stores.append(interface)
            return interface

        compared, among = compare(ours(noted(0)), other), read_among(noted)
        assert {name: len(values) for name, values in compared.items()} == dict.fromkeys(
            ("sessions", "sessions-at-once", "sessions-permanent"), 2 * len(KINDS)
        )
        assert len(among) == 2
        assert min(*among, *chain(*compared.values())) > 0
        counts = [count_of(interface.store) for interface in stores]
    # 2 others, a visitor, a permanent one, and a crowd.
    assert counts == [4 + CLIENTS, 1, 7]


def count_of(store: Any) -> int:
    """Return how many sessions a store holds; each place of Memcached's has its visitors only."""
    match store:
        case FileSystemStore():
            return len([path for path in Path(store.folder).rglob("*") if path.is_file()])
        case SqlAlchemyStore():
            with store.engine.connect() as connection:
                return int(connection.scalar(select(func.count()).select_from(store.table)))
        case MongoDBStore():
            return int(store.collection.count_documents({}))
        case _:
            items = int(store.client.stats()[b"curr_items"])
            # Both applications are in the first.
            return items // 2 if items == 2 * (4 + CLIENTS) else items
