"""A transaction around a test that even a commit of the application does not end."""

from collections.abc import Iterator, MutableMapping
from contextlib import contextmanager
from sqlite3 import Connection as SQLiteConnection
from typing import cast

from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Connection, Engine, event


@contextmanager
def rolled_back(app: Flask, db: SQLAlchemy) -> Iterator[None]:
    """Undo at the end what the application stores in its default database."""
    with app.app_context():
        # where the session looks up what to use
        engines = cast("MutableMapping[str | None, Engine | Connection]", db.engines)
        engine = db.engine
        db.session.configure(join_transaction_mode="create_savepoint")
    with engine.connect() as connection:
        outer = connection.begin()
        engines[None] = connection
        try:
            yield
        finally:
            engines[None] = engine
            outer.rollback()


def begin_for_real(engine: Engine) -> None:
    """Let SQLAlchemy begin the transactions of SQLite, so that savepoints are inside of one."""

    @event.listens_for(engine, "connect")
    def no_implicit_begin(connection: SQLiteConnection, record: object) -> None:
        connection.isolation_level = None

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN")

    engine.dispose()
