"""Columns: docs/guide/database-models.md."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa
from flask_sqlalchemy import SQLAlchemy
from flask_sqlalchemy.model import Model
from sqlalchemy import exc, orm
from sqlalchemy.orm import Mapped, mapped_column

from proven.claims.proofs import proves
from snippets.database import columns, dialects, one_table
from tests.guide.database.common import (
    NOTES,
    PARAMETERS,
    SAID,
    TEXT,
    bare,
    engine_of,
    everywhere,
    listen_to,
    new_base,
    table_of,
)


@proves(
    "guide/database-models",
    "Each attribute with a Mapped type is a column:",
    "Mapped[str] is a NOT NULL column, and Mapped[str | None] is a column that allows NULL.",
    "You need mapped_column() only if the column has more than a type.",
    "DeclarativeBase reads the annotations of a class when its body ends, and makes a "
    "Table from them.",
    "It also replaces each column by an attribute that builds SQL on the class and holds "
    "the value on an object:",
)
def test_the_smallest_model_and_its_table() -> None:
    ddl = one_table.app.test_client().get("/").text
    assert "title VARCHAR(80) NOT NULL" in ddl
    assert "pages INTEGER," in ddl
    table = one_table.Book.__table__
    assert table is one_table.Base.metadata.tables["book"]
    assert [column.name for column in table.columns] == ["id", "title", "pages"]
    # on the class it builds SQL, on an object it holds a value
    assert str(one_table.Book.pages > 100) == "book.pages > :pages_1"
    assert one_table.Book(title="Emma").title == "Emma"


@proves(
    "guide/database-models",
    "Both forms generate the same SQL:",
    "default and onupdate are not in the SQL: SQLAlchemy applies them in Python.",
    "This is still true.",
)
def test_both_forms_give_the_same_table() -> None:
    client = columns.app.test_client()
    declarative, core = (client.get(path).text for path in ("/declarative", "/core"))
    assert declarative == core
    assert "CREATE INDEX ix_member_display_name ON member (display_name)" in core
    assert "DEFAULT 1 NOT NULL" in core
    # of default and onupdate there is nothing
    assert core.count("DEFAULT") == 1
    table = columns.Base.metadata.tables["member"]
    for ours, other in zip(table.columns, columns.member.columns, strict=True):
        for name in ("nullable", "index", "unique", "primary_key", "autoincrement", "comment"):
            assert getattr(ours, name) == getattr(other, name), (ours, name)
        assert (ours.default is None) == (other.default is None)
        assert (ours.onupdate is None) == (other.onupdate is None)
    assert columns.now().tzinfo is UTC


@everywhere
def test_the_table_of_the_page_is_created_and_used_everywhere(url: str) -> None:
    with engine_of(url) as engine:
        for metadata in (columns.Base.metadata, columns.member.metadata):
            metadata.create_all(engine)
            table = metadata.tables["member"]
            with engine.begin() as connection:
                key = "name" if table is columns.member else "display_name"
                connection.execute(sa.insert(table).values({"mail": "a@b", key: "Ada"}))
                row = connection.execute(sa.select(table)).mappings().one()
                assert (row["id"], row["logins"], row["active"], row["changed"]) == (1, 0, 1, None)
                connection.execute(sa.update(table).values(logins=2))
                assert connection.scalar(sa.select(table.c.changed)) is not None
            metadata.drop_all(engine)


@proves(
    "guide/database-models",
    "db.Model is a copy of Base with additions: it names the table after the class, and "
    "has a repr, the older attribute query, and __bind_key__.",
)
def test_what_db_model_adds_to_the_base() -> None:
    db = SQLAlchemy(model_class=new_base())

    class LongName(db.Model):
        id: Mapped[int] = mapped_column(primary_key=True)

    assert LongName.__tablename__ == "long_name"
    assert repr(LongName()).startswith("<LongName (transient ")

    class Bound(db.Model):
        __bind_key__ = "audit"
        id: Mapped[int] = mapped_column(primary_key=True)

    assert Bound.metadata is db.metadatas["audit"]
    assert issubclass(db.Model, Model)
    assert "query" in vars(Model)
    assert "query" not in dir(new_base())
    assert db.Model.metadata is db.metadata
    base = new_base()
    copy = SQLAlchemy(model_class=base).Model
    assert not issubclass(copy, base)
    assert copy.metadata is base.metadata


@proves(
    "guide/database-models",
    "SQLAlchemy derives the column type from the annotation.",
    "Each database has its own name for it:",
    "In the SQL it is AUTO_INCREMENT on MySQL and SERIAL on PostgreSQL.",
)
def test_the_types_on_each_database() -> None:
    client = dialects.app.test_client()
    ddl = {name: client.get(f"/{name}").text for name in ("sqlite", "mysql", "postgresql")}
    assert "id INTEGER NOT NULL AUTO_INCREMENT" in ddl["mysql"]
    assert "id SERIAL NOT NULL" in ddl["postgresql"]
    assert "AUTOINCREMENT" not in ddl["sqlite"]
    assert "at_zone TIMESTAMP WITH TIME ZONE NOT NULL" in ddl["postgresql"]
    assert "ENUM('NEW','SENT')" in ddl["mysql"]
    assert all("\n    note TEXT, " in text for text in ddl.values())


@proves(
    "guide/database-models",
    "An Enum stores the names of its members, such as NEW, not their values.",
)
@everywhere
def test_the_types_come_back_as_they_went(url: str) -> None:
    values: dict[str, Any] = {
        "key": uuid4(),
        "customer": "阿达",
        "note": None,
        "big": 2**40,
        "share": 0.25,
        "total": Decimal("12.50"),
        "paid": True,
        "state": dialects.State.SENT,
        "at": datetime(2026, 1, 2, 3, 4, 5),
        "at_zone": datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC),
        "scan": b"\0\xff",
        "extra": {"gift": [1, "二"]},
    }
    with engine_of(url) as engine:
        dialects.Base.metadata.create_all(engine)
        with orm.Session(engine) as session:
            session.add(dialects.Order(**values))
            session.commit()
            found = session.scalars(sa.select(dialects.Order)).one()
            at_zone = values.pop("at_zone").replace(tzinfo=found.at_zone.tzinfo)
            assert found.at_zone.replace(tzinfo=None) == at_zone.replace(tzinfo=None)
            assert {name: getattr(found, name) for name in values} == values
            assert isinstance(found.key, UUID)
        # an Enum stores the names
        with engine.connect() as connection:
            raw = sa.select(sa.literal_column("state")).select_from(dialects.Order.__table__)
            assert connection.scalar(raw) == "SENT"
        dialects.Base.metadata.drop_all(engine)


@proves(
    "guide/database-models",
    "SQLAlchemy does not know how to store Mapped[dict] and some other types.",
    "Declare that in type_annotation_map of the base, or in mapped_column.",
)
def test_a_type_that_is_not_known() -> None:
    with pytest.raises(exc.ArgumentError, match="Could not locate SQLAlchemy Core type"):

        class Unknown(new_base()):
            __tablename__ = "unknown"
            id: Mapped[int] = mapped_column(primary_key=True)
            extra: Mapped[dict]  # type: ignore[type-arg]


@proves(
    "guide/database-models",
    "Column has these arguments.",
    "A test compares the defaults with the installed SQLAlchemy.",
    "The third column has the defaults that old posts state.",
    "name | None | | name in the database; the first positional argument",
    "type_ | None | | type; the second positional argument. A column with a ForeignKey "
    "needs no type: it takes the type of the other column",
    "*args | | | ForeignKey, CheckConstraint, Sequence, Identity, Computed, ColumnDefault",
    "key | None | None | name in Python, if different from name",
    "primary_key | False | | True: the column belongs to the primary key",
    "nullable | not given | True | whether NULL is allowed: without the argument True, "
    "but False for a primary key and an Identity",
    "default | not given | None | value that SQLAlchemy inserts into a new row",
    "insert_default | not given | | the same as default; for mapped_column in a dataclass",
    "server_default | None | | value that the database inserts into a new row: DEFAULT in the SQL",
    "onupdate | None | | value that SQLAlchemy sets in each update",
    "server_onupdate | None | | tells SQLAlchemy that a trigger of the database changes "
    "the column; does not create the trigger",
    "index | None | True | True creates an index",
    "unique | None | False | True creates a unique constraint, or with index=True a unique index",
    'autoincrement | "auto" | True | see autoincrement',
    "quote | None | False | whether the name is quoted: True always, False never, None "
    "where needed",
    "comment | None | | comment in the database",
    "doc | None | | documentation in Python",
    "info | None | | a dictionary of your own",
    "system | False | | True: the database creates this column itself, so it is not in "
    "CREATE TABLE",
    "insert_sentinel | False | | True helps SQLAlchemy to insert many rows into a table "
    "without a suitable key",
)
def test_the_table_of_arguments_is_that_of_the_library() -> None:
    rows = {bare(row[0]): row for row in table_of("database-column")}
    assert "*args" in rows
    assert {name.lstrip("*") for name in rows} == set(PARAMETERS)
    for name, parameter in PARAMETERS.items():
        if name == "args":
            continue
        shown, notes = map(bare, rows[name][1:3])
        if shown == "not given":
            assert parameter.default.name in ("NO_ARG", "NULL_UNSPECIFIED")
        else:
            assert shown.replace('"', "'") == repr(parameter.default)
        assert notes == (repr(NOTES[name]) if name in NOTES else "")


@proves(
    "guide/database-models",
    "name | None | | name in the database; the first positional argument",
    "primary_key | False | | True: the column belongs to the primary key",
    "nullable | not given | True | whether NULL is allowed: without the argument True, "
    "but False for a primary key and an Identity",
    'autoincrement | "auto" | True | see autoincrement',
    'index, unique and quote are None, and autoincrement is "auto".',
    "It is False for a primary key.",
    "The attribute of the column is None.",
    "The argument has a marker that means “not given”, and None has the same effect.",
)
def test_what_a_column_is_without_arguments() -> None:
    plain = sa.Column("x", sa.Integer)
    found = {name: getattr(plain, name) for name in PARAMETERS if hasattr(plain, name)}
    assert found.pop("info") == {}
    none = ["default", "server_default", "onupdate", "server_onupdate", "index", "unique"]
    expected: dict[str, Any] = dict.fromkeys([*none, "comment", "doc"])
    expected |= {"name": "x", "key": "x", "primary_key": False, "nullable": True}
    assert found == expected | {"autoincrement": "auto", "system": False}
    assert sa.Column("x", sa.Integer, default=None).default is None
    assert sa.Column("x", sa.Integer, primary_key=True).nullable is False
    assert sa.Column("x", sa.Integer, sa.Identity()).nullable is False


@proves(
    "guide/database-models",
    "*args | | | ForeignKey, CheckConstraint, Sequence, Identity, Computed, ColumnDefault",
)
def test_the_arguments_that_are_objects() -> None:
    listed = re.findall(r"`(\w+)`", table_of("database-column")[2][3])
    assert listed == [
        "ForeignKey",
        "CheckConstraint",
        "Sequence",
        "Identity",
        "Computed",
        "ColumnDefault",
    ]
    for number, thing in enumerate(
        (
            sa.ForeignKey("other.id"),
            sa.CheckConstraint("x > 0"),
            sa.Sequence("s"),
            sa.Identity(),
            sa.Computed("1"),
            sa.ColumnDefault(3),
        )
    ):
        assert isinstance(thing, getattr(sa, listed[number]))
        sa.Column("x", sa.Integer, thing)
    assert sa.Column("x", sa.Integer, sa.ColumnDefault(3)).default.arg == 3


@proves(
    "guide/database-models",
    "type_ | None | | type; the second positional argument. A column with a ForeignKey "
    "needs no type: it takes the type of the other column",
)
def test_a_foreign_key_brings_the_type_and_nothing_else_does() -> None:
    metadata = sa.MetaData()
    sa.Table("author", metadata, sa.Column("id", sa.String(7), primary_key=True))
    book = sa.Table("book", metadata, sa.Column("author", sa.ForeignKey("author.id")))
    assert isinstance(book.c.author.type, sa.String)
    assert book.c.author.type.length == 7
    bare_table = sa.Table("bare", metadata, sa.Column("x"))
    with pytest.raises(exc.CompileError, match="did you forget to specify a type"):
        sa.schema.CreateTable(bare_table).compile(dialect=sa.make_url("sqlite://").get_dialect()())


@proves(
    "guide/database-models",
    "A misspelt argument raises TypeError: Additional arguments should be named "
    "<dialectname>_<argument>, got 'nulable'.",
)
@pytest.mark.parametrize("make", [sa.Column, mapped_column])
def test_a_misspelt_argument(make: Callable[..., Any]) -> None:
    with pytest.raises(TypeError) as caught:
        make(sa.Integer, nulable=False)
    assert f"`TypeError: {caught.value}`" in SAID


@proves(
    "guide/database-models",
    "server_onupdate | None | | tells SQLAlchemy that a trigger of the database changes "
    "the column; does not create the trigger",
)
def test_server_onupdate_makes_nothing() -> None:
    table = sa.Table(
        "t", sa.MetaData(), sa.Column("x", sa.Integer, server_onupdate=sa.FetchedValue())
    )
    assert str(sa.schema.CreateTable(table)).split()[-4:] == ["(", "x", "INTEGER", ")"]


@proves(
    "guide/database-models",
    "insert_default | not given | | the same as default; for mapped_column in a dataclass",
)
def test_insert_default_is_default() -> None:
    assert sa.Column("x", sa.Integer, insert_default=1).default.arg == 1
    with pytest.raises(exc.ArgumentError, match="mutually exclusive"):
        sa.Column("x", sa.Integer, insert_default=1, default=1)


@proves("guide/database-models", "All types are in sqlalchemy.types.")
def test_all_types_are_in_one_module() -> None:
    types = {
        name
        for name, thing in vars(sa).items()
        if inspect.isclass(thing) and issubclass(thing, sa.types.TypeEngine)
    }
    assert len(types) > 40
    assert types <= set(dir(sa.types))
    for name in ("Integer", "String", "JSON", "BigInteger", "LargeBinary", "Uuid", "Enum"):
        assert getattr(sa.types, name) is getattr(sa, name)


@proves(
    "guide/database-models",
    "deferred, deferred_group and deferred_raiseload load a column only when you use it.",
)
def test_a_deferred_column_is_loaded_when_it_is_used() -> None:
    class Page(new_base()):
        __tablename__ = "page"
        id: Mapped[int] = mapped_column(primary_key=True)
        text: Mapped[str] = mapped_column(deferred=True)

    sent: list[str] = []
    with engine_of("sqlite://") as engine, orm.Session(engine) as session:
        Page.metadata.create_all(engine)
        session.add(Page(text="long"))
        session.commit()
        listen_to(engine, sent)
        page = session.scalars(sa.select(Page)).one()
        assert sent == ["SELECT"]
        assert page.text == "long"
        assert sent == ["SELECT", "SELECT"]


@proves(
    "guide/database-models",
    "index | None | True | True creates an index",
    "unique | None | False | True creates a unique constraint, or with index=True a unique index",
    "A column has an index only if you pass index=True:",
)
def test_index_and_unique() -> None:
    table = sa.Table(
        "t",
        sa.MetaData(),
        sa.Column("plain", sa.Integer),
        sa.Column("i", sa.Integer, index=True),
        sa.Column("u", sa.Integer, unique=True),
        sa.Column("both", sa.Integer, index=True, unique=True),
    )
    assert {(index.name, index.unique) for index in table.indexes} == {
        ("ix_t_i", False),
        ("ix_t_both", True),
    }
    unique = [c for c in table.constraints if isinstance(c, sa.UniqueConstraint)]
    assert [constraint.columns.keys() for constraint in unique] == [["u"]]


@proves(
    "guide/database-models",
    "MariaDB creates an index for a foreign key itself.",
    "SQLite and PostgreSQL do not.",
)
@everywhere
def test_only_mariadb_makes_an_index_for_a_foreign_key(url: str) -> None:
    metadata = sa.MetaData()
    sa.Table("author", metadata, sa.Column("id", sa.Integer, primary_key=True))
    sa.Table("book", metadata, sa.Column("author_id", sa.ForeignKey("author.id")))
    with engine_of(url) as engine:
        metadata.create_all(engine)
        indexes = sa.inspect(engine).get_indexes("book")
        metadata.drop_all(engine)
        assert bool(indexes) is (engine.dialect.name == "mysql")


@proves(
    "guide/database-models",
    "comment | None | | comment in the database",
    "doc | None | | documentation in Python",
    "system | False | | True: the database creates this column itself, so it is not in "
    "CREATE TABLE",
)
def test_comment_is_in_the_database_and_doc_is_not() -> None:
    table = sa.Table("t", sa.MetaData(), sa.Column("x", sa.Integer, comment="one", doc="two"))
    ddl = str(sa.schema.CreateTable(table).compile(dialect=sa.make_url("mysql://").get_dialect()()))
    assert "COMMENT 'one'" in ddl
    assert "two" not in ddl
    hidden = sa.Table("t", sa.MetaData(), sa.Column("x", sa.Integer, system=True))
    assert "x" not in str(sa.schema.CreateTable(hidden)).split()


@proves(
    "guide/database-models",
    "quote | None | False | whether the name is quoted: True always, False never, None "
    "where needed",
    "SQLAlchemy quotes a reserved word and a name with capital letters by itself.",
    "quote=True is for a reserved word that SQLAlchemy does not know.",
    "With quote=False a reserved word is not quoted, and the database reports a syntax error.",
    "quote needs a name as the first argument.",
)
def test_quotes() -> None:
    def quoted(name: str, quote: bool | None = None) -> bool:
        table = sa.Table("t", sa.MetaData(), sa.Column(name, sa.Integer, quote=quote))
        return f'"{name}"' in str(sa.schema.CreateTable(table))

    assert [quoted(name) for name in ("plain", "order", "Capital")] == [False, True, True]
    assert quoted("plain", quote=True)
    assert not quoted("order", quote=False)
    for make in (sa.Column, mapped_column):
        with pytest.raises(exc.ArgumentError, match="Explicit 'name' is required"):
            column = make(sa.Integer, quote=True)
            assert isinstance(column, sa.Column)
    with engine_of("sqlite://") as engine, pytest.raises(exc.OperationalError, match="near"):
        sa.Table("t", sa.MetaData(), sa.Column("order", sa.Integer, quote=False)).create(engine)


@proves(
    "guide/database-models",
    'With "auto", the database numbers the column if it is an integer, is the only column '
    "of the primary key, and has neither a default nor a foreign key.",
    "In the last example, the database numbers id, but not n: outside the primary key the "
    "argument has no effect.",
    "True for a String key raises an error.",
    "BigInteger and SmallInteger are integer types too.",
)
def test_autoincrement() -> None:
    def counts(*columns: sa.Column[Any]) -> bool:
        return sa.Table("t", sa.MetaData(), *columns).autoincrement_column is not None

    for type_ in (sa.Integer, sa.BigInteger, sa.SmallInteger):
        assert counts(sa.Column("id", type_, primary_key=True))
        assert not counts(sa.Column("id", type_, primary_key=True, autoincrement=False))
    metadata = sa.MetaData()
    sa.Table("other", metadata, sa.Column("id", sa.Integer, primary_key=True))
    table = sa.Table("t", metadata, sa.Column("a", sa.ForeignKey("other.id"), primary_key=True))
    assert table.autoincrement_column is None
    with pytest.raises(exc.ArgumentError, match="is not compatible with autoincrement=True"):
        counts(sa.Column("id", sa.String, primary_key=True, autoincrement=True))
    table = sa.Table(
        "t",
        sa.MetaData(),
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("n", sa.Integer, autoincrement=True),
    )
    assert table.autoincrement_column is table.c.id
    assert "n INTEGER, " in str(sa.schema.CreateTable(table))


@proves(
    "guide/database-models",
    "SQLite needs nothing, because it numbers each INTEGER PRIMARY KEY.",
    "After the last row was deleted, SQLite uses its number again.",
    "sqlite_autoincrement=True on the table prevents that.",
)
def test_sqlite_gives_a_number_out_again() -> None:
    for never_again in (False, True):
        table = sa.Table(
            "t",
            sa.MetaData(),
            sa.Column("id", sa.Integer, primary_key=True),
            sqlite_autoincrement=never_again,
        )
        with engine_of("sqlite://") as engine, engine.begin() as connection:
            table.create(connection)

            def add() -> int:
                key = connection.execute(sa.insert(table).values()).inserted_primary_key  # noqa: B023
                return int(key[0])

            assert [add(), add()] == [1, 2]
            connection.execute(sa.delete(table).where(table.c.id == 2))
            assert add() == (3 if never_again else 2)


@proves(
    "guide/database-models",
    "mapped_column has all arguments of Column except insert_sentinel.",
    "It also has these:",
    "deferred, deferred_group and deferred_raiseload load a column only when you use it.",
    "active_history, sort_order and use_existing_column control the mapping.",
    "init, repr, default_factory, compare, kw_only, hash and dataclass_metadata are for "
    "models that are dataclasses.",
)
def test_what_mapped_column_adds() -> None:
    extra = set(inspect.signature(mapped_column).parameters) - set(PARAMETERS)
    names = {name for name in extra if name.islower() and not name.startswith("_")} - {"kw"}
    section = TEXT.partition("(database-mapped-column)=")[2].partition(")=\n")[0]
    shown = set(re.findall(r"`(\w+)`", section)) - {"Column", "mapped_column"}
    lacking = set(PARAMETERS) - set(inspect.signature(mapped_column).parameters)
    assert lacking == {"insert_sentinel"}
    assert shown == names | lacking
