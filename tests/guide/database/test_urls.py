"""URLs: docs/guide/database.md."""

from __future__ import annotations

import contextlib
import importlib.util
import inspect
import re
import socket
import threading
from collections.abc import Callable
from importlib.metadata import packages_distributions, requires
from pathlib import Path
from urllib.parse import quote, quote_plus

import pymysql
import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import exc
from sqlalchemy.pool import StaticPool

from proven.claims.proofs import proves
from snippets.database import smallest, url_parts
from tests.guide.database.common import (
    SAID,
    TEXT,
    bare,
    engine_of,
    mysql,
    need_mysqlclient,
    new_base,
    post,
    table_of,
)
from tests.servers import Server

URLS = table_of("database-url")


def test_there_are_urls_to_check() -> None:
    assert len(URLS) == 9
    assert {bare(row[2]) for row in URLS} == {"pysqlite", "mysqldb", "pymysql", "psycopg"}


@proves(
    "guide/database",
    "An engine URL names the database system, the driver, the user, the host and the "
    "database: dialect+driver://user:password@host:port/database?option=value.",
    "SQLite in memory | sqlite:// | pysqlite | nothing",
    "SQLite, relative file | sqlite:///shop.db | pysqlite | nothing",
    "SQLite, absolute file | sqlite:////var/lib/shop.db | pysqlite | nothing",
    "MySQL | mysql+mysqldb://shop:dev@db.example:3306/shop | mysqldb | mysqlclient",
    "MySQL | mysql+pymysql://shop:dev@db.example:3306/shop | pymysql | pymysql",
    "MySQL, no driver named | mysql://shop:dev@db.example/shop | mysqldb | mysqlclient",
    "MariaDB | mariadb+pymysql://shop:dev@db.example/shop | pymysql | pymysql",
    "PostgreSQL | postgresql+psycopg://shop:dev@db.example:5432/shop | psycopg | psycopg[binary]",
    "PostgreSQL, no driver named | postgresql://shop:dev@db.example/shop | psycopg | "
    "psycopg[binary]",
    "sqlite:// is a database in memory.",
    "Three slashes begin a relative path, four slashes an absolute path.",
    "The dialect is called postgresql.",
    "mysql:// means the driver mysqldb.",
)
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


@proves("guide/database", "Both connect to MySQL and to MariaDB.")
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


@proves(
    "guide/database",
    "create_engine() does not connect.",
    "It imports the driver, so it raises an error if the URL is wrong or the driver is missing.",
    "A wrong host or password raises an error with the first statement.",
)
def test_a_wrong_url_fails_at_once_and_a_wrong_host_at_the_first_statement() -> None:
    with pytest.raises(exc.NoSuchModuleError):
        sa.create_engine("nosuch://db.example/shop")
    nobody = pytest.raises(exc.OperationalError, match="Can't connect")
    with engine_of("mysql+pymysql://root@127.0.0.1:1/test") as engine, nobody:
        engine.connect()


@proves(
    "guide/database",
    "In plain SQLAlchemy, the path is relative to the current folder.",
    "Flask-SQLAlchemy takes it relative to the instance folder, and creates that folder.",
)
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


@proves(
    "guide/database",
    "sqlite:// is a database in memory.",
    "A database in memory belongs to one connection.",
    "For this reason, Flask-SQLAlchemy uses StaticPool: all threads share one connection.",
    "Plain SQLAlchemy opens a connection for each thread, and each of them has an empty database.",
)
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


@proves(
    "guide/database",
    "SQLAlchemy reads the text between // and the next slash as host and port, so it "
    "takes memory: for a port number.",
)
def test_the_notes_memory_url() -> None:
    with pytest.raises(ValueError) as caught:
        sa.create_engine("sqlite://:memory:")
    assert str(caught.value) == "invalid literal for int() with base 10: 'memory:'"
    assert f"ValueError: {caught.value}" in TEXT


