"""The fixtures that the tests of docs/guide/configuration.md share."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.startswith(("FLASK_", "SHOP_")):
            monkeypatch.delenv(name)


@pytest.fixture
def app(tmp_path: Path) -> Flask:
    return Flask("shop", root_path=str(tmp_path), instance_path=str(tmp_path / "instance"))


@pytest.fixture
def fresh_logger() -> Iterator[None]:
    """Take back what a test does to the logger named "shop"."""
    logger = logging.getLogger("shop")
    before = logger.handlers[:], logger.level
    logger.handlers.clear()
    logger.setLevel(logging.NOTSET)
    yield
    logger.handlers[:], logger.level = before
