"""The fixtures of tests/guide/middleware, for the tests of docs/guide/middleware-to-copy.md."""

from __future__ import annotations

from tests.guide.middleware.conftest import (
    empty_lists,
)

__all__ = ["empty_lists"]
