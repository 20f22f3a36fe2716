"""SQLite checks foreign keys only on a connection where the check is on."""

from sqlite3 import Connection

from flask import Flask
from sqlalchemy import (
    Column,
    Engine,
    ForeignKey,
    Integer,
    MetaData,
    Table,
    create_engine,
    event,
    insert,
)
from sqlalchemy.exc import IntegrityError

metadata = MetaData()
author = Table("author", metadata, Column("id", Integer, primary_key=True))
book = Table("book", metadata, Column("author_id", ForeignKey(author.c.id)))


def enforce_foreign_keys(engine: Engine) -> None:
    """Turn the check on for each new connection; call this before the first one."""

    @event.listens_for(engine, "connect")
    def enforce(connection: Connection, record: object) -> None:
        connection.execute("PRAGMA foreign_keys=ON")


app = Flask(__name__)


@app.get("/<any(unasked, asked):state>")
def orphan(state: str) -> str:
    engine = create_engine("sqlite://")
    if state == "asked":
        enforce_foreign_keys(engine)
    try:
        with engine.begin() as connection:
            metadata.create_all(connection)
            connection.execute(insert(book).values(author_id=99))
    except IntegrityError as error:
        return str(error.orig)
    finally:
        engine.dispose()
    return "a book without its author"
