"""The database of the tests of docs/guide/async.md."""

from __future__ import annotations

from tests.servers import postgresql_server

__all__ = ["postgresql_server"]
