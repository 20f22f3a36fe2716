"""The fixtures of tests/guide/configuration, for the tests of docs/guide/secrets.md."""

from __future__ import annotations

from tests.guide.configuration.conftest import (
    app,
    clean_environment,
    fresh_logger,
)

__all__ = ["app", "clean_environment", "fresh_logger"]
