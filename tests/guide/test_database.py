"""Every claim of the page on databases, proved: on SQLite, MariaDB with two drivers, and PostgreSQL."""

import contextlib
import importlib.util
import inspect
import os
import re
import sys
import threading
import time
import warnings
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from importlib.metadata import packages_distributions
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any
from urllib.parse import quote, quote_plus
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from flask_sqlalchemy import SQLAlchemy
from flask_sqlalchemy.model import Model
from flask_sqlalchemy.query import Query
from flask_sqlalchemy.record_queries import get_recorded_queries
from sqlalchemy import exc, orm
from sqlalchemy.orm import DeclarativeBase, Mapped, MappedAsDataclass, mapped_column, relationship
from sqlalchemy.pool import NullPool, QueuePool, StaticPool

from snippets.database import (
    columns,
    constraints,
    defaults,
    dialects,
    generated,
    init_db,
    inside,
    keyset,
    loading,
    pages,
    pool_options,
    queries,
    relationships,
    rolled_back,
    savepoints,
    smallest,
    sqlite_foreign_keys,
    transactions,
    two_databases,
    url_parts,
    without_extension,
)
from tests.servers import Server, mariadb_server, postgresql_server, wait_for

__all__ = ["mariadb_server", "postgresql_server"]

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs/guide/database.md").read_text(encoding="utf-8")
# wherever its lines end
SAID = " ".join(TEXT.split())
NO_CONTEXT = "RuntimeError: Working outside of application context."

BACKENDS = ["sqlite", "mysqldb", "pymysql", "psycopg"]


def table_of(label: str, number: int = 0) -> list[list[str]]:
    """Return the cells of a table below a label of the page, without its head."""
    section = TEXT.partition(f"\n({label})=\n")[2].partition("\n(database-")[0]
    tables = re.findall(r"(?:^\|.*\n)+", section, re.MULTILINE)
    rows = [re.split(r" *(?<!\\)\| *", line.strip("|\n ")) for line in tables[number].splitlines()]
    return rows[2:]


def bare(cell: str) -> str:
    return cell.strip("`")


# Databases


def need_mysqlclient() -> None:
    """Skip a test that needs the driver in C (fail, where ``CI`` is set)."""
    if importlib.util.find_spec("MySQLdb") is None:
        reason = "mysqlclient not found; install with: pip install mysqlclient"
        (pytest.fail if os.environ.get("CI") else pytest.skip)(reason)


@pytest.fixture
def url(request: pytest.FixtureRequest) -> Iterator[str]:
    """The URL of an empty database; by default one in memory, for other backends by parameter."""
    backend: str = getattr(request, "param", "sqlite")
    if backend == "sqlite":
        yield "sqlite://"
        return
    if backend == "mysqldb":
        need_mysqlclient()
    if backend == "psycopg":
        server: Server = request.getfixturevalue("postgresql_server")
        url = f"postgresql+psycopg://postgres@127.0.0.1:{server.port}/postgres"
        empty = ["DROP SCHEMA public CASCADE", "CREATE SCHEMA public"]
        base = url
    else:
        server = request.getfixturevalue("mariadb_server")
        base = f"mysql+{backend}://root@127.0.0.1:{server.port}/"
        url = f"{base}shop"
        empty = ["DROP DATABASE IF EXISTS shop", "CREATE DATABASE shop CHARACTER SET utf8mb4"]
    engine = sa.create_engine(base, isolation_level="AUTOCOMMIT", poolclass=NullPool)
    with engine.connect() as connection:
        for statement in empty:
            connection.execute(sa.text(statement))
    yield url


everywhere = pytest.mark.parametrize("url", BACKENDS, indirect=True)
mysql = pytest.mark.parametrize("url", ["mysqldb", "pymysql"], indirect=True)


@contextlib.contextmanager
def engine_of(url: str, **options: Any) -> Iterator[sa.Engine]:
    engine = sa.create_engine(url, **options)
    try:
        yield engine
    finally:
        engine.dispose()


@pytest.fixture
def made() -> Iterator[Callable[..., Flask]]:
    """Make applications, and close their connections in the end."""
    apps: list[Flask] = []

    def make(source: ModuleType | SQLAlchemy, *arguments: Any, **options: Any) -> Flask:
        if isinstance(source, SQLAlchemy):
            app = Flask("database-test", instance_path=options.pop("instance_path", None))
            app.config.update({"SQLALCHEMY_DATABASE_URI": "sqlite://"} | options)
            source.init_app(app)
        else:
            app = source.create_app(*arguments, **options)
        app.testing = True
        apps.append(app)
        return app

    yield make
    for app in apps:
        with app.app_context():
            for engine in app.extensions["sqlalchemy"].engines.values():
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


# The smallest application


@everywhere
def test_the_smallest_runs_on_all(url: str, made: Callable[..., Flask]) -> None:
    client = made(smallest, url).test_client()
    assert client.post("/notes", data={"text": "bread 😀"}).get_json() == {"id": 1}
    assert client.get("/notes").get_json() == ["bread 😀"]
    assert client.get("/notes/1").text == "bread 😀"
    assert client.get("/notes/2").status_code == 404


# URLs

URLS = table_of("database-url")


def test_there_are_urls_to_check() -> None:
    assert len(URLS) == 9
    assert {bare(row[2]) for row in URLS} == {"pysqlite", "mysqldb", "pymysql", "psycopg"}


@pytest.mark.parametrize("row", URLS, ids=[row[1] for row in URLS])
def test_each_url_has_the_driver_that_the_page_says(row: list[str]) -> None:
    name, text, driver, package = map(bare, row)
    url = sa.make_url(text)
    dialect = url.get_dialect()()
    assert dialect.driver == driver
    assert dialect.name == name.split()[0].strip(",").lower()
    if driver == "pysqlite":
        path = {"in": None, "relative": "shop.db", "absolute": "/var/lib/shop.db"}
        assert url.database == path[name.split()[1]]
        return
    assert (url.username, url.password, url.host) == ("shop", "dev", "db.example")
    assert (url.database, url.port) == ("shop", sa.make_url(text).port)
    if driver == "mysqldb":
        need_mysqlclient()
    module = url.get_dialect().import_dbapi().__name__.partition(".")[0]
    assert package.partition("[")[0] in [name.lower() for name in packages_distributions()[module]]


@pytest.mark.parametrize("name", ["mysql", "mariadb+pymysql", "mysql+mysqldb", "mysql+pymysql"])
def test_mariadb_is_reached_by_each_name(name: str, mariadb_server: Server) -> None:
    if "pymysql" not in name:
        need_mysqlclient()
    url = f"{name}://root@127.0.0.1:{mariadb_server.port}/test"
    with engine_of(url) as engine, engine.connect() as connection:
        assert "MariaDB" in connection.scalar(sa.text("SELECT version()"))


@pytest.mark.parametrize("name", ["postgresql", "postgresql+psycopg"])
def test_postgresql_is_reached_by_each_name(name: str, postgresql_server: Server) -> None:
    with engine_of(f"{name}://postgres@127.0.0.1:{postgresql_server.port}/postgres") as engine:
        assert engine.dialect.driver == "psycopg"
        with engine.connect() as connection:
            assert connection.scalar(sa.text("SELECT version()")).startswith("PostgreSQL")


