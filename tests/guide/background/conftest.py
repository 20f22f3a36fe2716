"""An empty Redis for each test of docs/guide/background.md."""

from __future__ import annotations

import pytest
from redis import Redis

from tests.guide.background.common import url
from tests.servers import Server, redis_server

__all__ = ["redis_server"]


@pytest.fixture
def server(redis_server: Server, monkeypatch: pytest.MonkeyPatch) -> Server:
    with Redis(port=redis_server.port) as client:
        client.flushall()
    monkeypatch.setenv("SHOP_REDIS_URL", url(redis_server))
    return redis_server
