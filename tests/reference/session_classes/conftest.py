"""The servers that the tests of docs/reference/session-classes.md ask for."""

from __future__ import annotations

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
