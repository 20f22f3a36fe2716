"""Servers that are killed, paused and started again in the middle of traffic.

What a client got a good answer for must still be there afterwards, wherever the server keeps what it has acknowledged.
A client never waits longer than the timeouts of its client library.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from flask import session
from pymemcache import PooledClient
from pymongo import MongoClient
from redis import Redis
from redis.backoff import NoBackoff
from redis.retry import Retry
from sqlalchemy import create_engine

from snippets.sessions import (
    MemcachedSessionInterface,
    MongoDBSessionInterface,
    RedisSessionInterface,
    SqlAlchemySessionInterface,
)
from tests import servers
from tests.reference.sessions.contract import Browser, Site, Subject
from tests.servers import Server, wait_for

PATIENCE = 1.0  # seconds: the timeout of every client here


@contextmanager
def redis() -> Iterator[tuple[Server, Subject]]:
    """Redis that writes down what it is told, before it answers."""
    with servers.running(servers.redis("--appendonly", "yes")) as server:
        options: dict[str, Any] = {"socket_timeout": PATIENCE, "retry": Retry(NoBackoff(), 0)}
        with Redis(port=server.port, **options) as client:
            yield server, Subject(lambda **options: RedisSessionInterface(client, **options))


@contextmanager
def memcached() -> Iterator[tuple[Server, Subject]]:
    with servers.running(servers.memcached()) as server:
        address = f"127.0.0.1:{server.port}"
        client = PooledClient(address, no_delay=True, timeout=PATIENCE, connect_timeout=PATIENCE)
        yield server, Subject(lambda **options: MemcachedSessionInterface(client, **options))
        client.close()


@contextmanager
def mongodb() -> Iterator[tuple[Server, Subject]]:
    with (
        servers.running(servers.mongodb("data", "--sync-on-commit")) as server,
        MongoClient("127.0.0.1", server.port, timeoutMS=int(PATIENCE * 1000)) as client,
    ):
        yield server, Subject(lambda **options: MongoDBSessionInterface(client, **options))


@contextmanager
def sql(server: Server, url: str, **connect_args: Any) -> Iterator[tuple[Server, Subject]]:
    with servers.running(server):
        options = {"isolation_level": "AUTOCOMMIT", "skip_autocommit_rollback": True}
        engine = create_engine(url.format(port=server.port), connect_args=connect_args, **options)
        yield server, Subject(lambda **options: SqlAlchemySessionInterface(engine, **options))
        engine.dispose()


def mariadb() -> Any:
    url = "mysql+pymysql://root@127.0.0.1:{port}/test"
    timeouts = dict.fromkeys(("connect_timeout", "read_timeout", "write_timeout"), 1)
    return sql(servers.mariadb(), url, **timeouts)


def postgresql() -> Any:
    url = "postgresql+psycopg://postgres@127.0.0.1:{port}/postgres"
    return sql(servers.postgresql(), url, connect_timeout=2)


class Customer(threading.Thread):
    """A visitor who comes back again and again, and remembers what was answered.

    Attributes:
        acknowledged: The count that the last good answer gave.
        slowest: The longest time that an answer took.
        errors: How many answers were errors.
    """

    def __init__(self, browser: Browser) -> None:
        super().__init__()
        self.browser = browser
        self.acknowledged = 0
        self.slowest = 0.0
        self.errors = 0
        self.surprises: list[object] = []
        self.done = threading.Event()

    def run(self) -> None:
        while not self.done.is_set():
            start = time.monotonic()
            count = self.visit()
            self.slowest = max(self.slowest, time.monotonic() - start)
            if count is None:
                self.errors += 1
                time.sleep(0.02)
            elif count <= self.acknowledged:
                self.surprises.append((count, self.acknowledged))
                return
            else:
                self.acknowledged = count

    def visit(self) -> int | None:
        """Return what the page counts, or nothing if it is an error."""

        def count() -> int:
            session["n"] = session.get("n", 0) + 1
            return int(session["n"])

        try:
            return int(self.browser.visit(count).value)
        except Exception:
            return None
        except AssertionError:
            return None


@contextmanager
def traffic(site: Site) -> Iterator[list[Customer]]:
    """Let three customers come and go."""
    customers = [Customer(site.visitor(n=0)) for _ in range(3)]
    for customer in customers:
        customer.start()
    try:
        wait_for(lambda: all(customer.acknowledged > 3 for customer in customers))
        yield customers
    finally:
        for customer in customers:
            customer.done.set()
        for customer in customers:
            customer.join(30)


BACKENDS = {
    "redis": redis,
    "mariadb": mariadb,
    "postgresql": postgresql,
    "mongodb": mongodb,
}


@pytest.mark.parametrize("backend", BACKENDS.values(), ids=BACKENDS)
def test_nothing_acknowledged_is_lost_when_the_server_is_killed(backend: Any) -> None:
    with backend() as (server, subject):
        site = Site(subject)
        with traffic(site) as customers:
            server.kill()
            wait_for(lambda: all(customer.errors for customer in customers))
            before = [customer.acknowledged for customer in customers]
            server.start()
            wait_for(
                lambda: all(
                    customer.acknowledged > count or customer.surprises
                    for customer, count in zip(customers, before, strict=True)
                )
            )
        assert [customer.surprises for customer in customers] == [[], [], []]
        assert all(before)
        for customer in customers:
            # A write that got no answer may have been carried out.
            assert customer.browser.data()["n"] >= customer.acknowledged
            assert customer.slowest < 2 * PATIENCE + 3


def test_memcached_forgets_when_it_is_killed_and_nobody_is_told_otherwise() -> None:
    with memcached() as (server, subject):
        site = Site(subject)
        browser = site.visitor(user="ada")
        server.kill()
        assert browser.visit(lambda: session.get("user"), fails=True).response.status_code == 503
        assert browser.visit(lambda: session.update(n=1), fails=True).set_cookie is None
        server.start()
        assert browser.data() == {}
        old = browser.cookie
        browser.visit(lambda: session.update(user="eve"))
        assert browser.cookie != old
        assert browser.data() == {"user": "eve"}


@pytest.mark.parametrize(
    "backend",
    [redis, memcached, mariadb, mongodb],
    ids=["redis", "memcached", "mariadb", "mongodb"],
)
def test_a_paused_server_is_an_error_in_time(backend: Any) -> None:
    with backend() as (server, subject):
        site = Site(subject)
        browser = site.visitor(user="ada")
        server.pause()
        try:
            for view in (lambda: session.get("user"), lambda: session.update(n=1)):
                start = time.monotonic()
                assert browser.visit(view, fails=True).response.status_code == 503
                assert time.monotonic() - start < 2 * PATIENCE + 2
            start = time.monotonic()
            assert browser.visit(lambda: "nothing needed").response.status_code == 200
            assert time.monotonic() - start < PATIENCE
        finally:
            server.resume()
        wait_for(lambda: _works(browser))
        assert browser.data() == {"user": "ada"}


def test_a_paused_postgresql_makes_the_request_wait_and_loses_nothing() -> None:
    """Its driver has no timeout for an answer; a timeout of the web server's worker takes its place."""
    with postgresql() as (server, subject):
        browser = Site(subject).visitor(user="ada")
        server.pause()
        resume = threading.Timer(1, server.resume)
        resume.start()
        start = time.monotonic()
        assert browser.data() == {"user": "ada"}
        assert time.monotonic() - start > 0.9
        resume.join()


@pytest.mark.parametrize("backend", [redis, mariadb], ids=["redis", "mariadb"])
def test_a_pause_between_reading_and_writing_is_an_error_and_not_a_loss(backend: Any) -> None:
    with backend() as (server, subject):
        site = Site(subject)
        browser = site.visitor(n=1)

        def add() -> None:
            session["n"] += 1
            server.pause()

        visit = browser.visit(add, fails=True)
        server.resume()
        assert visit.error is None
        assert visit.set_cookie is None
        wait_for(lambda: _works(browser))
        # The server may have carried out what it was asked, after nobody waited any longer.
        assert browser.data()["n"] in (1, 2)


def test_a_server_that_is_down_is_noticed_at_once() -> None:
    for backend in (redis, memcached):
        with backend() as (server, subject):
            browser = Site(subject).visitor(user="ada")
            server.kill()
            start = time.monotonic()
            assert browser.visit(lambda: session.get("user"), fails=True)
            assert time.monotonic() - start < PATIENCE / 2


def _works(browser: Browser) -> bool:
    try:
        browser.data()
    except Exception:
        return False
    except AssertionError:
        return False
    return True
