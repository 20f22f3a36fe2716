"""``nox -s chaos``: what it has recorded holds, is of today's code, and would have been noticed if it did not hold."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from flask import Flask
from werkzeug.serving import make_server

from proven.claims.proofs import proves
from proven.commands.chaos import app, clients, faults, record
from proven.commands.chaos.backends import BACKENDS, Backend, Place
from proven.commands.chaos.clients import Order
from proven.commands.chaos.clock import Clock
from proven.commands.chaos.tally import Tally
from snippets.server_sessions.memory_store import MemoryStore
from snippets.sessions import Record, ServerSideSessionInterface
from snippets.sessions.base import Loaded

NONE = ("lost", "mixed", "resurrected")
NAMES = [record.SHOWN.get(backend.name, backend.name) for backend in BACKENDS]
PAIRS = [(backend.name, fault) for backend in BACKENDS for fault in faults.FAULTS]
CANNOT_BE = [
    ("Memcached", "disk-full"),
    ("SQLite", "killed"),
    ("SQLite", "refused"),
    ("SQLite", "dropped"),
    ("files", "killed"),
    ("files", "dropped"),
]


# Without an error, nothing was broken. Files do not care about a worker that hangs.
FELT = ("killed", "worker-killed", "hung", "refused", "disk-full", "dropped")


def recorded(name: str = "chaos") -> dict[str, Any]:
    result: dict[str, Any] = json.loads(
        record.FOLDER.joinpath(f"{name}.json").read_text(encoding="utf-8")
    )
    return result


@pytest.mark.parametrize("backend", NAMES)
def test_nothing_acknowledged_was_lost_nobody_was_mixed_up_and_nothing_came_back(
    backend: str,
) -> None:
    result = recorded()
    names = [column["name"] for column in result["columns"]]
    (values,) = [row["values"] for row in result["rows"] if row["name"] == backend]
    row = dict(zip(names, values, strict=True))
    assert {name: row[name] for name in NONE} == dict.fromkeys(NONE, 0)
    assert (row["forgotten"] > 0) == (backend == "Memcached")


def test_the_record_is_of_the_session_interfaces_as_they_are() -> None:
    assert recorded()["sources"] == record.fingerprint(), "run 'nox -s chaos'"


@proves(
    "reference/sessions-compared",
    "nox -s chaos breaks every backend while simulated visitors read, write, log in and log out.",
    "A dash means that the backend cannot have the fault: Memcached has no disk, SQLite "
    "and files have no server, and an SQLite file must not be moved while it is in use.",
)
def test_every_backend_met_every_fault_that_it_can_have() -> None:
    found = {(each["backend"], each["fault"]): each for each in recorded()["details"]}
    assert list(found) == [pair for pair in PAIRS if pair not in CANNOT_BE]
    for (backend, fault), each in found.items():
        assert each["acknowledged"] > 0, (backend, fault)
        assert each["notes"] == []
        if fault in FELT and (backend, fault) != ("files", "hung"):
            assert each["statuses"].keys() & {"500", "503", "none"}, (backend, fault)
        if fault == "forked":
            assert each["requests"] >= 3 * faults.ANSWERS
            assert each["statuses"]["200"] >= 3 * faults.ANSWERS
    for name in ("chaos", "chaos-waits"):
        assert [row["name"] for row in recorded(name)["rows"]] == NAMES
    assert [row["name"] for row in recorded("chaos-answers")["rows"]] == list(faults.FAULTS)


def test_a_comment_makes_no_record_old_and_a_change_of_code_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(record, "SOURCES", tmp_path)
    prints = []
    for source in (
        '"""Says this."""\ndef f(a):\n    """And this."""\n    return a\n',
        '"""Says that,\n\nand more."""\ndef f(a):\n    # Why.\n    return a\n',
        '"""Says this."""\ndef f(a):\n    """And this."""\n    return -a\n',
    ):
        (tmp_path / "base.py").write_text(source, encoding="utf-8")
        prints.append(record.fingerprint())
    assert prints[0] == prints[1]
    assert prints[0] != prints[2]


# The judges: what they do not notice is not counted.


class Forgetful(MemoryStore):
    def update(self, key: str, payload: bytes, lifetime: float) -> bool:
        return self.read(key) is not None


class Undead(MemoryStore):
    def delete(self, key: str) -> bool:
        return self.read(key) is not None


class Volatile(MemoryStore):
    """Forgets all it has, again and again, and says so in the file of eras."""

    def __init__(self, eras: Path) -> None:
        super().__init__()
        self.eras = eras
        self.reads = 0

    def read(self, key: str) -> Record | None:
        self.reads += 1
        if self.reads % 50 == 0:
            with self.eras.open("ab") as file:
                file.write(b".")
            self.records.clear()
        return super().read(key)


class Mixing(ServerSideSessionInterface):
    """Takes one request in ten for the one before it."""

    loads = 0
    before: str | None = None

    def load(self, app: Flask, cookie: str | None) -> Loaded:
        self.loads += 1
        taken, self.before = (self.before if self.loads % 10 == 0 else cookie), cookie
        return super().load(app, taken)


INTERFACES: dict[str, tuple[Callable[[Path], ServerSideSessionInterface], str]] = {
    "honest": (lambda _: ServerSideSessionInterface(MemoryStore()), ""),
    "forgetful": (lambda _: ServerSideSessionInterface(Forgetful()), "lost"),
    "undead": (lambda _: ServerSideSessionInterface(Undead()), "resurrected"),
    "mixing": (lambda _: Mixing(MemoryStore()), "mixed"),
    "volatile": (lambda eras: ServerSideSessionInterface(Volatile(eras)), "forgotten"),
}


@contextmanager
def serving(interface: ServerSideSessionInterface) -> Iterator[int]:
    """Serve the application of chaos with an interface, and yield the port."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(app.INTERFACES, "memory", lambda _: interface)
        flask_app = app.application({"backend": "memory", "place": "", "used": False, "clock": ""})
    server = make_server("127.0.0.1", 0, flask_app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield server.port
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@proves(
    "reference/sessions-compared",
    "Each visitor records every response and compares it with the earlier ones.",
    "Lost counts changes that were confirmed with 200 and are missing, although the "
    "server stores its data on disk.",
    "Mixed counts responses that name another user.",
    "Resurrected counts sessions that can be read after their end was confirmed with 200.",
    "Forgotten counts sessions that Memcached had when it was killed, as it keeps "
    "everything in memory.",
)
@pytest.mark.parametrize("kind", INTERFACES)
def test_the_clients_notice_what_is_wrong_and_nothing_else(kind: str, tmp_path: Path) -> None:
    eras = tmp_path / "eras"
    eras.touch()
    make, expected = INTERFACES[kind]
    with serving(make(eras)) as port:
        order = Order(
            port=port, name=kind, threads=2, answers=300, size=0, eras=str(eras), cookies={}
        )
        tally = clients.run(order)
    assert tally.requests >= 300
    assert tally.acknowledged
    if not expected:
        assert (tally.faults, tally.forgotten, tally.notes) == (0, 0, [])
    elif expected == "forgotten":
        assert tally.forgotten
        assert tally.faults == 0, tally.notes
    else:
        assert getattr(tally, expected), tally
        assert tally.notes


# Two faults that need no server and no file system, for real.


@pytest.fixture
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    clock = Clock(tmp_path / "clock")
    clock.move(0)
    (tmp_path / "eras").touch()
    (tmp_path / "sessions").mkdir()
    volume = cast(Any, SimpleNamespace(folder=tmp_path))
    return Place(Backend(request.param), volume, None, tmp_path / "eras", clock)


def nothing_is_wrong(tally: Tally | None) -> Tally:
    assert tally is not None
    assert tally.acknowledged
    assert tally.faults == 0, tally.notes
    return tally


@pytest.mark.parametrize("place", ["files"], indirect=True)
def test_a_worker_is_killed_and_another_takes_its_place(place: Place) -> None:
    tally = nothing_is_wrong(faults.kill_worker(place))
    assert len(tally.processes) > 2
    assert set(tally.statuses) <= {"200", "none"}


@pytest.mark.parametrize("place", ["SQLite"], indirect=True)
def test_a_lock_that_somebody_holds_is_an_error_in_time(place: Place) -> None:
    tally = nothing_is_wrong(faults.hang(place))
    assert tally.statuses["503"]
    assert tally.longest >= 1
    assert faults.drop(place) is None
    assert faults.refuse(place) is None
