"""The commands of the page, as a reader types them: docs/guide/migrations.md."""

from __future__ import annotations

import ast
import inspect
import re
import shutil
import subprocess
import sys
from pathlib import Path

from flask_migrate import Migrate

from proven.claims.proofs import proves
from snippets.migrations import shop
from tests.guide.migrations.common import SNIPPETS, Reader, fresh, on_the_page, terminal
from tests.servers import Server


def code(text: str) -> str:
    """Return what a script does, whatever its quotes, its docstring and its annotations."""
    tree = ast.parse(text)
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            node.returns = None
    body = [node for node in tree.body if not isinstance(node, ast.Import | ast.ImportFrom)]
    return "\n".join(map(ast.dump, body[1:]))


@proves(
    "guide/migrations",
    "db init creates the folder migrations once.",
    "db migrate compares your models with the tables of the database and writes a script, and db "
    "upgrade runs it.",
    "Without --rev-id, the name of a script begins with a random number.",
    "db.create_all() cannot do this.",
    "It creates tables that are missing, and leaves each table that exists as it is.",
)
def test_the_first_table(begun: Path, tmp_path: Path) -> None:
    shutil.copytree(begun, tmp_path, dirs_exist_ok=True)
    reader = Reader(tmp_path)
    assert "already exists and is not empty" in reader.db("init", 1)
    command, printed = terminal("db migrate")
    said = reader.run(command.replace('"', "").replace("The first table.", "The"))
    for line in printed:
        assert line in said
    [made] = reader.folder.glob("migrations/versions/v1_*.py")
    shown = SNIPPETS.joinpath("versions", "v1_the_first_table.py").read_text("utf-8")
    assert code(made.read_text("utf-8")) == code(shown)
    command, printed = terminal("db upgrade")
    said = reader.run(command)
    assert printed[-1].replace("The first table.", "The") in said
    assert set(reader.tables()) == {"alembic_version", "article"}
    reader.change("price: Mapped[float]", "cents: Mapped[int]")
    create = "from shop import create_app, db\nwith create_app().app_context(): db.create_all()"
    environment = {"SHOP_SQLALCHEMY_DATABASE_URI": reader.url}
    subprocess.run([sys.executable, "-c", create], cwd=tmp_path, env=environment, check=True)
    assert reader.tables()["article"] == ["id", "name", "price"]
    reader.db("migrate -m cents")
    names = {file.name for file in reader.folder.glob("migrations/versions/*_cents.py")}
    assert all(re.fullmatch(r"[0-9a-f]{12}_cents\.py", name) for name in names)
    assert len(names) == 1


def test_the_application_runs() -> None:
    app = shop.create_app()
    assert app.extensions["migrate"].db is shop.db
    assert "uq" in shop.Base.metadata.naming_convention


@proves(
    "guide/migrations",
    "flask db upgrade | runs all scripts that this database has not had",
    "flask db downgrade | undoes the last one",
    "flask db current | names the version of this database",
    "flask db history | lists the scripts, the newest first",
    "flask db check | ends with 1 if the models differ from the tables: for your tests",
    "flask db upgrade --sql | prints the SQL and runs nothing; not for a batch of SQLite",
    "flask db stamp head | notes the newest version and runs nothing: for tables that exist already",
    "The table alembic_version has one row, the version of this database.",
    "The scripts form a chain by down_revision, and upgrade runs those between this version and the last one.",
)
def test_the_commands(reader: Reader, postgresql_server: Server) -> None:
    assert "This operation cannot proceed in --sql mode" in reader.db("upgrade v1:v2 --sql", 1)
    reader.url = fresh(postgresql_server, "postgresql", "commands")
    reader.db("upgrade")
    assert "v2 (head)" in reader.db("current")
    history = reader.db("history")
    assert history.index("v1 -> v2 (head)") < history.index("<base> -> v1")
    reader.db("check")
    reader.change("cents: Mapped[int]", "cents: Mapped[int]\n    stock: Mapped[int | None]")
    assert "New upgrade operations detected" in reader.db("check", 1)
    reader.db("downgrade")
    assert reader.execute("SELECT version_num FROM alembic_version") == [("v1",)]
    assert reader.tables()["article"] == ["id", "name", "price"]
    reader.db("downgrade")
    assert "CREATE TABLE article" in reader.db("upgrade --sql")
    assert set(reader.tables()) == {"alembic_version"}
    said = reader.db("upgrade")
    assert said.index("-> v1") < said.index("v1 -> v2")
    reader.execute("DELETE FROM alembic_version")
    reader.db("stamp head")
    assert reader.execute("SELECT version_num FROM alembic_version") == [("v2",)]


@proves(
    "guide/migrations",
    "For tables that exist already without migrations, create the first script against an empty "
    "database, and call flask db stamp head on the one that has the tables.",
)
def test_tables_that_exist(begun: Path, tmp_path: Path) -> None:
    shutil.copytree(begun, tmp_path, dirs_exist_ok=True)
    old, empty = f"sqlite:///{tmp_path}/old.db", f"sqlite:///{tmp_path}/empty.db"
    reader = Reader(tmp_path, old)
    reader.execute("CREATE TABLE article (id INTEGER PRIMARY KEY, name TEXT, price DOUBLE)")
    reader.url = empty
    reader.db("migrate --rev-id v1")
    assert "op.create_table('article'" in reader.script("v1")
    reader.url = old
    assert "table article already exists" in reader.db("upgrade", 1)
    reader.db("stamp head")
    reader.db("upgrade")
    assert "v1 (head)" in reader.db("current")


