"""Servers that are killed, paused and started again in the middle of traffic.

What a client got a good answer for must still be there afterwards, wherever the server keeps what it has acknowledged.
A client never waits longer than the timeouts of its client library.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from flask import session
from redis import Redis
from sqlalchemy import Engine, create_engine

from proven.claims.proofs import proves
from snippets.server_sessions import drop_in
from snippets.server_sessions.clients import (
    mariadb_engine,
    memcached_client,
    mongodb_client,
    postgresql_engine,
    redis_client,
    sqlite_engine,
)
from snippets.sessions import (
    MemcachedSessionInterface,
    MongoDBSessionInterface,
    RedisSessionInterface,
    ServerSideSessionInterface,
    SqlAlchemySessionInterface,
)
from tests import servers
from tests.reference.sessions.contract import Browser, Site, Subject
from tests.reference.sessions.proxy import Proxy
from tests.servers import Server, wait_for

PATIENCE = 3.0  # seconds: what the page says that a request waits at most
SLACK = 1.0  # of a busy machine


@dataclass
class Backend:
    """A server, with the client that the page shows for it.

    Attributes:
        server: Makes the server, not started.
        client: Makes the client of the page, for a port.
        interface: Makes the interface.
        word: What is in a message that deletes a session.
        keeps: Whether the server keeps what it has acknowledged.
    """

    server: Callable[[], Server]
    client: Callable[[int], Any]
    interface: Callable[..., ServerSideSessionInterface]
    word: bytes
    keeps: bool = True

    @contextmanager
    def __call__(self) -> Iterator[tuple[Server, Subject]]:
        with servers.running(self.server()) as server, self.at(server.port) as subject:
            yield server, subject

    @contextmanager
    def at(self, port: int) -> Iterator[Subject]:
        """Yield what to check at a port, which may be that of a proxy."""
        client = self.client(port)
        yield Subject(lambda **options: self.interface(client, **options))
        (client.dispose if isinstance(client, Engine) else client.close)()


BACKENDS = {
    "redis": Backend(
        # Writes down what it is told, before it answers.
        lambda: servers.redis("--appendonly", "yes"),
        lambda port: redis_client(f"redis://127.0.0.1:{port}/0"),
        RedisSessionInterface,
        b"DEL",
    ),
    "memcached": Backend(
        servers.memcached,
        lambda port: memcached_client(f"127.0.0.1:{port}"),
        MemcachedSessionInterface,
        b"delete",
        keeps=False,
    ),
    "mongodb": Backend(
        lambda: servers.mongodb("data", "--sync-on-commit"),
        lambda port: mongodb_client(f"mongodb://127.0.0.1:{port}/"),
        MongoDBSessionInterface,
        b"deletes",
    ),
    "mariadb": Backend(
        servers.mariadb,
        lambda port: mariadb_engine(f"mysql+pymysql://root@127.0.0.1:{port}/test"),
        SqlAlchemySessionInterface,
        b"DELETE",
    ),
    "postgresql": Backend(
        servers.postgresql,
        lambda port: postgresql_engine(f"postgresql+psycopg://postgres@127.0.0.1:{port}/postgres"),
        SqlAlchemySessionInterface,
        b"DELETE",
    ),
}
KEEP = [name for name, backend in BACKENDS.items() if backend.keeps]
on_every_backend = pytest.mark.parametrize("backend", BACKENDS.values(), ids=BACKENDS)


@contextmanager
def in_time() -> Iterator[None]:
    """Fail if it takes longer than the page says."""
    start = time.monotonic()
    yield
    assert time.monotonic() - start < PATIENCE + SLACK


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


@proves(
    "reference/sessions",
    "If a server is killed and started again, every session that was saved is still "
    "there, provided that the server stores its data on disk: MariaDB, PostgreSQL, "
    "MongoDB with its journal, Redis with appendonly yes.",
    "Redis | RedisSessionInterface | if persistence is on | automatically",
    "MongoDB | MongoDBSessionInterface | yes | automatically",
    "SQL | SqlAlchemySessionInterface | yes | with flask sessions purge",
)
@pytest.mark.parametrize("backend", [BACKENDS[name] for name in KEEP], ids=KEEP)
def test_nothing_acknowledged_is_lost_when_the_server_is_killed(backend: Backend) -> None:
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
            assert customer.slowest < PATIENCE + SLACK


@proves(
    "reference/sessions",
    "After a restart of Memcached, no session is left.",
    "Memcached | MemcachedSessionInterface | no, and a full server drops the oldest "
    "sessions | automatically",
)
@proves("reference/session-classes", "It drops sessions when it is full or restarted.")
def test_memcached_forgets_when_it_is_killed_and_nobody_is_told_otherwise() -> None:
    with BACKENDS["memcached"]() as (server, subject):
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


def readers_and_writers(site: Site) -> list[Callable[[], object]]:
    """Return what a page does with its session."""
    regenerate, destroy = site.interface.regenerate, site.interface.destroy
    return [
        lambda: session.get("user"),
        lambda: session.update(n=1),
        lambda: regenerate(session),
        lambda: destroy(session),
    ]


@proves(
    "reference/sessions",
    "With the clients below, a request waits three seconds at most, whether the server "
    "hangs, refuses connections or drops a reply:",
)
@proves(
    "reference/session-classes",
    "Set on the client how long a request waits for a server that is down: socket_timeout "
    "and retry.",
    "Set on the client how long a request waits for a server that is down: "
    "connect_timeout and timeout.",
    "Set on the client how long a request waits for a server that is down: timeoutMS.",
)
@on_every_backend
def test_a_server_that_hangs_is_an_error_in_time(backend: Backend) -> None:
    with backend() as (server, subject):
        site = Site(subject)
        browser = site.visitor(user="ada")
        server.pause()
        try:
            for view in readers_and_writers(site):
                with in_time():
                    assert browser.visit(view, fails=True).response.status_code == 503
            with in_time():  # without a cookie, the first call is the one that saves
                site.browser().visit(lambda: session.update(n=1), fails=True)
            assert browser.visit(lambda: "nothing needed").response.status_code == 200
        finally:
            server.resume()
        wait_for(lambda: _works(browser))
        assert browser.data() == {"user": "ada"}


@on_every_backend
def test_a_server_that_hangs_after_the_read_is_an_error_in_time(backend: Backend) -> None:
    with backend() as (server, subject):
        site = Site(subject)
        for change in readers_and_writers(site)[1:]:
            browser = site.visitor(user="ada", n=0)

            def view() -> None:
                assert session["user"] == "ada"
                change()  # noqa: B023
                server.pause()

            try:
                with in_time():
                    visit = browser.visit(view, fails=True)
            finally:
                server.resume()
            assert visit.error is None
            assert visit.set_cookie is None
            wait_for(lambda: _works(browser))  # noqa: B023
            # The server may do what it was asked, after nobody waits any longer.
            assert browser.data() in ({"user": "ada", "n": 0}, {"user": "ada", "n": 1})


@on_every_backend
def test_a_server_that_refuses_is_an_error_in_time_until_it_comes_back(backend: Backend) -> None:
    with backend() as (server, subject):
        site = Site(subject)
        browser = site.visitor(user="ada")
        server.kill()
        for view in readers_and_writers(site):
            with in_time():
                assert browser.visit(view, fails=True).response.status_code == 503
        server.start()
        wait_for(lambda: _works(browser))
        assert browser.data() == ({"user": "ada"} if backend.keeps else {})
        browser.visit(lambda: session.update(n=1))
        assert browser.data()["n"] == 1


@on_every_backend
def test_a_reply_that_is_lost_is_an_error_or_the_thing_is_done_once(backend: Backend) -> None:
    with (
        servers.running(backend.server()) as server,
        Proxy(server.port) as proxy,
        backend.at(proxy.port) as subject,
    ):
        site = Site(subject)

        def login() -> None:
            site.interface.regenerate(session)
            session["user"] = "ada"

        for change in (login, lambda: site.interface.destroy(session)):
            browser = site.visitor(cart=1)
            old = browser.twin()
            proxy.drop_reply_to(backend.word)
            with in_time():
                answered = _succeeds(browser, change)
            assert proxy.dropped == 1
            wait_for(lambda: _works(old))  # noqa: B023
            if not answered:
                # The user keeps the cookie that they had; what it led to has ended or not.
                assert browser.cookie == old.cookie
                assert browser.data() in ({}, {"cart": 1})
            else:
                assert old.data() == {}
                assert browser.data() == ({"cart": 1, "user": "ada"} if browser.cookie else {})


def test_a_client_that_sends_a_deletion_twice_does_it_once() -> None:
    """As redis-py does, as it comes: the second time it is told that there was nothing."""
    backend = BACKENDS["redis"]
    with (
        servers.running(backend.server()) as server,
        Proxy(server.port) as proxy,
        Redis(port=proxy.port) as client,
    ):
        site = Site(Subject(lambda **options: RedisSessionInterface(client, **options)))
        browser = site.visitor(cart=1)
        old = browser.twin()

        def login() -> None:
            site.interface.regenerate(session)
            session["user"] = "ada"

        proxy.drop_reply_to(b"DEL")
        browser.visit(login)
        assert proxy.dropped == 1
        assert browser.data() == {"cart": 1, "user": "ada"}
        assert old.data() == {}
        proxy.drop_reply_to(b"DEL")
        browser.visit(lambda: site.interface.destroy(session))
        assert proxy.dropped == 1
        assert browser.cookie is None
        assert site.log == []


@proves(
    "reference/sessions",
    "The client library decides how long a request waits, and the defaults of most "
    "libraries are too long: redis-py retries for more than ten seconds while a server "
    "hangs, and psycopg waits without a limit.",
)
def test_redis_py_as_it_comes_tries_again_for_more_than_ten_seconds() -> None:
    with (
        servers.running(servers.redis()) as server,
        Redis(port=server.port, socket_timeout=1) as client,
    ):
        site = Site(Subject(lambda **options: RedisSessionInterface(client, **options)))
        browser = site.visitor(user="ada")
        server.pause()
        start = time.monotonic()
        try:
            browser.visit(lambda: session["user"], fails=True)
        finally:
            server.resume()
        assert time.monotonic() - start > 10


@proves(
    "reference/sessions",
    "The client library decides how long a request waits, and the defaults of most "
    "libraries are too long: redis-py retries for more than ten seconds while a server "
    "hangs, and psycopg waits without a limit.",
)
def test_psycopg_as_it_comes_waits_until_the_server_answers() -> None:
    with servers.running(servers.postgresql()) as server:
        engine = create_engine(f"postgresql+psycopg://postgres@127.0.0.1:{server.port}/postgres")
        site = Site(Subject(lambda **options: SqlAlchemySessionInterface(engine, **options)))
        browser = site.visitor(user="ada")
        server.pause()
        resume = threading.Timer(2 * PATIENCE, server.resume)
        resume.start()
        start = time.monotonic()
        assert browser.data() == {"user": "ada"}
        assert time.monotonic() - start > 2 * PATIENCE - 0.1
        resume.join()
        engine.dispose()


def test_the_client_of_the_drop_in_gives_up_in_time() -> None:
    with servers.running(servers.redis()) as server:
        app = drop_in.create_app()
        interface = app.session_interface
        assert isinstance(interface, ServerSideSessionInterface)
        interface.store.client.connection_pool.connection_kwargs["port"] = server.port  # type: ignore[attr-defined]
        client = app.test_client()
        assert client.post("/visits").status_code == 200
        server.pause()
        try:
            with in_time():
                assert client.post("/visits").status_code == 503
        finally:
            server.resume()


def test_sqlite_that_is_locked_is_an_error_in_time(tmp_path: Path) -> None:
    engine, other = sqlite_engine(f"{tmp_path}/s.db"), sqlite_engine(f"{tmp_path}/s.db")
    site = Site(Subject(lambda **options: SqlAlchemySessionInterface(engine, **options)))
    browser = site.visitor(user="ada")
    with other.connect() as connection:
        connection.exec_driver_sql("BEGIN EXCLUSIVE")
        with in_time():
            assert browser.visit(lambda: session["user"], fails=True).response.status_code == 503
        connection.exec_driver_sql("ROLLBACK")
    assert browser.data() == {"user": "ada"}
    engine.dispose()
    other.dispose()


def _succeeds(browser: Browser, view: Callable[[], object]) -> bool:
    try:
        browser.visit(view)
    except (Exception, AssertionError):
        return False
    return True


def _works(browser: Browser) -> bool:
    return _succeeds(browser, lambda: dict(session))
