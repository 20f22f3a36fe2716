"""What is particular to a backend: how it keeps a session, and what it does at its edges."""

from __future__ import annotations

import os
import resource
import shutil
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from unittest.mock import MagicMock

import pytest
import time_machine
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask import Flask, got_request_exception, session
from flask_sqlalchemy import SQLAlchemy
from pymemcache import Client, HashClient, PooledClient
from pymemcache.client.retrying import RetryingClient
from pymongo import AsyncMongoClient, MongoClient
from pymongo.collection import Collection
from pymongo.errors import OperationFailure
from pymongo.monitoring import (
    CommandFailedEvent,
    CommandListener,
    CommandStartedEvent,
    CommandSucceededEvent,
)
from redis import Redis
from redis.asyncio import Redis as AsyncRedis
from sqlalchemy import Engine, MetaData, QueuePool, create_engine, event, inspect, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.ext.asyncio import create_async_engine

from proven.claims.proofs import proves
from snippets.server_sessions import clients
from snippets.sessions import (
    FileSystemSessionInterface,
    FileSystemStore,
    MemcachedSessionInterface,
    MemcachedStore,
    MongoDBSessionInterface,
    MongoDBStore,
    Record,
    RedisSessionInterface,
    ServerSideSessionInterface,
    SessionStore,
    SqlAlchemySessionInterface,
    SqlAlchemyStore,
    session_table,
)
from tests.reference.sessions.contract import Site, Subject, key, payload_of
from tests.reference.sessions.others import FlaskSession
from tests.servers import Server

# The calls that a driver makes, counted by the driver or by the server.


@pytest.fixture
def redis_client(redis_server: Server) -> Iterator[Redis]:
    with Redis(port=redis_server.port) as client:
        yield client


@pytest.fixture
def memcached_client(memcached_server: Server) -> Iterator[PooledClient]:
    client = PooledClient(f"127.0.0.1:{memcached_server.port}", no_delay=True, timeout=5)
    yield client
    client.close()


class CommandCounter(CommandListener):
    """Counts what a MongoDB client sends."""

    def __init__(self) -> None:
        self.count = 0

    def started(self, event: CommandStartedEvent) -> None:
        self.count += 1

    def succeeded(self, event: CommandSucceededEvent) -> None:
        pass

    def failed(self, event: CommandFailedEvent) -> None:
        pass


def redis_calls(request: pytest.FixtureRequest) -> Iterator[tuple[Any, Callable[[], int]]]:
    client = request.getfixturevalue("redis_client")
    asked = 0

    def calls() -> int:
        nonlocal asked
        asked += 1  # asking is a command, too
        return int(client.info("stats")["total_commands_processed"]) - asked

    yield lambda **options: RedisSessionInterface(client, **options), calls


def memcached_calls(request: pytest.FixtureRequest) -> Iterator[tuple[Any, Callable[[], int]]]:
    client = request.getfixturevalue("memcached_client")

    def calls() -> int:
        stats = client.stats()
        names = (b"cmd_get", b"cmd_set", b"cmd_touch", b"delete_hits", b"delete_misses")
        return sum(stats[name] for name in names)

    yield lambda **options: MemcachedSessionInterface(client, **options), calls


def mongodb_calls(request: pytest.FixtureRequest) -> Iterator[tuple[Any, Callable[[], int]]]:
    server = request.getfixturevalue("mongodb_server")
    counter = CommandCounter()
    with MongoClient("127.0.0.1", server.port, event_listeners=[counter]) as client:
        interface = MongoDBSessionInterface(client)
        interface.store.create(key(), b"", 1)  # makes the index

        def make(**options: Any) -> ServerSideSessionInterface:
            made = MongoDBSessionInterface(client, **options)
            made.store = interface.store
            return made

        yield make, lambda: counter.count


def sqlite_calls(request: pytest.FixtureRequest) -> Iterator[tuple[Any, Callable[[], int]]]:
    yield from sql_calls(f"sqlite:///{request.getfixturevalue('tmp_path')}/sessions.db")


def mariadb_calls(request: pytest.FixtureRequest) -> Iterator[tuple[Any, Callable[[], int]]]:
    port = request.getfixturevalue("mariadb_server").port
    yield from sql_calls(f"mysql+pymysql://root@127.0.0.1:{port}/test")


def postgresql_calls(request: pytest.FixtureRequest) -> Iterator[tuple[Any, Callable[[], int]]]:
    port = request.getfixturevalue("postgresql_server").port
    yield from sql_calls(f"postgresql+psycopg://postgres@127.0.0.1:{port}/postgres")


def sql_calls(url: str) -> Iterator[tuple[Any, Callable[[], int]]]:
    engine = create_engine(url)
    interface = SqlAlchemySessionInterface(engine)
    interface.purge()  # makes the table
    statements = []
    event.listen(engine, "before_cursor_execute", lambda *arguments: statements.append(arguments))

    def make(**options: Any) -> ServerSideSessionInterface:
        made = SqlAlchemySessionInterface(engine, **options)
        made.store = interface.store
        return made

    yield make, lambda: len(statements)
    engine.dispose()


