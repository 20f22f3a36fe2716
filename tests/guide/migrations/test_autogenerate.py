"""What autogenerate sees and what it misses, on PostgreSQL: docs/guide/migrations.md."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.migration import MigrationContext
from alembic.operations import Operations

from proven.claims.proofs import proves
from tests.guide.migrations.common import Reader, fresh, on_the_page
from tests.servers import Server

HEAD = """
import sqlalchemy as sa
from flask import Flask
from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import CheckConstraint, Column, Enum, Integer, String
from sqlalchemy.orm import DeclarativeBase

class Base(DeclarativeBase):
    metadata = sa.MetaData(naming_convention={
        "uq": "uq_%(table_name)s_%(column_0_name)s", "ix": "ix_%(column_0_label)s"
    })

db = SQLAlchemy(model_class=Base)
migrate = Migrate(db=db)

def table(name, *columns):
    return sa.Table(name, db.metadata, Column("id", Integer, primary_key=True), *columns)

def create_app():
    app = Flask(__name__)
    app.config.from_prefixed_env("SHOP")
    db.init_app(app)
    migrate.init_app(app)
    return app

"""
BEFORE = """
table("fewer")
table("t_column", Column("fewer", Integer))
table("t_nullable", Column("x", Integer))
table("t_index", Column("x", Integer))
table("t_unique", Column("x", Integer))
table("t_type", Column("x", String(10)))
table("t_named", Column("name", String(10)))
table("old_name", Column("x", Integer))
table("t_default", Column("x", Integer, server_default="1"))
table("t_check", Column("x", Integer))
table("t_enum", Column("x", Enum("tea", "cup", name="kind")))
"""
AFTER = """
table("more")
table("t_column", Column("more", Integer))
table("t_nullable", Column("x", Integer, nullable=False))
table("t_index", Column("x", Integer, index=True))
table("t_unique", Column("x", Integer, unique=True))
table("t_type", Column("x", String(20)))
table("t_named", Column("title", String(10)))
table("new_name", Column("x", Integer))
table("t_default", Column("x", Integer, server_default="2"))
table("t_check", Column("x", Integer), CheckConstraint("x > 0", name="positive"))
table("t_enum", Column("x", Enum("tea", "cup", "pot", name="kind")))
"""


@proves(
    "guide/migrations",
    "The script is a proposal.",
    "Each row is a change of the model, and what db migrate writes for it on PostgreSQL:",
    "a table or a column more or less | right",
    "nullable, an index, a unique constraint | right",
    "the type of a column | right",
    "another name for a column | drops the column with its data, and adds an empty one",
    "another name for a table | drops the table with its data, and creates an empty one",
    "another server_default | nothing",
    "a CheckConstraint on a table that exists | nothing",
    "one more member of an Enum | nothing",
    "Migrate(db=db, compare_server_default=True) compares the defaults too.",
)
def test_what_is_seen(postgresql_server: Server, begun: Path, tmp_path: Path) -> None:
    shutil.copytree(begun, tmp_path, dirs_exist_ok=True)
    reader = Reader(tmp_path, fresh(postgresql_server, "postgresql", "seen"), HEAD + BEFORE)
    reader.db("migrate --rev-id v1")
    reader.db("upgrade")
    reader.write(HEAD + AFTER)
    reader.db("migrate --rev-id v2")
    script = reader.script("v2").partition("def downgrade")[0]
    for line in (
        *("op.create_table('more'", "op.drop_table('fewer')"),
        *("op.drop_table('old_name')", "op.create_table('new_name'"),
    ):
        assert line in script
    blocks = dict(
        re.findall(
            r"batch_alter_table\('(\w+)', schema=None\) as batch_op:\n((?: {8}.*\n)+)", script
        )
    )
    seen = {name: sorted(re.findall(r"batch_op\.(\w+)\(", text)) for name, text in blocks.items()}
    assert seen == {
        "t_column": ["add_column", "drop_column"],
        "t_nullable": ["alter_column"],
        "t_index": ["create_index", "f"],
        "t_unique": ["create_unique_constraint", "f"],
        "t_type": ["alter_column"],
        "t_named": ["add_column", "drop_column"],
    }
    reader.change("Migrate(db=db)", "Migrate(db=db, compare_server_default=True)")
    reader.db("upgrade")
    reader.db("migrate --rev-id v3")
    script = reader.script("v3").partition("def downgrade")[0]
    assert re.findall(r"batch_alter_table\('(\w+)'", script) == ["t_default"]
    assert "server_default='2'" in script


@proves(
    "guide/migrations",
    'So write another name yourself: batch_op.alter_column("name", new_column_name="title"), '
    'op.rename_table("article", "product").',
    "SQLite can add a column, and alter almost nothing.",
    "In batch_alter_table, Alembic then creates a new table, copies all rows into it, drops the old "
    "one and renames the new one.",
    "The script calls op.create_unique_constraint or op.drop_constraint.",
    "Call it on a batch.",
    "A constraint that has no name in the model gets one from the database, or none, as in SQLite.",
    "A script cannot drop what it cannot name.",
    "The constraint has no name, and a script cannot drop it.",
)
def test_batches(tmp_path: Path) -> None:
    engine = sa.create_engine(f"sqlite:///{tmp_path}/shop.db")
    said: list[str] = []
    sa.event.listen(engine, "before_cursor_execute", lambda *given: said.append(given[2]))
    with (
        engine.begin() as connection,
        Operations.context(MigrationContext.configure(connection)) as op,
    ):
        op.create_table("article", sa.Column("name", sa.String(9)), sa.UniqueConstraint("name"))
        op.execute("INSERT INTO article VALUES ('tea')")
        assert sa.inspect(connection).get_unique_constraints("article")[0]["name"] is None
        said.clear()
        with op.batch_alter_table("article") as batch_op:
            batch_op.add_column(sa.Column("stock", sa.Integer()))
        assert [text.split()[0] for text in said if "pragma" not in text.lower()][-1] == "ALTER"
        assert not any("_alembic_tmp" in text for text in said)
        said.clear()
        with op.batch_alter_table("article") as batch_op:
            batch_op.alter_column("name", new_column_name="title")
        steps = [text.split()[0] for text in said if "article" in text and "PRAGMA" not in text]
        assert steps[-4:] == ["CREATE", "INSERT", "DROP", "ALTER"]
        op.rename_table("article", "product")
        assert connection.scalar(sa.text("SELECT title FROM product")) == "tea"
        for call in (
            lambda: op.create_unique_constraint("uq", "product", ["stock"]),
            lambda: op.drop_constraint("uq", "product"),
        ):
            with pytest.raises(NotImplementedError) as caught:
                call()
            on_the_page(str(caught.value))
        with (
            pytest.raises(ValueError, match="name") as unnamed,
            op.batch_alter_table("product") as batch_op,
        ):
            batch_op.drop_constraint(None, type_="unique")
        on_the_page(f"ValueError: {unnamed.value}")
    engine.dispose()


@proves(
    "guide/migrations",
    "The table has rows, which would be empty in the new column.",
    "PostgreSQL says contains null values, and MariaDB fills it with 0.",
    "Add the column in three steps, or with a server_default.",
    "A column that must not be empty cannot be added to rows that exist, so it takes three steps: add "
    "it empty, fill it, forbid empty ones.",
)
def test_a_column_that_must_not_be_empty(
    postgresql_server: Server, mariadb_server: Server, tmp_path: Path
) -> None:
    said = {}
    for kind, url in {
        "sqlite": f"sqlite:///{tmp_path}/shop.db",
        "postgresql": fresh(postgresql_server, "postgresql", "empty"),
        "mariadb": fresh(mariadb_server, "mariadb", "empty"),
    }.items():
        engine = sa.create_engine(url)
        with (
            engine.begin() as connection,
            Operations.context(MigrationContext.configure(connection)) as op,
        ):
            op.create_table("article", sa.Column("name", sa.String(9)))
            op.execute("INSERT INTO article VALUES ('tea')")
        try:
            with (
                engine.begin() as connection,
                Operations.context(MigrationContext.configure(connection)) as op,
            ):
                op.add_column("article", sa.Column("stock", sa.Integer(), nullable=False))
                said[kind] = str(connection.scalar(sa.text("SELECT stock FROM article")))
        except sa.exc.DBAPIError as error:
            said[kind] = str(error.orig)
        with (
            engine.begin() as connection,
            Operations.context(MigrationContext.configure(connection)) as op,
        ):
            column = sa.Column("cents", sa.Integer(), nullable=False, server_default="5")
            op.add_column("article", column)
            assert connection.scalar(sa.text("SELECT cents FROM article")) == 5
        engine.dispose()
    assert on_the_page(said["sqlite"]) == "Cannot add a NOT NULL column with default value NULL"
    assert on_the_page("contains null values") in said["postgresql"]
    assert said["mariadb"] == "0"
