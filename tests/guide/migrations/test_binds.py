"""Several databases: docs/guide/migrations.md."""

from __future__ import annotations

import shutil
from pathlib import Path

import sqlalchemy as sa

from proven.claims.proofs import proves
from snippets.migrations import binds
from tests.guide.migrations.common import SNIPPETS, Reader


def tables(file: Path) -> list[str]:
    engine = sa.create_engine(f"sqlite:///{file}")
    found = sorted(sa.inspect(engine).get_table_names())
    engine.dispose()
    return found


@proves(
    "guide/migrations",
    "flask db init --multidb instead of flask db init makes a folder for all databases of SQLALCHEMY_BINDS.",
    "Each script then has a pair of functions for each of them, upgrade_ for the first and "
    "upgrade_audit for the bind audit, and each database notes its own version.",
    "A folder that was made without --multidb never sees the tables of a bind.",
)
def test_two_databases(begun: Path, tmp_path: Path) -> None:
    source = SNIPPETS.joinpath("binds.py").read_text("utf-8")
    reader = Reader(tmp_path, model=source)
    reader.db("init --multidb")
    reader.db("migrate --rev-id v1")
    script = reader.script("v1")
    for name, table in (("", "article"), ("audit", "entry")):
        body = script.partition(f"def upgrade_{name}():")[2].partition("\ndef ")[0]
        assert f"op.create_table('{table}'" in body
        assert f"def downgrade_{name}():" in script
    reader.db("upgrade")
    assert tables(tmp_path / "instance" / "shop.db") == ["alembic_version", "article"]
    assert tables(tmp_path / "instance" / "audit.db") == ["alembic_version", "entry"]
    single = tmp_path / "single"
    shutil.copytree(begun, single)
    reader = Reader(single, model=source)
    reader.db("migrate --rev-id v1")
    assert "'article'" in reader.script("v1")
    assert "entry" not in reader.script("v1")


def test_the_binds() -> None:
    app = binds.create_app()
    with app.app_context():
        assert set(binds.db.metadatas) == {None, "audit"}
        for engine in binds.db.engines.values():
            engine.dispose()
