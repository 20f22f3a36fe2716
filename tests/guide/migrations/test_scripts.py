"""The scripts of the page, on three databases: docs/guide/migrations.md."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest
import sqlalchemy as sa
from alembic.migration import MigrationContext
from alembic.operations import Operations

from proven.claims.proofs import proves
from snippets.migrations import shop
from snippets.migrations.versions import v1_the_first_table, v2_cents, v3_makers
from tests.guide.migrations.common import fresh

KINDS = ["sqlite", "postgresql", "mariadb"]
ROWS = [(1, "tea", 4.5), (2, "cup", 0.29), (3, "pot", 19.99)]


@pytest.fixture(params=KINDS)
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Return the address of an empty database of each kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/shop.db"
    return fresh(request.getfixturevalue(f"{request.param}_server"), request.param, "shop")


@pytest.fixture
def engine(url: str) -> Iterator[sa.Engine]:
    engine = sa.create_engine(url)
    yield engine
    engine.dispose()


def run(engine: sa.Engine, script: ModuleType, way: str = "upgrade") -> None:
    """Run a function of a script, as Alembic does."""
    with engine.begin() as connection:
        context = MigrationContext.configure(connection)
        with Operations.context(context):
            getattr(script, way)()


def columns(engine: sa.Engine) -> dict[str, bool]:
    """Return the columns of the articles, and whether they may be empty."""
    seen = sa.inspect(engine).get_columns("article")
    return {column["name"]: column["nullable"] for column in seen}


@proves(
    "guide/migrations",
    "The price was a fraction and becomes a whole number of cents.",
    "On other databases the same script becomes an ordinary ALTER TABLE.",
)
def test_data_change_too(engine: sa.Engine) -> None:
    run(engine, v1_the_first_table)
    insert = sa.text("INSERT INTO article (id, name, price) VALUES (:id, :name, :price)")
    with engine.begin() as connection:
        rows = [dict(zip(("id", "name", "price"), row, strict=True)) for row in ROWS]
        connection.execute(insert, rows)
    said: list[str] = []
    sa.event.listen(engine, "before_cursor_execute", lambda *given: said.append(given[2]))
    run(engine, v2_cents)
    copies = any("_alembic_tmp_article" in text for text in said)
    assert copies == (engine.dialect.name == "sqlite")
    assert columns(engine) == {"id": False, "name": False, "cents": False}
    with engine.connect() as connection:
        found = connection.execute(sa.text("SELECT id, name, cents FROM article ORDER BY id"))
        assert found.all() == [(1, "tea", 450), (2, "cup", 29), (3, "pot", 1999)]
    run(engine, v2_cents, "downgrade")
    with engine.connect() as connection:
        found = connection.execute(sa.text("SELECT id, name, price FROM article ORDER BY id"))
        assert [tuple(row) for row in found] == ROWS
    assert columns(engine) == {"id": False, "name": False, "price": False}
    run(engine, v2_cents)
    with engine.begin() as connection:
        connection.execute(sa.text("DELETE FROM article"))
    run(engine, v3_makers)
    [unique] = sa.inspect(engine).get_unique_constraints("article")
    assert unique["name"] == "uq_article_name"
    assert sa.inspect(engine).get_pk_constraint("maker")["constrained_columns"] == ["id"]
    run(engine, v3_makers, "downgrade")
    run(engine, v2_cents, "downgrade")
    run(engine, v1_the_first_table, "downgrade")
    assert sa.inspect(engine).get_table_names() == []


@proves(
    "guide/migrations",
    "The naming_convention above gives each constraint the same name on all databases.",
)
def test_the_names(engine: sa.Engine) -> None:
    metadata = sa.MetaData(naming_convention=shop.Base.metadata.naming_convention)
    maker = sa.Table("maker", metadata, sa.Column("id", sa.Integer, primary_key=True))
    sa.Table(
        "article",
        metadata,
        sa.Column("name", sa.String(9), unique=True),
        sa.Column("stock", sa.Integer, index=True),
        sa.Column("maker_id", sa.ForeignKey(maker.c.id)),
        sa.CheckConstraint("stock >= 0", name="stock"),
    )
    metadata.create_all(engine)
    seen = sa.inspect(engine)
    assert [each["name"] for each in seen.get_unique_constraints("article")] == ["uq_article_name"]
    assert [each["name"] for each in seen.get_check_constraints("article")] == ["ck_article_stock"]
    names = [each["name"] for each in seen.get_foreign_keys("article")]
    assert names == ["fk_article_maker_id_maker"]
    assert "ix_article_stock" in {each["name"] for each in seen.get_indexes("article")}
    metadata.drop_all(engine)
