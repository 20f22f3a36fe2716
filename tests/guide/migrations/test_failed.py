"""A migration that fails half-way, on three databases: docs/guide/migrations.md."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from proven.claims.proofs import proves
from tests.guide.migrations.common import Reader, fresh, on_the_page, table
from tests.guide.migrations.test_scripts import KINDS


def a_shop(folder: Path, begun: Path, url: str) -> Reader:
    """Return the folder of a reader with the first script run, and two articles of the same name."""
    shutil.copytree(begun, folder)
    reader = Reader(folder, url)
    reader.take("v1_the_first_table.py")
    reader.db("upgrade")
    reader.execute("INSERT INTO article (id, name, price) VALUES (1, 'tea', 4.5), (2, 'tea', 3.0)")
    return reader


@proves(
    "guide/migrations",
    "This script creates a table, and fails in its second step if two articles have the same name:",
    "the table maker | is gone | stays | stays",
    "the version | v1 | v2 | v2",
    "the next upgrade | fails in the same place | Table 'maker' already exists | table maker already exists",
    "PostgreSQL undoes a failed upgrade, with all scripts that ran in it.",
    "MariaDB and SQLite commit each CREATE and ALTER by itself, and each script that has ended.",
    "If one has failed, undo by hand what it did, mend the script, and run upgrade again.",
    "SQLite also leaves the table _alembic_tmp_article, the unfinished copy.",
)
def test_half_of_it(request: pytest.FixtureRequest, tmp_path: Path, begun: Path) -> None:
    found = {}
    for kind in KINDS:
        url = ""
        if kind != "sqlite":
            url = fresh(request.getfixturevalue(f"{kind}_server"), kind, "half")
        reader = a_shop(tmp_path / kind, begun, url)
        reader.take("v2_cents.py")
        reader.take("v3_makers.py")
        first = reader.db("upgrade", 1)
        assert "uplicate" in first or "UNIQUE constraint failed" in first
        stays = "maker" in reader.tables()
        version = reader.execute("SELECT version_num FROM alembic_version")
        again = reader.db("upgrade", 1)
        expected = {
            "mariadb": "Table 'maker' already exists",
            "sqlite": "table maker already exists",
        }
        if kind == "postgresql":
            assert "could not create unique index" in again
        else:
            assert on_the_page(expected[kind]) in again
        found[kind] = stays, version
        assert ("_alembic_tmp_article" in reader.tables()) == (kind == "sqlite")
        # undone by hand
        if stays:
            reader.execute("DROP TABLE maker")
        if kind == "sqlite":
            reader.execute("DROP TABLE _alembic_tmp_article")
        reader.execute("UPDATE article SET name = 'cup' WHERE id = 2")
        reader.db("upgrade")
        assert reader.execute("SELECT version_num FROM alembic_version") == [("v3",)]
    assert found == {
        "postgresql": (False, [("v1",)]),
        "mariadb": (True, [("v2",)]),
        "sqlite": (True, [("v2",)]),
    }
    assert [row[0] for row in table("migrations-failed")] == [
        "the table `maker`",
        "the version",
        "the next `upgrade`",
    ]
