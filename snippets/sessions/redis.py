"""Sessions in Redis: a server, a Sentinel group or a Cluster."""

from collections.abc import Iterator
from inspect import iscoroutinefunction
from typing import Any, Protocol, Unpack

from redis import RedisError
from redis.exceptions import RedisClusterException

from .base import Record, ServerSideSessionInterface, SessionOptions, SessionStore
from .requirements import require

require("redis")


class RedisClient(Protocol):
    """What is used of a client: `Redis` and `RedisCluster` have it, and so do others."""

    def execute_command(self, *args: Any) -> Any: ...


class RedisStore(SessionStore):
    """Keep each session under one key, for which Redis itself counts the time.

    ``SET`` with ``NX`` writes only a key that is absent, with ``XX`` only one that is present, and
    ``PX`` gives it a lifetime in milliseconds. Each command names one key, so a Cluster always
    knows the node to ask.
    """

    errors = (RedisError, RedisClusterException)

    def __init__(self, client: RedisClient) -> None:
        if iscoroutinefunction(client.execute_command):
            raise TypeError("client is one of asyncio's: with that, nothing is saved")
        if getattr(client, "connection", None):
            raise TypeError("client must have a pool: threads cannot share one connection")
        self.client = client

    def read(self, key: str) -> Record | None:
        try:
            value = self.client.execute_command("GET", key)
        except UnicodeDecodeError:  # by a client with `decode_responses`: no payload of ours
            return Record(b"")
        if value is None:
            return None
        return Record(value.encode() if isinstance(value, str) else value)

    def create(self, key: str, payload: bytes, lifetime: float) -> bool:
        return self._set(key, payload, lifetime, "NX")

    def update(self, key: str, payload: bytes, lifetime: float) -> bool:
        return self._set(key, payload, lifetime, "XX")

    def touch(self, key: str, record: Record, lifetime: float) -> bool:
        return bool(self.client.execute_command("PEXPIRE", key, _milliseconds(lifetime)))

    def delete(self, key: str) -> bool:
        return bool(self.client.execute_command("DEL", key))

    def purge(self) -> Iterator[int]:
        return iter(())

    def _set(self, key: str, payload: bytes, lifetime: float, condition: str) -> bool:
        command = ("SET", key, payload, "PX", _milliseconds(lifetime), condition)
        return bool(self.client.execute_command(*command))


def _milliseconds(lifetime: float) -> int:
    # Redis refuses a lifetime of nothing.
    return max(1, int(lifetime * 1000))


class RedisSessionInterface(ServerSideSessionInterface):
    """Keep sessions in Redis.

    ``app.session_interface = RedisSessionInterface(Redis(), key_prefix="session:")``

    Args:
        client: A :class:`redis.Redis`, for a single server or from ``Sentinel.master_for``, or a
            ``redis.RedisCluster``. It works with and without ``decode_responses``. Set on the
            client how long a request waits for a server that is down: ``socket_timeout`` and
            ``retry``.
        options: See `ServerSideSessionInterface`.

    Raises:
        TypeError: `client` is an asyncio client, or has a single connection.

    Redis removes a session before it expires only if ``maxmemory-policy`` says so. Redis responds
    before its replicas have the write: if a master fails, the last writes may be lost.
    """

    def __init__(self, client: RedisClient, **options: Unpack[SessionOptions]) -> None:
        super().__init__(RedisStore(client), **options)