@proves(
    "guide/database",
    "It needs no escaped characters.",
    "str(url) and repr(engine) show *** instead of the password.",
)
def test_a_url_from_parts_keeps_the_password_and_hides_it() -> None:
    client = url_parts.app.test_client()
    answer = client.get("/parts").get_json()
    assert answer["password"] == url_parts.PASSWORD
    assert answer["shown"] == "mysql+pymysql://shop:***@db.example/shop?charset=utf8mb4"
    assert url_parts.PASSWORD not in answer["text"]
    assert client.get("/pasted").get_json() == {"host": "ss w", "password": "p"}


@proves(
    "guide/database",
    "In a URL that you write by hand, write %40 for an @ and %25 for a %.",
    'Python\'s urllib.parse.quote(password, safe="") does this.',
    "Old posts use quote_plus, which turns a space into +.",
    "SQLAlchemy does not turn the plus back into a space.",
)
def test_an_at_and_a_percent_must_be_escaped_by_hand() -> None:
    def kept(password: str) -> bool:
        url = sa.make_url(f"mysql+pymysql://shop:{password}@db.example/shop")
        return (url.password, url.host, url.database) == (password, "db.example", "shop")

    assert [sign for sign in "@:/?#[] +&=!$'%" if not kept(f"a{sign}41b")] == ["@", "%"]
    odd = "p@ss w:r/d+#1%41"
    assert sa.make_url(f"mysql://u:{quote(odd, safe='')}@h/d").password == odd
    assert sa.make_url(f"mysql://u:{quote_plus('a b')}@h/d").password == "a+b"
    assert sa.make_url("mysql://u:a%40b%25@h/d").password == "a@b%"


@proves("guide/database", "str(url) and repr(engine) show *** instead of the password.")
def test_an_engine_hides_the_password() -> None:
    with engine_of("mysql+pymysql://shop:dev@db.example/shop") as engine:
        assert repr(engine) == "Engine(mysql+pymysql://shop:***@db.example/shop)"


@proves(
    "guide/database", "mysqldb is written in C. pymysql is written in Python and needs no compiler."
)
def test_one_driver_is_written_in_c_and_one_in_python() -> None:
    need_mysqlclient()
    compiled = {}
    for name in ("MySQLdb", "pymysql"):
        files = Path(str(importlib.util.find_spec(name).origin)).parent.rglob("*")
        compiled[name] = any(file.suffix in {".so", ".pyd"} for file in files)
    assert compiled == {"MySQLdb": True, "pymysql": False}


@proves(
    "guide/database",
    "With mysqldb, the host localhost means the Unix socket of this machine, and the port "
    "is ignored.",
    "To connect to a port, write 127.0.0.1.",
    "pymysql uses the port in both cases.",
    "The host is localhost and the driver is mysqldb, so the driver uses a socket.",
)
@mysql
def test_localhost_is_a_socket_for_one_driver(url: str) -> None:
    local = sa.make_url(url).set(host="localhost")
    port = None
    wrong = contextlib.suppress(exc.OperationalError)
    with engine_of(local) as engine, wrong, engine.connect() as connection:
        port = connection.scalar(sa.text("SELECT @@port"))
    assert (port == local.port) is (local.get_driver_name() == "pymysql")


@proves("guide/database", "SQLALCHEMY_DATABASE_URI accepts the URL object.")
def test_the_configuration_takes_a_url_object(made: Callable[..., Flask]) -> None:
    db = SQLAlchemy(model_class=new_base())
    url = sa.URL.create("mysql+pymysql", username="u", password="p@ss", host="h", database="d")
    with made(db, SQLALCHEMY_DATABASE_URI=url).app_context():
        assert (db.engine.url.password, db.engine.url.host) == ("p@ss", "h")


@proves(
    "guide/database",
    "If the URL begins with mysql, Flask-SQLAlchemy adds charset=utf8mb4 to it and sets "
    "pool_recycle=7200: a connection is replaced when it is older than two hours.",
    "If the URL begins with mariadb, Flask-SQLAlchemy adds neither.",
)
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


def packet(number: int, body: bytes) -> bytes:
    return len(body).to_bytes(3, "little") + bytes([number]) + body


