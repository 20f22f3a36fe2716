"""What the tests of the three pages about databases share."""

from __future__ import annotations

import contextlib
import inspect
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy.orm import DeclarativeBase

from tests import needs
from tests.subjects import text_of

ROOT = Path(__file__).parents[3]


#: The text of the three pages.
TEXT = text_of("database")


# wherever its lines end
SAID = " ".join(TEXT.split())


NO_CONTEXT = "RuntimeError: Working outside of application context."


BACKENDS = ["sqlite", "mysqldb", "pymysql", "psycopg"]


def table_of(label: str, number: int = 0) -> list[list[str]]:
    """Return the cells of a table below a label of the page, without its head."""
    section = TEXT.partition(f"\n({label})=\n")[2].partition(")=\n")[0]
    tables = re.findall(r"(?:^\|.*\n)+", section, re.MULTILINE)
    rows = [re.split(r" *(?<!\\)\| *", line.strip("|\n ")) for line in tables[number].splitlines()]
    return rows[2:]


def bare(cell: str) -> str:
    return cell.strip("`")


def need_mysqlclient() -> None:
    """Skip a test that needs the driver in C (fail, where ``CI`` is set)."""
    needs.module("MySQLdb", "pip install mysqlclient")


everywhere = pytest.mark.parametrize("url", BACKENDS, indirect=True)


mysql = pytest.mark.parametrize("url", ["mysqldb", "pymysql"], indirect=True)


@contextlib.contextmanager
def engine_of(url: str, **options: Any) -> Iterator[sa.Engine]:
    engine = sa.create_engine(url, **options)
    try:
        yield engine
    finally:
        engine.dispose()


def listen_to(engine: sa.Engine, sent: list[str]) -> None:
    """Keep the first word of each statement."""
    sa.event.listen(engine, "before_cursor_execute", lambda *a: sent.append(a[2].split()[0]))


def new_base() -> type[DeclarativeBase]:
    class Base(DeclarativeBase):
        pass

    return Base


def post(client: FlaskClient, path: str, status: int = 200, **form: Any) -> str:
    answer = client.post(path, data=form)
    assert answer.status_code == status, answer.text
    return answer.text


PARAMETERS = {
    name: parameter
    for name, parameter in inspect.signature(sa.Column.__init__).parameters.items()
    if name.islower() and not name.startswith("_") and name not in {"self", "dialect_kwargs"}
}


NOTES = {"key": None, "nullable": True, "default": None, "index": True, "unique": False}
NOTES |= {"autoincrement": True, "quote": False}