def test_a_wrong_url_fails_at_once_and_a_wrong_host_at_the_first_statement() -> None:
    with pytest.raises(exc.NoSuchModuleError):
        sa.create_engine("nosuch://db.example/shop")
    nobody = pytest.raises(exc.OperationalError, match="Can't connect")
    with engine_of("mysql+pymysql://root@127.0.0.1:1/test") as engine, nobody:
        engine.connect()


def test_a_relative_file_is_in_the_current_folder_or_in_the_instance_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, made: Callable[..., Flask]
) -> None:
    monkeypatch.chdir(tmp_path)
    with engine_of("sqlite:///plain.db") as engine, engine.connect() as connection:
        connection.execute(sa.text("CREATE TABLE t (x)"))
    assert (tmp_path / "plain.db").exists()
    instance = tmp_path / "made" / "instance"
    db = SQLAlchemy(model_class=new_base())
    app = made(db, SQLALCHEMY_DATABASE_URI="sqlite:///shop.db", instance_path=str(instance))
    with app.app_context():
        db.session.execute(sa.text("CREATE TABLE t (x)"))
        assert db.engine.url.database == str(instance / "shop.db")
    assert (instance / "shop.db").exists()
    assert not (tmp_path / "shop.db").exists()


def test_memory_belongs_to_a_connection(made: Callable[..., Flask]) -> None:
    app = made(smallest)
    seen: list[object] = []

    def look(client: FlaskClient) -> None:
        seen.append(client.get("/notes").get_json())

    post(app.test_client(), "/notes", 201, text="bread")
    with app.app_context():
        assert isinstance(smallest.db.engine.pool, StaticPool)
    thread = threading.Thread(target=look, args=(app.test_client(),))
    thread.start()
    thread.join()
    assert seen == [["bread"]]

    with engine_of("sqlite://") as engine:

        def ask() -> None:
            with engine.connect() as connection:
                try:
                    seen.append(connection.scalar(sa.text("SELECT 1 FROM note")))
                except exc.OperationalError as error:
                    seen.append(str(error.orig))
                # closed here, because SQLite lets no other thread close it
                connection.invalidate()

        with engine.begin() as connection:
            connection.execute(sa.text("CREATE TABLE note (x)"))
        thread = threading.Thread(target=ask)
        thread.start()
        thread.join()
    assert seen[1] == "no such table: note"


def test_the_notes_memory_url() -> None:
    with pytest.raises(ValueError) as caught:
        sa.create_engine("sqlite://:memory:")
    assert str(caught.value) == "invalid literal for int() with base 10: 'memory:'"
    assert f"ValueError: {caught.value}" in TEXT


def test_a_url_from_parts_keeps_the_password_and_hides_it() -> None:
    client = url_parts.app.test_client()
    answer = client.get("/parts").get_json()
    assert answer["password"] == url_parts.PASSWORD
    assert answer["shown"] == "mysql+pymysql://shop:***@db.example/shop?charset=utf8mb4"
    assert url_parts.PASSWORD not in answer["text"]
    assert client.get("/pasted").get_json() == {"host": "ss w", "password": "p"}


def test_an_at_and_a_percent_must_be_escaped_by_hand() -> None:
    def kept(password: str) -> bool:
        url = sa.make_url(f"mysql+pymysql://shop:{password}@db.example/shop")
        return (url.password, url.host, url.database) == (password, "db.example", "shop")

    assert [sign for sign in "@:/?#[] +&=!$'%" if not kept(f"a{sign}41b")] == ["@", "%"]
    odd = "p@ss w:r/d+#1%41"
    assert sa.make_url(f"mysql://u:{quote(odd, safe='')}@h/d").password == odd
    assert sa.make_url(f"mysql://u:{quote_plus('a b')}@h/d").password == "a+b"
    assert sa.make_url("mysql://u:a%40b%25@h/d").password == "a@b%"


def test_an_engine_hides_the_password() -> None:
    with engine_of("mysql+pymysql://shop:dev@db.example/shop") as engine:
        assert repr(engine) == "Engine(mysql+pymysql://shop:***@db.example/shop)"


def test_one_driver_is_written_in_c_and_one_in_python() -> None:
    need_mysqlclient()
    compiled = {}
    for name in ("MySQLdb", "pymysql"):
        files = Path(str(importlib.util.find_spec(name).origin)).parent.rglob("*")
        compiled[name] = any(file.suffix in {".so", ".pyd"} for file in files)
    assert compiled == {"MySQLdb": True, "pymysql": False}


@mysql
def test_localhost_is_a_socket_for_one_driver(url: str) -> None:
    local = sa.make_url(url).set(host="localhost")
    port = None
    wrong = contextlib.suppress(exc.OperationalError)
    with engine_of(local) as engine, wrong, engine.connect() as connection:
        port = connection.scalar(sa.text("SELECT @@port"))
    assert (port == local.port) is (local.get_driver_name() == "pymysql")


def test_the_configuration_takes_a_url_object(made: Callable[..., Flask]) -> None:
    db = SQLAlchemy(model_class=new_base())
    url = sa.URL.create("mysql+pymysql", username="u", password="p@ss", host="h", database="d")
    with made(db, SQLALCHEMY_DATABASE_URI=url).app_context():
        assert (db.engine.url.password, db.engine.url.host) == ("p@ss", "h")


def test_what_flask_sqlalchemy_adds_for_mysql(made: Callable[..., Flask]) -> None:
    need_mysqlclient()
    for name, charset, recycle in (
        ("mysql+pymysql", "utf8mb4", 7200),
        ("mysql", "utf8mb4", 7200),
        ("mariadb+pymysql", None, -1),
        ("postgresql", None, -1),
    ):
        db = SQLAlchemy(model_class=new_base())
        with made(db, SQLALCHEMY_DATABASE_URI=f"{name}://u@h/d").app_context():
            assert db.engine.url.query.get("charset") == charset
            assert db.engine.pool._recycle == recycle


@mysql
def test_a_table_in_another_character_set_refuses_the_text(url: str) -> None:
    with engine_of(f"{url}?charset=utf8mb4") as engine, engine.connect() as connection:
        connection.execute(sa.text("CREATE TABLE l (x VARCHAR(9)) CHARACTER SET latin1"))
        connection.execute(sa.text("CREATE TABLE u (x VARCHAR(9))"))
        for text in ("😀", "中文"):
            with pytest.raises(exc.DBAPIError) as caught:
                connection.execute(sa.text("INSERT INTO l VALUES (:x)"), {"x": text})
            connection.execute(sa.text("INSERT INTO u VALUES (:x)"), {"x": text})
            if text == "😀":
                shown = re.findall(r"`(Incorrect string value: [^`]+)`", SAID)[0]
                assert shown in str(caught.value.orig.args[1])
        assert connection.scalar(sa.text("SELECT count(*) FROM u")) == 2


def test_the_configuration_keys_and_their_defaults(made: Callable[..., Flask]) -> None:
    app = Flask("keys")
    db = SQLAlchemy(model_class=new_base(), engine_options={"url": "sqlite://"})
    db.init_app(app)
    found = {key: repr(app.config[key]) for key in app.config if key.startswith("SQLALCHEMY")}
    assert found == {bare(key): bare(default) for key, default, _ in table_of("database-config")}
    app.config["SQLALCHEMY_DATABASE_URI"] = "sqlite:///other.db"
    with app.app_context():
        assert str(db.engine.url) == "sqlite://"
        db.engine.dispose()


