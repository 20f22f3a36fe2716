"""The fixtures that the tests of docs/guide/hooks.md share."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

import pytest

from snippets.hooks import connection, nested_order, once, order, teardown_error


@pytest.fixture(autouse=True)
def empty_lists() -> Iterator[None]:
    """Let each test begin with what a fresh process has."""
    yield
    for kept in (order.steps, nested_order.steps, teardown_error.given, once.loaded):
        kept.clear()
    once.ready.clear()


@pytest.fixture
def connections(monkeypatch: pytest.MonkeyPatch) -> list[sqlite3.Connection]:
    """Keep every connection that the snippet opens."""
    opened: list[sqlite3.Connection] = []
    connect = sqlite3.connect

    def keep(path: str) -> sqlite3.Connection:
        opened.append(connect(path))
        return opened[-1]

    monkeypatch.setattr(connection.sqlite3, "connect", keep)
    return opened
