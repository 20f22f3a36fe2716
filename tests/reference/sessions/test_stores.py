"""What is particular to a backend: how it keeps a session, and what it does at its edges."""

from __future__ import annotations

import os
import resource
import signal
import stat
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, got_request_exception, session
from flask_sqlalchemy import SQLAlchemy
from pymemcache import PooledClient
from pymongo import MongoClient
from pymongo.monitoring import (
    CommandFailedEvent,
    CommandListener,
    CommandStartedEvent,
    CommandSucceededEvent,
)
from redis import Redis
from sqlalchemy import Engine, create_engine, event, inspect, text
from sqlalchemy.exc import OperationalError

from snippets.sessions import (
    FileSystemSessionInterface,
    FileSystemStore,
    MemcachedSessionInterface,
    MemcachedStore,
    MongoDBSessionInterface,
    MongoDBStore,
    RedisSessionInterface,
    ServerSideSessionInterface,
    SqlAlchemySessionInterface,
    SqlAlchemyStore,
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
        list(interface.purge())  # makes the index

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
    list(interface.purge())  # makes the table
    statements = []
    event.listen(engine, "before_cursor_execute", lambda *arguments: statements.append(arguments))

    def make(**options: Any) -> ServerSideSessionInterface:
        made = SqlAlchemySessionInterface(engine, **options)
        made.store = interface.store
        return made

    yield make, lambda: len(statements)
    engine.dispose()


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
    assert redis_client.get(f"session:{browser.cookie}") == b'v1:{"a":1}'
    assert 80_000 < redis_client.pttl(f"session:{browser.cookie}") <= 90_500


def test_redis_bears_a_lifetime_of_nothing(redis_client: Redis) -> None:
    store = RedisSessionInterface(redis_client).store
    one = key()
    assert store.create(one, b"x", 0) is True
    time.sleep(0.01)
    assert store.read(one) is None


# Memcached.


def test_memcached_ignores_an_item_that_is_not_ours(memcached_client: PooledClient) -> None:
    memcached_client.set("session:" + "A" * 43, b"from elsewhere", noreply=False)
    site = Site(Subject(lambda **options: MemcachedSessionInterface(memcached_client, **options)))
    assert site.browser("A" * 43).data() == {}
    assert site.log == ["A stored session is not readable; it is ignored."]


def test_memcached_waits_for_the_answer_to_a_write(memcached_client: PooledClient) -> None:
    assert memcached_client.default_noreply is True
    store, one = MemcachedStore(memcached_client), key()
    assert store.update(one, b"x", 60) is False
    assert store.create(one, b"x", 60) is True
    assert store.create(one, b"x", 60) is False
    assert store.delete(one) is True
    assert store.delete(one) is False


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

    class Client:
        def add(self, key: str, value: bytes, expire: int, noreply: bool) -> bool:
            seen.append(expire)
            return True

    MemcachedStore(Client()).create("k", b"x", days * 86_400)  # type: ignore[arg-type]
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


# MongoDB.


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
        client["flask"]["sessions"].update_one({"_id": f"session:{browser.cookie}"}, change)
        assert browser.data() == {}
        assert site.log == ["A stored session is not readable; it is ignored."] * told


# SQL.


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    engine = create_engine(f"sqlite:///{tmp_path}/sessions.db")
    yield engine
    engine.dispose()


def test_sql_makes_its_table_on_first_use_and_not_before(engine: Engine) -> None:
    store = SqlAlchemyStore(engine, "mine")
    assert inspect(engine).get_table_names() == []
    assert store.read("x") is None
    assert inspect(engine).get_table_names() == ["mine"]
    assert SqlAlchemyStore(engine, "mine").read("x") is None


def test_sql_bears_another_process_that_makes_the_table_first(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = SqlAlchemyStore(engine, "mine")
    create_all = store.table.metadata.create_all

    def late(bind: Engine) -> None:
        create_all(bind)
        raise OperationalError("CREATE TABLE", {}, Exception("table exists already"))

    monkeypatch.setattr(store.table.metadata, "create_all", late)
    assert store.create("x", b"x", 60) is True


def test_sql_says_why_it_cannot_make_its_table(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = SqlAlchemyStore(engine, "mine")

    def forbidden(bind: Engine) -> None:
        raise OperationalError("CREATE TABLE", {}, Exception("permission denied"))

    monkeypatch.setattr(store.table.metadata, "create_all", forbidden)
    with pytest.raises(OperationalError, match="permission denied"):
        store.read("x")


def test_sql_purges_in_batches(engine: Engine) -> None:
    store = SqlAlchemyStore(engine, "mine")
    with store.engine.begin() as connection:
        rows = [{"id": str(number), "payload": b"", "expires": 0} for number in range(2500)]
        connection.execute(store.table.insert(), rows)
    store.create("live", b"x", 60)
    assert list(store.purge()) == [1000, 1000, 500]
    assert payload_of(store, "live") == b"x"


def test_sql_works_without_autocommit_too(engine: Engine) -> None:
    one = SqlAlchemyStore(engine, "mine")
    assert one.create("x", b"old", 60)
    assert one.update("x", b"new", 60)
    fresh = create_engine(engine.url)
    assert payload_of(SqlAlchemyStore(fresh, "mine"), "x") == b"new"
    fresh.dispose()


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
    SqlAlchemyStore(engine, "typed").read("x")
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


# Files.


@pytest.fixture
def files(tmp_path: Path) -> FileSystemStore:
    return FileSystemStore(tmp_path / "new [folder]" / "sessions")


def every_file(store: FileSystemStore) -> list[Path]:
    return [path for path in Path(store.folder).rglob("*") if path.is_file()]


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
    assert file.name == file.name.lower()
    assert len(file.name) == 64
    assert file.parent.name == file.name[:2]


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


def test_purge_removes_what_a_killed_process_left(files: FileSystemStore) -> None:
    files.create("a", b"x", 60)
    (file,) = every_file(files)
    file.with_name(file.name + ".tmp").write_bytes(b"half")
    assert sum(files.purge()) == 0
    assert every_file(files) == [file]


def test_a_folder_that_is_not_there_yet_holds_no_session(files: FileSystemStore) -> None:
    assert files.read("a") is None
    assert files.update("a", b"x", 60) is False
    assert files.delete("a") is False
    assert list(files.purge()) == []
    assert not Path(files.folder).exists()


def test_files_of_processes_that_change_folder_stay_where_they_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    files = FileSystemStore("sessions")
    files.create("a", b"x", 60)
    monkeypatch.chdir("/")
    assert payload_of(files, "a") == b"x"
