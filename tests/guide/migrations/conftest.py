"""Folders of a reader for the tests of docs/guide/migrations.md."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.guide.migrations.common import LOADED, Reader
from tests.servers import mariadb_server, postgresql_server

__all__ = ["mariadb_server", "postgresql_server"]


@pytest.fixture(scope="package", autouse=True)
def loaded() -> Iterator[None]:
    """End the process in which Flask is loaded."""
    yield
    LOADED.end()


@pytest.fixture(scope="session")
def begun(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder after `flask db init`."""
    folder = tmp_path_factory.mktemp("begun")
    Reader(folder).db("init")
    return folder


@pytest.fixture
def reader(begun: Path, tmp_path: Path) -> Reader:
    """Return a folder with the first two scripts of the page, which have run on SQLite."""
    shutil.copytree(begun, tmp_path, dirs_exist_ok=True)
    reader = Reader(tmp_path)
    reader.change("price: Mapped[float]", "cents: Mapped[int]")
    reader.take("v1_the_first_table.py")
    reader.take("v2_cents.py")
    reader.db("upgrade")
    return reader
