"""One connection to SQLite for each request, closed at its end."""

import sqlite3

from flask import Flask, current_app, g


def get_db() -> sqlite3.Connection:
    if "db" not in g:
        g.db = sqlite3.connect(current_app.config["DATABASE"], timeout=5)
        # rows with names, and foreign keys that are checked
        g.db.row_factory = sqlite3.Row
        g.db.execute("PRAGMA foreign_keys = ON")
    connection: sqlite3.Connection = g.db
    return connection


def close_db(error: BaseException | None = None) -> None:
    if connection := g.pop("db", None):
        connection.close()


def init_db() -> None:
    """Create the tables."""
    with current_app.open_resource("schema.sql", "r") as schema:
        get_db().executescript(schema.read())


def init_app(app: Flask) -> None:
    app.teardown_appcontext(close_db)
    app.cli.command("init-db")(init_db)
