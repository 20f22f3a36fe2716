"""What happens to a backend while it is under load."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import sqlite3
import time
from collections.abc import Callable

from proven.commands.chaos.backends import Place
from proven.commands.chaos.clock import HOUR
from proven.commands.chaos.load import Load
from proven.commands.chaos.proxy import Proxy
from proven.commands.chaos.tally import Tally, total
from proven.commands.chaos.web import Web

CALM = 0.7  # seconds before and after
GONE = 1.0  # seconds that a server is away
HUNG = 4.0  # seconds that it does not answer: longer than any client waits
FULL = 2.5  # seconds that there is no room
MOVED = 1.6  # seconds that a clock is an hour off
DROPPED = 3.0  # seconds that answers are dropped
ANSWERS = 1_000  # after a fork
SIZE = 100_000  # bytes that a change adds where the disk is full
RECOVERY = (
    3.0  # seconds in which a server must be well again when there is room, or it is started again
)
LARGE = 500_000  # bytes of a session that is to use up what room there is
PATIENCE = 120.0  # seconds until the clients must have ended

FORKS = [("sync", True), ("gthread", True), ("gevent", True), ("gthread", False)]
"""Kinds of worker, and whether the application is made before the fork."""


Provoke = Callable[[Place, Web], None]


def killed(place: Place, web: Web) -> None:
    """End the server without a warning, twice."""
    server = place.server
    assert server is not None  # noqa: S101
    for _ in range(2):
        server.kill()
        place.forget()
        time.sleep(GONE)
        server.start()
        time.sleep(CALM)


def worker_killed(place: Place, web: Web) -> None:
    """End workers without a warning, in the middle of what they do."""
    for _ in range(3):
        web.kill_worker()
        time.sleep(GONE)


def refused(place: Place, web: Web) -> None:
    """Stop the server, and start it again."""
    server = place.server
    assert server is not None  # noqa: S101
    server.stop()
    place.forget()
    time.sleep(2 * GONE)
    server.start()


def folder_gone(place: Place, web: Web) -> None:
    """Move the folder of the files away, and back."""
    folder = place.folder / "sessions"
    away = folder.with_name("away")
    folder.rename(away)
    time.sleep(2 * GONE)
    # Should one have been made in its place, what was acknowledged in there is gone with it.
    shutil.rmtree(folder, ignore_errors=True)
    away.rename(folder)


def hung(place: Place, web: Web) -> None:
    """Freeze the server: connections stay open, and nothing answers."""
    server = place.server
    assert server is not None  # noqa: S101
    server.pause()
    try:
        time.sleep(HUNG)
    finally:
        server.resume()


def locked(place: Place, web: Web) -> None:
    """Hold the lock of the database that a writer has."""
    with contextlib.closing(sqlite3.connect(place.folder / "sessions.db", timeout=5)) as database:
        database.execute("BEGIN EXCLUSIVE")
        time.sleep(HUNG)
        database.rollback()


def worker_hung(place: Place, web: Web) -> None:
    """Freeze a worker in the middle of what it does; its own visitors wait, the others must not."""
    worker = min(web.workers())
    os.kill(worker, signal.SIGSTOP)
    try:
        time.sleep(HUNG)
    finally:
        os.kill(worker, signal.SIGCONT)


def disk_full(place: Place, web: Web) -> None:
    """Leave no room on the file system, and give it back; a server that has given up is started again."""
    place.volume.fill()
    start = time.monotonic()
    try:
        # Databases have room in their files; what they still take in there is soon too much.
        while web.saves(LARGE) and time.monotonic() < start + 4 * FULL:
            pass
        time.sleep(FULL)
    finally:
        place.volume.free()
    place.restart()
    end = time.monotonic() + RECOVERY
    while not web.saves() and time.monotonic() < end:
        time.sleep(0.1)
    if place.server and time.monotonic() > end:
        # The storage engine of SecantusDB does not write again after that, and its process stays.
        place.server.kill()
        place.restart()


def clock_moved(place: Place, web: Web) -> None:
    """Put the clock of the application forward and back by an hour."""
    for hours in (1, -1, 0):
        place.clock.move(hours * HOUR)
        time.sleep(MOVED)


def under_load(provoke: Provoke, place: Place, *, size: int = 0, clock: bool = False) -> Tally:
    """Return what clients count while something happens."""
    name = f"{place.backend.name}-{provoke.__name__}"
    with (
        Web(place.settings(clock=clock)) as web,
        Load(web.port, name, size=size, eras=place.eras) as load,
    ):
        time.sleep(2 * CALM)
        provoke(place, web)
        time.sleep(CALM)
        return load.tally(PATIENCE)


# Faults: each returns what clients have counted, or nothing where the backend cannot have it.


def kill(place: Place) -> Tally | None:
    """End the server."""
    return under_load(killed, place) if place.server else None


def kill_worker(place: Place) -> Tally | None:
    """End processes of the application."""
    return under_load(worker_killed, place)


def hang(place: Place) -> Tally | None:
    """Freeze the server, or who else makes others wait."""
    if place.server:
        return under_load(hung, place)
    return under_load(locked if place.backend.name == "SQLite" else worker_hung, place)


def refuse(place: Place) -> Tally | None:
    """Stop the server, or take the files away; who moves an open SQLite file away breaks its rules."""
    if place.server:
        return under_load(refused, place)
    return under_load(folder_gone, place) if place.backend.name == "files" else None


def fill_disk(place: Place) -> Tally | None:
    """Leave no room where the backend writes."""
    if place.backend.name == "Memcached":
        return None
    return under_load(disk_full, place, size=SIZE)


def drop(place: Place) -> Tally | None:
    """End connections after the server has done what it was asked, and before it has said so."""
    if place.server is None:
        return None
    with (
        Proxy(place.server.port) as proxy,
        Web(place.settings(port=proxy.port)) as web,
        Load(web.port, f"{place.backend.name}-dropped", eras=place.eras) as load,
    ):
        time.sleep(2 * CALM)
        proxy.dropping = True
        time.sleep(DROPPED)
        proxy.dropping = False
        time.sleep(CALM)
        if not proxy.dropped:
            raise RuntimeError("no answer was dropped")
        return load.tally(PATIENCE)


def move_clock(place: Place) -> Tally | None:
    """Move the clock."""
    return under_load(clock_moved, place, clock=True)


def fork(place: Place) -> Tally | None:
    """Fork workers before and after the backend was used."""
    tallies = []
    for worker, preload in FORKS:
        with Web(place.settings(used=preload), worker=worker, preload=preload) as web:
            name = f"{place.backend.name}-{worker}-{preload}"
            if preload:
                # First those who only read: an error would make a worker give up a connection that it shares.
                with Load(web.port, name, answers=ANSWERS, cookies=web.users()) as load:
                    tallies.append(load.tally(PATIENCE))
            with Load(web.port, name, answers=ANSWERS // 2) as load:
                tallies.append(load.tally(PATIENCE))
    return total(tallies)


FAULTS: dict[str, Callable[[Place], Tally | None]] = {
    "forked": fork,
    "killed": kill,
    "worker-killed": kill_worker,
    "hung": hang,
    "refused": refuse,
    "disk-full": fill_disk,
    "dropped": drop,
    "clock-moved": move_clock,
}