def test_echo_writes_statements_to_the_log(
    made: Callable[..., Flask], caplog: pytest.LogCaptureFixture
) -> None:
    for echo in (False, True):
        db = SQLAlchemy(model_class=new_base())
        with made(db, SQLALCHEMY_ECHO=echo).app_context():
            db.session.execute(sa.text("SELECT 42"))
        assert ("SELECT 42" in caplog.text) is echo


# Columns


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


def test_what_db_model_adds_to_the_base() -> None:
    db = SQLAlchemy(model_class=new_base())

    class LongName(db.Model):
        id: Mapped[int] = mapped_column(primary_key=True)

    assert LongName.__tablename__ == "long_name"
    assert repr(LongName()).startswith("<LongName (transient ")
    assert issubclass(db.Model, Model)
    assert "query" in vars(Model)
    assert "query" not in dir(new_base())
    assert db.Model.metadata is db.metadata


def test_the_types_on_each_database() -> None:
    client = dialects.app.test_client()
    ddl = {name: client.get(f"/{name}").text for name in ("sqlite", "mysql", "postgresql")}
    assert "id INTEGER NOT NULL AUTO_INCREMENT" in ddl["mysql"]
    assert "id SERIAL NOT NULL" in ddl["postgresql"]
    assert "AUTOINCREMENT" not in ddl["sqlite"]
    assert "at_zone TIMESTAMP WITH TIME ZONE NOT NULL" in ddl["postgresql"]
    assert "ENUM('NEW','SENT')" in ddl["mysql"]
    assert all("\n    note TEXT, " in text for text in ddl.values())


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


def test_a_type_that_is_not_known() -> None:
    with pytest.raises(exc.ArgumentError, match="Could not locate SQLAlchemy Core type"):

        class Unknown(new_base()):
            __tablename__ = "unknown"
            id: Mapped[int] = mapped_column(primary_key=True)
            extra: Mapped[dict]  # type: ignore[type-arg]


PARAMETERS = {
    name: parameter
    for name, parameter in inspect.signature(sa.Column.__init__).parameters.items()
    if name.islower() and not name.startswith("_") and name not in {"self", "dialect_kwargs"}
}
NOTES = {"key": None, "nullable": True, "default": None, "index": True, "unique": False}
NOTES |= {"autoincrement": True, "quote": False}


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


def test_a_foreign_key_brings_the_type_and_nothing_else_does() -> None:
    metadata = sa.MetaData()
    sa.Table("author", metadata, sa.Column("id", sa.String(7), primary_key=True))
    book = sa.Table("book", metadata, sa.Column("author", sa.ForeignKey("author.id")))
    assert isinstance(book.c.author.type, sa.String)
    assert book.c.author.type.length == 7
    bare_table = sa.Table("bare", metadata, sa.Column("x"))
    with pytest.raises(exc.CompileError, match="did you forget to specify a type"):
        sa.schema.CreateTable(bare_table).compile(dialect=sa.make_url("sqlite://").get_dialect()())


@pytest.mark.parametrize("make", [sa.Column, mapped_column])
def test_a_misspelt_argument(make: Callable[..., Any]) -> None:
    with pytest.raises(TypeError) as caught:
        make(sa.Integer, nulable=False)
    assert f"`TypeError: {caught.value}`" in SAID


def test_server_onupdate_makes_nothing() -> None:
    table = sa.Table(
        "t", sa.MetaData(), sa.Column("x", sa.Integer, server_onupdate=sa.FetchedValue())
    )
    assert str(sa.schema.CreateTable(table)).split()[-4:] == ["(", "x", "INTEGER", ")"]


def test_insert_default_is_default() -> None:
    assert sa.Column("x", sa.Integer, insert_default=1).default.arg == 1
    with pytest.raises(exc.ArgumentError, match="mutually exclusive"):
        sa.Column("x", sa.Integer, insert_default=1, default=1)


def test_all_types_are_in_one_module() -> None:
    for name in ("Integer", "String", "JSON", "BigInteger", "LargeBinary", "Uuid", "Enum"):
        assert getattr(sa.types, name) is getattr(sa, name)


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


def test_comment_is_in_the_database_and_doc_is_not() -> None:
    table = sa.Table("t", sa.MetaData(), sa.Column("x", sa.Integer, comment="one", doc="two"))
    ddl = str(sa.schema.CreateTable(table).compile(dialect=sa.make_url("mysql://").get_dialect()()))
    assert "COMMENT 'one'" in ddl
    assert "two" not in ddl
    hidden = sa.Table("t", sa.MetaData(), sa.Column("x", sa.Integer, system=True))
    assert "x" not in str(sa.schema.CreateTable(hidden)).split()


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


def test_what_mapped_column_adds() -> None:
    extra = set(inspect.signature(mapped_column).parameters) - set(PARAMETERS)
    names = {name for name in extra if name.islower() and not name.startswith("_")} - {"kw"}
    section = TEXT.partition("(database-mapped-column)=")[2].partition("\n(database-")[0]
    shown = set(re.findall(r"`(\w+)`", section)) - {"Column", "mapped_column"}
    lacking = set(PARAMETERS) - set(inspect.signature(mapped_column).parameters)
    assert lacking == {"insert_sentinel"}
    assert shown == names | lacking


# Defaults


@everywhere
def test_defaults_of_python_and_of_the_database(url: str, made: Callable[..., Flask]) -> None:
    client = made(defaults, url).test_client()
    post(client, "/orm", title="Tea")
    post(client, "/sql", title="Rice")
    client.put("/orm", data={"title": "Green tea"})
    client.put("/sql", data={"title": "Black tea"})
    rows = {row.pop("title"): row for row in client.get("/").get_json()}
    assert rows == {
        "Black tea": {"tags": "new", "edits": 1, "source": "unknown"},
        "Rice": {"tags": None, "edits": None, "source": "unknown"},
    }


def test_the_rules_of_defaults() -> None:
    counter = iter(range(100))

    def make_slug(context: Any) -> str:
        return str(context.get_current_parameters()["title"]).lower()

    class Page(new_base()):
        __tablename__ = "page"
        id: Mapped[int] = mapped_column(primary_key=True)
        title: Mapped[str]
        slug: Mapped[str | None] = mapped_column(default=make_slug)
        number: Mapped[int | None] = mapped_column(default=sa.text("40 + 2"))
        zero: Mapped[int | None] = mapped_column(server_default="0")
        changed: Mapped[int | None] = mapped_column(onupdate=lambda: next(counter))
        made: Mapped[datetime] = mapped_column(server_default=sa.func.now())

    table = Page.__table__
    with engine_of("sqlite://") as engine, orm.Session(engine) as session:
        Page.metadata.create_all(engine)
        page = Page(title="Tea")
        session.add(page)
        assert (page.slug, page.zero) == (None, None)
        session.flush()
        assert (page.slug, page.number, page.zero, page.changed) == ("tea", 42, 0, None)
        assert isinstance(page.made, datetime)
        page.title = "Tea"
        session.flush()
        assert page.changed is None
        page.title = "Coffee"
        session.flush()
        assert page.changed == 0
        session.execute(sa.update(table).values(title="Milk", changed=77))
        session.refresh(page)
        assert page.changed == 77
        # None in the ORM, null(), and None in Core
        for none in (None, sa.null()):
            session.add(other := Page(title="X", slug=none, zero=none))
            session.flush()
            assert (other.slug, other.zero) == ((None, None) if none is not None else ("x", 0))
        key = session.execute(sa.insert(table).values(title="Y", slug=None, zero=None))
        row = session.get(Page, key.inserted_primary_key[0])
        assert row is not None
        assert (row.slug, row.zero) == (None, None)


