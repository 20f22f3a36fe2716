"""The fixtures of tests/guide/signals, for the tests of docs/guide/request-life.md."""

from __future__ import annotations

from tests.guide.signals.conftest import (
    app,
    heard,
)

__all__ = ["app", "heard"]
