"""Session interfaces of others as subjects of the contract: Flask-Session, and Flask's signed cookie."""

from __future__ import annotations

import struct
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from cachelib.file import FileSystemCache
from flask import Flask, Response, session
from flask.sessions import SecureCookieSessionInterface
from flask_session import Session
from flask_sqlalchemy import SQLAlchemy
from pymemcache import PooledClient
from pymongo import MongoClient
from redis import Redis
from sqlalchemy import text

from snippets.server_sessions.memory_store import MemoryStore
from snippets.sessions import ServerSideSessionInterface
from tests.reference.sessions.contract import OutageError, Subject


class NotOfferedError(Exception):
    """What a check wants does not exist here: neither kept nor broken."""


class Calls:
    """Counts what an interface asks its backend, and fails when told to."""

    def __init__(self, interface: Any, *names: str) -> None:
        self.calls: list[str] = []
        self.arguments: list[str] = []
        self.down = False
        for name in names:
            setattr(interface, name, self._noting(name, getattr(interface, name)))

    def _noting(self, name: str, method: Callable[..., Any]) -> Callable[..., Any]:
        def noting(*arguments: Any, **named: Any) -> Any:
            self.calls.append(name)
            self.arguments.append(str(arguments))
            if self.down:
                raise OutageError("the backend is down")
            return method(*arguments, **named)

        return noting


class Other(Subject):
    """An interface that is not of the snippets.

    Attributes:
        without: The checks that have no meaning here.
    """

    without: frozenset[str] = frozenset()

    def __init__(self) -> None:
        super().__init__(
            lambda **options: ServerSideSessionInterface(MemoryStore(), **options),
            whole_seconds=True,
        )

    def add_commands(self, app: Flask) -> None:
        raise NotOfferedError("commands")


class SignedCookie(Other):
    """Flask's own: the data are in the cookie. There is no store, and no id to change."""

    without = frozenset(
        {
            "applications_of_one_factory_share",
            "cookie_is_sent_when_it_changes",
            "destroying_ends_the_session",
            "change_of_a_session_that_was_lost_is_an_error",
            "error_pages_may_look_at_the_session",
            "failed_regeneration_keeps_the_session",
            "ids_are_long_and_random",
            "ids_stay_out_of_the_store",
            "late_request_does_not_undo_login",
            "login_beside_a_logout_counts",
            "ids_differ_by_case",
            "live_sessions_stay",
            "lost_write_in_an_error_page_sets_no_cookie",
            "lost_write_is_never_reported_as_saved",
            "never_adopts_an_id",
            "outage_is_loud",
            "outage_is_not_asked_twice",
            "reading_costs_one_call",
            "refuses_what_is_too_large",
            "regenerating_alone_is_enough",
            "regenerating_changes_the_id",
            "regenerating_works_after_clear",
            "slow_login_does_not_undo_logout",
            "slow_writer_does_not_undo_login",
            "two_logouts_at_once_succeed",
            "writing_costs_two_calls",
        }
    )

    def install(self, app: Flask, **options: Any) -> Any:
        if options.pop("permanent", False):
            app.after_request(_make_permanent)
        if options:
            raise NotOfferedError(*options)
        app.session_interface = SecureCookieSessionInterface()
        return Calls(app.session_interface)

    def overwrite(self, app: Flask, sid: str, payload: bytes) -> None:
        raise NotOfferedError("a store")

    def evict(self, app: Flask, sid: str) -> None:
        raise NotOfferedError("a store")


def _make_permanent(response: Response) -> Response:
    if session.modified:
        session.permanent = True
    return response