def test_a_default_that_is_a_value_is_one_moment() -> None:
    once = sa.Column("at", sa.DateTime, default=datetime.now())
    each = sa.Column("at", sa.DateTime, default=datetime.now)
    assert once.default.is_scalar
    assert each.default.is_callable


# Constraints


@everywhere
def test_broken_constraints_are_answered(url: str, made: Callable[..., Flask]) -> None:
    app = made(constraints, url)
    client = app.test_client()
    post(client, "/authors/1/books", 201, title="Emma", year=1815)
    post(client, "/authors/1/books", 409, title="Emma", year=1816)
    post(client, "/authors/9/books", 409, title="Utopia", year=1516)
    bad = {"title": "Iliad", "year": "-800"}
    if "mysql" in url:
        with pytest.raises(exc.OperationalError, match="ck_book_year"):
            client.post("/authors/1/books", data=bad)
    else:
        assert "ck_book_year" in post(client, "/authors/1/books", 409, **bad)
    with app.app_context():
        inspector = sa.inspect(constraints.db.engine)
        assert [u["name"] for u in inspector.get_unique_constraints("book")] == [
            "uq_book_author_id_title"
        ]
        assert [f["name"] for f in inspector.get_foreign_keys("book")] == ["fk_book_author_id"]
        # ON DELETE CASCADE is the database's
        constraints.db.session.execute(sa.text("DELETE FROM author"))
        assert constraints.db.session.scalar(sa.text("SELECT count(*) FROM book")) == 0


@mysql
def test_a_named_check_beside_its_column_is_no_sql_for_mariadb(url: str) -> None:
    check = sa.CheckConstraint("year > 1400", name="year")
    table = sa.Table("book", sa.MetaData(), sa.Column("year", sa.Integer, check))
    with engine_of(url) as engine, pytest.raises(exc.ProgrammingError, match="1064"):
        table.create(engine)


def test_sqlite_checks_foreign_keys_when_asked() -> None:
    client = sqlite_foreign_keys.app.test_client()
    assert client.get("/unasked").text == "a book without its author"
    assert client.get("/asked").text == "FOREIGN KEY constraint failed"


@everywhere
def test_generated_columns(url: str, made: Callable[..., Flask]) -> None:
    client = made(generated, url).test_client()
    number, event = (1, 1) if "sqlite" in url else (1000, 1) if "mysql" in url else (1000, 500)
    expected = {"number": number, "event": event, "gross": 119}
    assert client.post("/invoices/100").get_json() == expected
    assert client.post("/invoices/200").get_json()["number"] == number + 1


# The session


@everywhere
def test_all_or_nothing(url: str, made: Callable[..., Flask]) -> None:
    app = made(transactions, url)
    client = app.test_client()
    assert post(client, "/transfer", cents=60) == "sent"
    assert post(client, "/forgotten") == "flushed, but not committed"
    assert client.get("/").get_json() == {"ada": 40, "bob": 60}
    with pytest.raises((exc.IntegrityError, exc.OperationalError)):
        client.post("/transfer", data={"cents": "41"})
    assert client.get("/").get_json() == {"ada": 40, "bob": 60}
    for cents in ("-60", "0", "all"):
        post(client, "/transfer", 400, cents=cents)
    app.testing = False
    assert post(client, "/transfer", 500, cents="41")
    assert client.get("/").get_json() == {"ada": 40, "bob": 60}


@pytest.mark.parametrize("url", ["sqlite", "psycopg"], indirect=True)
def test_what_the_database_computes_is_not_overwritten(url: str, tmp_path: Path) -> None:
    account = transactions.Account
    database = f"sqlite:///{tmp_path}/bank.db" if url == "sqlite://" else url
    with engine_of(database) as engine:
        transactions.Base.metadata.create_all(engine)
        for by_database, total in ((True, 30), (False, 20)):
            with orm.Session(engine) as first, orm.Session(engine) as second:
                first.merge(account(owner="eve", cents=0))
                first.commit()
                # both have read it before either writes
                accounts = [session.get_one(account, "eve") for session in (first, second)]
                assert [each.cents for each in accounts] == [0, 0]
                for session, each, change in ((first, accounts[0], 10), (second, accounts[1], 20)):
                    each.cents = (account.cents if by_database else each.cents) + change
                    session.commit()
                assert first.scalar(sa.select(account.cents)) == total


@everywhere
def test_a_savepoint_gives_up_a_part(url: str, made: Callable[..., Flask]) -> None:
    answer = made(savepoints, url).test_client().post("/import", data={"names": "r,b,r,g"})
    assert answer.get_json() == {"refused": ["r"], "stored": 3}


@pytest.fixture
def library() -> Iterator[Any]:
    """Two mapped classes, a session and the first words of the statements that it sends."""

    class Base(DeclarativeBase):
        pass

    class User(Base):
        __tablename__ = "users"
        id: Mapped[int] = mapped_column(primary_key=True)
        name: Mapped[str] = mapped_column(unique=True)
        posts: Mapped[list["Post"]] = relationship(back_populates="user")

    class Post(Base):
        __tablename__ = "posts"
        id: Mapped[int] = mapped_column(primary_key=True)
        user_id: Mapped[int | None] = mapped_column(sa.ForeignKey(User.id))
        user: Mapped[User | None] = relationship(back_populates="posts")

    sent: list[str] = []
    with engine_of("sqlite://") as engine, orm.Session(engine) as session:
        Base.metadata.create_all(engine)
        listen_to(engine, sent)
        yield SimpleNamespace(user=User, post=Post, session=session, statements=sent)
    # Or one of the two might outlive the other, and whoever configures all mappers next would miss it.
    Base.registry.dispose()


def test_the_calls_of_a_session(library: Any) -> None:
    session, sent = library.session, library.statements
    session.add(ada := library.user(name="ada"))
    assert sent == []
    session.flush()
    assert sent == ["INSERT"]
    session.add(library.user(name="bob"))
    assert len(session.scalars(sa.select(library.user)).all()) == 2
    assert sent == ["INSERT", "INSERT", "SELECT"]
    session.commit()
    assert ada.name == "ada"
    assert sent[3:] == ["SELECT"]
    assert session.get(library.user, 1) is ada
    assert len(sent) == 4
    assert session.scalars(sa.select(library.user).where(library.user.id == 1)).one() is ada
    session.add(library.user(name="eve"))
    session.flush()
    session.rollback()
    assert len(session.scalars(sa.select(library.user)).all()) == 2
    session.delete(ada)
    assert "DELETE" not in sent
    session.flush()
    assert "DELETE" in sent


def test_the_states_of_an_object(library: Any) -> None:
    session = library.session
    states = sa.inspect(ada := library.user(name="ada"))
    assert states.transient
    session.add(ada)
    assert states.pending
    session.flush()
    assert states.persistent
    session.delete(ada)
    session.flush()
    assert states.deleted
    session.commit()
    assert states.detached


# Questions


