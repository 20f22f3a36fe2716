"""The application under load: every answer says whose session it has found, and in which process.

Gunicorn makes it with ``proven.commands.chaos.app:create_app()``. What it is to be stands in the environment, because
Gunicorn's workers inherit that.
"""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import TypedDict

from flask import Flask, g, request, session

from proven.commands.chaos.clock import Clock
from snippets import sessions
from snippets.server_sessions import clients

VARIABLE = "CHAOS_APPLICATION"
LIFETIME = timedelta(days=1)


class Settings(TypedDict):
    """What the application is to be.

    Attributes:
        backend: One of `INTERFACES`.
        place: The port of its server, or the folder where its files go.
        used: Whether the backend is used while the application is made: before the fork, with ``--preload``.
        clock: The file of the clock that it goes by (see `Clock`); empty if that is the machine's.
    """

    backend: str
    place: str
    used: bool
    clock: str


# With the clients that the page shows, so it is theirs what a reader waits for.
INTERFACES: dict[str, Callable[[str], sessions.ServerSideSessionInterface]] = {
    "Redis": lambda port: sessions.RedisSessionInterface(
        clients.redis_client(f"redis://127.0.0.1:{port}/0")
    ),
    "Memcached": lambda port: sessions.MemcachedSessionInterface(
        clients.memcached_client(f"127.0.0.1:{port}")
    ),
    "MongoDB": lambda port: sessions.MongoDBSessionInterface(
        clients.mongodb_client(f"mongodb://127.0.0.1:{port}/")
    ),
    "PostgreSQL": lambda port: sessions.SqlAlchemySessionInterface(
        clients.postgresql_engine(f"postgresql+psycopg://postgres@127.0.0.1:{port}/postgres")
    ),
    "MariaDB": lambda port: sessions.SqlAlchemySessionInterface(
        clients.mariadb_engine(f"mysql+pymysql://root@127.0.0.1:{port}/test")
    ),
    "SQLite": lambda folder: sessions.SqlAlchemySessionInterface(
        clients.sqlite_engine(f"{folder}/sessions.db")
    ),
    "files": lambda folder: sessions.FileSystemSessionInterface(f"{folder}/sessions"),
}


def create_app() -> Flask:
    """Return the application that the environment describes."""
    return application(json.loads(os.environ[VARIABLE]))


def application(settings: Settings) -> Flask:
    """Return the application that the settings describe."""
    interface = INTERFACES[settings["backend"]](settings["place"])
    clock = Clock(Path(settings["clock"])) if settings["clock"] else None
    app = Flask(__name__)
    app.config["PERMANENT_SESSION_LIFETIME"] = LIFETIME
    app.session_interface = interface

    @app.before_request
    def find() -> None:
        if request.path == "/users":
            return
        if clock is not None:
            clock.follow()
        # First of all, so that an answer tells what was there before the view has changed anything.
        g.found = {"user": session.get("user"), "n": session.get("n")}

    def answer() -> dict[str, object]:
        return {**g.found, "process": os.getpid()}

    def fill() -> None:
        # With what no database makes smaller.
        session["filling"] = secrets.token_hex(request.form.get("size", 0, type=int) // 2)

    @app.get("/")
    def read() -> dict[str, object]:
        return answer()

    @app.post("/start")
    def start() -> dict[str, object]:
        session["user"] = request.form["user"]
        session["n"] = 0
        fill()
        return answer()

    @app.post("/write")
    def write() -> dict[str, object]:
        if "user" in session:
            session["n"] = request.form.get("n", type=int)
            fill()
        return answer()

    @app.post("/login")
    def login() -> dict[str, object]:
        interface.regenerate(session)
        return answer()

    @app.post("/logout")
    def logout() -> dict[str, object]:
        interface.destroy(session)
        return answer()

    users: dict[str, str] = {}

    @app.get("/users")
    def made() -> dict[str, str]:
        return users

    if settings["used"]:
        users |= use(app)
    return app


def use(app: Flask) -> dict[str, str]:
    """Use the backend in this process as an application may at start-up, so that connections stay in its pool.

    Return the session cookies of two users.
    """
    interface = app.session_interface
    assert isinstance(interface, sessions.ServerSideSessionInterface)  # noqa: S101
    if isinstance(interface.store, sessions.SqlAlchemyStore):
        with interface.store.engine.connect() as connection:
            connection.exec_driver_sql("SELECT 1")
    cookies = {}
    for user in ("ada", "阿达"):
        client = app.test_client()
        client.post("/start", data={"user": user})
        client.get("/")
        cookie = client.get_cookie("session")
        assert cookie is not None  # noqa: S101
        cookies[user] = cookie.value
    return cookies
