"""The pool: docs/guide/database.md."""

from __future__ import annotations

import contextlib
import inspect
import re
import time
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import exc
from sqlalchemy.pool import QueuePool

from proven.claims.proofs import proves
from snippets.database import pool_options
from tests.guide.database.common import SAID, bare, engine_of, mysql, new_base, table_of
from tests.servers import Server, wait_for


@proves(
    "guide/database",
    "pool_size | 5 | connections that the pool keeps open",
    "max_overflow | 10 | further connections, which are closed after use",
    "pool_timeout | 30.0 | seconds to wait for a free connection",
    "pool_recycle | -1 | seconds after which a connection is replaced; -1 means never",
    "pool_pre_ping | False | tests a connection before each use",
)
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


@proves(
    "guide/database",
    "If the URL begins with mysql, Flask-SQLAlchemy adds charset=utf8mb4 to it and sets "
    "pool_recycle=7200: a connection is replaced when it is older than two hours.",
    "pool_recycle | -1 | seconds after which a connection is replaced; -1 means never",
)
def test_a_connection_is_replaced_when_it_is_old(tmp_path: Path) -> None:
    for recycle in (-1, 0):
        with engine_of(f"sqlite:///{tmp_path}/x.db", pool_recycle=recycle) as engine:
            found = []
            for _ in range(2):
                with engine.connect() as connection:
                    found.append(connection.connection.dbapi_connection)
                time.sleep(0.01)
            assert (found[0] is found[1]) is (recycle == -1)


@proves(
    "guide/database",
    "pool_size | 5 | connections that the pool keeps open",
    "max_overflow | 10 | further connections, which are closed after use",
    "pool_timeout | 30.0 | seconds to wait for a free connection",
    "All connections are in use.",
)
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


@proves(
    "guide/database",
    "A server closes a connection that was idle for too long.",
    "The pool does not notice that.",
    "The next request raises (2006, 'MySQL server has gone away'), and the request after "
    "it works again.",
    "The server closed the connection, often because it was idle for too long.",
    "With mysqldb the text depends on the C library, but the numbers are the same.",
)
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


@proves(
    "guide/database",
    "pool_pre_ping | False | tests a connection before each use",
    "With pool_pre_ping, the pool replaces a closed connection before the request uses it.",
    "If a connection breaks during a transaction, the request raises an error in any "
    "case, and the transaction is lost.",
)
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


@proves(
    "guide/database",
    "MariaDB does so after wait_timeout, by default eight hours.",
    "The same error occurs for a statement that is larger than max_allowed_packet, by "
    "default 16 MB, such as a file in a column.",
    "pool_pre_ping does not help in this case.",
)
def test_a_statement_that_is_too_large(mariadb_server: Server) -> None:
    url = f"mysql+pymysql://root@127.0.0.1:{mariadb_server.port}/test"
    with engine_of(url, pool_pre_ping=True) as engine:
        with engine.connect() as connection:
            assert connection.scalar(sa.text("SELECT @@max_allowed_packet")) == 16 * 1024**2
            assert connection.scalar(sa.text("SELECT @@wait_timeout")) == 8 * 3600
        with pytest.raises(exc.OperationalError) as caught, engine.connect() as connection:
            connection.execute(sa.text("SELECT length(:x)"), {"x": "a" * 17 * 1024**2})
    assert caught.value.orig.args[0] in (2006, 2013)