@everywhere
def test_the_questions(url: str, made: Callable[..., Flask]) -> None:
    client = made(queries, url).test_client()
    assert client.get("/books/Emma").get_json() == {"price": 10}
    assert client.get("/books/Ilias").status_code == 404
    assert client.get("/search?q=M").get_json() == ["Emma"]
    assert client.get("/search?q=红").get_json() == ["红楼梦"]
    assert client.get("/search?q=%25").get_json() == []
    assert client.get("/search?q=_").get_json() == []
    assert client.get("/search?q=").get_json() == ["红楼梦", "Ulysses", "Emma"]
    assert client.get("/sql?q=Emma").get_json() == ["Emma"]
    assert client.get("/sql?q=x'+OR+'1'='1").get_json() == []
    assert client.post("/discount").get_json() == {"books": 2, "total": 40}


def test_put_together_with_an_f_string_it_always_holds(made: Callable[..., Flask]) -> None:
    with made(queries).app_context():
        typed = "x' OR '1'='1"
        found = queries.db.session.execute(sa.text(f"SELECT 1 FROM book WHERE title = '{typed}'"))
        assert len(found.all()) == 3


def test_rows_and_scalars(library: Any) -> None:
    session, user = library.session, library.user
    session.add(ada := user(name="ada"))
    assert session.execute(sa.select(user)).all() == [(ada,)]
    assert session.scalars(sa.select(user)).all() == [ada]
    assert session.scalar(sa.select(user.name)) == "ada"
    assert session.scalar(sa.select(user.name).where(user.id == 9)) is None


def test_conditions_take_operators_not_words(library: Any) -> None:
    user = library.user
    for combine in (
        lambda: user.id > 1 and user.name.like("a%"),
        lambda: user.id > 1 or user.name.like("a%"),
        lambda: not user.name.like("a%"),
    ):
        with pytest.raises(TypeError) as caught:
            combine()
        assert f"`TypeError: {caught.value}`" in SAID
    lost = user.name == "ada" and user.id == 1
    assert str(lost) == str(user.name == "ada")
    assert '`User.name == "ada" and User.id == 1`' in SAID
    both = (user.name == "a") & ~(user.id == 1) | (user.id == 2)
    assert " AND " in str(both)
    assert " OR " in str(both)
    assert str(sa.and_(user.id == 1, user.name == "a")) == str((user.id == 1) & (user.name == "a"))


# Relationships


@everywhere
def test_a_cascade_deletes_the_books_and_not_the_tag(url: str, made: Callable[..., Flask]) -> None:
    app = made(relationships, url)
    answer = app.test_client().delete("/authors/Cao").get_json()
    assert answer == {"author": 0, "book": 0, "book_tag": 0, "tag": 1}


def test_both_sides_change_together(library: Any) -> None:
    ada, text = library.user(name="ada"), library.post()
    ada.posts.append(text)
    assert text.user is ada
    text.user = None
    assert ada.posts == []


def test_without_a_cascade_the_key_becomes_null(library: Any) -> None:
    session = library.session
    session.add(ada := library.user(name="ada", posts=[library.post()]))
    session.commit()
    session.delete(ada)
    session.commit()
    assert session.scalars(sa.select(library.post.user_id)).all() == [None]


@pytest.mark.parametrize(
    ("cascade", "left"), [("save-update", None), ("all, delete", None), ("all, delete-orphan", 0)]
)
def test_delete_orphan(cascade: str, left: int | None) -> None:
    class Base(DeclarativeBase):
        pass

    class Author(Base):
        __tablename__ = "author"
        id: Mapped[int] = mapped_column(primary_key=True)
        books = relationship("Book", cascade=cascade)

    class Book(Base):
        __tablename__ = "book"
        id: Mapped[int] = mapped_column(primary_key=True)
        author_id: Mapped[int] = mapped_column(sa.ForeignKey(Author.id))

    with engine_of("sqlite://") as engine, orm.Session(engine) as session:
        Base.metadata.create_all(engine)
        session.add(author := Author(books=[Book()]))
        session.commit()
        author.books.clear()
        if left is None:
            # the foreign key would become NULL, which the column refuses
            with pytest.raises(exc.IntegrityError, match="NOT NULL"):
                session.commit()
        else:
            session.commit()
            assert session.scalar(sa.select(sa.func.count(Book.id))) == left


def test_lazy_is_the_default() -> None:
    assert inspect.signature(relationship).parameters["lazy"].default == "select"


LOADERS = {
    re.findall(r"orm\.(\w+)load`", row[0])[0]: row[1] for row in table_of("database-loading")
}


@everywhere
def test_the_number_of_statements(url: str, made: Callable[..., Flask]) -> None:
    client = made(loading, url).test_client()
    assert set(LOADERS) == set(loading.LOAD)
    for name, statements in LOADERS.items():
        if name == "raise":
            with pytest.raises(
                exc.InvalidRequestError, match="is not available due to lazy='raise'"
            ):
                client.get("/raise")
        else:
            found = client.get(f"/{name}").get_json()
            assert found == {"books": 20, "statements": int(statements)}


def test_more_authors_cost_more_only_if_lazy(made: Callable[..., Flask]) -> None:
    client = made(loading, authors=30).test_client()
    assert client.get("/lazy").get_json()["statements"] == 31
    assert client.get("/selectin").get_json()["statements"] == 2


def test_lazy_as_the_default_of_a_model() -> None:
    class Base(DeclarativeBase):
        pass

    class Author(Base):
        __tablename__ = "author"
        id: Mapped[int] = mapped_column(primary_key=True)
        books = relationship("Book", lazy="selectin")
        more = relationship("Book", lazy="write_only", viewonly=True)

    class Book(Base):
        __tablename__ = "book"
        id: Mapped[int] = mapped_column(primary_key=True)
        author_id: Mapped[int] = mapped_column(sa.ForeignKey(Author.id))

    sent: list[str] = []
    with engine_of("sqlite://") as engine, orm.Session(engine) as session:
        Base.metadata.create_all(engine)
        session.add_all([Author(books=[Book()]), Author()])
        session.commit()
        listen_to(engine, sent)
        found = session.scalars(sa.select(Author)).all()
        assert sum(len(author.books) for author in found) == 1
        assert len(sent) == 2
        assert isinstance(found[0].more, orm.WriteOnlyCollection)


# Pages


@everywhere
def test_pages(url: str, made: Callable[..., Flask]) -> None:
    client = made(pages, url).test_client()
    first = client.get("/entries").text.split("\n")
    assert first == ["1-4 of 21: 1 2 3 4", "[1]", "/entries?page=2", "...", "/entries?page=6", ""]
    assert client.get("/entries?page=6").text.startswith("21-21 of 21: 21\n")
    for wrong in ("7", "0", "-1", "x"):
        assert client.get(f"/entries?page={wrong}").status_code == 404


def test_what_paginate_takes_from_the_request(made: Callable[..., Flask]) -> None:
    app = made(pages)
    db, entries = pages.db, sa.select(pages.Entry).order_by(pages.Entry.id)
    with app.test_request_context("/?per_page=1000"):
        assert db.paginate(entries).per_page == 1000
        assert db.paginate(entries, max_per_page=10).per_page == 10
        assert db.paginate(entries, per_page=3).per_page == 3
    with app.test_request_context("/"):
        assert db.paginate(entries).per_page == 20
    with app.test_request_context("/?page=99"):
        assert db.paginate(entries, error_out=False).items == []
    sent: list[str] = []
    with app.test_request_context("/"):
        listen_to(db.engine, sent)
        assert db.paginate(entries).total == 21
        assert len(sent) == 2
        assert db.paginate(entries, count=False).total is None
        assert len(sent) == 3


