"""The fixtures of tests/guide/application, for the tests of docs/guide/application-languages.md."""

from __future__ import annotations

from tests.guide.application.conftest import (
    ada,
    address,
    anywhere,
    app,
    cheap_hashes,
    chromium,
    database,
    gunicorn,
    mariadb_server,
    own_postgresql,
    own_redis,
    postgresql_server,
    reader,
    real_hashes,
    redis_server,
    stored,
)

__all__ = [
    "ada",
    "address",
    "anywhere",
    "app",
    "cheap_hashes",
    "chromium",
    "database",
    "gunicorn",
    "mariadb_server",
    "own_postgresql",
    "own_redis",
    "postgresql_server",
    "reader",
    "real_hashes",
    "redis_server",
    "stored",
]
