"""An empty Redis for each test of docs/guide/caching.md."""

from __future__ import annotations

import pytest
from redis import Redis

from tests.servers import Server, redis_server

__all__ = ["redis_server"]


@pytest.fixture
def server(redis_server: Server, monkeypatch: pytest.MonkeyPatch) -> Server:
    with Redis(port=redis_server.port) as client:
        client.flushall()
    url = f"redis://127.0.0.1:{redis_server.port}/0"
    monkeypatch.setenv("SHOP_CACHE_REDIS_URL", url)
    monkeypatch.setenv("SHOP_REDIS_URL", url)
    return redis_server