@everywhere
def test_the_page_after_the_last_key(url: str, made: Callable[..., Flask]) -> None:
    client = made(keyset, url).test_client()
    following, found = "/entries", []
    while following:
        answer = client.get(following).get_json()
        found.append(answer["ids"])
        following = answer["next"]
    assert found == [[1, 2, 3, 4], [5, 6]]


# Two databases, and none of the extension


@everywhere
def test_two_databases(url: str, made: Callable[..., Flask]) -> None:
    app = made(two_databases, url, "sqlite://")
    assert app.test_client().post("/orders").get_json() == {"orders": 1, "audit": 1}
    db = two_databases.db
    with app.app_context():
        tables = [sa.inspect(db.engines[key]).get_table_names() for key in (None, "audit")]
        assert tables == [["order"], ["audit"]]


def test_a_select_of_a_bound_table_goes_to_the_default_database(made: Callable[..., Flask]) -> None:
    db = SQLAlchemy(model_class=new_base())
    table = db.Table("audit", sa.Column("id", sa.Integer, primary_key=True), bind_key="audit")
    with made(db, SQLALCHEMY_BINDS={"audit": "sqlite://"}).app_context():
        db.create_all()
        for id_ in (1, 2):
            db.session.execute(sa.insert(table).values(id=id_))
        db.session.execute(sa.update(table).values(id=3).where(table.c.id == 1))
        db.session.execute(sa.delete(table).where(table.c.id == 2))
        with pytest.raises(exc.OperationalError, match="no such table"):
            db.session.execute(sa.select(table))
        bind = {"bind": db.engines["audit"]}
        assert db.session.execute(sa.select(table), bind_arguments=bind).all() == [(3,)]


def test_one_commit_ends_two_transactions_and_the_first_stays(made: Callable[..., Flask]) -> None:
    db, models = two_databases.db, {None: two_databases.Order, "audit": two_databases.Audit}
    with made(two_databases).app_context():
        ended: list[str | None] = []

        def end(key: str | None) -> None:
            if ended:
                raise RuntimeError("the second commit")
            ended.append(key)

        for key, engine in db.engines.items():
            sa.event.listen(engine, "commit", lambda _, key=key: end(key))
        db.session.add_all([two_databases.Order(), two_databases.Audit(path="/")])
        with pytest.raises(RuntimeError, match="the second commit"):
            db.session.commit()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", exc.SAWarning)
            db.session.rollback()
        for key, model in models.items():
            stored = db.session.scalar(sa.select(sa.func.count(model.id)))
            assert stored == (1 if [key] == ended else 0)


def test_without_the_extension() -> None:
    app = without_extension.app
    app.add_url_rule("/other", "other", lambda: "no session")
    client = app.test_client()
    post(client, "/notes", 201, text="bread")
    assert client.get("/notes").get_json() == ["bread"]
    assert client.get("/other").text == "no session"
    with app.app_context():
        session = without_extension.get_session()
        assert without_extension.get_session() is session
        session.add(without_extension.Note(text="lost"))
        session.flush()
    assert client.get("/notes").get_json() == ["bread"]
    without_extension.engine.dispose()


# Tables


def test_the_command_creates_tables_and_changes_none(
    tmp_path: Path, made: Callable[..., Flask]
) -> None:
    app = made(init_db, instance_path=str(tmp_path))
    result = app.test_cli_runner().invoke(args=["init-db"])
    assert (result.exit_code, result.output) == (0, "Tables: note\n")
    assert (tmp_path / "notes.db").exists()

    class Note(new_base()):
        __tablename__ = "note"
        id: Mapped[int] = mapped_column(primary_key=True)
        added: Mapped[str | None]

    with engine_of(f"sqlite:///{tmp_path}/notes.db") as engine, orm.Session(engine) as session:
        Note.metadata.create_all(engine)
        with pytest.raises(exc.OperationalError, match=r"no such column: note\.added"):
            session.scalars(sa.select(Note))


def test_a_model_after_create_all_has_no_table(made: Callable[..., Flask]) -> None:
    db = SQLAlchemy(model_class=new_base())
    with made(db).app_context():
        db.create_all()

        class Late(db.Model):
            id: Mapped[int] = mapped_column(primary_key=True)

        with pytest.raises(exc.OperationalError) as caught:
            db.session.scalars(sa.select(Late))
        assert "sqlite3.OperationalError: no such table" in SAID
        assert str(caught.value.orig) == "no such table: late"


# Testing


def use_rolled_back(app: Flask) -> tuple[list[str], list[str]]:
    """Return what a test sees that commits once and rolls back once, and what is left of it."""
    db = smallest.db

    def texts() -> list[str]:
        with app.app_context():
            return list(db.session.scalars(sa.select(smallest.Note.text)))

    with rolled_back.rolled_back(app, db):
        for text, end in (("kept", db.session.commit), ("undone", db.session.rollback)):
            with app.app_context():
                db.session.add(smallest.Note(text=text))
                db.session.flush()
                end()
        seen = texts()
    return seen, texts()


@pytest.fixture
def session_as_before() -> Iterator[None]:
    yield
    smallest.db.session.session_factory.kw.pop("join_transaction_mode", None)


@pytest.mark.usefixtures("session_as_before")
@everywhere
def test_rolled_back(url: str, made: Callable[..., Flask], tmp_path: Path) -> None:
    for database in [url] if url != "sqlite://" else [url, f"sqlite:///{tmp_path}/notes.db"]:
        app = made(smallest, database)
        if database.startswith("sqlite"):
            with app.app_context():
                rolled_back.begin_for_real(smallest.db.engine)
                smallest.db.create_all()
        for _ in range(2):
            assert use_rolled_back(app) == (["kept"], [])


@pytest.mark.usefixtures("session_as_before")
def test_on_sqlite_the_rows_stay_without_a_real_begin(made: Callable[..., Flask]) -> None:
    assert use_rolled_back(made(smallest)) == (["kept"], ["kept"])


@pytest.mark.usefixtures("session_as_before")
def test_autocommit_false_does_the_same_since_python_3_12(made: Callable[..., Flask]) -> None:
    options = {"connect_args": {"autocommit": False}}
    app = made(smallest.db, SQLALCHEMY_ENGINE_OPTIONS=options)
    if sys.version_info < (3, 12):
        with app.app_context(), pytest.raises(TypeError, match="autocommit"):
            smallest.db.create_all()
    else:
        with app.app_context():
            smallest.db.create_all()
        assert use_rolled_back(app) == (["kept"], [])


@pytest.mark.usefixtures("session_as_before")
def test_rolled_back_undoes_after_a_failure_too(made: Callable[..., Flask]) -> None:
    app = made(smallest)
    with app.app_context():
        rolled_back.begin_for_real(smallest.db.engine)
        smallest.db.create_all()
    with pytest.raises(ZeroDivisionError), rolled_back.rolled_back(app, smallest.db):
        post(app.test_client(), "/notes", 201, text="kept")
        raise ZeroDivisionError
    assert app.test_client().get("/notes").get_json() == []


def test_a_context_held_open_shares_its_session(made: Callable[..., Flask]) -> None:
    app = made(smallest)
    client = app.test_client()
    with app.app_context():
        smallest.db.session.add(smallest.Note(text="not committed"))
        assert client.get("/notes").get_json() == ["not committed"]
    assert client.get("/notes").get_json() == []


