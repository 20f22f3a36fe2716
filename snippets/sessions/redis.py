"""Sessions in Redis: a server, a Sentinel group or a Cluster."""

from collections.abc import Iterator
from typing import Unpack

from redis import Redis, RedisCluster, RedisError

from .base import Record, ServerSideSessionInterface, SessionOptions, SessionStore


class RedisStore(SessionStore):
    """Keep each session under one key, for which Redis itself counts the time.

    ``SET`` with ``NX`` writes only a key that is absent, with ``XX`` only one that is present, and
    ``PX`` gives it a lifetime in milliseconds. Each command names one key, so a Cluster always
    knows the node to ask.
    """

    errors = (RedisError,)

    def __init__(self, client: "Redis | RedisCluster") -> None:
        self.client = client

    def read(self, key: str) -> Record | None:
        try:
            value = self.client.get(key)
        except UnicodeDecodeError:  # a client with `decode_responses`, and no payload of ours
            return Record(b"")
        if value is None:
            return None
        return Record(value.encode() if isinstance(value, str) else value)

    def create(self, key: str, payload: bytes, lifetime: float) -> bool:
        return bool(self.client.set(key, payload, px=_milliseconds(lifetime), nx=True))

    def update(self, key: str, payload: bytes, lifetime: float) -> bool:
        return bool(self.client.set(key, payload, px=_milliseconds(lifetime), xx=True))

    def touch(self, key: str, record: Record, lifetime: float) -> bool:
        return bool(self.client.pexpire(key, _milliseconds(lifetime)))

    def delete(self, key: str) -> None:
        self.client.delete(key)

    def purge(self) -> Iterator[int]:
        return iter(())


def _milliseconds(lifetime: float) -> int:
    # Redis refuses a lifetime of nothing.
    return max(1, int(lifetime * 1000))


class RedisSessionInterface(ServerSideSessionInterface):
    """Keep sessions in Redis.

    ``app.session_interface = RedisSessionInterface(Redis(), key_prefix="session:")``

    Args:
        client: A :class:`redis.Redis`, be it of a server or from ``Sentinel.master_for``, or a
            ``redis.RedisCluster``; with ``decode_responses`` or without. How long a request waits
            for a server that is down is set on the client: ``socket_timeout`` and ``retry``.
        options: See `ServerSideSessionInterface`.

    Redis drops sessions only when they expire, unless ``maxmemory-policy`` tells it otherwise. It answers
    before replicas have the write: if a master fails, the last writes may be lost with it.
    """

    def __init__(self, client: "Redis | RedisCluster", **options: Unpack[SessionOptions]) -> None:
        super().__init__(RedisStore(client), **options)
