"""Both ways: docs/guide/server-side-sessions.md."""

from __future__ import annotations

import inspect
import pickle
from datetime import timedelta
from importlib import import_module
from pathlib import Path

import flask_session
import pytest
from cachelib.file import FileSystemCache
from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from flask_session import Session
from flask_session.defaults import Defaults
from flask_session.redis import RedisSessionInterface as TheirRedisSessionInterface
from flask_sqlalchemy import SQLAlchemy
from redis import Redis

import snippets.sessions
from proven.claims.proofs import proves
from snippets.server_sessions import (
    drop_in,
    flask_session_by_hand,
    flask_session_files,
    flask_session_redis,
)
from snippets.sessions import ServerSideSessionInterface
from tests.guide.sessions.common import (
    SAID,
    TEXT,
    attributes,
    cookie,
    new_app,
    put,
    visit,
    with_cookie,
)
from tests.servers import Server


@proves(
    "guide/server-side-sessions",
    "The interfaces of Flask-Session work in the same way.",
    "flask_session.Session reads the configuration and sets app.session_interface for you.",
    "redis | SESSION_REDIS, a redis.Redis |",
    "Write from flask_session.redis import RedisSessionInterface.",
    "key_prefix, use_signer. The prefix is still there.",
)
@proves("guide/sessions", "It works with every session interface.")
def test_both_ways_of_the_notes_on_a_real_server(redis_server: Server) -> None:
    url = f"redis://127.0.0.1:{redis_server.port}/3"
    with Redis.from_url(url) as redis:
        redis.flushdb()
        for make in (flask_session_by_hand.create_app, flask_session_redis.create_app):
            app = make(url)
            assert isinstance(app.session_interface, TheirRedisSessionInterface)
            browser = app.test_client()
            assert browser.get("/").text == "Index"
            assert redis.exists(f"shop:{cookie(browser)}")
            with browser.session_transaction() as stored:
                assert stored["xxx"] == 123


def test_by_hand_a_session_is_permanent_by_default_and_not_as_configured(
    redis_server: Server,
) -> None:
    url = f"redis://127.0.0.1:{redis_server.port}/3"
    by_hand = flask_session_by_hand.create_app(url).test_client().get("/")
    configured = flask_session_redis.create_app(url).test_client().get("/")
    assert any(part.startswith("Expires=") for part in attributes(by_hand))
    assert attributes(configured) == ["HttpOnly", "Path=/"]


@proves(
    "guide/session-cookie",
    "Flask-Session has a method of the same name, and this example calls it.",
)
def test_their_regenerate_changes_the_id_and_ends_the_old_one(redis_server: Server) -> None:
    app = flask_session_by_hand.create_app(f"redis://127.0.0.1:{redis_server.port}/3")
    browser = app.test_client()
    browser.get("/")
    before = cookie(browser)
    browser.post("/login")
    assert cookie(browser) != before
    with with_cookie(app, before).session_transaction() as stranger:
        assert not stranger
    with browser.session_transaction() as stored:
        assert (stored["xxx"], stored["user"]) == (123, "ada")


def test_our_interface_on_a_real_server(redis_server: Server) -> None:
    app = drop_in.create_app()
    interface = app.session_interface
    assert isinstance(interface, ServerSideSessionInterface)
    interface.store.client.connection_pool.connection_kwargs["port"] = redis_server.port  # type: ignore[attr-defined]
    browser = app.test_client()
    assert browser.post("/visits").get_json() == {"visits": 1}
    assert browser.post("/visits").get_json() == {"visits": 2}


def test_files_of_flask_session() -> None:
    app = flask_session_files.create_app()
    browser = app.test_client()
    assert [browser.post("/visits").get_json()["visits"] for _ in range(3)] == [1, 2, 3]
    assert len(cookie(browser)) == 43


TYPES = {
    "redis": "RedisSessionInterface",
    "memcached": "MemcachedSessionInterface",
    "mongodb": "MongoDBSessionInterface",
    "sqlalchemy": "SqlAlchemySessionInterface",
    "dynamodb": "DynamoDBSessionInterface",
    "cachelib": "CacheLibSessionInterface",
    "filesystem": "FileSystemSessionInterface",
}