class FlaskSession(Other):
    """Flask-Session on one of its backends.

    Args:
        kind: Its ``SESSION_TYPE``.
        config: More of its configuration.
        overwrite: Puts bytes in the place of what is stored under a key.
    """

    def __init__(
        self,
        kind: str,
        config: dict[str, Any],
        overwrite: Callable[[str, bytes], object] | None = None,
        too_large: int | None = None,
    ) -> None:
        super().__init__()
        self.too_large = too_large
        self.kind = kind
        self.config = config
        self._overwrite = overwrite

    def install(self, app: Flask, **options: Any) -> Any:
        app.config.update(
            SESSION_TYPE=self.kind,
            SESSION_PERMANENT=options.pop("permanent", False),
            SESSION_KEY_PREFIX=options.pop("key_prefix", "session:"),
            SESSION_USE_SIGNER=options.pop("use_signer", False),
            **self.config,
        )
        if options:
            raise NotOfferedError(*options)
        if self.kind == "sqlalchemy":
            app.config["SQLALCHEMY_DATABASE_URI"] = self.database
            app.config["SESSION_SQLALCHEMY"] = SQLAlchemy(app)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # signing is
            Session(app)
        # The methods that its documentation has a backend implement.
        names = ("_retrieve_session_data", "_upsert_session", "_delete_session")
        return Calls(app.session_interface, *names)

    def sqlalchemy(self, app: Flask) -> Any:
        if self.kind == "sqlalchemy":
            return app.config["SESSION_SQLALCHEMY"]
        return super().sqlalchemy(app)

    def overwrite(self, app: Flask, sid: str, payload: bytes) -> None:
        key = app.config["SESSION_KEY_PREFIX"] + sid
        if self.kind == "sqlalchemy":
            with app.app_context(), app.extensions["sqlalchemy"].engine.begin() as connection:
                statement = text("UPDATE sessions SET data = :data WHERE session_id = :key")
                connection.execute(statement, {"data": payload, "key": key})
        else:
            assert self._overwrite
            self._overwrite(key, payload)

    def evict(self, app: Flask, sid: str) -> None:
        interface: Any = app.session_interface
        interface._delete_session(app.config["SESSION_KEY_PREFIX"] + sid)


def signed_cookie(request: pytest.FixtureRequest) -> Iterator[Other]:
    yield SignedCookie()


def on_redis(request: pytest.FixtureRequest) -> Iterator[Other]:
    server = request.getfixturevalue("redis_server")
    with Redis(port=server.port, db=1) as client:
        client.config_set("proto-max-bulk-len", 2**20)
        yield FlaskSession("redis", {"SESSION_REDIS": client}, client.set, 2**21)


def on_memcached(request: pytest.FixtureRequest) -> Iterator[Other]:
    server = request.getfixturevalue("memcached_server")
    client = PooledClient(
        f"127.0.0.1:{server.port}", no_delay=True, default_noreply=False, key_prefix="theirs:"
    )
    yield FlaskSession("memcached", {"SESSION_MEMCACHED": client}, client.set, 2**20)
    client.close()


def on_mongodb(request: pytest.FixtureRequest) -> Iterator[Other]:
    server = request.getfixturevalue("mongodb_server")
    with MongoClient("127.0.0.1", server.port) as client:

        def overwrite(key: str, payload: bytes) -> None:
            sessions = client["flask_session"]["sessions"]
            sessions.update_one({"id": key}, {"$set": {"val": payload}})

        yield FlaskSession("mongodb", {"SESSION_MONGODB": client}, overwrite, 17 * 2**20)


def on_sql(request: pytest.FixtureRequest) -> Iterator[Other]:
    server = request.getfixturevalue("mariadb_server")
    subject = FlaskSession("sqlalchemy", {}, too_large=17 * 2**20)
    subject.database = f"mysql+pymysql://root@127.0.0.1:{server.port}/test"
    yield subject


def on_files(request: pytest.FixtureRequest) -> Iterator[Other]:
    folder: Path = request.getfixturevalue("tmp_path_factory").mktemp("cachelib")

    cache = FileSystemCache(str(folder))

    def overwrite(key: str, payload: bytes) -> None:
        before = set(folder.iterdir())
        assert cache.delete(key)
        (file,) = before - set(folder.iterdir())
        file.write_bytes(struct.pack("I", 0) + payload)  # 0: it does not expire

    yield FlaskSession("cachelib", {"SESSION_CACHELIB": cache}, overwrite)


OTHERS: dict[str, Callable[[pytest.FixtureRequest], Iterator[Other]]] = {
    "cookie": signed_cookie,
    "flask-session-redis": on_redis,
    "flask-session-memcached": on_memcached,
    "flask-session-mongodb": on_mongodb,
    "flask-session-sql": on_sql,
    "flask-session-files": on_files,
}