# The pool


def test_the_options_of_the_pool_and_their_defaults() -> None:
    parameters = inspect.signature(QueuePool.__init__).parameters
    base = inspect.signature(sa.pool.Pool.__init__).parameters
    names = {"pool_timeout": "timeout", "pool_recycle": "recycle", "pool_pre_ping": "pre_ping"}
    rows = table_of("database-pool")
    assert len(rows) == 5
    for option, default, _ in rows:
        name = names.get(bare(option), bare(option))
        assert bare(default) == repr((parameters.get(name) or base[name]).default)
    with engine_of("sqlite:///nothing.db", pool_size=7, max_overflow=8, pool_timeout=9) as engine:
        assert engine.pool.size() == 7
        assert (engine.pool._max_overflow, engine.pool._timeout) == (8, 9)


def test_a_connection_is_replaced_when_it_is_old(tmp_path: Path) -> None:
    for recycle in (-1, 0):
        with engine_of(f"sqlite:///{tmp_path}/x.db", pool_recycle=recycle) as engine:
            found = []
            for _ in range(2):
                with engine.connect() as connection:
                    found.append(connection.connection.dbapi_connection)
                time.sleep(0.01)
            assert (found[0] is found[1]) is (recycle == -1)


def test_an_exhausted_pool(tmp_path: Path) -> None:
    shown = re.findall(r"`TimeoutError: (QueuePool limit [^`]+)`", SAID)[0]
    url = f"sqlite:///{tmp_path}/x.db"
    with engine_of(url, pool_timeout=0.1) as engine, contextlib.ExitStack() as stack:
        for _ in range(15):
            stack.enter_context(engine.connect())
        with pytest.raises(exc.TimeoutError) as caught:
            engine.connect()
        stack.close()
        # those beyond the size of the pool are closed
        assert engine.pool.checkedin() == 5
    said = str(caught.value).partition(" (Background")[0]
    assert said.replace("timeout 0.10", "timeout 30.00") == shown


def break_off(app: Flask, db: SQLAlchemy, server: Server) -> None:
    """End the connection that the pool of an application keeps, on the server."""
    with app.app_context():
        number = db.session.scalar(sa.text("SELECT CONNECTION_ID()"))
        db.session.execute(sa.text("SET wait_timeout=1"))
    url = f"mysql+pymysql://root@127.0.0.1:{server.port}/test"
    with engine_of(url) as engine, engine.connect() as connection:
        query = sa.text("SELECT count(*) FROM information_schema.processlist WHERE id = :id")
        wait_for(lambda: not connection.scalar(query, {"id": number}))


@mysql
def test_the_server_has_gone_away(
    url: str, made: Callable[..., Flask], mariadb_server: Server
) -> None:
    db = SQLAlchemy(model_class=new_base())
    app = made(db, SQLALCHEMY_DATABASE_URI=url)
    break_off(app, db, mariadb_server)
    with app.app_context(), pytest.raises(exc.OperationalError) as caught:
        db.session.execute(sa.text("SELECT 1"))
    number, words = caught.value.orig.args
    assert number == 2006
    assert "erver has gone away" in words
    if "pymysql" in url:
        assert words.startswith("MySQL server has gone away")
        assert "`(2006, 'MySQL server has gone away')`" in SAID
    with app.app_context():
        assert db.session.scalar(sa.text("SELECT 1")) == 1


@mysql
def test_a_ping_replaces_the_connection(
    url: str, made: Callable[..., Flask], mariadb_server: Server
) -> None:
    app = made(pool_options, url)
    assert app.test_client().get("/").text == "1"
    with app.app_context():
        pool = pool_options.db.engine.pool
        assert (pool.size(), pool._recycle, pool._pre_ping) == (5, 280, True)
    break_off(app, pool_options.db, mariadb_server)
    assert app.test_client().get("/").text == "1"
    # in the middle of a transaction it does not help
    with app.app_context():
        session = pool_options.db.session
        number = session.scalar(sa.text("SELECT CONNECTION_ID()"))
        with engine_of(url) as engine, engine.connect() as connection:
            connection.execute(sa.text(f"KILL {number}"))
        with pytest.raises(exc.OperationalError) as caught:
            for _ in range(20):
                session.execute(sa.text("SELECT 1"))
                time.sleep(0.05)
        assert caught.value.orig.args[0] in (2006, 2013)
        if "pymysql" in url and caught.value.orig.args[0] == 2013:
            assert str(caught.value.orig.args) in SAID


def test_a_statement_that_is_too_large(mariadb_server: Server) -> None:
    url = f"mysql+pymysql://root@127.0.0.1:{mariadb_server.port}/test"
    with engine_of(url, pool_pre_ping=True) as engine:
        with engine.connect() as connection:
            assert connection.scalar(sa.text("SELECT @@max_allowed_packet")) == 16 * 1024**2
            assert connection.scalar(sa.text("SELECT @@wait_timeout")) == 8 * 3600
        with pytest.raises(exc.OperationalError) as caught, engine.connect() as connection:
            connection.execute(sa.text("SELECT length(:x)"), {"x": "a" * 17 * 1024**2})
    assert caught.value.orig.args[0] in (2006, 2013)


# The databases compared

COMPARED = {row[0]: row[1:] for row in table_of("database-compared")}
COLUMN = {"sqlite": 0, "mysql": 1, "postgresql": 2}


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


# Inside


def test_the_steps_of_a_request(made: Callable[..., Flask]) -> None:
    client = made(inside).test_client()
    client.get("/read")
    assert client.get("/steps").get_json() == ["checkout", "begin", "SELECT", "rollback", "checkin"]
    client.get("/write")
    assert client.get("/steps").get_json() == ["checkout", "begin", "INSERT", "commit", "checkin"]
    assert client.get("/steps").get_json() == []


def test_the_session_is_looked_up_by_the_context(made: Callable[..., Flask]) -> None:
    app = made(smallest)
    session = smallest.db.session
    assert isinstance(session, orm.scoped_session)
    seen: list[str] = []

    def work() -> None:
        try:
            session()
        except RuntimeError as error:
            seen.append(f"RuntimeError: {str(error).splitlines()[0]}")
        with app.app_context():
            seen.append(session.scalars(sa.select(smallest.Note)).all())

    with app.app_context():
        one = session()
        assert session() is one
        with app.app_context():
            assert session() is not one
        thread = threading.Thread(target=work)
        thread.start()
        thread.join()
    assert seen == [NO_CONTEXT, []]


# Pitfalls


def test_without_a_context(made: Callable[..., Flask]) -> None:
    made(smallest)
    for use in (smallest.db.create_all, lambda: smallest.db.session.scalars(sa.text("SELECT 1"))):
        with pytest.raises(RuntimeError) as caught:
            use()
        assert f"RuntimeError: {str(caught.value).splitlines()[0]}" == NO_CONTEXT
    assert f"{{pitfall}} `{NO_CONTEXT}`" in TEXT


def test_without_a_uri() -> None:
    for config in ({}, {"DATABASE_URI": "sqlite://"}):
        app = Flask("no-uri")
        app.config.update(config)
        with pytest.raises(RuntimeError) as caught:
            SQLAlchemy(model_class=new_base()).init_app(app)
        assert f"{{pitfall}} `RuntimeError: {caught.value}`" in TEXT


