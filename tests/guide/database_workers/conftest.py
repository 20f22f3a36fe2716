"""The fixtures of tests/guide/database, for the tests of docs/guide/database-workers.md."""

from __future__ import annotations

from tests.guide.database.conftest import made, mariadb_server, postgresql_server, url

__all__ = ["made", "mariadb_server", "postgresql_server", "url"]
