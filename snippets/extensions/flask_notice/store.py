"""The notice of an application, in a file of SQLite that all its processes share."""

import sqlite3
from pathlib import Path

from blinker import Namespace
from flask import current_app, g
from flask.globals import app_ctx

changed = Namespace().signal("notice-changed")
TABLE = "CREATE TABLE IF NOT EXISTS notice (id INTEGER PRIMARY KEY, text TEXT NOT NULL)"


class Store:
    """Where the notice of one application lies."""

    def __init__(self, path: Path, default: str) -> None:
        self.path = path
        self.default = default

    def connection(self) -> sqlite3.Connection:
        """Return the connection of this context, and open it at the first call."""
        if "notice_connection" not in g:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            g.notice_connection = sqlite3.connect(self.path)
            g.notice_connection.execute(TABLE)
        opened: sqlite3.Connection = g.notice_connection
        return opened

    def read(self) -> str:
        """Return the text, without creating the file."""
        if not self.path.exists():
            return self.default
        row = self.connection().execute("SELECT text FROM notice").fetchone()
        return row[0] if row else self.default

    def write(self, text: str) -> None:
        """Replace the text, and tell those who are connected to the signal."""
        with self.connection() as transaction:
            transaction.execute("REPLACE INTO notice VALUES (1, ?)", (text,))
        changed.send(app_ctx.app, text=text)


def close(error: BaseException | None = None) -> None:
    """Close the connection of the context that ends."""
    if (connection := g.pop("notice_connection", None)) is not None:
        connection.close()


def current_store() -> Store:
    """Return the store of the current application."""
    found: Store = current_app.extensions["notice"]
    return found
