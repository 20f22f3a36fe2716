"""reference/sessions: the snippets of the page, and what it says beside the contract.

What holds for every backend is proved by the contract, in tests/reference/sessions/.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from flask import Flask, session
from flask.testing import FlaskClient

from proven.claims.proofs import proves
from snippets.server_sessions import drop_in, login, memory_store
from snippets.sessions import (
    ServerSideSessionInterface,
    SessionBackendError,
    SessionStore,
)
from tests.servers import Server

ROOT = Path(__file__).parents[3]


@pytest.fixture(autouse=True)
def temporary_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Have the sessions of the page's application in a folder that goes with the test."""
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))


@pytest.fixture
def client() -> FlaskClient:
    return login.create_app().test_client()


def cookie(client: FlaskClient) -> str | None:
    found = client.get_cookie("session")
    return found.value if found else None


@proves("reference/sessions", "The cookie contains only a random id.")
def test_the_browser_holds_a_random_id_and_nothing_else(client: FlaskClient) -> None:
    client.post("/cart", data={"item": "tea"})
    value = cookie(client)
    assert value is not None
    assert len(value) == 43
    assert "tea" not in value


@proves(
    "reference/sessions",
    "Views use flask.session as usual.",
    "The session interface has two more methods, which every application with a login "
    "should call: regenerate gives the session a new id at login, and destroy ends the "
    "session at logout.",
)
def test_a_login_keeps_the_data_and_changes_the_id(client: FlaskClient) -> None:
    client.post("/cart", data={"item": "tea"})
    before = cookie(client)
    client.post("/login", data={"name": "阿达"})
    assert cookie(client) != before
    assert client.get("/").json == {"user": "阿达", "cart": "tea"}


def test_who_knew_the_id_before_the_login_is_left_with_nothing(client: FlaskClient) -> None:
    client.post("/cart", data={"item": "tea"})
    before = cookie(client)
    client.post("/login", data={"name": "阿达"})
    stranger = client.application.test_client()
    stranger.set_cookie("session", str(before))
    assert stranger.get("/").json == {"user": None, "cart": None}


def test_a_logout_ends_the_session_on_the_server(client: FlaskClient) -> None:
    client.post("/login", data={"name": "阿达"})
    value = cookie(client)
    client.post("/logout")
    assert cookie(client) is None
    stranger = client.application.test_client()
    stranger.set_cookie("session", str(value))
    assert stranger.get("/").json == {"user": None, "cart": None}


@proves(
    "reference/sessions",
    "The application has this command because the snippet calls app.cli.add_command(sessions_cli).",
    "The command prints how many sessions it has deleted.",
    "In code, app.session_interface.purge() does the same and returns the number.",
)
@proves(
    "reference/session-classes",
    "Delete the expired sessions from the store.",
    "Return how many were deleted.",
)
def test_purge_prints_how_many_sessions_it_has_removed() -> None:
    app = login.create_app()
    app.config["PERMANENT_SESSION_LIFETIME"] = 0
    for _ in range(3):
        app.test_client().post("/cart", data={"item": "tea"})
    app.config["PERMANENT_SESSION_LIFETIME"] = 60
    app.test_client().post("/cart", data={"item": "tea"})
    result = app.test_cli_runner().invoke(args=["sessions", "purge"])
    assert result.exit_code == 0
    assert result.output.endswith("Expired sessions removed: 3\n")


