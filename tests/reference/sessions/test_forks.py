"""Workers that are forked after the backend was used: no answer of real Gunicorn names another user.

With ``--preload`` the application is made once, and each worker gets a copy of it, connections included. Two processes
that write to one connection read each other's answers.
"""

from __future__ import annotations

import os

import pytest
from pymemcache import PooledClient  # type: ignore[import-untyped]

from proven.commands.chaos.app import Settings
from proven.commands.chaos.load import Load
from proven.commands.chaos.web import WORKERS, Web
from snippets.sessions import MemcachedStore

SERVERS = {
    "Redis": "redis_server",
    "Memcached": "memcached_server",
    "MongoDB": "mongodb_server",
    "PostgreSQL": "postgresql_server",
    "MariaDB": "mariadb_server",
}
# Within 300, 17 of 18 connections that were shared showed; at the 18th, one worker had answered all.
ANSWERS = 500
PATIENCE = 100.0  # seconds: for a machine that is busy, not for answers


STARTS = 3


@pytest.fixture(scope="module", params=SERVERS)
def settings(request: pytest.FixtureRequest) -> Settings:
    """The application on each server in turn, which it uses while it is made."""
    server = request.getfixturevalue(SERVERS[request.param])
    return {"backend": request.param, "place": str(server.port), "used": True, "clock": ""}


@pytest.mark.parametrize("worker", ["sync", "gthread", "gevent"])
def test_no_answer_names_another_user_after_a_fork(settings: Settings, worker: str) -> None:
    # A connection that is shared shows with every start; on a busy machine a client gives up, or a worker answers all.
    for start in range(1, STARTS + 1):
        with Web(settings, worker=worker, preload=True) as web:
            # First those who only read: an error would make a worker give up a connection that it shares.
            with Load(web.port, "reader", answers=ANSWERS, cookies=web.users()) as load:
                reading = load.tally(PATIENCE)
            with Load(web.port, worker, answers=ANSWERS // 5) as load:
                writing = load.tally(PATIENCE)
        assert reading.requests >= ANSWERS
        assert writing.acknowledged
        for tally in (reading, writing):
            assert (tally.mixed, tally.lost, tally.resurrected) == (0, 0, 0), tally.notes
        errors = (reading.statuses + writing.statuses).keys() - {"200"}
        if not errors and len(reading.processes) == WORKERS:
            return
        assert start < STARTS, (errors, reading.processes, web.log[-3000:])


def test_a_thread_that_waited_for_another_closes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    own = os.getpid()
    store = MemcachedStore(PooledClient(("127.0.0.1", 1)))
    # Before it had the lock, the connections were those of another process; then they are its own.
    seen = iter([own + 1])
    monkeypatch.setattr("snippets.sessions.memcached.os.getpid", lambda: next(seen, own))
    assert isinstance(store.client, PooledClient)
    assert store._process == own
