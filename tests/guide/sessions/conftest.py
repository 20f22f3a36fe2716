"""The fixtures that the tests of docs/guide/sessions.md share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.guide.sessions.common import APPS, Counting
from tests.servers import Server, redis_server

__all__ = ["redis_server"]


@pytest.fixture
def client(redis_server: Server) -> Iterator[Counting]:
    with Counting(port=redis_server.port, db=2) as counting:
        counting.flushdb()
        yield counting


@pytest.fixture(params=APPS)
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)