def ask_for_sha2(listener: socket.socket) -> None:
    """Play the server of MySQL up to the question for an encrypted password."""
    connection, _ = listener.accept()
    with connection:
        hello = b"\x0a8.4.0\0" + (7).to_bytes(4, "little") + b"saltsalt\0"
        # It speaks protocol 4.1, and names a way to log in.
        flags = (0x00000200 | 0x00008000 | 0x00080000 | 0x00000008).to_bytes(4, "little")
        hello += flags[:2] + b"\x2d\x02\0" + flags[2:] + bytes([21]) + bytes(10)
        connection.sendall(packet(0, hello + b"saltsaltsalt\0" + b"caching_sha2_password\0"))
        assert b"caching_sha2_password" in connection.recv(4096)
        connection.sendall(packet(2, b"\x01\x04"))
        assert connection.recv(4096)[4:] == b"\x02"
        connection.sendall(packet(4, b"\x01a public key"))
        connection.recv(4096)


@proves(
    "guide/database",
    "With pymysql, a server may require a log-in with caching_sha2_password, the default "
    "since MySQL 8.0.",
    "pymysql then needs the package cryptography to encrypt the password, unless the "
    'connection uses TLS: pip install "pymysql[rsa]".',
    "The server requires a log-in method for which pymysql has to encrypt the password.",
)
def test_the_login_of_mysql_8_needs_a_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pymysql._auth._have_cryptography", False)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=ask_for_sha2, args=(listener,))
        thread.start()
        url = f"mysql+pymysql://shop:dev@127.0.0.1:{listener.getsockname()[1]}/shop"
        with engine_of(url) as engine, pytest.raises(RuntimeError) as caught:
            engine.connect()
        thread.join()
    assert f"{{pitfall}} `RuntimeError: {caught.value}`" in TEXT
    rsa = [text for text in requires("pymysql") or [] if text.endswith('extra == "rsa"')]
    assert [text.partition(">")[0] for text in rsa] == ["cryptography"]


@proves(
    "guide/database",
    "pymysql then needs the package cryptography to encrypt the password, unless the "
    'connection uses TLS: pip install "pymysql[rsa]".',
)
def test_over_tls_the_login_needs_no_package() -> None:
    source = inspect.getsource(pymysql._auth.caching_sha2_password_auth)
    plain, encrypted = source.index("if conn._secure:"), source.index("sha2_rsa_encrypt(")
    assert "return _roundtrip(conn, conn.password" in source[plain:encrypted]


@proves("guide/database-models", "The character set of the table does not contain this character.")
@proves(
    "guide/database",
    "The connection has a character set, and each table has one too.",
    "Otherwise a table refuses text that its character set does not contain:",
)
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


@proves(
    "guide/database",
    "SQLALCHEMY_DATABASE_URI | None | the URL of the default database",
    "SQLALCHEMY_BINDS | {} | more databases, see More than one database",
    "SQLALCHEMY_ENGINE_OPTIONS | {} | arguments of create_engine, see The pool, and a "
    "server that has gone away",
    "SQLALCHEMY_ECHO | False | writes each statement to the log",
    "SQLALCHEMY_RECORD_QUERIES | False | records each statement for get_recorded_queries()",
    "SQLALCHEMY_TRACK_MODIFICATIONS | False | sends signals before and after a commit",
    "init_app() reads the keys once and creates the engines.",
    "A key that you set later has no effect.",
    "The configuration key is missing, has another name such as DATABASE_URI, or was set "
    "after init_app.",
)
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


@proves("guide/database", "SQLALCHEMY_ECHO | False | writes each statement to the log")
def test_echo_writes_statements_to_the_log(
    made: Callable[..., Flask], caplog: pytest.LogCaptureFixture
) -> None:
    for echo in (False, True):
        db = SQLAlchemy(model_class=new_base())
        with made(db, SQLALCHEMY_ECHO=echo).app_context():
            db.session.execute(sa.text("SELECT 42"))
        assert ("SELECT 42" in caplog.text) is echo
