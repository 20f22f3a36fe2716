"""What error it gets: docs/guide/teardown.md."""

from __future__ import annotations

import http.client
import sqlite3
from pathlib import Path

import pytest
from flask import Flask, abort
from werkzeug.exceptions import NotFound

from proven.claims.proofs import proves
from snippets.hooks import teardown_error
from tests.guide.hooks.common import new_app, send, served


@proves(
    "guide/teardown",
    "A teardown function gets None after abort, and after an error for whose class a "
    "handler is registered.",
    "A handler for 500 makes the response, but the teardown function still gets the error.",
)
@pytest.mark.parametrize(
    ("path", "status", "error"),
    [
        ("/fine", 200, "None"),
        ("/missing", 404, "None"),
        ("/handled", 400, "None"),
        ("/unhandled", 500, "ValueError('colour')"),
    ],
)
def test_teardown_gets_the_error_that_nobody_handled(path: str, status: int, error: str) -> None:
    client = teardown_error.app.test_client()
    assert client.get(path).status_code == status
    assert client.get("/given").text == f"{path} {error}"


@proves(
    "guide/teardown", "With TRAP_HTTP_EXCEPTIONS, an abort without a handler arrives as an error."
)
@pytest.mark.parametrize(
    ("trap", "handler", "given"),
    [(False, False, None), (True, False, NotFound), (True, True, None), (False, True, None)],
)
def test_a_trapped_abort_without_a_handler_is_an_error(
    trap: bool, handler: bool, given: type[Exception] | None
) -> None:
    app, seen = new_app(), []
    app.config["TRAP_HTTP_EXCEPTIONS"] = trap
    app.add_url_rule("/missing", "missing", lambda: abort(404))
    app.teardown_request(lambda error: seen.append(error))
    if handler:
        app.register_error_handler(404, lambda error: ("No page", 404))
    send(app, "/missing")
    assert [type(error) if error else None for error in seen] == [given]


@proves(
    "guide/teardown",
    "If you override flask.Flask.should_ignore_error(), the errors for which it returns "
    "True arrive as None.",
)
def test_an_error_to_be_ignored_does_not_arrive() -> None:
    class Lenient(Flask):
        def should_ignore_error(self, error: BaseException | None) -> bool:
            return isinstance(error, ZeroDivisionError)

    seen: list[object] = []
    for made in (Flask("strict"), Lenient("lenient")):
        made.add_url_rule("/bug", "bug", lambda: 1 / 0)
        made.teardown_request(lambda error: seen.append(type(error)))
        made.teardown_appcontext(lambda error: seen.append(type(error)))
        assert send(made, "/bug").status_code == 500
    assert seen == [ZeroDivisionError, ZeroDivisionError, type(None), type(None)]


@proves(
    "guide/teardown",
    "A teardown function gets None for an error that has a handler, so a commit there "
    "saves what was written before the error.",
)
def test_a_commit_in_teardown_saves_half_of_the_work() -> None:
    app = new_app()
    database = sqlite3.connect(":memory:")
    database.execute("create table moved (name text)")
    database.commit()

    @app.teardown_appcontext
    def commit(error: BaseException | None) -> None:
        if error is None:
            database.commit()
        else:
            database.rollback()

    @app.get("/move")
    def move() -> str:
        database.execute("insert into moved values ('half')")
        raise KeyError

    app.register_error_handler(KeyError, lambda error: ("Failed", 400))
    assert send(app, "/move").status_code == 400
    database.rollback()
    assert database.execute("select name from moved").fetchall() == [("half",)]
    database.close()


@proves(
    "guide/teardown",
    "Commit in the view, and only close the connection in the teardown function: closing "
    "it rolls back the rest.",
)
def test_closing_a_connection_rolls_back(tmp_path: Path) -> None:
    path = tmp_path / "moved.db"
    for commit in (True, False):
        database = sqlite3.connect(path)
        database.execute("create table if not exists moved (name text)")
        database.execute("insert into moved values ('row')")
        if commit:
            database.commit()
        database.close()
    database = sqlite3.connect(path)
    assert database.execute("select count(*) from moved").fetchone() == (1,)
    database.close()


@proves(
    "guide/teardown",
    "A teardown function raised an exception.",
    "Flask discards the finished response and calls no error handler.",
    "The remaining teardown_request functions do not run, and the error goes to the server.",
)
def test_a_failing_teardown_throws_the_response_away() -> None:
    app, seen = new_app(), []
    app.register_error_handler(Exception, lambda error: seen.append("handler") or "")
    app.register_error_handler(500, lambda error: seen.append("handler") or "")
    app.teardown_appcontext(lambda error: seen.append("appcontext"))
    app.teardown_request(lambda error: seen.append("left out"))
    app.teardown_request(lambda error: [][1])
    with pytest.raises(IndexError):
        send(app)
    with served(app) as port:
        client = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        client.request("GET", "/")
        assert client.getresponse().status == 500
        client.close()
    assert seen == ["appcontext", "appcontext"]
