"""Sessions in Memcached, by way of pymemcache."""

import math
import os
import time
from collections.abc import Iterator
from threading import Lock
from typing import Any, Protocol, Unpack

from pymemcache import HashClient, PooledClient  # type: ignore[import-untyped]
from pymemcache.exceptions import MemcacheError  # type: ignore[import-untyped]

from .base import Record, ServerSideSessionInterface, SessionOptions, SessionStore
from .requirements import require

require("pymemcache")

_THIRTY_DAYS = 30 * 24 * 3600
_LAST_DATE = 2**31 - 1  # in 2038: what is later is a date long past to Memcached


class MemcacheClient(Protocol):
    """What is used of a `PooledClient` or a `HashClient`."""

    def gets(self, key: str) -> tuple[Any, Any]: ...
    def add(self, key: str, value: bytes, expire: int, noreply: bool) -> bool: ...
    def replace(self, key: str, value: bytes, expire: int, noreply: bool) -> bool: ...
    def cas(self, key: str, value: bytes, cas: Any, expire: int) -> bool | None: ...
    def delete(self, key: str, noreply: bool) -> bool: ...


class MemcachedStore(SessionStore):
    """Keep each session under one key, with the time of its expiry in front of the data.

    Memcached counts whole seconds of its own, so an item may outlive its session by a moment: the
    time in front is what decides. It is moved by ``cas``, which writes only if nobody else has
    written since the item was read. ``add`` writes only what is absent, ``replace`` only what is present.
    Every command waits for the answer, which pymemcache does not do by default.

    pymemcache does not notice a fork, after which parent and child have the same connections. Who
    shares one reads the answers to the other's questions, so a child closes its own ends first.
    """

    # The last one is a pool's that has no connection left.
    errors = (MemcacheError, OSError, RuntimeError)

    def __init__(self, client: MemcacheClient) -> None:
        if isinstance(client, HashClient) and client.use_pooling:
            self._pooled = list(client.clients.values())
        elif isinstance(client, PooledClient):
            self._pooled = [client]
        else:
            raise TypeError("client must be a PooledClient: threads cannot share another one")
        self._client: MemcacheClient = client
        self._process = os.getpid()
        self._forking = Lock()

    @property
    def client(self) -> MemcacheClient:
        """The client, with connections of this process."""
        if self._process != os.getpid():
            with self._forking:
                if self._process != os.getpid():
                    for pool in [pooled.client_pool for pooled in self._pooled]:
                        for connection in (*pool.free, *pool.used):
                            connection.close()  # It opens another one when it is used next.
                    self._process = os.getpid()
        return self._client

    def read(self, key: str) -> Record | None:
        item, version = self.client.gets(key)
        if item is None:
            return None
        expires, _, payload = bytes(item).partition(b" ")
        if not expires.isdigit():
            return Record(b"", version)
        return Record(payload, version) if int(expires) > time.time() * 1000 else None

    def create(self, key: str, payload: bytes, lifetime: float) -> bool:
        item, expire = _item(payload, lifetime)
        return self.client.add(key, item, expire=expire, noreply=False)

    def update(self, key: str, payload: bytes, lifetime: float) -> bool:
        item, expire = _item(payload, lifetime)
        return self.client.replace(key, item, expire=expire, noreply=False)

    def touch(self, key: str, record: Record, lifetime: float) -> bool:
        item, expire = _item(record.payload, lifetime)
        written = self.client.cas(key, item, record.version, expire=expire)
        # `False`: another request has written since, and set the expiry. `None`: it is gone.
        return written is not None

    def delete(self, key: str) -> bool:
        return self.client.delete(key, noreply=False)

    def purge(self) -> Iterator[int]:
        return iter(())


def _item(payload: bytes, lifetime: float) -> tuple[bytes, int]:
    """Return what is stored, and the seconds or the date that Memcached is told."""
    now = time.time()
    # One second more, because Memcached counts a second that has begun as a whole one.
    expire = math.ceil(lifetime) + 1
    # More than thirty days are taken for a date, so it must be one.
    if expire > _THIRTY_DAYS:
        expire = min(int(now) + expire, _LAST_DATE)
    return b"%d %b" % ((now + lifetime) * 1000, payload), expire


class MemcachedSessionInterface(ServerSideSessionInterface):
    """Keep sessions in Memcached.

    ``app.session_interface = MemcachedSessionInterface(PooledClient("127.0.0.1", no_delay=True))``

    Args:
        client: A ``pymemcache.PooledClient``, which threads can share, or a ``HashClient`` with
            ``use_pooling``. Use it for sessions only. With ``no_delay``, the client sends each
            command at once (``TCP_NODELAY``). Set on the client how long a request waits for a
            server that is down: ``connect_timeout`` and ``timeout``. Do not set ``ignore_exc``,
            which hides that a server is down, or ``serde``, which could unpickle data.
        options: See `ServerSideSessionInterface`.

    Raises:
        TypeError: `client` is of another class, which threads cannot share.

    Memcached is a cache. It drops sessions when it is full or restarted. A session of more than
    one megabyte is refused with `SessionBackendError`, unless the server has a higher limit
    (``-I``).
    """

    def __init__(self, client: MemcacheClient, **options: Unpack[SessionOptions]) -> None:
        super().__init__(MemcachedStore(client), **options)
