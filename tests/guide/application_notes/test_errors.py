"""Errors: docs/guide/application-notes.md."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
import sqlalchemy
from flask import Flask, abort
from sqlalchemy import event, exc, text
from sqlalchemy.exc import InterfaceError, OperationalError

from proven.claims.proofs import proves
from snippets.application import error_texts
from snippets.application.models import Note, User, db
from tests.guide.application.common import (
    ADA,
    MINE,
    ORIGIN,
    PASSWORD,
    Visitor,
    application,
    count,
    parsed,
    said,
)
from tests.servers import Server, free_port, wait_for


def wrong_sql() -> None:
    raise exc.ProgrammingError("SELEC 1", {}, Exception("syntax error"))


@proves(
    "guide/application-notes",
    "Other SQL errors are faults of the program and get 500.",
    "If the database or the session store is not available, the response is 503, and the "
    "error page shows the id of the request, which is also in the log.",
)
def test_an_error_of_ours_shows_a_number_that_the_log_has(
    app: Flask, ada: Visitor, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail() -> None:
        raise LookupError("a secret detail")

    monkeypatch.setitem(app.view_functions, "notes.index", fail)
    answer = ada.get("/notes/")
    number = answer.headers["X-Request-ID"]
    assert answer.status_code == 500
    assert number in said(answer)
    assert "a secret detail" not in answer.text
    assert f"The request that failed: {number}" in caplog.text
    assert "a secret detail" in caplog.text
    monkeypatch.setitem(app.view_functions, "notes.index", wrong_sql)
    assert ada.get("/notes/").status_code == 500


@proves(
    "guide/application-notes",
    "If the database or the session store cannot be reached, is busy or is full, the "
    "response is 503: nothing was saved, and the user can try again.",
    "If a note could not be saved because the token was wrong, the login had ended or the "
    "database was not available, the error page shows its text, so that the user can copy "
    "it.",
)
@pytest.mark.parametrize("failure", [OperationalError, InterfaceError, sqlalchemy.exc.TimeoutError])
def test_without_its_database_it_answers_503_and_gives_the_text_back(
    app: Flask,
    ada: Visitor,
    failure: type[Exception],
    caplog: pytest.LogCaptureFixture,
) -> None:
    def fail(*_: object) -> None:
        raise failure("INSERT", {"text": "my text"}, Exception("the server has gone away"))

    token = ada.token()
    event.listen(db.session, "before_flush", fail, once=True)
    data = {"title": "x", "text": "my text", "csrf_token": token}
    answer = ada.client.post("/notes/new", data=data, headers=ORIGIN)
    assert answer.status_code == 503
    assert error_texts.TEXTS[503] in said(answer)
    assert "my text" in [kept.get_text() for kept in parsed(answer).select("pre")]
    assert f"A store failed in the request {answer.headers['X-Request-ID']}" in caplog.text
    assert "the server has gone away" in caplog.text


@proves(
    "guide/application",
    "close returns the connection before Flask-SQLAlchemy does.",
    "If the connection was lost, this raises an error.",
    "After the response no error handler would catch it, and the server would respond "
    "with 500 instead of the page.",
)
def test_a_connection_that_dies_during_the_request_does_not_take_the_answer_with_it(
    postgresql_server: Server, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    url = f"postgresql+psycopg://postgres@127.0.0.1:{postgresql_server.port}/postgres"
    with application(tmp_path, SQLALCHEMY_DATABASE_URI=url) as app:

        def die() -> str:
            own = db.session.scalar(text("SELECT pg_backend_pid()"))
            # a transaction would go on seeing the list of connections as it was
            with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as other:
                other.execute(text("SELECT pg_terminate_backend(:own)"), {"own": own})
                gone = text("SELECT count(*) FROM pg_stat_activity WHERE pid = :own")
                wait_for(lambda: not other.scalar(gone, {"own": own}))
            return "all is said"

        app.add_url_rule("/die", "die", die)
        for _ in range(2):
            answer = app.test_client().get("/die")
            assert (answer.status_code, answer.text) == (200, "all is said")
    assert "A connection of the database died" in caplog.text


@proves("guide/application", "hide_parameters keeps the values of SQL statements out of the log.")
def test_the_log_of_a_failing_database_has_no_content(
    app: Flask, ada: Visitor, caplog: pytest.LogCaptureFixture
) -> None:
    with app.app_context():
        Note.__table__.drop(db.engine)
    assert ada.post("/notes/new", title="x", text="a private text").status_code == 503
    assert "no such table" in caplog.text
    assert "a private text" not in caplog.text


@proves(
    "guide/application-notes",
    "The error page uses neither the database nor the session, because one of them may "
    "have failed.",
)
def test_without_its_session_store_it_answers_503(tmp_path: Path) -> None:
    with application(tmp_path, REDIS_URL=f"redis://127.0.0.1:{free_port()}") as app:
        # a stranger can read, for that takes no session
        stranger, user = Visitor(app), Visitor(app)
        user.client.set_cookie("session", "A" * 43)
        fields = {"mobile": ADA, "password": PASSWORD, "again": PASSWORD}
        for answer, status in (
            (stranger.get("/login"), 200),
            (stranger.client.post("/login", data=fields, headers=ORIGIN), 503),
            (stranger.client.post("/register", data=fields, headers=ORIGIN), 503),
            (user.get("/login"), 503),
            (user.get("/notes/"), 503),
            (user.client.post("/notes/new", data=MINE, headers=ORIGIN), 503),
            (user.get("/nothing"), 404),
        ):
            assert answer.status_code == status
            assert status == 200 or error_texts.TEXTS[status] in said(answer)
        assert count(app, User) == 0


def test_a_session_that_cannot_be_saved_answers_503_too(
    app: Flask, ada: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    ada.post("/logout")
    store = app.session_interface.store  # type: ignore[attr-defined]

    def fail(*_: object) -> bool:
        raise OSError("no space left on device")

    monkeypatch.setattr(store, "create", fail)
    answer = ada.login()
    assert answer.status_code == 503
    assert error_texts.TEXTS[503] in said(answer)


@proves(
    "guide/application-notes",
    "The Redis client has a timeout of one second, so that a server that hangs does not "
    "block a request for longer.",
)
def test_a_redis_that_hangs_holds_a_request_for_a_second(own_redis: Server, tmp_path: Path) -> None:
    with application(tmp_path, REDIS_URL=f"redis://127.0.0.1:{own_redis.port}") as app:
        ada = Visitor(app).register()
        own_redis.pause()
        began = time.monotonic()
        assert ada.get("/notes/").status_code == 503
        assert 0.9 < time.monotonic() - began < 4
        own_redis.resume()
        assert ada.get("/notes/").status_code == 200


@proves(
    "guide/application-notes",
    "So the request for a missing icon does not take the flashed messages of the visitor either.",
)
def test_an_error_page_takes_no_flashed_message(app: Flask, ada: Visitor) -> None:
    ada.post("/notes/new", title="x", text="")
    assert ada.get("/favicon.ico").status_code == 404
    assert "Saved." in said(ada.get("/notes/"))


def test_an_error_without_a_text_of_ours_has_its_name(app: Flask) -> None:
    app.add_url_rule("/teapot", "teapot", lambda: abort(418))
    assert "I'm a teapot" in said(Visitor(app).get("/teapot"))
