"""The fixtures of tests/guide/hooks, for the tests of docs/guide/teardown.md."""

from __future__ import annotations

from tests.guide.hooks.conftest import (
    connections,
    empty_lists,
)

__all__ = ["connections", "empty_lists"]
