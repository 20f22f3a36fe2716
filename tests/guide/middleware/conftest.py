"""The fixtures that the tests of docs/guide/middleware.md share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from snippets.middleware import order, sees


@pytest.fixture(autouse=True)
def empty_lists() -> Iterator[None]:
    """Let each test begin with what a fresh process has."""
    yield
    order.steps.clear()
    sees.seen.clear()
