"""The databases compared: docs/guide/database.md."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy import exc

from proven.claims.proofs import proves
from tests.guide.database.common import bare, engine_of, everywhere, table_of

COMPARED = {row[0]: row[1:] for row in table_of("database-compared")}


COLUMN = {"sqlite": 0, "mysql": 1, "postgresql": 2}


@proves(
    "guide/database",
    "A test runs each case on all three databases.",
    "'ab' = 'AB' in a text column | no | yes | no",
    "text longer than String(5) | stored | error | error",
    "text in an Integer column | stored | error | error",
    "2⁴⁰ in an Integer column | stored | error | error",
    "foreign key without its row | stored, unless checks are on | error | error",
    "CREATE TABLE is undone by a rollback | no | no | yes",
    "DateTime(timezone=True) keeps the moment | no | no | yes",
    "fractions of a second in DateTime | kept | cut off | kept",
    "NUL in a text | stored | stored | error",
    "isolation level | SERIALIZABLE | REPEATABLE READ | READ COMMITTED",
    "Store times in UTC: SQLite and MariaDB store the date and the time without the time zone.",
)
@everywhere
def test_the_databases_compared(url: str) -> None:
    metadata = sa.MetaData()
    table = sa.Table(
        "t",
        metadata,
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("text", sa.String(5)),
        sa.Column("n", sa.Integer),
        sa.Column("parent", sa.ForeignKey("t.id")),
        sa.Column("zone", sa.DateTime(timezone=True)),
        sa.Column("at", sa.DateTime),
    )
    with engine_of(url) as engine:
        metadata.create_all(engine)

        def ask(query: Any) -> Any:
            with engine.connect() as connection:
                return connection.scalar(query)

        def store(**values: Any) -> str:
            try:
                with engine.begin() as connection:
                    connection.execute(sa.insert(table).values(**values))
            except exc.DBAPIError:
                return "error"
            return "stored"

        store(text="ab")
        moment = datetime(2026, 1, 2, 3, 4, 5, 678901, tzinfo=timezone(timedelta(hours=8)))
        store(text="when", zone=moment, at=moment.replace(tzinfo=None))
        when = sa.select(table.c.zone).where(table.c.text == "when")
        zone = ask(when)
        same = zone.tzinfo is not None and zone == moment
        if not same:
            assert zone.replace(microsecond=0) == moment.replace(tzinfo=None, microsecond=0)
        at = ask(sa.select(table.c.at).where(table.c.text == "when"))
        assert at.replace(microsecond=0) == moment.replace(tzinfo=None, microsecond=0)
        with engine.connect() as connection:
            connection.execute(sa.text("CREATE TABLE undone (x INTEGER)"))
            connection.rollback()
        found = {
            "`'ab' = 'AB'` in a text column": "yes"
            if ask(sa.select(table.c.id).where(table.c.text == "AB"))
            else "no",
            "text longer than `String(5)`": store(text="abcdef"),
            "text in an `Integer` column": store(n="abc"),
            "2⁴⁰ in an `Integer` column": store(n=2**40),
            "foreign key without its row": store(parent=99),
            "`CREATE TABLE` is undone by a rollback": "no"
            if sa.inspect(engine).has_table("undone")
            else "yes",
            "`DateTime(timezone=True)` keeps the moment": "yes" if same else "no",
            "fractions of a second in `DateTime`": "kept" if at.microsecond else "cut off",
            "NUL in a text": store(text="a\0b"),
        }
        with engine.connect() as connection:
            found["isolation level"] = connection.get_isolation_level()
        with engine.begin() as connection:
            connection.execute(sa.text("DROP TABLE IF EXISTS undone"))
        metadata.drop_all(engine)
        column = COLUMN[engine.dialect.name]
    said = {name: bare(cells[column]).partition(",")[0] for name, cells in COMPARED.items()}
    assert found == said


ERRORS = {bare(row[0]): bare(row[1]) for row in table_of("database-compared", 1)}


@proves(
    "guide/database",
    "pysqlite | (sqlite3.IntegrityError) UNIQUE constraint failed: note.text",
    "mysqldb | (MySQLdb.IntegrityError) (1062, \"Duplicate entry 'ab' for key 'text'\")",
    "pymysql | (pymysql.err.IntegrityError) (1062, \"Duplicate entry 'ab' for key 'text'\")",
    "psycopg | (psycopg.errors.UniqueViolation) duplicate key value violates unique "
    'constraint "note_text_key"',
)
@everywhere
def test_the_text_of_a_unique_violation(url: str) -> None:
    metadata = sa.MetaData()
    table = sa.Table("note", metadata, sa.Column("text", sa.String(5), unique=True))
    with engine_of(url) as engine:
        metadata.create_all(engine)
        with pytest.raises(exc.IntegrityError) as caught:
            for _ in range(2):
                with engine.begin() as connection:
                    connection.execute(sa.insert(table).values(text="ab"))
        metadata.drop_all(engine)
        assert str(caught.value).split("\n")[0] == ERRORS[engine.dialect.driver]