@proves(
    "guide/server-side-sessions",
    "memcached | SESSION_MEMCACHED |",
    "mongodb | SESSION_MONGODB |",
    "dynamodb | SESSION_DYNAMODB | …",
)
def test_the_types_of_the_page_are_those_of_the_package() -> None:
    folder = Path(str(flask_session.__file__)).parent
    packages = {path.parent.name for path in folder.glob("*/__init__.py")}
    assert packages == set(TYPES)
    for kind, name in TYPES.items():
        assert f"| `{kind}` | " in TEXT
        source = (folder / kind / "__init__.py").read_text(encoding="utf-8")
        assert name in source


@proves(
    "guide/server-side-sessions",
    "filesystem | SESSION_FILE_DIR | …",
    'SESSION_TYPE = "filesystem" still works and warns DeprecationWarning: '
    "FileSystemSessionInterface is deprecated and will be removed in a future release. "
    'Instead use the CacheLib backend directly. Use "cachelib" instead, as in the example '
    "above.",
)
def test_the_type_filesystem_is_deprecated(tmp_path: Path) -> None:
    app = new_app(SESSION_TYPE="filesystem", SESSION_FILE_DIR=str(tmp_path))
    with pytest.warns(DeprecationWarning, match="deprecated") as caught:
        Session(app)
    folder, interface = (str(warning.message) for warning in caught)
    assert folder.startswith("'SESSION_FILE_DIR' is deprecated")
    assert f"DeprecationWarning: {interface}" in SAID


@proves(
    "guide/server-side-sessions",
    "cachelib | SESSION_CACHELIB, any cache of CacheLib | …; its file cache pickles the sessions",
)
def test_files_are_pickled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    app = new_app(SESSION_TYPE="cachelib", SESSION_CACHELIB=FileSystemCache(str(tmp_path)))
    Session(app)
    browser = app.test_client()
    visit(browser, put(user="ada"))
    (stored,) = [file for file in tmp_path.iterdir() if b"user" in file.read_bytes()]
    # four bytes of time, and then the mark of a pickle
    assert stored.read_bytes()[4:5] == pickle.PROTO


# Flask-Session asks for the time in a way that newer Pythons deprecate.
@proves(
    "guide/server-side-sessions",
    "sqlalchemy | SESSION_SQLALCHEMY, a flask_sqlalchemy.SQLAlchemy | flask "
    "session_cleanup deletes expired rows",
)
@pytest.mark.filterwarnings("ignore::DeprecationWarning:flask_session")
def test_expired_rows_go_with_a_command() -> None:
    app = new_app(SESSION_TYPE="sqlalchemy", SQLALCHEMY_DATABASE_URI="sqlite://")
    app.config["SESSION_SQLALCHEMY"] = db = SQLAlchemy(app)
    Session(app)
    for _ in range(2):
        visit(app.test_client(), put(user="ada"))
    with app.app_context():
        rows = db.select(app.session_interface.sql_session_model)  # type: ignore[attr-defined]
        expired, live = db.session.scalars(rows)
        expired.expiry -= timedelta(days=32)
        db.session.commit()
        kept = live.session_id
        assert app.test_cli_runner().invoke(args=["session_cleanup"]).exit_code == 0
        db.session.expire_all()
        assert [row.session_id for row in db.session.scalars(rows)] == [kept]
        db.session.remove()
        db.engine.dispose()
    assert "`flask session_cleanup`" in TEXT


@proves(
    "guide/server-side-sessions", "They exist in Flask-Session and in Session interfaces to copy."
)
def test_both_packages_have_the_interfaces_of_the_notes() -> None:
    names = {f"{name}SessionInterface" for name in ("Redis", "SqlAlchemy", "MongoDB", "FileSystem")}
    names.add("MemcachedSessionInterface")
    assert names <= set(snippets.sessions.__all__)
    assert names <= set(TYPES.values())


@proves(
    "guide/server-side-sessions",
    "SESSION_TYPE is required: without it, Session(app) raises ValueError.",
    "Session(app) was called without SESSION_TYPE, or before the configuration was loaded.",
)
def test_no_type_is_an_error() -> None:
    with pytest.raises(ValueError) as caught:
        Session(new_app())
    assert f"`ValueError: {caught.value}`" in SAID


