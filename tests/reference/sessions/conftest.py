"""The backends that the contract is run on, each a real server where it is one."""

from __future__ import annotations

import importlib.util
import os
import sqlite3
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from pymemcache import PooledClient
from pymongo import MongoClient
from redis import Redis, RedisCluster
from redis.cluster import ClusterNode
from sqlalchemy import create_engine, event

from snippets.server_sessions.memory_store import MemoryStore
from snippets.sessions import (
    FileSystemSessionInterface,
    MemcachedSessionInterface,
    MongoDBSessionInterface,
    RedisSessionInterface,
    ServerSideSessionInterface,
    SqlAlchemySessionInterface,
)
from tests.reference.sessions.contract import Subject
from tests.servers import (
    mariadb_server,
    memcached_server,
    mongodb_server,
    postgresql_server,
    redis_cluster,
    redis_server,
)

__all__ = [
    "mariadb_server",
    "memcached_server",
    "mongodb_server",
    "postgresql_server",
    "redis_cluster",
    "redis_server",
]

MEGABYTE = 1024**2


def redis_subject(request: pytest.FixtureRequest, decode: bool) -> Iterator[Subject]:
    server = request.getfixturevalue("redis_server")
    with Redis(port=server.port, decode_responses=decode) as client:
        # Redis takes 512 MB by default; a test need not.
        client.config_set("proto-max-bulk-len", MEGABYTE)
        yield Subject(
            lambda **options: RedisSessionInterface(client, **options),
            too_large=2 * MEGABYTE,
            purges=False,
        )


def redis_cluster_subject(request: pytest.FixtureRequest) -> Iterator[Subject]:
    masters = request.getfixturevalue("redis_cluster")
    with RedisCluster(startup_nodes=[ClusterNode("127.0.0.1", masters[0].port)]) as client:
        yield Subject(lambda **options: RedisSessionInterface(client, **options), purges=False)


def memcached_subject(request: pytest.FixtureRequest) -> Iterator[Subject]:
    server = request.getfixturevalue("memcached_server")
    client = PooledClient(f"127.0.0.1:{server.port}", no_delay=True, timeout=5, connect_timeout=5)
    yield Subject(
        lambda **options: MemcachedSessionInterface(client, **options),
        too_large=MEGABYTE,
        purges=False,
        whole_seconds=True,
    )
    client.close()


def mongodb_subject(request: pytest.FixtureRequest) -> Iterator[Subject]:
    server = request.getfixturevalue("mongodb_server")
    with MongoClient("127.0.0.1", server.port) as client:
        yield Subject(
            lambda **options: MongoDBSessionInterface(client, **options),
            too_large=17 * MEGABYTE,
            elsewhere=lambda **options: MongoDBSessionInterface(client, "alone", **options),
        )


def sql_subject(
    url: str, database: str, too_large: int | None = None, **options: Any
) -> Iterator[Subject]:
    options |= {"isolation_level": "AUTOCOMMIT", "skip_autocommit_rollback": True}
    engine = create_engine(url, **options)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _do_not_wait_for_the_disk)
    yield Subject(
        lambda **options: SqlAlchemySessionInterface(engine, **options),
        too_large=too_large,
        database=database,
        elsewhere=lambda **options: SqlAlchemySessionInterface(engine, "alone", **options),
    )
    engine.dispose()


def _do_not_wait_for_the_disk(connection: sqlite3.Connection, _: object) -> None:
    """Leave writing to the system: what survives a power cut is not what is checked."""
    connection.execute("PRAGMA synchronous = OFF")


def sqlite_subject(request: pytest.FixtureRequest) -> Iterator[Subject]:
    folder = request.getfixturevalue("tmp_path_factory").mktemp("sqlite")
    sessions, shop = f"sqlite:///{folder}/sessions.db", f"sqlite:///{folder}/shop.db"
    # Writers take turns; on a busy machine, a turn may come late.
    yield from sql_subject(sessions, shop, connect_args={"timeout": 60})


def mariadb_subject(request: pytest.FixtureRequest, driver: str) -> Iterator[Subject]:
    if driver == "mysqldb" and importlib.util.find_spec("MySQLdb") is None:
        reason = "mysqlclient not found; install with: pip install mysqlclient"
        (pytest.fail if os.environ.get("CI") else pytest.skip)(reason)
    server = request.getfixturevalue("mariadb_server")
    url = f"mysql+{driver}://root@127.0.0.1:{server.port}/test"
    yield from sql_subject(url, url, too_large=17 * MEGABYTE)


def postgresql_subject(request: pytest.FixtureRequest) -> Iterator[Subject]:
    server = request.getfixturevalue("postgresql_server")
    url = f"postgresql+psycopg://postgres@127.0.0.1:{server.port}/postgres"
    yield from sql_subject(url, url)


def files_subject(request: pytest.FixtureRequest) -> Iterator[Subject]:
    folder = request.getfixturevalue("tmp_path_factory").mktemp("files") / "sessions"
    subject = Subject(
        lambda **options: FileSystemSessionInterface(folder, **options),
        elsewhere=lambda **options: FileSystemSessionInterface(folder / "alone", **options),
    )
    subject.many = 2000
    yield subject


def memory_subject(request: pytest.FixtureRequest) -> Iterator[Subject]:
    store, other = MemoryStore(), MemoryStore()
    yield Subject(
        lambda **options: ServerSideSessionInterface(store, **options),
        elsewhere=lambda **options: ServerSideSessionInterface(other, **options),
    )


BACKENDS: dict[str, Callable[[pytest.FixtureRequest], Iterator[Subject]]] = {
    "files": files_subject,
    "sqlite": sqlite_subject,
    "redis": lambda request: redis_subject(request, decode=False),
    "redis-decoding": lambda request: redis_subject(request, decode=True),
    "redis-cluster": redis_cluster_subject,
    "memcached": memcached_subject,
    "mongodb": mongodb_subject,
    "mariadb-pymysql": lambda request: mariadb_subject(request, "pymysql"),
    "mariadb-mysqlclient": lambda request: mariadb_subject(request, "mysqldb"),
    "postgresql": postgresql_subject,
    "memory": memory_subject,
}


@pytest.fixture(scope="session", params=BACKENDS)
def subject(request: pytest.FixtureRequest) -> Iterator[Subject]:
    """Each backend in turn."""
    yield from BACKENDS[request.param](request)