@proves("guide/migrations", "They are the defaults.")
def test_the_defaults() -> None:
    parameters = inspect.signature(Migrate).parameters
    defaults = [parameters[name].default for name in ("compare_type", "render_as_batch")]
    assert defaults == [True, True]


@proves(
    "guide/migrations",
    "Two branches that were merged can have two scripts with the same down_revision.",
    'flask db merge heads -m "merge" writes a script that joins them.',
    "Two scripts follow the same one.",
    "flask db merge heads joins them.",
)
def test_two_heads(reader: Reader) -> None:
    for name in ("a", "b"):
        text = SNIPPETS.joinpath("versions", "v3_makers.py").read_text("utf-8")
        text = text.replace('"v3"', f'"{name}"').replace("maker", f"maker_{name}")
        text = text.replace("uq_article_name", f"uq_{name}")
        reader.write(text, f"migrations/versions/{name}_makers.py")
    said = reader.db("upgrade", 1)
    assert on_the_page("Multiple head revisions are present for given argument 'head'") in said
    reader.db("merge heads -m merge")
    reader.db("upgrade")
    assert {"maker_a", "maker_b"} <= set(reader.tables())


@proves(
    "guide/migrations",
    "migrate compares with the database, and this one has not had all scripts.",
    "Run flask db upgrade first.",
    "The database has had a script that is not in the folder: it was made on another branch, or deleted.",
    "Get the file back.",
    "The module with the new class was not imported when create_app was done, or the table exists already.",
    "Import the models in the factory.",
    "migrate reads the tables of the database and compares them with db.metadata.",
    "It sees only models whose modules were imported.",
)
def test_what_the_commands_refuse(reader: Reader) -> None:
    reader.write(
        "from sqlalchemy.orm import Mapped, mapped_column\nfrom shop import Base\n\n"
        "class Maker(Base):\n    __tablename__ = 'maker'\n"
        "    id: Mapped[int] = mapped_column(primary_key=True)\n",
        "makers.py",
    )
    assert on_the_page("INFO  [alembic.env] No changes in schema detected.") in reader.db("migrate")
    reader.change("    db.init_app(app)", "    import makers\n    db.init_app(app)")
    assert "Detected added table 'maker'" in reader.db("migrate --rev-id v9")
    said = reader.db("migrate", 1)
    text = "ERROR [flask_migrate] Error: Target database is not up to date."
    assert on_the_page(text) in said
    reader.db("upgrade")
    [file] = reader.folder.glob("migrations/versions/v9_*.py")
    file.unlink()
    text = "ERROR [flask_migrate] Error: Can't locate revision identified by 'v9'"
    assert on_the_page(text) in reader.db("upgrade", 1)


@proves(
    "guide/migrations",
    "The application has no Migrate, or it could not be loaded: then an error stands above this line.",
    "Call migrate.init_app(app) in the factory.",
)
def test_without_migrate(reader: Reader) -> None:
    reader.change("    migrate.init_app(app)\n", "")
    assert on_the_page("Error: No such command 'db'.") in reader.db("current", 2)
    reader.change("    return app", "    migrate.init_app(app)\n    return app")
    reader.db("current")
    reader.change("from flask import Flask", "import nowhere\nfrom flask import Flask")
    said = reader.db("current", 2)
    assert said.index("No module named 'nowhere'") < said.index("Error: No such command 'db'.")


@proves(
    "guide/migrations",
    "migrations/env.py configures logging from alembic.ini, which turns off all loggers that exist.",
    "In a test that calls flask_migrate.upgrade(), write fileConfig(config.config_file_name, "
    "disable_existing_loggers=False) there.",
)
def test_the_log_is_silent(reader: Reader) -> None:
    start = (
        "import flask_migrate, shop\napp = shop.create_app()\napp.logger.warning('before')\n"
        "with app.app_context(): flask_migrate.upgrade()\napp.logger.warning('after')"
    )

    def said() -> str:
        return subprocess.run(
            [sys.executable, "-c", start],
            cwd=reader.folder,
            env={"SHOP_SQLALCHEMY_DATABASE_URI": reader.url},
            capture_output=True,
            text=True,
            check=True,
        ).stderr

    assert "before" in said()
    assert "after" not in said()
    reader.change(
        "fileConfig(config.config_file_name)",
        "fileConfig(config.config_file_name, disable_existing_loggers=False)",
        "migrations/env.py",
    )
    assert "after" in said()


@proves(
    "guide/migrations",
    "migrations/env.py connects: it takes the engine and the metadata from current_app, so the "
    "commands use the database of your configuration.",
    "Flask-Migrate writes scripts in this form by itself.",
)
def test_the_environment(reader: Reader) -> None:
    text = reader.folder.joinpath("migrations", "env.py").read_text("utf-8")
    assert "current_app.extensions['migrate'].db" in text
    other = Reader(reader.folder, f"sqlite:///{reader.folder}/other.db", " ")
    reader.write(SNIPPETS.joinpath("shop.py").read_text("utf-8"))
    other.db("upgrade v1")
    assert "article" in other.tables()
    reader.change("price: Mapped[float]", "cents: Mapped[int]\n    stock: Mapped[int | None]")
    reader.db("migrate --rev-id v3")
    assert "with op.batch_alter_table('article', schema=None) as batch_op:" in reader.script("v3")
