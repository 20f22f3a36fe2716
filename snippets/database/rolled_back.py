"""A transaction around a test, which a commit of the application does not end."""

from collections.abc import Iterator, MutableMapping
from contextlib import contextmanager
from sqlite3 import Connection as SQLiteConnection
from typing import cast

from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Connection, Engine, event


@contextmanager
def rolled_back(app: Flask, db: SQLAlchemy) -> Iterator[None]:
    """Undo at the end all that the application stores in its default database."""
    with app.app_context():
        # The session looks up its engine here.
        engines = cast("MutableMapping[str | None, Engine | Connection]", db.engines)
        engine = db.engine
    options = db.session.session_factory.kw
    before = dict(options)
    with engine.connect() as connection:
        outer = connection.begin()
        engines[None] = connection
        options["join_transaction_mode"] = "create_savepoint"
        try:
            yield
        finally:
            options.clear()
            options.update(before)
            engines[None] = engine
            outer.rollback()


def begin_for_real(engine: Engine) -> None:
    """Let SQLAlchemy begin the transactions of SQLite, so that each savepoint is inside a transaction."""

    @event.listens_for(engine, "connect")
    def no_implicit_begin(connection: SQLiteConnection, record: object) -> None:
        connection.isolation_level = None

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN")

    engine.dispose()