def test_the_shown_command_runs() -> None:
    command = "flask --app snippets.server_sessions.login sessions purge"
    assert f"$ {command}" in (ROOT / "docs/reference/sessions.md").read_text(encoding="utf-8")
    result = subprocess.run(
        [sys.executable, "-m", *command.split()],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert result.stdout == "Expired sessions removed: 0\n"


@proves(
    "reference/sessions", "This replaces Session(app) and the keys SESSION_TYPE and SESSION_REDIS."
)
def test_the_drop_in_keeps_sessions_in_redis_under_its_own_prefix(redis_server: Server) -> None:
    app = drop_in.create_app()
    assert app.config.keys().isdisjoint({"SESSION_TYPE", "SESSION_REDIS"})
    interface = app.session_interface
    assert isinstance(interface, ServerSideSessionInterface)
    interface.store.client.connection_pool.connection_kwargs["port"] = redis_server.port  # type: ignore[attr-defined]
    client = app.test_client()
    assert client.post("/visits").json == {"visits": 1}
    assert client.post("/visits").json == {"visits": 2}
    stored = interface.store.client.keys("shop:session:*")  # type: ignore[attr-defined]
    assert stored == [interface.key(app, str(cookie(client))).encode()]


@proves(
    "reference/sessions",
    "Sessions that Flask-Session has stored cannot be read, because their format differs, "
    "so users have to log in once more.",
    "The views stay the same.",
)
def test_a_session_of_flask_session_is_not_read(redis_server: Server) -> None:
    """An id of Flask-Session's, valid here too, leads to nothing of its format."""
    from flask_session import Session  # type: ignore[import-untyped]
    from redis import Redis

    old = Flask("old")
    redis = Redis(port=redis_server.port)
    old.config.update(SESSION_TYPE="redis", SESSION_REDIS=redis, SESSION_KEY_PREFIX="shop:session:")
    Session(old)

    new = drop_in.create_app()
    # The views stay the same.
    old.post("/visits")(new.view_functions["count_visits"])
    client = old.test_client()
    assert client.post("/visits").json == {"visits": 1}
    interface = new.session_interface
    assert isinstance(interface, ServerSideSessionInterface)
    interface.store.client.connection_pool.connection_kwargs["port"] = redis_server.port  # type: ignore[attr-defined]
    browser = new.test_client()
    browser.set_cookie("session", str(cookie(client)))
    assert browser.post("/visits").json == {"visits": 1}
    assert cookie(browser) != cookie(client)


def test_the_store_of_the_page_counts_visits() -> None:
    client = memory_store.app.test_client()
    assert client.post("/visits").json == {"visits": 1}
    assert client.post("/visits").json == {"visits": 2}


@proves("reference/sessions", "To write your own backend, write a store: a class with six methods.")
@proves("reference/session-classes", "To write a backend, write these six methods.")
def test_a_store_is_six_methods() -> None:
    methods = {name for name in vars(SessionStore) if not name.startswith("_")} - {"errors"}
    assert methods == {"read", "create", "update", "touch", "delete", "purge"}
    assert all(callable(getattr(memory_store.MemoryStore, name)) for name in methods)


class Down(memory_store.MemoryStore):
    errors = (ConnectionError,)

    def read(self, key: str) -> None:
        raise ConnectionError("no route to the store")

    def create(self, key: str, payload: bytes, lifetime: float) -> bool:
        raise ConnectionError("no route to the store")


def down(**options: bool) -> FlaskClient:
    app = Flask("down")
    app.session_interface = ServerSideSessionInterface(Down(), **options)  # type: ignore[arg-type]
    app.add_url_rule("/read", view_func=lambda: {"user": session.get("user")}, endpoint="read")
    app.add_url_rule(
        "/write", view_func=lambda: session.update(user="阿达") or "", endpoint="write"
    )
    client = app.test_client()
    client.set_cookie("session", "A" * 43)
    return client


def test_a_view_that_reads_answers_503_while_the_store_is_down() -> None:
    assert issubclass(SessionBackendError, Exception)
    assert down().get("/read").status_code == 503


def test_a_view_whose_change_cannot_be_saved_answers_an_error() -> None:
    client = down()
    client.delete_cookie("session")
    response = client.get("/write")
    assert response.status_code == 500
    assert "Set-Cookie" not in response.headers


@proves(
    "reference/sessions",
    "With anonymous_when_down=True, views get an empty session instead.",
    "Changing the session still raises the error, because the change would be lost.",
)
def test_anonymous_when_down_serves_pages_and_still_refuses_changes() -> None:
    client = down(anonymous_when_down=True)
    assert client.get("/read").json == {"user": None}
    assert client.get("/write").status_code == 500


@proves(
    "reference/sessions",
    "To use the package, copy the folder into your project and install the client library "
    "of your backend.",
)
@pytest.mark.parametrize(
    ("name", "library"),
    [
        ("FileSystemSessionInterface", None),
        ("RedisSessionInterface", "redis"),
        ("MemcachedSessionInterface", "pymemcache"),
        ("MongoDBSessionInterface", "pymongo"),
        ("SqlAlchemySessionInterface", "sqlalchemy"),
    ],
)
def test_a_copy_of_the_folder_needs_the_library_of_its_backend_only(
    tmp_path: Path, name: str, library: str | None
) -> None:
    shutil.copytree(ROOT / "snippets/sessions", tmp_path / "shop/sessions")
    clients = {"redis", "pymemcache", "pymongo", "sqlalchemy"}
    code = (
        f"import sys; sys.modules.update(dict.fromkeys({clients - {library}!r}));"
        f"from shop.sessions import {name}; import shop.sessions; print(shop.sessions.__file__)"
    )
    result = subprocess.run(
        [sys.executable, "-P", "-c", code],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert result.stdout.startswith(str(tmp_path))
