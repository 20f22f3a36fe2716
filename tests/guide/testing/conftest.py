"""The fixtures of docs/guide/testing.md, for the tests that the page shows, which run here too."""

from __future__ import annotations

import pytest

from snippets.testing.conftest import app, client, live_server, page, runner, signed_in
from tests.needs import browser

__all__ = ["app", "client", "live_server", "page", "runner", "signed_in"]


@pytest.fixture
def chromium(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the fixture of the page find the browser of this machine."""
    monkeypatch.setenv("CHROMIUM", browser())
