"""For each backend a client that gives up in time: no server makes a request wait for long."""

from typing import Any

from psycopg import Connection
from psycopg.pq import TransactionStatus
from pymemcache import PooledClient  # type: ignore[import-untyped]
from pymongo import MongoClient
from redis import Redis
from redis.backoff import NoBackoff
from redis.retry import Retry
from sqlalchemy import Engine, create_engine, event

# one statement is one message, and a connection that was closed while idle is replaced
SQL = {"isolation_level": "AUTOCOMMIT", "skip_autocommit_rollback": True, "pool_pre_ping": True}


def redis_client(url: str) -> Redis:
    # by default, redis-py would try again for many seconds
    once = Retry(NoBackoff(), 0)
    return Redis.from_url(url, socket_timeout=1, socket_connect_timeout=1, retry=once)


def memcached_client(server: str) -> PooledClient:
    return PooledClient(server, timeout=1, connect_timeout=1, no_delay=True)


def mongodb_client(url: str) -> MongoClient[dict[str, Any]]:
    # it connects when it is first used, so that nothing is there yet when the server forks
    return MongoClient(url, timeoutMS=1000, connect=False)


def sqlite_engine(path: str) -> Engine:
    return create_engine(f"sqlite:///{path}", connect_args={"timeout": 1}, pool_timeout=1, **SQL)


def mariadb_engine(url: str) -> Engine:
    timeouts = {"connect_timeout": 1, "read_timeout": 1, "write_timeout": 1}
    return create_engine(url, connect_args=timeouts, pool_timeout=1, **SQL)


class PromptConnection(Connection[Any]):
    """A connection to PostgreSQL that waits a second for an answer; by default, there is no end."""

    def wait(self, gen: Any, interval: float = 0.1, timeout: float | None = 1) -> Any:
        try:
            return super().wait(gen, interval, timeout)
        finally:
            if self.pgconn.transaction_status == TransactionStatus.ACTIVE:
                self.close()


def postgresql_engine(url: str) -> Engine:
    engine = create_engine(url, connect_args={"connect_timeout": 2}, pool_timeout=1, **SQL)
    event.listen(
        engine, "do_connect", lambda _, __, args, kw: PromptConnection.connect(*args, **kw)
    )
    return engine
