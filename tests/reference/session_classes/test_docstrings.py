"""What the docstrings of the session interfaces say beside the contract."""

from __future__ import annotations

import inspect
import os
import pickle
import socket
import subprocess
import sys
import timeit
from collections.abc import Mapping
from contextlib import closing
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
import time_machine
from flask import Flask, request, session
from flask.json.provider import DefaultJSONProvider
from flask.json.tag import TaggedJSONSerializer
from pymemcache import PooledClient
from pymemcache.serde import pickle_serde
from pymongo import MongoClient, WriteConcern
from redis import Redis
from sqlalchemy import Engine, MetaData, create_engine

from proven.claims.proofs import proves
from snippets.server_sessions.memory_store import MemoryStore
from snippets.sessions import (
    FileSystemSessionInterface,
    MemcachedSessionInterface,
    MongoDBSessionInterface,
    RedisSessionInterface,
    ServerSideSession,
    ServerSideSessionInterface,
    SessionBackendError,
    SessionSerializer,
    SqlAlchemySessionInterface,
    session_table,
)
from tests import servers
from tests.reference.sessions.contract import CONTRACT, Site, Subject
from tests.servers import Server, free_port

ROOT = Path(__file__).parents[3]
NAMES = {"Redis": Redis, "PooledClient": PooledClient, "MongoClient": MongoClient}
INTERFACES = (
    RedisSessionInterface,
    MemcachedSessionInterface,
    MongoDBSessionInterface,
    FileSystemSessionInterface,
)


def site_of(store: object, **options: Any) -> Site:
    """Return a site whose sessions are in a store."""
    return Site(Subject(lambda **more: ServerSideSessionInterface(store, **more)), **options)  # type: ignore[arg-type]


@pytest.fixture
def store() -> MemoryStore:
    return MemoryStore()


@pytest.fixture
def site(store: MemoryStore) -> Site:
    return site_of(store)


# The lines that the docstrings show.


@proves(
    "reference/session-classes",
    'app.session_interface = RedisSessionInterface(Redis(), key_prefix="session:")',
    'app.session_interface = MemcachedSessionInterface(PooledClient("127.0.0.1", no_delay=True))',
    'app.session_interface = MongoDBSessionInterface(MongoClient(), db="shop")',
    'app.session_interface = FileSystemSessionInterface("/var/lib/shop/sessions")',
)
@pytest.mark.parametrize("interface", INTERFACES, ids=lambda each: each.__name__)
def test_the_line_of_the_docstring_runs(interface: type, tmp_path: Path) -> None:
    (line,) = [
        each.strip().strip("`")
        for each in (interface.__doc__ or "").splitlines()
        if each.strip().startswith("``app.session_interface")
    ]
    app = Flask("shop")
    line = line.replace("/var/lib/shop", str(tmp_path))
    exec(line, {"app": app, interface.__name__: interface, **NAMES})
    made = app.session_interface
    assert type(made) is interface
    if isinstance(made, MongoDBSessionInterface):
        made.store.collection.database.client.close()  # type: ignore[attr-defined]


# What an interface takes.


@proves(
    "reference/session-classes",
    "key_prefix (str | None) -- The key of a session in the store begins with this prefix.",
    "By default, it contains the name of the application: session:shop:.",
    "Return the key of a session in the store: the prefix and a hash of the id.",
)
def test_the_key_is_the_prefix_and_a_hash_of_the_id() -> None:
    named = ServerSideSessionInterface(MemoryStore(), key_prefix="all:")
    app = Flask("shop")
    assert named.key(app, "an id") == "all:" + sha256(b"an id").hexdigest()
    by_default = ServerSideSessionInterface(MemoryStore())
    assert by_default.key(app, "an id") == "session:shop:" + sha256(b"an id").hexdigest()


