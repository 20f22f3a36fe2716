"""The servers that the tests of docs/guide/security.md need."""

from tests.servers import redis_server

__all__ = ["redis_server"]
