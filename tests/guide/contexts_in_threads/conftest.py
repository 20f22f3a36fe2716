"""The fixtures of tests/guide/contexts, for the tests of docs/guide/contexts-in-threads.md."""

from __future__ import annotations

from tests.guide.contexts.conftest import (
    _nothing_is_left,
)

__all__ = ["_nothing_is_left"]
