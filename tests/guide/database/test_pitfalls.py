"""Pitfalls: docs/guide/database.md."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import exc, orm
from sqlalchemy.orm import DeclarativeBase, Mapped, MappedAsDataclass, mapped_column, relationship

from proven.claims.proofs import proves
from snippets.database import smallest
from tests.guide.database.common import NO_CONTEXT, SAID, TEXT, engine_of, mysql, new_base
from tests.servers import Server


@proves(
    "guide/database",
    "It needs an application context, which a command of app.cli has.",
    "db.create_all() or db.session was used in a script, at a Python prompt, or directly "
    "after db.init_app(app) in the application factory.",
)
def test_without_a_context(made: Callable[..., Flask]) -> None:
    made(smallest)
    for use in (smallest.db.create_all, lambda: smallest.db.session.scalars(sa.text("SELECT 1"))):
        with pytest.raises(RuntimeError) as caught:
            use()
        assert f"RuntimeError: {str(caught.value).splitlines()[0]}" == NO_CONTEXT
    assert f"{{pitfall}} `{NO_CONTEXT}`" in TEXT


@proves(
    "guide/database",
    "Flask-SQLAlchemy does not read DATABASE_URI, which some old posts set.",
    "The configuration key is missing, has another name such as DATABASE_URI, or was set "
    "after init_app.",
)
def test_without_a_uri() -> None:
    for config in ({}, {"DATABASE_URI": "sqlite://"}):
        app = Flask("no-uri")
        app.config.update(config)
        with pytest.raises(RuntimeError) as caught:
            SQLAlchemy(model_class=new_base()).init_app(app)
        assert f"{{pitfall}} `RuntimeError: {caught.value}`" in TEXT


@proves(
    "guide/database",
    "init_app was not called for this application, or there are two SQLAlchemy() objects.",
)
def test_an_application_that_is_not_registered() -> None:
    db = SQLAlchemy(model_class=new_base())
    with Flask("other").app_context(), pytest.raises(RuntimeError) as caught:
        db.session.execute(sa.text("SELECT 1"))
    said = str(caught.value).partition(" Did you")[0]
    assert f"{{pitfall}} `RuntimeError: {said}`" in TEXT


@proves("guide/database", "The URL does not contain ://.", "The dialect is called postgresql.")
@pytest.mark.parametrize(
    ("url", "error"),
    [
        ("", exc.ArgumentError),
        ("shop.db", exc.ArgumentError),
        ("postgres://db.example/shop", exc.NoSuchModuleError),
    ],
)
def test_urls_that_are_none(url: str, error: type[Exception]) -> None:
    with pytest.raises(error) as caught:
        sa.create_engine(url)
    said = f"sqlalchemy.exc.{error.__name__}: {caught.value}"
    assert f"{{pitfall}} `{said}`" in TEXT


@proves(
    "guide/database",
    "It imports the driver, so it raises an error if the URL is wrong or the driver is missing.",
    "mysql:// means the driver mysqldb.",
    "No module named 'psycopg2' comes from postgresql+psycopg2://, and No module named "
    "'psycopg' from postgresql://.",
)
@pytest.mark.parametrize(
    ("url", "module"),
    [
        ("mysql://u@h/d", "MySQLdb"),
        ("postgresql+psycopg2://u@h/d", "psycopg2"),
        ("postgresql://u@h/d", "psycopg"),
    ],
)
def test_a_missing_driver(url: str, module: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(ModuleNotFoundError) as caught:
        sa.create_engine(url)
    assert caught.value.name == module
    assert f"No module named '{module}'" in SAID


@proves(
    "guide/database",
    "The folder of the file does not exist, or a slash is missing: "
    "sqlite:///var/lib/shop.db is a relative path.",
)
def test_a_database_file_in_no_folder(tmp_path: Path) -> None:
    nowhere = engine_of(f"sqlite:///{tmp_path}/none/shop.db")
    with nowhere as engine, pytest.raises(exc.OperationalError) as caught:
        engine.connect()
    assert f"{{pitfall}} `sqlite3.OperationalError: {caught.value.orig}`" in TEXT
    assert sa.make_url("sqlite:///var/lib/shop.db").database == "var/lib/shop.db"


@proves(
    "guide/database",
    "Only one connection at a time can write to an SQLite database.",
    "Another connection did not commit within five seconds.",
    'Commit earlier, or wait longer: SQLALCHEMY_ENGINE_OPTIONS = {"connect_args": '
    '{"timeout": 30}}.',
)
def test_a_locked_database(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/x.db"
    options = {"connect_args": {"timeout": 0.1}}
    with engine_of(url) as engine, engine_of(url, **options) as other:
        with engine.begin() as connection:
            connection.execute(sa.text("CREATE TABLE t (x INTEGER)"))
        with engine.connect() as connection:
            connection.execute(sa.text("INSERT INTO t VALUES (1)"))
            with pytest.raises(exc.OperationalError) as caught, other.connect() as second:
                second.execute(sa.text("INSERT INTO t VALUES (2)"))
            with engine.connect() as reader:
                assert reader.scalar(sa.text("PRAGMA busy_timeout")) == 5000
        with other.begin() as second:
            second.execute(sa.text("INSERT INTO t VALUES (2)"))
    assert f"{{pitfall}} `sqlite3.OperationalError: {caught.value.orig}`" in TEXT


@proves(
    "guide/database",
    "A wrong host or password raises an error with the first statement.",
    "The user name or the password is wrong, or this user may not connect from this host.",
    "SQLAlchemy creates tables, but not the database.",
    'PostgreSQL reports FATAL: database "shop" does not exist.',
)
def test_a_server_that_refuses(mariadb_server: Server, postgresql_server: Server) -> None:
    at = f"127.0.0.1:{mariadb_server.port}"
    for url, shown in (
        (f"mysql+pymysql://shop:wrong@{at}/test", True),
        (f"mysql+pymysql://root@{at}/shop2", False),
        (f"postgresql://postgres@127.0.0.1:{postgresql_server.port}/shop2", False),
    ):
        with engine_of(url) as engine, pytest.raises(exc.OperationalError) as caught:
            engine.connect()
        said = " ".join(str(caught.value.orig).replace("shop2", "shop").split())
        if shown or "mysql" in url:
            assert f"{{pitfall}} `{said}`" in TEXT
        else:
            assert f"`{said[said.index('FATAL') :]}`" in SAID


@proves(
    "guide/database-models",
    "Either the name of the table is wrong, or the module with the other model was not imported.",
    "db.Model gives the table of Author the name author.",
)
def test_a_foreign_key_to_no_table() -> None:
    class Book(new_base()):
        __tablename__ = "book"
        id: Mapped[int] = mapped_column(primary_key=True)
        author_id: Mapped[int] = mapped_column(sa.ForeignKey("authors.id"))

    with engine_of("sqlite://") as engine, pytest.raises(exc.NoReferencedTableError) as caught:
        Book.metadata.create_all(engine)
    assert f"{{pitfall}} `NoReferencedTableError: {caught.value}`" in TEXT
    db = SQLAlchemy(model_class=new_base())

    class Author(db.Model):
        id: Mapped[int] = mapped_column(primary_key=True)

    assert Author.__tablename__ == "author"


@proves(
    "guide/database-queries", 'relationship("Book") names a model whose module was not imported.'
)
def test_a_relationship_to_no_class() -> None:
    class Author(new_base()):
        __tablename__ = "author"
        id: Mapped[int] = mapped_column(primary_key=True)
        books = relationship("Book")

    with pytest.raises(exc.InvalidRequestError) as caught:
        Author()
    said = str(caught.value).partition(" If this is")[0]
    assert f"{{pitfall}} `InvalidRequestError: {said}`" in TEXT


@proves(
    "guide/database-models",
    "Two classes have the same table, or one module was imported under two names, such as "
    "models and shop.models.",
    "The message suggests extend_existing=True, which hides the cause.",
)
def test_a_table_that_is_defined_twice() -> None:
    base = new_base()
    body = {"__tablename__": "author", "id": mapped_column(sa.Integer, primary_key=True)}
    type("Author", (base,), dict(body))
    with pytest.raises(exc.InvalidRequestError) as caught:
        type("Author2", (base,), {**body, "id": mapped_column(sa.Integer, primary_key=True)})
    said, _, offer = str(caught.value).partition("  Specify ")
    assert f"{{pitfall}} `InvalidRequestError: {said}`" in TEXT
    assert "extend_existing=True" in offer


@proves(
    "guide/database-queries",
    "The URL contains a key with more than 64 bits, such as /notes/99999999999999999999.",
    "Write the rule as <int(max=9223372036854775807):key>, and the application responds with 404.",
)
def test_a_key_beyond_64_bits(made: Callable[..., Flask]) -> None:
    app = made(smallest)
    app.add_url_rule(
        "/limited/<int(max=9223372036854775807):key>",
        view_func=lambda key: smallest.db.get_or_404(smallest.Note, key).text,
        endpoint="limited",
    )
    client = app.test_client()
    with pytest.raises(OverflowError) as caught:
        client.get("/notes/99999999999999999999")
    assert f"{{pitfall}} `OverflowError: {caught.value}`" in TEXT
    for number in ("99999999999999999999", "9223372036854775807"):
        assert client.get(f"/limited/{number}").status_code == 404


@proves(
    "guide/database-models",
    "MySQL needs a length for each String.",
    "The column has only the annotation Mapped[str].",
)
@mysql
def test_a_string_without_a_length(url: str) -> None:
    table = sa.Table("v", sa.MetaData(), sa.Column("x", sa.String))
    with engine_of(url) as engine, pytest.raises(exc.CompileError) as caught:
        table.create(engine)
    assert f"{{pitfall}} `sqlalchemy.exc.CompileError: {caught.value}`" in TEXT


@proves(
    "guide/database-models",
    "SQLite needs nothing, because it numbers each INTEGER PRIMARY KEY.",
    "The primary key is a BigInteger.",
    "SQLite numbers only an INTEGER PRIMARY KEY.",
    'Write BigInteger().with_variant(Integer, "sqlite").',
)
def test_a_big_integer_key_on_sqlite() -> None:
    big = sa.BigInteger()
    for type_, works in ((big, False), (big.with_variant(sa.Integer, "sqlite"), True)):
        key = sa.Column("id", type_, primary_key=True)
        table = sa.Table("t", sa.MetaData(), key, sa.Column("x", sa.Integer))
        with engine_of("sqlite://") as engine, engine.begin() as connection:
            table.create(connection)
            if works:
                assert connection.execute(sa.insert(table).values(x=1)).inserted_primary_key == (1,)
                continue
            with pytest.raises(exc.IntegrityError) as caught:
                connection.execute(sa.insert(table).values(x=1))
    assert f"{{pitfall}} `sqlite3.IntegrityError: {caught.value.orig}`" in TEXT


@proves(
    "guide/database-queries",
    "The code caught an exception of the database, and went on to use the session.",
    "Call db.session.rollback() where you catch the exception, or use a savepoint.",
    "The first exception is at the end of the message.",
)
def test_a_session_after_a_swallowed_error(library: Any) -> None:
    session, user = library.session, library.user
    session.add(user(name="ada"))
    session.commit()
    session.add(user(name="ada"))
    with pytest.raises(exc.IntegrityError):
        session.flush()
    with pytest.raises(exc.PendingRollbackError) as caught:
        session.scalars(sa.select(user))
    said = str(caught.value)
    first = said.partition(" To begin")[0]
    assert f"{{pitfall}} `{first}`" in TEXT
    assert "UNIQUE constraint failed: users.name" in said.partition("Original exception was:")[2]
    session.rollback()
    assert len(session.scalars(sa.select(user)).all()) == 1


@proves(
    "guide/database-queries",
    "The object is used after its session was closed, because it was stored in a global "
    "variable, a cache or a thread.",
    "A commit expires objects.",
    "Then the message ends with attribute refresh operation cannot proceed.",
)
def test_an_object_that_outlived_its_session(library: Any) -> None:
    session = library.session
    session.add(ada := library.user(name="ada"))
    session.commit()
    session.expunge(ada)
    with pytest.raises(orm.exc.DetachedInstanceError) as caught:
        assert ada.name
    assert "attribute refresh operation cannot proceed" in str(caught.value)
    ada = session.scalars(sa.select(library.user)).one()
    session.close()
    with pytest.raises(orm.exc.DetachedInstanceError) as caught:
        assert ada.posts
    said = re.sub(r"0x[0-9a-f]+", "0x...", str(caught.value).partition(" (Background")[0])
    assert f"{{pitfall}} `DetachedInstanceError: {said}`" in TEXT
    assert "attribute refresh operation cannot proceed" in SAID


@proves(
    "guide/database-queries",
    "with db.session.begin(): was called after a statement.",
    "The session begins a transaction itself.",
    "Call commit at the end, or begin_nested for a part.",
)
def test_a_transaction_that_is_begun(made: Callable[..., Flask]) -> None:
    with made(smallest).app_context():
        session = smallest.db.session
        session.execute(sa.text("SELECT 1"))
        with pytest.raises(exc.InvalidRequestError) as caught:
            session.begin()
        with session.begin_nested():
            session.add(smallest.Note(text="part"))
    assert f"{{pitfall}} `InvalidRequestError: {caught.value}`" in TEXT


@proves(
    "guide/database-queries",
    "joinedload of a collection returns the parent object several times.",
    "Call .unique() on the result, or use selectinload.",
)
def test_joined_collections_need_unique(library: Any) -> None:
    library.session.add(ada := library.user(name="ada", posts=[library.post(), library.post()]))
    library.session.commit()
    query = sa.select(library.user).options(orm.joinedload(library.user.posts))
    with pytest.raises(exc.InvalidRequestError) as caught:
        library.session.scalars(query).all()
    assert f"{{pitfall}} `InvalidRequestError: {caught.value}`" in TEXT
    assert library.session.scalars(query).unique().all() == [ada]
    selectin = sa.select(library.user).options(orm.selectinload(library.user.posts))
    assert library.session.scalars(selectin).all() == [ada]


@proves(
    "guide/database-models",
    "SQLAlchemy(model_class=Base) got a Base that inherits from MappedAsDataclass.",
    "Flask-SQLAlchemy copies this base, and SQLAlchemy refuses the copy.",
    "Put MappedAsDataclass on the models: class Note(MappedAsDataclass, db.Model).",
)
def test_dataclasses() -> None:
    class Base(MappedAsDataclass, DeclarativeBase):
        pass

    with pytest.raises(exc.InvalidRequestError) as caught:

        class Broken(SQLAlchemy(model_class=Base).Model):
            id: Mapped[int] = mapped_column(primary_key=True, init=False)

    said = re.sub(r"'[^']*\.", "'...", str(caught.value), count=1).partition(";")[0]
    assert f"{{pitfall}} `InvalidRequestError: {said}`" in TEXT
    db = SQLAlchemy(model_class=new_base())

    class Note(MappedAsDataclass, db.Model):
        __tablename__ = "note"
        id: Mapped[int] = mapped_column(primary_key=True, init=False)
        text: Mapped[str]

    assert "text='bread'" in repr(Note(text="bread"))