@proves("guide/server-side-sessions", "It reads them once, so a later change has no effect.")
def test_the_keys_of_flask_session_are_read_once(tmp_path: Path) -> None:
    app = new_app(SESSION_TYPE="cachelib", SESSION_CACHELIB=FileSystemCache(str(tmp_path)))
    Session(app)
    interface = app.session_interface
    before = dict(vars(interface))
    keys = [key for key in vars(Defaults) if key.startswith("SESSION_")]
    assert len(keys) == 23
    app.config.update(dict.fromkeys(keys, "other"))
    visit(app.test_client(), put(user="ada"))
    assert app.session_interface is interface
    assert vars(interface) == before


@proves(
    "guide/server-side-sessions",
    "Each backend has a module of its name, and the application is the first argument:",
)
def test_the_application_is_the_first_argument_of_each_interface() -> None:
    for kind, name in TYPES.items():
        if kind == "dynamodb":
            continue  # its client is not installed
        interface = getattr(import_module(f"flask_session.{kind}"), name)
        assert next(iter(inspect.signature(interface).parameters)) == "app"


@proves(
    "guide/server-side-sessions",
    "SESSION_PERMANENT is True by default, so the cookie has an Expires date.",
)
def test_a_session_is_permanent_by_default(tmp_path: Path) -> None:
    app = new_app(SESSION_TYPE="cachelib", SESSION_CACHELIB=FileSystemCache(str(tmp_path)))
    Session(app)
    assert Defaults.SESSION_PERMANENT is True
    assert any(
        part.startswith("Expires=") for part in attributes(visit(app.test_client(), put(a=1)))
    )


@proves(
    "guide/sessions",
    "SESSION_TYPE is set, but Session(app) was not called | Call it after the "
    "configuration is complete.",
)
def test_the_settings_alone_change_nothing() -> None:
    app = new_app(SESSION_TYPE="redis")
    assert type(app.session_interface) is SecureCookieSessionInterface


@proves(
    "guide/session-interface",
    "sid = request.cookies.get(app.session_cookie_name) | reads the cookie | "
    "get_cookie_name(app) returns the name, as the attribute was removed. The store is "
    "not read before the view uses the session.",
    "Write self.get_cookie_name(app) instead.",
)
@proves(
    "guide/server-side-sessions",
    "The class has moved to a module of its own.",
    "Write from flask_session import Session.",
)
def test_the_imports_of_the_notes() -> None:
    with pytest.raises(ImportError) as caught:
        exec("from flask_session import RedisSessionInterface")
    assert f"`ImportError: {str(caught.value).split(' (')[0]}`" in SAID
    with pytest.raises(ModuleNotFoundError) as missing:
        exec("from flask.ext.session import Session")
    assert f"`ModuleNotFoundError: {missing.value}`" in SAID
    with pytest.raises(AttributeError) as gone:
        Flask("gone").session_cookie_name  # type: ignore[attr-defined]  # noqa: B018
    assert f"`AttributeError: {gone.value}`" in SAID
    with pytest.raises(ImportError, match="RedisSesssionInterface"):
        exec("from flask_session.redis import RedisSesssionInterface")
    for module, name in (
        ("sqlalchemy", "SqlAlchemySessionInterface"),
        ("mongodb", "MongoDBSessionInterface"),
        ("filesystem", "FileSystemSessionInterface"),
        ("memcached", "MemcachedSessionInterface"),
    ):
        assert not hasattr(flask_session, name)
        assert hasattr(import_module(f"flask_session.{module}"), name)


@proves(
    "guide/server-side-sessions",
    "In the same example, the line if __name__ == '__main__' lacks its colon, so the "
    "example does not run.",
)
def test_the_end_of_the_notes_example_is_no_python() -> None:
    with pytest.raises(SyntaxError):
        compile("if __name__  ==  '__main__'\n    app.run()\n", "notes", "exec")


@proves(
    "guide/server-side-sessions",
    "Today the first argument is the application, so Flask-Session treats your client as "
    "the application and creates another client.",
)
def test_the_call_of_the_notes_takes_the_client_for_the_application() -> None:
    mine = Redis(port=1)
    with pytest.warns(RuntimeWarning) as caught:
        interface = TheirRedisSessionInterface(mine, key_prefix="__", use_signer=False)
    assert f"`RuntimeWarning: {caught[0].message}`" in SAID
    assert interface.app is mine
    assert interface.client.connection_pool.connection_kwargs["port"] == 6379
    mine.close()
    interface.client.close()
