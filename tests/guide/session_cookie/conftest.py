"""The fixtures of tests/guide/sessions, for the tests of docs/guide/session-cookie.md."""

from __future__ import annotations

from tests.guide.sessions.conftest import (
    client,
    kind,
    redis_server,
)

__all__ = ["client", "kind", "redis_server"]
