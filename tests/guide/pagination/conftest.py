"""The fixtures of tests/guide/database, for the tests of docs/guide/pagination.md."""

from __future__ import annotations

from tests.guide.database.conftest import (
    library,
    made,
    mariadb_server,
    postgresql_server,
    url,
)

__all__ = ["library", "made", "mariadb_server", "postgresql_server", "url"]
