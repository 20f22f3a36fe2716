"""What the tests of docs/guide/migrations.md share: a folder of a reader, and three databases."""

from __future__ import annotations

import os
import re
import shutil
import sys
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from tests.forked import Loaded
from tests.servers import Server
from tests.source import Source

ROOT = Path(__file__).parents[3]
_SOURCE = Source("guide/migrations")
PAGE = _SOURCE.text
on_the_page = _SOURCE.says
table = _SOURCE.table
SNIPPETS = ROOT / "snippets" / "migrations"
FLASK = str(Path(sys.executable).with_name("flask"))
# Most of what a command takes is to load these.
LOADED = Loaded(
    "alembic.autogenerate",
    "alembic.command",
    "alembic.runtime.environment",
    "flask.cli",
    "flask_migrate",
    "flask_sqlalchemy",
    "mako.template",
    "psycopg",
    "pymysql",
    "sqlalchemy.dialects.mysql.pymysql",
    "sqlalchemy.dialects.postgresql.psycopg",
    "sqlalchemy.dialects.sqlite",
)


class Reader:
    """The folder of a reader with ``shop.py``, and the database that its application uses."""

    def __init__(self, folder: Path, url: str = "", model: str = "") -> None:
        self.folder = folder
        self.url = url or f"sqlite:///{folder}/shop.db"
        self.write(model or SNIPPETS.joinpath("shop.py").read_text(encoding="utf-8"))

    def write(self, text: str, name: str = "shop.py") -> None:
        self.folder.joinpath(name).write_text(text, encoding="utf-8")

    def change(self, old: str, new: str, name: str = "shop.py") -> None:
        """Edit a file, as the page says."""
        text = self.folder.joinpath(name).read_text(encoding="utf-8")
        assert text.count(old) == 1, (text.count(old), old)
        self.write(text.replace(old, new), name)

    def run(self, line: str, status: int = 0) -> str:
        """Run a command of the page and return what it prints."""
        words = line.split()
        assert words[0] == "flask"
        environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("COV_")},
            "SHOP_SQLALCHEMY_DATABASE_URI": self.url,
            "PYTHONDONTWRITEBYTECODE": "1",
        }
        done = LOADED.run([FLASK, *words[1:]], self.folder, environment)
        assert done.returncode == status, done.stdout
        return done.stdout

    def db(self, line: str, status: int = 0) -> str:
        return self.run(f"flask --app shop db {line}", status)

    def script(self, number: str) -> str:
        """Return the script with this revision, without its date."""
        [file] = self.folder.glob(f"migrations/versions/{number}_*.py")
        return re.sub(r"Create Date: .*", "Create Date: …", file.read_text(encoding="utf-8"))

    def take(self, name: str) -> None:
        """Put a script of the page into the folder."""
        shutil.copy(SNIPPETS / "versions" / name, self.folder / "migrations" / "versions")

    def execute(self, *statements: str) -> list[Any]:
        """Run statements, commit, and return the rows of the last one."""
        engine = sa.create_engine(self.url)
        rows: list[Any] = []
        with engine.begin() as connection:
            for statement in statements:
                result = connection.execute(sa.text(statement))
                rows = [tuple(row) for row in result] if result.returns_rows else []
        engine.dispose()
        return rows

    def tables(self) -> dict[str, list[str]]:
        """Return the columns of each table."""
        engine = sa.create_engine(self.url)
        seen = sa.inspect(engine)
        found = {
            name: [column["name"] for column in seen.get_columns(name)]
            for name in seen.get_table_names()
        }
        engine.dispose()
        return found


def fresh(server: Server, kind: str, name: str) -> str:
    """Return the address of an empty database on a server."""
    urls = {
        "postgresql": f"postgresql+psycopg://postgres@127.0.0.1:{server.port}",
        "mariadb": f"mysql+pymysql://root@127.0.0.1:{server.port}",
    }
    first = {"postgresql": "/postgres", "mariadb": "/test"}[kind]
    engine = sa.create_engine(urls[kind] + first, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(sa.text(f"DROP DATABASE IF EXISTS {name}"))
        connection.execute(sa.text(f"CREATE DATABASE {name}"))
    engine.dispose()
    return f"{urls[kind]}/{name}"


def terminal(beginning: str) -> tuple[str, list[str]]:
    """Return a command that the page shows in a terminal, and the lines below it."""
    for block in re.findall(r"^```\{code-block\} console\n(.*?)^```", PAGE, re.M | re.S):
        for command, printed in re.findall(r"^\$ (.*)\n((?:(?!\$ ).*\n)*)", block, re.M):
            if beginning in command:
                return command, printed.splitlines()
    raise AssertionError(beginning)
