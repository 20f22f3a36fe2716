"""reference/sessions beside Flask-Login, Flask-SocketIO, Flask-Session and Alembic; and beside other clocks."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask import Flask, session, stream_with_context
from flask_login import LoginManager, UserMixin, current_user, login_user, logout_user
from flask_session import Session
from flask_socketio import SocketIO
from redis import Redis

from proven.claims.proofs import proves
from snippets.server_sessions import migrated
from snippets.server_sessions.clients import (
    memcached_client,
    mongodb_client,
    redis_client,
    sqlite_engine,
)
from snippets.server_sessions.memory_store import MemoryStore
from snippets.sessions import (
    FileSystemSessionInterface,
    MemcachedSessionInterface,
    MongoDBSessionInterface,
    RedisSessionInterface,
    ServerSideSessionInterface,
    SqlAlchemySessionInterface,
)
from tests.reference.sessions.contract import Site, Subject
from tests.servers import Server


def application() -> tuple[Flask, ServerSideSessionInterface]:
    app = Flask("shop")
    app.secret_key = "a key"
    app.session_interface = interface = ServerSideSessionInterface(MemoryStore())
    app.add_url_rule("/", "read", lambda: dict(session))
    app.add_url_rule("/write", "write", lambda: session.update(n=1) or "")
    return app, interface


# Flask-Login.


def logged_out(first: str) -> bool:
    """Return whether a user who was remembered is logged out, by a view that calls one or the other first."""
    app, interface = application()
    manager = LoginManager(app)

    class User(UserMixin):
        id = "ada"

    manager.user_loader(lambda name: User())

    @app.get("/login")
    def login() -> str:
        interface.regenerate(session)
        login_user(User(), remember=True)
        return ""

    @app.get("/logout")
    def logout() -> str:
        if first == "destroy":
            interface.destroy(session)
            logout_user()
        else:
            logout_user()
            interface.destroy(session)
        return ""

    app.add_url_rule("/who", "who", lambda: str(current_user.is_authenticated))
    client = app.test_client()
    client.get("/login")
    assert client.get("/who").text == "True"
    client.get("/logout")
    return client.get("/who").text == "False"


@proves(
    "reference/sessions",
    "Flask-Login. Call destroy first and logout_user afterwards.",
    "logout_user stores a mark in the session, which makes Flask-Login delete its "
    "“remember me” cookie.",
    "If you call destroy afterwards, the mark is lost, and the cookie logs the user in again.",
)
def test_destroy_comes_before_logout_user() -> None:
    assert logged_out(first="destroy")
    assert not logged_out(first="logout_user")


# Flask-SocketIO.


@proves(
    "reference/sessions",
    "Flask-SocketIO gives its event handlers a copy of the session, which is never saved.",
    "With SocketIO(app, manage_session=False) they get the real session.",
)
@pytest.mark.parametrize("manage_session", [True, False])
def test_what_an_event_writes_is_saved_without_manage_session(manage_session: bool) -> None:
    app, _ = application()
    socketio = SocketIO(app, manage_session=manage_session, async_mode="threading")
    seen = []

    @socketio.on("write")
    def write() -> None:
        seen.append(session.get("n"))
        session["event"] = 1

    client = app.test_client()
    client.get("/write")
    events = socketio.test_client(app, flask_test_client=client)
    events.emit("write")
    assert seen == [1]
    assert client.get("/").json == ({"n": 1} if manage_session else {"n": 1, "event": 1})


@proves(
    "reference/sessions",
    "WebSockets. A view that serves a WebSocket sees the session as it was when the "
    "connection was opened.",
    "Its changes are saved when the connection closes, and overwrite everything that was "
    "saved in the meantime.",
)
def test_a_socket_saves_over_what_was_saved_meanwhile() -> None:
    """Its view lasts as long as the connection: the one that is saved last wins, as a whole."""
    store = MemoryStore()
    site = Site(Subject(lambda **options: ServerSideSessionInterface(store, **options)))
    browser = site.visitor(n=1)

    def socket() -> None:
        assert session["n"] == 1
        browser.twin().visit(lambda: session.update(cart=1))
        session["seen"] = True

    browser.visit(socket)
    assert browser.data() == {"n": 1, "seen": True}


@proves(
    "reference/sessions",
    "Streams. Flask saves the session before it sends the body of a response.",
    "Changes that a generator makes later are lost.",
)
def test_what_a_stream_changes_is_not_saved() -> None:
    app, _ = application()

    @app.get("/stream")
    def stream() -> Any:
        session["before"] = 1

        @stream_with_context
        def body() -> Any:
            yield "a"
            session["after"] = 1

        return body()

    client = app.test_client()
    assert client.get("/stream").text == "a"
    assert client.get("/").json == {"before": 1}


# Flask-Session.


def cookie_of(app: Flask) -> str:
    app.add_url_rule("/write", "write", lambda: session.update(n=1) or "")
    return app.test_client().get("/write").headers["Set-Cookie"]


@proves(
    "reference/sessions",
    "To keep the old behaviour, pass permanent=True.",
    "Here a session is permanent only if the view sets session.permanent.",
)
def test_the_drop_in_keeps_the_expiry_of_the_cookie_if_it_is_permanent(
    redis_server: Server,
) -> None:
    theirs = Flask("theirs")
    client = Redis(port=redis_server.port)
    theirs.config.update(SESSION_TYPE="redis", SESSION_REDIS=client)
    Session(theirs)
    assert "Expires=" in cookie_of(theirs)
    for options, expires in (({}, False), ({"permanent": True}, True)):
        ours = Flask("ours")
        ours.session_interface = RedisSessionInterface(client, **options)
        assert ("Expires=" in cookie_of(ours)) is expires
    client.close()


# Alembic.


def test_the_table_of_the_snippet_is_one_that_alembic_keeps(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/shop.db"
    app = migrated.create_app(url)
    with app.app_context():
        migrated.db.create_all()  # as the migration does
        with migrated.db.engine.connect() as connection:
            context = MigrationContext.configure(connection)
            assert compare_metadata(context, migrated.db.metadata) == []
        migrated.db.engine.dispose()
    client = app.test_client()
    assert client.post("/visits").json == {"visits": 1}
    assert client.post("/visits").json == {"visits": 2}
    interface = app.session_interface
    assert isinstance(interface, ServerSideSessionInterface)
    interface.store.engine.dispose()  # type: ignore[attr-defined]
    migrated.db.metadata.remove(migrated.db.metadata.tables["http_sessions"])


# Clocks.


@proves(
    "reference/sessions",
    "Machines. Redis measures the lifetime with its own clock.",
    "For Memcached, MongoDB, SQL and files, the clock of the machine on which the "
    "application runs decides.",
    "If this clock is an hour ahead, a session with less than an hour to live has ended.",
    "If it is an hour behind, the session lives an hour longer.",
)
@pytest.mark.parametrize("backend", ["redis", "memcached", "mongodb", "sqlite", "files"])
def test_whose_clock_decides(backend: str, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    """A clock that is an hour ahead ends a session of half an hour, unless the server counts."""
    close: Callable[[], object] = lambda: None  # noqa: E731
    if backend == "files":
        interface: Any = FileSystemSessionInterface
        client: Any = tmp_path / "sessions"
    elif backend == "sqlite":
        interface, client = SqlAlchemySessionInterface, sqlite_engine(f"{tmp_path}/s.db")
        close = client.dispose
    else:
        port = request.getfixturevalue(f"{backend}_server").port
        interface, make, place = {
            "redis": (RedisSessionInterface, redis_client, "redis://127.0.0.1:{}/0"),
            "memcached": (MemcachedSessionInterface, memcached_client, "127.0.0.1:{}"),
            "mongodb": (MongoDBSessionInterface, mongodb_client, "mongodb://127.0.0.1:{}/"),
        }[backend]
        client = make(place.format(port))
        close = client.close
    half_an_hour = {"PERMANENT_SESSION_LIFETIME": timedelta(minutes=30)}
    site = Site(Subject(lambda **options: interface(client, **options)), half_an_hour)
    browser = site.visitor(a=1)
    with time_machine.travel(datetime.now(UTC) + timedelta(hours=1)):
        assert browser.data() == ({"a": 1} if backend == "redis" else {})
    with time_machine.travel(datetime.now(UTC) - timedelta(hours=1)):
        assert browser.data() == {"a": 1}
    close()
