"""Teardown: docs/guide/teardown.md."""

from __future__ import annotations

import sqlite3

import pytest
from flask import current_app, g, request, session

from proven.claims.proofs import proves
from snippets.hooks import connection
from tests.guide.hooks.common import is_closed, new_app, on_the_page, send


@proves(
    "guide/teardown",
    "A teardown function runs when the request is over, whether it succeeded or failed.",
)
@pytest.mark.parametrize(("path", "status"), [("/answer", 200), ("/broken", 500)])
def test_teardown_closes_whatever_happened(
    path: str, status: int, connections: list[sqlite3.Connection]
) -> None:
    answer = send(connection.app, path)
    assert answer.status_code == status
    assert [is_closed(opened) for opened in connections] == [True]


def test_what_is_not_opened_is_not_closed(connections: list[sqlite3.Connection]) -> None:
    assert send(connection.app, "/nowhere").status_code == 404
    assert connections == []
    assert send(connection.app, "/answer").text == "The answer is 42"


def test_one_request_has_one_connection(connections: list[sqlite3.Connection]) -> None:
    with connection.app.app_context():
        assert connection.database() is connection.database()
    assert len(connections) == 1


@proves("guide/teardown", "It cannot change the response, and its return value is ignored.")
def test_teardown_cannot_change_the_response_and_what_it_returns_is_ignored() -> None:
    app = new_app()
    app.after_request(lambda response: g.setdefault("response", response))

    @app.teardown_request
    def teardown(error: BaseException | None) -> str:
        g.response.status_code = 418
        g.response.headers["X-Late"] = "yes"
        return "Another answer"

    answer = send(app)
    assert (answer.status_code, answer.text) == (200, "Front page")
    assert "X-Late" not in answer.headers


@proves(
    "guide/teardown",
    "A teardown_request function runs for requests only.",
    "A teardown_appcontext function runs after those, and also at the end of a flask "
    "command and of with app.app_context():.",
)
@proves(
    "guide/hooks",
    "teardown_appcontext | the error or None | nothing | after teardown_request, and at "
    "the end of a command",
)
def test_teardown_appcontext_runs_for_commands_too_and_teardown_request_does_not() -> None:
    app, seen = new_app(), []
    app.teardown_request(lambda error: seen.append("request"))
    app.teardown_appcontext(lambda error: seen.append("appcontext"))
    app.cli.command("work")(lambda: None)
    assert app.test_cli_runner().invoke(args=["work"]).exit_code == 0
    assert seen == ["appcontext"]
    with app.app_context():
        pass
    assert seen == ["appcontext"] * 2
    send(app)
    assert seen == ["appcontext"] * 2 + ["request", "appcontext"]


@proves(
    "guide/teardown",
    "A teardown_request function can read flask.request, flask.session and g.",
    "A teardown_appcontext function can read g and flask.current_app.",
    "The request context has ended by then, so request and session raise RuntimeError: "
    "Working outside of request context.",
)
def test_teardown_request_reads_the_request_and_teardown_appcontext_does_not() -> None:
    app, seen = new_app(), []

    @app.before_request
    def fill() -> None:
        g.word = "kept"
        session["word"] = "kept too"

    @app.teardown_request
    def of_request(error: BaseException | None) -> None:
        seen.append((request.path, session["word"], g.word))

    @app.teardown_appcontext
    def of_application(error: BaseException | None) -> None:
        seen.append((current_app.name, g.word))
        for proxy in (request, session):
            with pytest.raises(RuntimeError) as caught:
                dir(proxy._get_current_object())  # type: ignore[attr-defined]
            seen.append(on_the_page(str(caught.value).splitlines()[0]))

    send(app)
    message = "Working outside of request context."
    assert seen == [("/", "kept too", "kept"), ("hooks-test", "kept"), message, message]


@proves(
    "guide/teardown", "A change to the session is lost, because the session has been saved before."
)
def test_a_change_of_the_session_in_teardown_is_lost() -> None:
    app = new_app()
    app.add_url_rule("/read", "read", lambda: dict(session))
    app.before_request(lambda: session.setdefault("count", 1) and None)

    @app.teardown_request
    def change(error: BaseException | None) -> None:
        session["count"] = 2

    client = app.test_client()
    client.get("/")
    assert client.get("/read").json == {"count": 1}