@proves(
    "reference/sessions",
    "A request that does not use the session makes no call to the store and sends no cookie.",
)
@pytest.mark.parametrize(
    "backend",
    [redis_calls, memcached_calls, mongodb_calls, sqlite_calls, mariadb_calls, postgresql_calls],
)
def test_the_backend_is_asked_0_1_or_2_times(
    backend: Callable[..., Iterator[Any]], request: pytest.FixtureRequest
) -> None:
    for make, calls in backend(request):
        site = Site(Subject(make))
        permanent = Site(Subject(make), permanent=True)
        visitor, remembered = site.visitor(n=1), permanent.visitor(n=1)

        def asked(visit: Callable[[], object]) -> int:
            before = calls()  # noqa: B023
            visit()
            return calls() - before  # noqa: B023

        def write() -> None:
            session["n"] += 1

        assert asked(lambda: visitor.visit(lambda: None)) == 0  # noqa: B023
        assert asked(visitor.data) == 1
        assert asked(lambda: visitor.visit(write)) == 2  # noqa: B023
        assert asked(lambda: remembered.visit(lambda: None)) == 0  # noqa: B023
        assert asked(remembered.data) == 2
        assert asked(lambda: remembered.visit(write)) == 2  # noqa: B023
        assert asked(lambda: site.browser().visit(write, fails=True)) == 0  # noqa: B023
        assert asked(lambda: site.visitor(n=1)) == 1  # noqa: B023


# Redis.


def test_redis_counts_the_time_itself_in_milliseconds(redis_client: Redis) -> None:
    site = Site(
        Subject(lambda **options: RedisSessionInterface(redis_client, **options)),
        {"PERMANENT_SESSION_LIFETIME": timedelta(milliseconds=90_500)},
    )
    browser = site.visitor(a=1)
    name = site.interface.key(site.app, browser.cookie)
    assert redis_client.get(name) == f'{name} v1:{{"a":1}}'.encode()
    assert 80_000 < redis_client.pttl(name) <= 90_500


def test_redis_bears_a_lifetime_of_nothing(redis_client: Redis) -> None:
    store = RedisSessionInterface(redis_client).store
    one = key()
    assert store.create(one, b"x", 0) is True
    time.sleep(0.01)
    assert store.read(one) is None


# Memcached.


def test_memcached_ignores_an_item_that_is_not_ours(memcached_client: PooledClient) -> None:
    site = Site(Subject(lambda **options: MemcachedSessionInterface(memcached_client, **options)))
    name = site.interface.key(site.app, "A" * 43)
    memcached_client.set(name, b"from elsewhere", noreply=False)
    assert site.browser("A" * 43).data() == {}
    assert site.log == ["A stored session is not readable; it is ignored."]


@proves("reference/sessions-compared", "These interfaces always wait.")
def test_memcached_waits_for_the_answer_to_a_write(memcached_client: PooledClient) -> None:
    assert memcached_client.default_noreply is True
    store, one = MemcachedStore(memcached_client), key()
    assert store.update(one, b"x", 60) is False
    assert store.create(one, b"x", 60) is True
    assert store.create(one, b"x", 60) is False
    assert store.delete(one) is True
    assert store.delete(one) is False


@proves(
    "reference/sessions-compared",
    "By default, pymemcache does not wait for the response to a write, so a failed write "
    "goes unnoticed.",
)
def test_flask_session_does_not_learn_of_a_lost_write_from_pymemcache_as_it_comes(
    memcached_server: Server,
) -> None:
    outcomes = {}
    for waits in (False, True):
        client = PooledClient(
            f"127.0.0.1:{memcached_server.port}", no_delay=True, default_noreply=waits is False
        )
        site = Site(FlaskSession("memcached", {"SESSION_MEMCACHED": client}))
        visit = site.browser().visit(lambda: session.update(text="x" * 2**20), fails=waits)
        outcomes[waits] = visit.response.status_code
        client.close()
    assert outcomes == {False: 200, True: 500}


@pytest.mark.parametrize(("days", "absolute"), [(1, False), (30, True), (31, True), (400, True)])
def test_memcached_gets_a_date_for_more_than_thirty_days(days: int, absolute: bool) -> None:
    seen = []

    class Client(PooledClient):  # type: ignore[misc]
        def add(self, key: str, value: bytes, expire: int, noreply: bool) -> bool:
            seen.append(expire)
            return True

    MemcachedStore(Client("127.0.0.1")).create("k", b"x", days * 86_400)
    assert (seen[0] > time.time()) is absolute
    assert seen[0] - absolute * time.time() == pytest.approx(days * 86_400, abs=3)


def test_memcached_takes_a_lifetime_that_ends_after_2038(memcached_client: PooledClient) -> None:
    site = Site(
        Subject(lambda **options: MemcachedSessionInterface(memcached_client, **options)),
        {"PERMANENT_SESSION_LIFETIME": timedelta(days=20 * 365)},
    )
    browser = site.visitor(a=1)
    assert browser.data() == {"a": 1}


def test_memcached_without_a_free_connection_is_an_error_of_the_backend(
    memcached_server: Server,
) -> None:
    client = PooledClient(f"127.0.0.1:{memcached_server.port}", no_delay=True, max_pool_size=1)
    site = Site(Subject(lambda **options: MemcachedSessionInterface(client, **options)))
    browser = site.visitor(a=1)
    with client.client_pool.get_and_release():
        visit = browser.visit(lambda: session["a"], fails=True)
        assert visit.response.status_code == 503
        assert browser.visit(lambda: session.clear(), fails=True).set_cookie is None
    assert browser.data() == {"a": 1}
    client.close()


def test_memcached_keeps_the_old_session_if_the_new_is_too_large(
    memcached_client: PooledClient,
) -> None:
    store, one = MemcachedStore(memcached_client), key()
    store.create(one, b"old", 60)
    with pytest.raises(store.errors, match="too large"):
        store.update(one, b"x" * 2**20, 60)
    assert payload_of(store, one) == b"old"