@proves("reference/sessions", "The id consists of 256 random bits.")
@proves(
    "reference/session-classes",
    "sid_length (int) -- The number of random bytes in an id, from 32 to 64.",
)
@pytest.mark.parametrize("length", [None, 32, 33, 64])
def test_an_id_has_so_many_random_bytes(
    length: int | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[int] = []
    monkeypatch.setattr(
        "snippets.sessions.base.secrets.token_urlsafe", lambda n: asked.append(n) or "A" * n
    )
    options = {} if length is None else {"sid_length": length}
    ServerSideSessionInterface(MemoryStore(), **options)._new_sid()
    assert set(asked) == {length or 32}


@proves(
    "reference/sessions",
    "You can change use_signer and sid_length later, but then all users have to log in once more.",
)
@proves(
    "reference/session-classes",
    "If you change this option, all users have to log in again.",
    "If you change it, all users have to log in again.",
)
@pytest.mark.parametrize("changed", [{"use_signer": True}, {"sid_length": 33}])
def test_who_changes_how_an_id_looks_logs_everybody_out(
    store: MemoryStore, changed: dict[str, Any]
) -> None:
    before, after = site_of(store), site_of(store, **changed)
    cookie = before.visitor(user="ada").cookie
    assert before.browser(cookie).data() == {"user": "ada"}
    assert after.browser(cookie).data() == {}
    back = after.visitor(user="ada").cookie
    assert after.browser(back).data() == {"user": "ada"}
    assert before.browser(back).data() == {}


@proves(
    "reference/session-classes",
    "The store keeps a session for PERMANENT_SESSION_LIFETIME, permanent or not, because "
    "the server does not learn when a browser ends and deletes its cookie.",
)
@pytest.mark.parametrize("permanent", [True, False])
def test_the_store_keeps_a_session_for_its_lifetime_permanent_or_not(permanent: bool) -> None:
    lifetimes: list[float] = []

    class Noting(MemoryStore):
        def create(self, key: str, payload: bytes, lifetime: float) -> bool:
            lifetimes.append(lifetime)
            return super().create(key, payload, lifetime)

    site = Site(
        Subject(lambda **more: ServerSideSessionInterface(Noting(), **more)),
        {"PERMANENT_SESSION_LIFETIME": timedelta(seconds=77)},
    )
    site.browser().visit(lambda: session.update(a=1, _permanent=permanent))
    assert lifetimes == [77.0]


@proves(
    "reference/session-classes",
    "For 30 seconds, a request with the old id cannot start a session, because its cookie "
    "would replace the new one.",
)
@pytest.mark.parametrize(("seconds", "refused"), [(29, True), (31, False)])
def test_an_old_id_starts_no_session_for_30_seconds(
    store: MemoryStore, seconds: int, refused: bool
) -> None:
    with time_machine.travel(datetime(2026, 1, 1, tzinfo=UTC), tick=False) as clock:
        site = site_of(store)
        browser = site.visitor(cart=1)
        old = browser.twin()
        browser.visit(lambda: site.interface.regenerate(session))
        clock.shift(seconds)
        visit = old.visit(lambda: session.update(cart=2), fails=refused)
        assert (visit.set_cookie is None) == refused
        assert browser.data() == {"cart": 1}


# The session.


@proves(
    "reference/session-classes",
    "modified -- Whether the session has to be written at the end of the request.",
    "accessed -- Whether the session was used.",
    "cookie -- The value of the cookie as the client sent it.",
    "renewed -- Whether this request has given the session a new id.",
    "retired -- The old id and its record, which end when the session is saved.",
)
def test_the_attributes_of_a_session_tell_what_happened(store: MemoryStore) -> None:
    site = site_of(store)
    cookie = site.visitor(n=1).cookie
    with site.app.test_request_context(headers={"Cookie": f"session={cookie}"}):
        opened = site.interface.open_session(site.app, request)
        assert isinstance(opened, ServerSideSession)
        assert opened.cookie == cookie
        assert (opened.modified, opened.accessed, opened.renewed) == (False, False, False)
        assert opened["n"] == 1
        assert (opened.modified, opened.accessed) == (False, True)
        opened["n"] = 2
        assert opened.modified
        site.interface.regenerate(opened)
        assert opened.renewed
        sid, record = opened.retired or ("", None)
        assert sid == cookie
        assert record is not None
        assert b'{"n":1}' in record.payload


@proves(
    "reference/session-classes",
    "failed -- Whether saving the session failed.",
    "Saving is not tried again for the error page.",
)
def test_saving_that_failed_is_not_tried_again(site: Site) -> None:
    failed: list[bool] = []

    def page(error: Exception) -> tuple[str, int]:
        failed.append(session.failed)  # type: ignore[attr-defined]
        return "page", 500

    site.app.register_error_handler(500, page)
    browser = site.browser()
    with site.outage():
        calls = site.calls_of(lambda: browser.visit(lambda: session.update(a=1), fails=True))
    assert failed == [True]
    assert calls == ["create"]


@proves(
    "reference/session-classes",
    "It is a mapping and not a subclass of dict, because some reads of a dict call no "
    "Python code that could load the data first.",
    "For a plain dict, call dict(session).",
)
def test_a_session_is_a_mapping_and_becomes_a_plain_dict(site: Site) -> None:
    def view() -> tuple[bool, bool, dict[str, Any]]:
        its = session._get_current_object()  # type: ignore[attr-defined]
        return isinstance(its, Mapping), isinstance(its, dict), dict(session)

    assert site.visitor(a=1).visit(view).value == (True, False, {"a": 1})


@proves(
    "reference/session-classes",
    "It is a mapping and not a subclass of dict, because some reads of a dict call no "
    "Python code that could load the data first.",
)
def test_some_reads_of_a_dict_call_no_python_code() -> None:
    class Lazy(dict[str, int]):
        def __getitem__(self, key: str) -> int:
            raise AssertionError("called")

        __iter__ = keys = items = __len__ = __contains__ = get = __getitem__  # type: ignore[assignment]

    lazy = Lazy(a=1)
    with pytest.raises(AssertionError, match="called"):
        lazy["a"]
    assert repr(lazy) == "{'a': 1}"
    assert lazy == {"a": 1}


# The data.


@proves(
    "reference/session-classes",
    "Unlike Flask's, it keeps the order of keys and does not depend on the JSON provider "
    "of the application.",
)
def test_the_order_of_keys_and_the_json_provider_of_the_application_do_not_matter() -> None:
    class Shouting(DefaultJSONProvider):
        def dumps(self, obj: Any, **options: Any) -> str:
            return super().dumps(obj, **options).upper()

    app = Flask("shop")
    app.json = Shouting(app)
    ours, flasks = SessionSerializer(), TaggedJSONSerializer()
    data = {"b": 1, "a": 2}
    with app.app_context():
        assert ours.dumps(data) == '{"b":1,"a":2}'
        assert flasks.dumps(data) == '{"A":2,"B":1}'


@proves(
    "reference/session-classes",
    "It is faster than Flask's serializer, because it checks no tag for values of plain "
    "types and creates its encoder and decoder only once.",
)
def test_the_serializer_is_faster_than_flasks() -> None:
    data = {"_user_id": "4217", "csrf_token": "0c0f" * 10, "cart": {"A": 2, "B": 1}, "fresh": True}
    times = []
    for serializer in (SessionSerializer(), TaggedJSONSerializer()):
        text = serializer.dumps(data)
        both = (lambda: serializer.dumps(data), lambda: serializer.loads(text))  # noqa: B023
        times.append([min(timeit.repeat(each, number=300, repeat=7)) for each in both])
    (our_dumps, our_loads), (flasks_dumps, flasks_loads) = times
    assert our_dumps < flasks_dumps
    assert our_loads < flasks_loads


@proves(
    "reference/session-classes",
    "It is faster than Flask's serializer, because it checks no tag for values of plain "
    "types and creates its encoder and decoder only once.",
)
def test_no_tag_is_checked_for_plain_values(monkeypatch: pytest.MonkeyPatch) -> None:
    serializer = SessionSerializer()
    encoder = serializer._to_json

    def refuse(self: object, value: object) -> bool:
        raise AssertionError("a tag was checked")

    for tag in serializer.order:
        monkeypatch.setattr(type(tag), "check", refuse)
    assert serializer.dumps({"a": 1, "b": [1, "x"]}) == '{"a":1,"b":[1,"x"]}'
    assert serializer._to_json == encoder
    with pytest.raises(AssertionError, match="a tag was checked"):
        TaggedJSONSerializer().dumps({"a": 1, "b": [1, "x"]})


@proves(
    "reference/session-classes",
    "The bytes are ASCII, so clients that decode what they read do not damage them.",
)
def test_a_client_that_decodes_gives_the_same_bytes() -> None:
    payload = SessionSerializer().encode({"name": "阿达", "bytes": b"\xff"})
    assert payload.startswith(b"v1:")
    for encoding in ("ascii", "utf-8", "latin-1"):
        assert payload.decode(encoding).encode() == payload


# Redis.


@proves(
    "reference/session-classes",
    "Redis removes a session before it expires only if maxmemory-policy says so.",
)
@pytest.mark.parametrize(
    ("policy", "kept"), [(None, True), ("noeviction", True), ("allkeys-lru", False)]
)
def test_redis_drops_live_sessions_only_if_its_policy_says_so(
    policy: str | None, kept: bool
) -> None:
    options = [] if policy is None else ["--maxmemory-policy", policy]
    with (
        servers.running(servers.redis("--maxmemory", "3mb", *options)) as server,
        Redis(port=server.port) as client,
    ):
        store = RedisSessionInterface(client).store
        assert store.create("first", b"x", 60)
        refused = 0
        for number in range(300):
            try:
                store.create(str(number), b"x" * 20_000, 60)
            except store.errors:
                refused += 1
        assert (refused > 0) == kept
        # The oldest of so many is gone, if any is.
        assert all(store.read(str(number)) for number in range(3)) == kept


# Memcached.


@proves(
    "reference/sessions",
    "Memcached | MemcachedSessionInterface | no, and a full server drops the oldest "
    "sessions | automatically",
)
@proves("reference/session-classes", "It drops sessions when it is full or restarted.")
def test_memcached_drops_the_oldest_sessions_when_it_is_full() -> None:
    with servers.running(servers.memcached("-m", "2")) as server:
        client = PooledClient(f"127.0.0.1:{server.port}", no_delay=True)
        store = MemcachedSessionInterface(client).store
        for number in range(300):
            assert store.create(str(number), b"x" * 20_000, 60)
        there = [store.read(str(number)) is not None for number in range(300)]
        assert there == sorted(there)
        assert there[-1]
        assert not there[0]
        client.close()


@proves(
    "reference/session-classes",
    "A session of more than one megabyte is refused with SessionBackendError, unless the "
    "server has a higher limit (-I).",
)
@pytest.mark.parametrize(("options", "accepted"), [((), False), (("-I", "4m"), True)])
def test_memcached_refuses_a_megabyte_unless_told_otherwise(
    options: tuple[str, ...], accepted: bool
) -> None:
    with servers.running(servers.memcached(*options)) as server:
        client = PooledClient(f"127.0.0.1:{server.port}", no_delay=True)
        site = Site(Subject(lambda **more: MemcachedSessionInterface(client, **more)))
        causes: list[object] = []

        def page(error: Any) -> tuple[str, int]:
            causes.append(error.original_exception)
            return "", 500

        site.app.register_error_handler(500, page)
        small = site.visitor(a="x" * (2**20 - 2000))
        assert len(small.data()["a"]) == 2**20 - 2000
        site.browser().visit(lambda: session.update(a="x" * 2**20), fails=not accepted)
        assert [type(cause) for cause in causes] == [SessionBackendError] * (not accepted)
        client.close()


@proves(
    "reference/session-classes",
    "With no_delay, the client sends each command at once (TCP_NODELAY).",
)
@pytest.mark.parametrize("no_delay", [True, False])
def test_no_delay_sends_each_command_at_once(memcached_server: Server, no_delay: bool) -> None:
    client = PooledClient(f"127.0.0.1:{memcached_server.port}", no_delay=no_delay)
    client.get("a")
    (connection,) = client.client_pool.free
    option = connection.sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
    assert bool(option) is no_delay
    client.close()


@proves(
    "reference/session-classes",
    "Do not set ignore_exc, which hides that a server is down, or serde, which could "
    "unpickle data.",
)
def test_what_the_two_options_of_pymemcache_would_do(memcached_server: Server) -> None:
    nobody = PooledClient(f"127.0.0.1:{free_port()}", ignore_exc=True)
    assert nobody.get("a") is None
    client = PooledClient(f"127.0.0.1:{memcached_server.port}", serde=pickle_serde)
    client.set("pickled", {1, 2}, noreply=False)
    raw = PooledClient(f"127.0.0.1:{memcached_server.port}")
    assert pickle.loads(raw.get("pickled")) == {1, 2}
    assert client.get("pickled") == {1, 2}
    for each in (client, raw):
        each.close()


# MongoDB.


@proves(
    "reference/session-classes",
    "Its write concern decides which writes survive the loss of a server.",
    "db (str) -- The name of the database.",
    "collection (str) -- The name of the collection.",
)
def test_the_collection_is_the_named_one_with_the_write_concern_of_the_client() -> None:
    with MongoClient[Any]("127.0.0.1", free_port(), connect=False, w=2, journal=True) as client:
        for options, name in (
            ({}, "flask.sessions"),
            ({"db": "shop", "collection": "visits"}, "shop.visits"),
        ):
            collection: Any = MongoDBSessionInterface(client, **options).store.collection  # type: ignore[arg-type, attr-defined]
            assert collection.full_name == name
            assert collection.write_concern == WriteConcern(w=2, j=True)


@proves(
    "reference/sessions",
    "With MongoDB it deletes what the TTL index has not deleted yet, and with Redis and "
    "Memcached nothing.",
)
@proves(
    "reference/session-classes",
    "If the index cannot be created, a warning is logged: sessions still expire, and "
    "flask sessions purge deletes them.",
)
def test_mongodb_purges_without_an_index(mongodb_server: Server) -> None:
    with MongoClient[Any]("127.0.0.1", mongodb_server.port) as client:
        interface = MongoDBSessionInterface(client, "unindexed", create_index=False)
        for name, lifetime in (("old", -1), ("live", 60)):
            interface.store.create(name, b"x", lifetime)
        assert "expires_1" not in interface.store.collection.index_information()  # type: ignore[attr-defined]
        assert interface.store.read("old") is None
        assert interface.purge() == 1
        assert interface.store.read("live") is not None


@proves(
    "reference/sessions",
    "Redis | RedisSessionInterface | if persistence is on | automatically",
    "Memcached | MemcachedSessionInterface | no, and a full server drops the oldest "
    "sessions | automatically",
    "With MongoDB it deletes what the TTL index has not deleted yet, and with Redis and "
    "Memcached nothing.",
)
@pytest.mark.parametrize("backend", ["redis", "memcached"])
def test_purge_deletes_nothing_where_the_server_does(
    backend: str, request: pytest.FixtureRequest
) -> None:
    port = request.getfixturevalue(f"{backend}_server").port
    with closing(
        Redis(port=port) if backend == "redis" else PooledClient(f"127.0.0.1:{port}", no_delay=True)
    ) as client:
        kind = RedisSessionInterface if backend == "redis" else MemcachedSessionInterface
        interface: ServerSideSessionInterface = kind(client)
        interface.store.create(f"purged-{os.getpid()}", b"x", 0.001)
        assert interface.purge() == 0


# SQL.


def messages_of(server: Server, **options: Any) -> int:
    """Return how many messages PostgreSQL gets for one read of a session, when the connection is there."""
    engine = create_engine(
        f"postgresql+psycopg://postgres@127.0.0.1:{server.port}/postgres", **options
    )
    store = SqlAlchemySessionInterface(engine).store
    store.create("messages", b"x", 60)
    assert store.read("messages") is not None
    with engine.connect() as connection:
        libpq = connection.connection.dbapi_connection.pgconn  # type: ignore[union-attr]
    with open(os.memfd_create("trace"), "w+b") as file:
        libpq.trace(file.fileno())
        assert store.read("messages") is not None
        libpq.untrace()
        file.seek(0)
        # Each message to the server that asks for an answer ends with one of these.
        sent = [
            line.split(b"\t")[3].strip() in (b"Query", b"Sync") for line in file if b"\tF\t" in line
        ]
    engine.dispose()
    return sum(sent)


@proves(
    "reference/session-classes",
    "With the options above, a statement is one message to the server.",
    "Without them, it works the same with more messages.",
)
def test_with_the_options_shown_a_statement_is_one_message(postgresql_server: Server) -> None:
    options = {"isolation_level": "AUTOCOMMIT", "skip_autocommit_rollback": True}
    shown = " ".join((SqlAlchemySessionInterface.__doc__ or "").split())
    assert 'isolation_level="AUTOCOMMIT", skip_autocommit_rollback=True' in shown
    assert messages_of(postgresql_server, **options) == 1
    assert messages_of(postgresql_server) > 1


@proves(
    "reference/session-classes",
    "name (str) -- The name of the table, without a schema.",
    "By default, it is registered in new metadata of its own.",
    "schema (str | None) -- The schema of the table, if it is not the default one.",
)
def test_a_table_has_the_metadata_and_the_schema_that_it_is_given() -> None:
    mine = MetaData()
    assert session_table("mine", mine) is mine.tables["mine"]
    table = session_table("mine", mine, schema="shop")
    assert table is mine.tables["shop.mine"]
    one, other = session_table("mine"), session_table("mine")
    assert one.metadata is not other.metadata
    assert (one.name, one.schema) == ("mine", None)


@proves("reference/sessions", "SQL | SqlAlchemySessionInterface | yes | with flask sessions purge")
@proves(
    "reference/session-classes",
    "Expired sessions cannot be read, but stay in the table until flask sessions purge runs.",
)
def test_an_expired_session_stays_in_the_table_until_purge(tmp_path: Path) -> None:
    engine = create_engine(f"sqlite:///{tmp_path}/s.db")
    interface = SqlAlchemySessionInterface(engine)
    interface.store.create("a", b"x", -1)
    assert interface.store.read("a") is None
    assert rows(engine) == 1
    assert interface.purge() == 1
    assert rows(engine) == 0
    engine.dispose()


def rows(engine: Engine) -> int:
    """Return how many rows the table of sessions has."""
    with engine.connect() as connection:
        return int(connection.exec_driver_sql("SELECT count(*) FROM http_sessions").scalar() or 0)


# Files.


@proves("reference/session-classes", "OSError -- The folder cannot be created.")
def test_a_folder_that_cannot_be_made_is_an_error(tmp_path: Path) -> None:
    tmp_path.joinpath("file").write_text("", encoding="utf-8")
    with pytest.raises(OSError, match="file"):
        FileSystemSessionInterface(tmp_path / "file" / "sessions")


@proves("reference/session-classes", "They could log in with a file of their own.")
def test_who_can_write_to_the_folder_can_log_in(tmp_path: Path) -> None:
    site = Site(Subject(lambda **more: FileSystemSessionInterface(tmp_path / "s", **more)))
    sid = "A" * 43
    name = site.interface.key(site.app, sid)
    payload = f"{name} ".encode() + SessionSerializer().encode({"user": "ada"})
    FileSystemSessionInterface(tmp_path / "s").store.create(name, payload, 60)
    assert site.browser(sid).data() == {"user": "ada"}


@proves(
    "reference/sessions", "files | FileSystemSessionInterface | yes | with flask sessions purge"
)
@proves(
    "reference/session-classes",
    "Expired sessions cannot be read, but stay on the disk until flask sessions purge runs.",
)
def test_an_expired_session_stays_on_the_disk_until_purge(tmp_path: Path) -> None:
    interface = FileSystemSessionInterface(tmp_path / "s")
    interface.store.create("a", b"x", -1)
    assert interface.store.read("a") is None
    assert len([each for each in tmp_path.rglob("*") if each.is_file()]) == 1
    assert interface.purge() == 1
    assert [each for each in tmp_path.rglob("*") if each.is_file()] == []


@proves(
    "reference/sessions", "files | FileSystemSessionInterface | yes | with flask sessions purge"
)
@proves("reference/session-classes", "The processes of one machine can share the folder.")
def test_processes_share_the_folder(tmp_path: Path) -> None:
    code = (
        "import sys; from snippets.sessions import FileSystemSessionInterface as Files;"
        "Files(sys.argv[1]).store.update('a', b'theirs', 60)"
    )
    store = FileSystemSessionInterface(tmp_path / "s").store
    store.create("a", b"ours", 60)
    subprocess.run([sys.executable, "-c", code, str(tmp_path / "s")], cwd=ROOT, check=True)
    record = store.read("a")
    assert record is not None
    assert record.payload == b"theirs"


# What the page says of connections that two processes have.


@proves(
    "reference/sessions",
    "With --preload, connections that were opened before the fork exist in several "
    "processes, which could read each other's replies.",
)
def test_a_connection_is_in_both_processes_after_a_fork(memcached_server: Server) -> None:
    client = PooledClient(f"127.0.0.1:{memcached_server.port}")
    client.get("a")
    (connection,) = client.client_pool.free
    mine = os.fstat(connection.sock.fileno()).st_ino
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.write(writer, str(os.fstat(connection.sock.fileno()).st_ino).encode())
        os._exit(0)
    os.waitpid(child, 0)
    assert int(os.read(reader, 100)) == mine
    for each in (reader, writer):
        os.close(each)
    client.close()


@proves(
    "reference/sessions",
    "Subject and CONTRACT are defined in tests/reference/sessions/contract.py.",
)
def test_what_the_page_names_of_the_contract_is_there() -> None:
    file = str(ROOT / "tests/reference/sessions/contract.py")
    assert inspect.getsourcefile(Subject) == file
    assert {inspect.getsourcefile(check) for check in CONTRACT} == {file}