def test_an_application_that_is_not_registered() -> None:
    db = SQLAlchemy(model_class=new_base())
    with Flask("other").app_context(), pytest.raises(RuntimeError) as caught:
        db.session.execute(sa.text("SELECT 1"))
    said = str(caught.value).partition(" Did you")[0]
    assert f"{{pitfall}} `RuntimeError: {said}`" in TEXT


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


def test_a_database_file_in_no_folder(tmp_path: Path) -> None:
    nowhere = engine_of(f"sqlite:///{tmp_path}/none/shop.db")
    with nowhere as engine, pytest.raises(exc.OperationalError) as caught:
        engine.connect()
    assert f"{{pitfall}} `sqlite3.OperationalError: {caught.value.orig}`" in TEXT
    assert sa.make_url("sqlite:///var/lib/shop.db").database == "var/lib/shop.db"


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


def test_a_relationship_to_no_class() -> None:
    class Author(new_base()):
        __tablename__ = "author"
        id: Mapped[int] = mapped_column(primary_key=True)
        books = relationship("Book")

    with pytest.raises(exc.InvalidRequestError) as caught:
        Author()
    said = str(caught.value).partition(" If this is")[0]
    assert f"{{pitfall}} `InvalidRequestError: {said}`" in TEXT


def test_a_table_that_is_defined_twice() -> None:
    base = new_base()
    body = {"__tablename__": "author", "id": mapped_column(sa.Integer, primary_key=True)}
    type("Author", (base,), dict(body))
    with pytest.raises(exc.InvalidRequestError) as caught:
        type("Author2", (base,), {**body, "id": mapped_column(sa.Integer, primary_key=True)})
    said, _, offer = str(caught.value).partition("  Specify ")
    assert f"{{pitfall}} `InvalidRequestError: {said}`" in TEXT
    assert "extend_existing=True" in offer


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


@mysql
def test_a_string_without_a_length(url: str) -> None:
    table = sa.Table("v", sa.MetaData(), sa.Column("x", sa.String))
    with engine_of(url) as engine, pytest.raises(exc.CompileError) as caught:
        table.create(engine)
    assert f"{{pitfall}} `sqlalchemy.exc.CompileError: {caught.value}`" in TEXT


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


def test_a_transaction_that_is_begun(made: Callable[..., Flask]) -> None:
    with made(smallest).app_context():
        session = smallest.db.session
        session.execute(sa.text("SELECT 1"))
        with pytest.raises(exc.InvalidRequestError) as caught:
            session.begin()
        with session.begin_nested():
            session.add(smallest.Note(text="part"))
    assert f"{{pitfall}} `InvalidRequestError: {caught.value}`" in TEXT


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


# Then and now


@pytest.fixture
def old(made: Callable[..., Flask]) -> Iterator[tuple[SQLAlchemy, Any]]:
    """A model as old posts write it."""
    db = SQLAlchemy()

    class User(db.Model):
        id = db.Column(db.Integer, primary_key=True)
        name = db.Column(db.String(80), nullable=False)

    with made(db).app_context():
        db.create_all()
        db.session.add(User(name="ada"))
        db.session.commit()
        yield db, User


def test_the_old_import_warns() -> None:
    from sqlalchemy.ext.declarative import declarative_base

    with pytest.warns(exc.MovedIn20Warning, match="declarative_base"):
        declarative_base()


def test_old_models_and_queries_still_work(old: tuple[SQLAlchemy, Any]) -> None:
    db, user = old
    assert isinstance(user.query, Query)
    new = db.session.scalar(sa.select(user).filter_by(name="ada"))
    assert user.query.filter_by(name="ada").first() is new
    assert db.session.get(user, 1) is db.get_or_404(user, 1) is new
    for call in (user.query.get, user.query.get_or_404):
        with pytest.warns(exc.LegacyAPIWarning):
            assert call(1) is new
    with pytest.raises(TypeError, match="positional"):
        user.query.paginate(1, 20, False)
    page = db.paginate(sa.select(user), page=1, per_page=20, error_out=False)
    assert page.items == user.query.paginate(page=1, per_page=20, error_out=False).items == [new]


def test_what_is_gone(old: tuple[SQLAlchemy, Any]) -> None:
    db, _ = old
    assert not hasattr(db.engine, "execute")
    with db.engine.connect() as connection:
        assert connection.execute(sa.text("SELECT 1")).scalar() == 1
    with pytest.raises(exc.ArgumentError, match="should be explicitly declared as text"):
        db.session.execute("SELECT 1")
    with pytest.raises(TypeError, match="unexpected keyword argument 'app'"):
        db.create_all(app=Flask("old"))
    with pytest.warns(DeprecationWarning, match="'get_engine' is deprecated"):
        assert db.get_engine() is db.engine is db.engines[None]


def test_dynamic_still_works() -> None:
    class Author(new_base()):
        __tablename__ = "author"
        id: Mapped[int] = mapped_column(primary_key=True)
        others = relationship("Author", lazy="dynamic", remote_side="Author.parent")
        parent: Mapped[int | None] = mapped_column(sa.ForeignKey("author.id"))

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert isinstance(Author().others, orm.Query)


def test_there_is_a_row_for_each_old_form() -> None:
    assert len(table_of("database-then-and-now")) == 11


def test_the_notes_urls() -> None:
    notes = (
        "mysql+mysqldb://<user>:<password>@<host>[:<port>]/<dbname>",
        "mysql+pymysql://<username>:<password>@<host>/<dbname>[?<options>]",
    )
    assert all(f"`{text}`" in SAID for text in notes)
    with pytest.raises(ValueError) as caught:
        sa.make_url(notes[0])
    assert f"`{caught.value}`" in SAID
    assert sa.make_url("mysql+pymysql://u:p@h:3307/d").port == 3307


def test_the_notes_words_for_what_a_column_takes() -> None:
    assert not hasattr(sa, "Sequenceobjects")
    assert sa.Column("x", sa.Integer, sa.Sequence("s")).default is not None


def test_mysqlclient_provides_mysqldb() -> None:
    need_mysqlclient()
    assert packages_distributions()["MySQLdb"] == ["mysqlclient"]


def test_signals_are_off_unless_asked(made: Callable[..., Flask]) -> None:
    from flask_sqlalchemy.track_modifications import models_committed

    for wanted in (False, True):
        db = SQLAlchemy(model_class=new_base())

        class Note(db.Model):
            id: Mapped[int] = mapped_column(primary_key=True)

        app = made(db, SQLALCHEMY_TRACK_MODIFICATIONS=wanted)
        sent: list[object] = []

        def keep(sender: Flask, changes: list[Any], sent: list[object] = sent) -> None:
            sent.extend(changes)

        with app.app_context(), models_committed.connected_to(keep, app):
            db.create_all()
            db.session.add(Note())
            db.session.commit()
        assert bool(sent) is wanted


def test_statements_are_recorded_only_if_asked(made: Callable[..., Flask]) -> None:
    for wanted in (False, True):
        db = SQLAlchemy(model_class=new_base())
        with made(db, SQLALCHEMY_RECORD_QUERIES=wanted).app_context():
            db.session.execute(sa.text("SELECT 1"))
            recorded = [query.statement for query in get_recorded_queries()]
            assert recorded == (["SELECT 1"] if wanted else [])