def test_memcached_leaves_the_connections_of_another_process_alone(
    memcached_client: PooledClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Seen from within; what real children see is below."""
    store, one = MemcachedStore(memcached_client), key()
    store.create(one, b"x", 60)
    (connection,) = memcached_client.client_pool.free
    before = connection.sock
    assert payload_of(store, one) == b"x"
    assert connection.sock is before
    parent = os.getpid()
    monkeypatch.setattr("snippets.sessions.memcached.os.getpid", lambda: parent + 1)
    assert payload_of(store, one) == b"x"
    (connection,) = memcached_client.client_pool.free
    assert connection.sock is not before


# MongoDB.


@proves(
    "reference/sessions",
    "With MongoDB, a process creates a TTL index when it stores its first session.",
    "MongoDB | MongoDBSessionInterface | yes | automatically",
)
@proves(
    "reference/session-classes",
    "create_index (bool) -- Whether each process creates the TTL index when it stores its "
    "first session.",
)
@pytest.mark.parametrize("tz_aware", [True, False])
def test_mongodb_has_a_ttl_index_and_dates_in_utc(mongodb_server: Server, tz_aware: bool) -> None:
    with MongoClient("127.0.0.1", mongodb_server.port, tz_aware=tz_aware) as client:
        store, one = MongoDBStore(client, "dates", "sessions"), key()
        store.create(one, b"x", 3600)
        assert payload_of(store, one) == b"x"
        collection = client["dates"]["sessions"]
        ttl = [index for index in collection.list_indexes() if "expireAfterSeconds" in index]
        assert [(dict(index["key"]), index["expireAfterSeconds"]) for index in ttl] == [
            ({"expires": 1}, 0)
        ]
        expires = collection.find_one(one)["expires"].replace(tzinfo=UTC)
        left = expires - datetime.now(UTC)
        assert timedelta(minutes=59) < left <= timedelta(hours=1)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"$set": {"payload": "text"}}, 1),
        ({"$set": {"payload": 5}}, 1),
        ({"$unset": {"payload": 1}}, 1),
        ({"$unset": {"expires": 1}}, 0),
        ({"$set": {"expires": "tomorrow"}}, 0),
    ],
)
def test_mongodb_ignores_a_document_that_is_not_ours(
    mongodb_server: Server, change: dict[str, Any], told: int
) -> None:
    with MongoClient("127.0.0.1", mongodb_server.port) as client:
        site = Site(Subject(lambda **options: MongoDBSessionInterface(client, **options)))
        browser = site.visitor(a=1)
        name = site.interface.key(site.app, browser.cookie)
        assert client["flask"]["sessions"].update_one({"_id": name}, change).matched_count == 1
        assert browser.data() == {}
        assert site.log == ["A stored session is not readable; it is ignored."] * told


def test_mongodb_works_beside_another_ttl_index(
    mongodb_server: Server, caplog: pytest.LogCaptureFixture
) -> None:
    with MongoClient("127.0.0.1", mongodb_server.port) as client:
        client["beside"]["sessions"].create_index("expires", expireAfterSeconds=3600)
        site = Site(Subject(lambda **options: MongoDBSessionInterface(client, "beside", **options)))
        browser = site.visitor(a=1)
        assert browser.data() == {"a": 1}
        assert [record.getMessage()[:14] for record in caplog.records] == ["No TTL index: "]


@proves(
    "reference/sessions",
    "If the field already has another index, or the application has no right to create "
    "one, a warning is logged and the sessions work without it.",
)
@proves(
    "reference/session-classes",
    "create_index (bool) -- Whether each process creates the TTL index when it stores its "
    "first session.",
    "If the index cannot be created, a warning is logged: sessions still expire, and "
    "flask sessions purge deletes them.",
)
@pytest.mark.parametrize("create_index", [True, False])
def test_mongodb_works_without_the_right_to_make_an_index(
    mongodb_server: Server,
    create_index: bool,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with MongoClient("127.0.0.1", mongodb_server.port) as client:
        asked = []

        def refuse(self: Collection[Any], *arguments: Any, **options: Any) -> str:
            asked.append(arguments)
            raise OperationFailure("not authorized on closed to execute command", 13)

        monkeypatch.setattr(Collection, "create_index", refuse)

        def make(**options: Any) -> MongoDBSessionInterface:
            return MongoDBSessionInterface(client, "closed", create_index=create_index, **options)

        site = Site(Subject(make))
        for _ in range(2):
            assert site.visitor(a=1).data() == {"a": 1}
        assert len(asked) == create_index
        told = [record.getMessage() for record in caplog.records]
        assert (
            told
            == [
                "No TTL index: run `flask sessions purge` instead. MongoDB says: "
                "not authorized on closed to execute command"
            ]
            * create_index
        )


# SQL.


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    engine = create_engine(f"sqlite:///{tmp_path}/sessions.db")
    yield engine
    engine.dispose()


@proves(
    "reference/sessions",
    "SqlAlchemySessionInterface creates its table when it is first used, if it does not exist.",
)
@proves(
    "reference/session-classes",
    "table (str | Table) -- The name of the table, or the table itself, from session_table().",
    "If you pass a name, the table is created when the first session is read or written, "
    "unless it exists.",
)
def test_sql_makes_its_table_on_first_use_and_not_before(engine: Engine) -> None:
    store = SqlAlchemyStore(engine, session_table("mine"))
    assert inspect(engine).get_table_names() == []
    assert store.read("x") is None
    assert inspect(engine).get_table_names() == ["mine"]
    assert SqlAlchemyStore(engine, session_table("mine")).read("x") is None


def test_sql_bears_another_process_that_makes_the_table_first(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = SqlAlchemyStore(engine, session_table("mine"))
    create = store.table.create

    def late(bind: Engine, checkfirst: bool) -> None:
        create(bind, checkfirst=checkfirst)
        raise OperationalError("CREATE TABLE", {}, Exception("table exists already"))

    monkeypatch.setattr(store.table, "create", late)
    assert store.create("x", b"x", 60) is True


def test_sql_says_why_it_cannot_make_its_table(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = SqlAlchemyStore(engine, session_table("mine"))

    def forbidden(bind: Engine, checkfirst: bool) -> None:
        raise OperationalError("CREATE TABLE", {}, Exception("permission denied"))

    monkeypatch.setattr(store.table, "create", forbidden)
    with pytest.raises(OperationalError, match="permission denied"):
        store.read("x")


def test_sql_purges_in_batches(engine: Engine) -> None:
    store = SqlAlchemyStore(engine, session_table("mine"))
    with store.engine.begin() as connection:
        rows = [{"id": str(number), "payload": b"", "expires": 0} for number in range(2500)]
        connection.execute(store.table.insert(), rows)
    store.create("live", b"x", 60)
    assert list(store.purge()) == [1000, 1000, 500]
    assert payload_of(store, "live") == b"x"


@proves("reference/session-classes", "Without them, it works the same with more messages.")
def test_sql_works_without_autocommit_too(engine: Engine) -> None:
    one = SqlAlchemyStore(engine, session_table("mine"))
    assert one.create("x", b"old", 60)
    assert one.update("x", b"new", 60)
    fresh = create_engine(engine.url)
    assert payload_of(SqlAlchemyStore(fresh, session_table("mine")), "x") == b"new"
    fresh.dispose()


@proves(
    "reference/sessions",
    "SQLite allows only one connection to write at a time.",
    "If the sessions are in the same file as the data of the application, and a view has "
    "written data without a commit, saving the session waits for the lock and fails.",
)
@proves(
    "reference/session-classes",
    "With SQLite, use another file than that of the application, because SQLite allows "
    "only one connection to write: saving the session would wait for the view that has "
    "written.",
)
def test_sqlite_in_the_applications_own_file_waits_for_the_view_and_gives_up(
    tmp_path: Path,
) -> None:
    url = f"sqlite:///{tmp_path}/shop.db"
    engine = create_engine(url, connect_args={"timeout": 0.1})
    site = Site(
        Subject(lambda **options: SqlAlchemySessionInterface(engine, **options)),
        {"SQLALCHEMY_DATABASE_URI": url},
    )
    db = SQLAlchemy(site.app)
    browser = site.visitor(n=1)
    with site.app.app_context():
        db.session.execute(text("CREATE TABLE note (text VARCHAR(20))"))
        db.session.commit()
        db.engine.dispose()

    def write(commit: bool) -> None:
        session["n"] = 2
        db.session.execute(text("INSERT INTO note VALUES ('new')"))
        if commit:
            db.session.commit()

    errors: list[Exception] = []

    def note(sender: Flask, exception: Exception, **extra: object) -> None:
        errors.append(exception)

    with got_request_exception.connected_to(note, site.app):
        assert browser.visit(lambda: write(commit=False), fails=True).error is None
    assert str(errors[0].__cause__).startswith("(sqlite3.OperationalError) database is locked\n")
    browser.visit(lambda: write(commit=True))
    assert browser.data() == {"n": 2}
    engine.dispose()
    with site.app.app_context():
        db.engine.dispose()


def test_mariadb_tells_case_apart_and_keeps_more_than_64_kilobytes(mariadb_server: Server) -> None:
    engine = create_engine(f"mysql+pymysql://root@127.0.0.1:{mariadb_server.port}/test")
    SqlAlchemyStore(engine, session_table("typed")).read("x")
    query = text(
        "SELECT column_name, column_type, collation_name FROM information_schema.columns"
        " WHERE table_name = 'typed' ORDER BY ordinal_position"
    )
    with engine.connect() as connection:
        assert connection.execute(query).fetchall() == [
            ("id", "varchar(255)", "ascii_bin"),
            ("payload", "longblob", None),
            ("expires", "bigint(20)", None),
        ]
    engine.dispose()


@pytest.fixture
def postgresql_url(postgresql_server: Server) -> str:
    return f"postgresql+psycopg://postgres@127.0.0.1:{postgresql_server.port}/postgres"


@proves("reference/sessions", "session_table also accepts a schema.")
@proves(
    "reference/session-classes",
    "schema (str | None) -- The schema of the table, if table is a name.",
)
def test_sql_can_keep_its_table_in_a_schema(postgresql_url: str) -> None:
    engine = create_engine(postgresql_url)
    with engine.begin() as connection:
        connection.execute(text("CREATE SCHEMA web"))
    site = Site(
        Subject(
            lambda **options: SqlAlchemySessionInterface(engine, "http", schema="web", **options)
        )
    )
    assert site.visitor(a=1).data() == {"a": 1}
    assert inspect(engine).get_table_names(schema="web") == ["http"]
    assert "http" not in inspect(engine).get_table_names()
    engine.dispose()


@proves("reference/session-classes", "ValueError -- The name of the table has a dot.")
def test_sql_refuses_a_schema_in_the_name_of_the_table(engine: Engine) -> None:
    with pytest.raises(ValueError, match=r"table='web.http' has a dot: give the part before it"):
        SqlAlchemySessionInterface(engine, "web.http")


@proves("reference/sessions", "The application then does not need the right to create tables.")
@proves(
    "reference/session-classes",
    "table (str | Table) -- The name of the table, or the table itself, from session_table().",
    "If you pass a table, create it yourself, with a migration for example: the "
    "application then needs no right to create tables.",
)
def test_sql_works_for_a_role_that_may_make_no_table(postgresql_url: str) -> None:
    """With a table that a migration has made, whether it is given by its name or itself."""
    owner = create_engine(postgresql_url)
    table = session_table("made_before")
    table.create(owner)
    with owner.begin() as connection:
        connection.execute(text("CREATE ROLE web LOGIN"))
        connection.execute(text("REVOKE CREATE ON SCHEMA public FROM PUBLIC"))
        connection.execute(text("GRANT SELECT, INSERT, UPDATE, DELETE ON made_before TO web"))
    engine = create_engine(postgresql_url.replace("postgres@", "web@"))
    for given in (table, "made_before"):
        site = Site(
            Subject(lambda **options: SqlAlchemySessionInterface(engine, given, **options))  # noqa: B023
        )
        browser = site.visitor(a=1)
        browser.visit(lambda: session.update(a=2))
        assert browser.data() == {"a": 2}
        browser.visit(lambda: session.clear())
    missing = Site(
        Subject(lambda **options: SqlAlchemySessionInterface(engine, "no_such", **options))
    )
    assert missing.browser().visit(lambda: session.update(a=1), fails=True).set_cookie is None
    engine.dispose()
    owner.dispose()


@proves(
    "reference/sessions",
    "To avoid this, add the table to the metadata, and create it with a migration:",
    "Alembic would then generate a migration that drops it, because the table is not in "
    "the metadata of the application.",
)
@proves(
    "reference/session-classes",
    "Return the table of sessions, for SqlAlchemySessionInterface and for your migrations.",
    "metadata (MetaData | None) -- Where the table is registered, for example "
    "db.metadata, so that a migration tool sees it.",
)
def test_a_migration_tool_sees_the_table_in_the_metadata_of_the_application(
    engine: Engine,
) -> None:
    app = Flask("shop")
    app.config["SQLALCHEMY_DATABASE_URI"] = str(engine.url)
    db = SQLAlchemy(app)
    app.session_interface = SqlAlchemySessionInterface(
        engine, session_table("http_sessions", db.metadata)
    )
    with app.app_context():
        db.create_all()
        db.engine.dispose()
    with engine.connect() as connection:
        context = MigrationContext.configure(connection)
        assert compare_metadata(context, db.metadata) == []
        drops = [kind for kind, *_ in compare_metadata(context, MetaData())]
        assert drops == ["remove_index", "remove_table"]


@proves(
    "reference/session-classes",
    "If you pass a table, create it yourself, with a migration for example: the "
    "application then needs no right to create tables.",
)
def test_sql_without_the_table_that_was_promised_says_so(engine: Engine) -> None:
    interface = SqlAlchemySessionInterface(engine, session_table("never_made"))
    with pytest.raises(OperationalError, match="no such table"):
        interface.store.read("x")
    assert inspect(engine).get_table_names() == []


def test_sql_in_memory_keeps_what_was_there_before() -> None:
    engine = create_engine("sqlite://")
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE note (id INTEGER)"))
    store = SqlAlchemySessionInterface(engine).store
    assert store.create("x", b"x", 60)
    assert payload_of(store, "x") == b"x"
    assert inspect(engine).has_table("note")
    engine.dispose()


@proves(
    "reference/sessions",
    "Neither a dump of the store nor its log is enough to take over a session.",
)
def test_no_line_of_the_log_helps_to_take_over_a_session(
    mariadb_server: Server, caplog: pytest.LogCaptureFixture
) -> None:
    """Connections that were closed while idle, with an engine that logs all it can."""
    url = f"mysql+pymysql://root@127.0.0.1:{mariadb_server.port}/test"
    administrator = create_engine(url)

    def hang_up() -> None:
        with administrator.connect() as other:
            me = other.scalar(text("SELECT CONNECTION_ID()"))
            for process, *_ in other.execute(text("SHOW PROCESSLIST")).all():
                if process != me:
                    other.execute(text(f"KILL {process}"))

    def page() -> str:
        if session.get("word"):
            hang_up()
        session["word"] = "open sesame"
        return ""

    with caplog.at_level("DEBUG"), caplog.at_level("INFO", "sqlalchemy"):
        engine = create_engine(url)
        assert engine.hide_parameters is False
        app = Flask("app")
        app.session_interface = SqlAlchemySessionInterface(engine)
        app.add_url_rule("/", view_func=page)
        client = app.test_client()
        assert client.get("/").status_code == 200
        sid = client.get_cookie("session").value  # type: ignore[union-attr]
        assert client.get("/").status_code == 500
        assert client.get("/").status_code == 500
    statements = [record.getMessage() for record in caplog.records]
    assert any(line.startswith("UPDATE http_sessions") for line in statements)
    assert "Exception on / [GET]" in statements
    assert "SQL parameters hidden" in caplog.text
    assert sid not in caplog.text
    assert "sesame" not in caplog.text
    engine.dispose()
    administrator.dispose()


@proves(
    "reference/sessions",
    "At the level DEBUG, SQLAlchemy also logs the rows that it reads, with the data of the session.",
)
@pytest.mark.parametrize("level", ["INFO", "DEBUG"])
def test_rows_are_logged_at_the_level_debug_only(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, level: str
) -> None:
    with caplog.at_level(level, "sqlalchemy"):
        engine = create_engine(f"sqlite:///{tmp_path}/sessions.db")
        app = Flask("app")
        app.session_interface = SqlAlchemySessionInterface(engine)
        app.add_url_rule("/", view_func=lambda: session.setdefault("word", "open sesame"))
        client = app.test_client()
        assert client.get("/").status_code == client.get("/").status_code == 200
    assert any("SELECT http_sessions" in record.getMessage() for record in caplog.records)
    assert ("sesame" in caplog.text) is (level == "DEBUG")
    cookie = client.get_cookie("session")
    assert cookie
    assert cookie.value not in caplog.text
    engine.dispose()


# Forks.


def seen_by_children(store: SessionStore, keys: list[str]) -> set[bool]:
    """Return whether every answer was right, for children of this process that ask at once."""

    def ask(name: str, turns: int = 200) -> bool:
        for _ in range(turns):
            try:
                record = store.read(name)
            except Exception:
                return False
            if record is None or record.payload != name.encode():
                return False
        return True

    children = []
    for name in keys:
        child = os.fork()
        if not child:
            signal.alarm(20)  # who shares a connection may wait for an answer that another one took
            status = 1
            with suppress(BaseException):
                status = not ask(name)
            os._exit(status)
        children.append(child)
    right = {os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0 for child in children}
    assert ask(keys[0], 5), "the parent goes on"
    return right


def test_the_shown_clients_wait_for_a_second_and_try_once(tmp_path: Path) -> None:
    redis = clients.redis_client("redis://127.0.0.1:1/0").connection_pool.connection_kwargs
    assert (redis["socket_timeout"], redis["socket_connect_timeout"]) == (1, 1)
    assert redis["retry"].get_retries() == 0
    memcached = clients.memcached_client("127.0.0.1:1").client_pool.get()
    assert (memcached.timeout, memcached.connect_timeout) == (1, 1)
    assert clients.mongodb_client("mongodb://127.0.0.1:1/").options.timeout == 1
    mariadb = clients.mariadb_engine("mysql+pymysql://127.0.0.1:1/test")
    asked: dict[str, Any] = {}
    event.listen(mariadb, "do_connect", lambda _, __, ___, named: asked.update(named))
    with pytest.raises(OperationalError):
        mariadb.connect()
    assert [asked[f"{name}_timeout"] for name in ("connect", "read", "write")] == [1, 1, 1]
    sqlite = clients.sqlite_engine(str(tmp_path / "sessions.db"))
    with sqlite.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA busy_timeout").scalar() == 1000
    postgresql = clients.postgresql_engine("postgresql+psycopg://127.0.0.1:1/test")
    for engine in (mariadb, postgresql, sqlite):
        assert isinstance(engine.pool, QueuePool)
        assert engine.pool.timeout() == 1
        engine.dispose()


FORKED: dict[str, tuple[Callable[[str], Any], Callable[..., Any], str]] = {
    "redis": (clients.redis_client, RedisSessionInterface, "redis://127.0.0.1:{}/0"),
    "memcached": (clients.memcached_client, MemcachedSessionInterface, "127.0.0.1:{}"),
    "mongodb": (clients.mongodb_client, MongoDBSessionInterface, "mongodb://127.0.0.1:{}/"),
    "mariadb": (
        clients.mariadb_engine,
        SqlAlchemySessionInterface,
        "mysql+pymysql://root@127.0.0.1:{}/test",
    ),
    "mariadb-mysqlclient": (
        create_engine,
        SqlAlchemySessionInterface,
        "mysql+mysqldb://root@127.0.0.1:{}/test",
    ),
    "postgresql": (
        clients.postgresql_engine,
        SqlAlchemySessionInterface,
        "postgresql+psycopg://postgres@127.0.0.1:{}/postgres",
    ),
}


@proves(
    "reference/sessions",
    "Here every process opens new connections: the SQL and Memcached stores take care of "
    "it, and redis-py and PyMongo do so themselves.",
)
@pytest.mark.filterwarnings("ignore:MongoClient opened before fork:UserWarning")
@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
@pytest.mark.parametrize("backend", FORKED)
def test_processes_that_fork_share_no_connection(
    backend: str, request: pytest.FixtureRequest
) -> None:
    make, interface, place = FORKED[backend]
    if backend.endswith("mysqlclient"):
        pytest.importorskip("MySQLdb")
    server = request.getfixturevalue(f"{backend.partition('-')[0]}_server")
    client = make(place.format(server.port))
    store = interface(client).store
    keys = [key() for _ in range(4)]
    for each in keys:
        assert store.create(each, each.encode(), 60)
    assert seen_by_children(store, keys) == {True}
    (client.dispose if isinstance(client, Engine) else client.close)()


def test_an_engine_that_was_used_before_the_fork_and_given_after_it(
    postgresql_url: str,
) -> None:
    """The interface is made in the child: it cannot have seen the fork, and takes no chances."""
    engine = create_engine(postgresql_url)
    store = SqlAlchemySessionInterface(engine).store
    keys = [key() for _ in range(4)]
    for each in keys:
        store.create(each, each.encode(), 60)
    with engine.connect() as connection:
        backend = connection.scalar(text("SELECT pg_backend_pid()"))
    reader, writer = os.pipe()
    child = os.fork()
    if not child:
        with suppress(BaseException):
            late = SqlAlchemySessionInterface(engine).store
            with late.engine.connect() as connection:  # type: ignore[attr-defined]
                os.write(writer, str(connection.scalar(text("SELECT pg_backend_pid()"))).encode())
        os._exit(0)
    os.waitpid(child, 0)
    assert int(os.read(reader, 100)) != backend
    os.close(reader)
    os.close(writer)
    assert payload_of(store, keys[0]) == keys[0].encode()
    engine.dispose()


# Clients that are refused.


@proves(
    "reference/session-classes",
    "TypeError -- client is an asyncio client, or has a single connection.",
    "TypeError -- client is of another class, which threads cannot share.",
    "TypeError -- client is not a MongoClient: an asyncio client, for example.",
    "TypeError -- engine is not an Engine: an asyncio one, for example.",
)
@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: RedisSessionInterface(AsyncRedis()), "one of asyncio's"),
        (lambda: MemcachedSessionInterface(Client("127.0.0.1")), "must be a PooledClient"),
        (lambda: MemcachedSessionInterface(HashClient([])), "must be a PooledClient"),
        (
            lambda: MemcachedSessionInterface(RetryingClient(PooledClient("127.0.0.1"))),
            "must be a PooledClient",
        ),
        (lambda: MongoDBSessionInterface(AsyncMongoClient()), "must be a MongoClient"),
        (
            lambda: SqlAlchemySessionInterface(create_async_engine("sqlite+aiosqlite://")),
            "must be an Engine",
        ),
    ],
)
def test_a_client_that_would_save_nothing_or_mix_threads_up_is_refused(
    make: Callable[[], object], message: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "aiosqlite", MagicMock(sqlite_version_info=(3, 40)))
    with pytest.raises(TypeError, match=message):
        make()


@proves(
    "reference/session-classes",
    "TypeError -- client is an asyncio client, or has a single connection.",
)
def test_a_redis_client_with_one_connection_is_refused(redis_server: Server) -> None:
    with (
        Redis(port=redis_server.port, single_connection_client=True) as client,
        pytest.raises(TypeError, match="must have a pool"),
    ):
        RedisSessionInterface(client)


@proves(
    "reference/session-classes",
    "client (MemcacheClient) -- A pymemcache.PooledClient, which threads can share, or a "
    "HashClient with use_pooling.",
)
def test_memcached_takes_several_servers(memcached_server: Server) -> None:
    client = HashClient([("127.0.0.1", memcached_server.port)], use_pooling=True)
    site = Site(Subject(lambda **options: MemcachedSessionInterface(client, **options)))
    browser = site.visitor(a=1)
    assert browser.data() == {"a": 1}
    browser.visit(lambda: session.clear())
    store, keys = site.interface.store.store, [key() for _ in range(3)]
    for each in keys:
        assert store.create(each, each.encode(), 60)
    assert seen_by_children(store, keys) == {True}
    client.close()


# Files.


@pytest.fixture
def files(tmp_path: Path) -> FileSystemStore:
    return FileSystemStore(tmp_path / "new [folder]" / "sessions")


def every_file(store: FileSystemStore) -> list[Path]:
    return [path for path in Path(store.folder).rglob("*") if path.is_file()]


@proves(
    "reference/session-classes", "It is created at once, and only the current user can open it."
)
def test_files_are_the_users_alone(files: FileSystemStore) -> None:
    files.create("a", b"x", 60)
    files.update("a", b"y", 60)
    (file,) = every_file(files)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    assert stat.S_IMODE(Path(files.folder).stat().st_mode) == 0o700


def test_file_names_give_no_id_away_and_differ_without_case(tmp_path: Path) -> None:
    site = Site(
        Subject(lambda **options: FileSystemSessionInterface(tmp_path / "sessions", **options))
    )
    browser = site.visitor(a=1)
    assert browser.cookie is not None
    (file,) = every_file(site.watched.store)  # type: ignore[arg-type]
    assert browser.cookie not in str(file)
    assert file.parent.name == file.parent.name.lower()
    assert len(file.parent.name) == 64
    assert file.parent.parent.name == file.parent.name[:2]


def test_a_file_expires_when_its_modification_time_has_come(files: FileSystemStore) -> None:
    files.create("a", b"x", 60)
    (file,) = every_file(files)
    assert file.stat().st_mtime == pytest.approx(time.time() + 60, abs=5)
    os.utime(file)
    time.sleep(0.01)
    assert files.read("a") is None


def test_a_full_disk_is_an_error_that_leaves_the_old_session(files: FileSystemStore) -> None:
    files.create("a", b"old", 60)
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (10_000, limits[1]))
    try:
        with pytest.raises(OSError, match="File too large"):
            files.update("a", b"x" * 20_000, 60)
        with pytest.raises(OSError, match="File too large"):
            files.create("b", b"x" * 20_000, 60)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        signal.signal(signal.SIGXFSZ, handler)
    assert payload_of(files, "a") == b"old"
    assert files.read("b") is None
    assert len(every_file(files)) == 1


def test_purge_removes_what_a_killed_process_left(
    files: FileSystemStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    files.create("a", b"x", 60)
    (file,) = every_file(files)
    half = file.with_name("0123456789abcdef")
    half.write_bytes(b"half")  # of an update
    unborn = file.parent.parent / ("0" * 64)
    unborn.mkdir()  # of a creation
    removed = file.parent.parent / f"{'1' * 64}-0123"
    removed.mkdir()  # of a removal
    (removed / "session").write_bytes(b"old")
    assert sum(files.purge()) == 0
    assert not removed.exists()
    assert half.exists(), "another process may be at it"
    assert unborn.exists(), "another process may be at it"
    with time_machine.travel(time.time() + 3601):
        os.utime(file, (time.time() + 60,) * 2)
        assert sum(files.purge()) == 0
    assert every_file(files) == [file]
    assert not unborn.exists()
    assert payload_of(files, "a") == b"x"


def test_purge_bears_that_others_purge_too(files: FileSystemStore) -> None:
    for name in "abcdefgh":
        files.create(name, b"x", -1)
    with ThreadPoolExecutor(4) as pool:
        counts = list(pool.map(lambda _: sum(files.purge()), range(4)))
    assert sum(counts) == 8
    assert every_file(files) == []


@proves(
    "reference/session-classes",
    "If the folder is removed while they run, using a session raises SessionBackendError "
    "until the folder exists again.",
)
def test_a_folder_that_is_gone_is_an_error_until_it_is_there_again(tmp_path: Path) -> None:
    folder = tmp_path / "sessions"
    site = Site(Subject(lambda **options: FileSystemSessionInterface(folder, **options)))
    browser = site.visitor(user="ada")
    shutil.rmtree(folder)
    store = site.interface.store
    for step in (
        lambda: store.read("a"),
        lambda: store.create("a", b"x", 60),
        lambda: store.update("a", b"x", 60),
        lambda: store.touch("a", Record(b"x"), 60),
        lambda: store.delete("a"),
        lambda: list(store.purge()),
    ):
        with pytest.raises(FileNotFoundError):
            step()
    assert browser.visit(lambda: dict(session), fails=True).response.status_code == 503
    assert site.browser().visit(lambda: session.update(a=1), fails=True).set_cookie is None
    folder.mkdir(0o700)
    assert browser.data() == {}
    browser.visit(lambda: session.update(a=1))
    assert browser.data() == {"a": 1}


@proves("reference/session-classes", "ValueError -- Others can write to the folder.")
@pytest.mark.parametrize(
    ("mode", "accepted"), [(0o700, True), (0o755, True), (0o777, False), (0o770, False)]
)
def test_a_folder_that_others_can_write_to_is_refused(
    tmp_path: Path, mode: int, accepted: bool
) -> None:
    folder = tmp_path / "sessions"
    folder.mkdir()
    folder.chmod(mode)
    if accepted:
        FileSystemSessionInterface(folder)
    else:
        with pytest.raises(ValueError, match="sessions can be written by others; use: chmod 700"):
            FileSystemSessionInterface(folder)


def test_on_windows_the_mode_of_a_folder_says_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tmp_path.chmod(0o777)
    monkeypatch.setattr("snippets.sessions.filesystem.os.name", "nt")
    FileSystemStore(os.fspath(tmp_path))


@proves("reference/sessions", "Windows. Sessions in files also work on Windows.")
def test_files_need_no_module_that_windows_lacks() -> None:
    code = (
        "import sys; sys.modules.update(dict.fromkeys(('fcntl', 'pwd', 'grp', 'resource')));"
        "from snippets.sessions import FileSystemSessionInterface; import tempfile;"
        "store = FileSystemSessionInterface(tempfile.mkdtemp()).store;"
        "print(store.create('a', b'x', 60), store.read('a').payload, store.delete('a'))"
    )
    root = Path(__file__).parents[3]
    run = subprocess.run(
        [sys.executable, "-c", code], cwd=root, check=True, capture_output=True, text=True
    )
    assert run.stdout == "True b'x' True\n"


@pytest.mark.parametrize("refusals", [1, 3])
def test_a_step_that_windows_refuses_is_tried_again(
    files: FileSystemStore, monkeypatch: pytest.MonkeyPatch, refusals: int
) -> None:
    """Windows refuses to replace or rename a file that somebody has open."""
    left = {"replace": refusals, "rename": refusals}

    def refusing(name: str) -> Callable[[str, str], None]:
        step = getattr(os, name)

        def refuse(source: str, target: str) -> None:
            left[name] -= 1
            if left[name] >= 0:
                raise PermissionError(13, "in use")
            step(source, target)

        return refuse

    for name in left:
        monkeypatch.setattr(f"snippets.sessions.filesystem.os.{name}", refusing(name))
    assert files.create("a", b"x", 60) is True
    assert payload_of(files, "a") == b"x"
    assert files.delete("a") is True
    assert left == {"replace": -1, "rename": -1}


def test_a_step_that_is_refused_for_good_is_an_error_that_leaves_the_session(
    files: FileSystemStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    files.create("a", b"x", 60)

    def refuse(source: str, target: str) -> None:
        raise PermissionError(13, "in use")

    monkeypatch.setattr("snippets.sessions.filesystem.os.replace", refuse)
    with pytest.raises(PermissionError):
        files.update("a", b"y", 60)
    with pytest.raises(PermissionError):
        files.create("b", b"y", 60)
    assert payload_of(files, "a") == b"x"
    assert files.read("b") is None
    assert len(every_file(files)) == 1


def test_a_session_that_is_removed_while_it_is_written_stays_away(
    files: FileSystemStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    files.create("a", b"x", 60)
    replace = os.replace

    def late(source: str, target: str) -> None:
        assert files.delete("a") is True
        replace(source, target)

    monkeypatch.setattr("snippets.sessions.filesystem.os.replace", late)
    assert files.update("a", b"y", 60) is False
    assert files.read("a") is None


def test_files_of_processes_that_change_folder_stay_where_they_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    files = FileSystemStore("sessions")
    files.create("a", b"x", 60)
    monkeypatch.chdir("/")
    assert payload_of(files, "a") == b"x"
