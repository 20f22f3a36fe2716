"""Inside: docs/guide/database-queries.md."""

from __future__ import annotations

import threading
from collections.abc import Callable

import sqlalchemy as sa
from flask import Flask
from sqlalchemy import orm

from proven.claims.proofs import proves
from snippets.database import inside, smallest
from tests.guide.database.common import NO_CONTEXT


@proves(
    "guide/database-queries",
    "The session begins one with its first statement.",
    "The session takes a connection from the pool when it sends its first statement.",
    "When the application context ends, a function removes the session; init_app() "
    "registered it with teardown_appcontext().",
    "The first request commits nothing, so at this point its transaction is rolled back.",
    "Then the connection returns to the pool.",
)
@proves(
    "guide/database",
    "For each application, Flask-SQLAlchemy creates an engine.",
    "For each application context, it creates a session, and closes it in teardown_appcontext().",
)
def test_the_steps_of_a_request(made: Callable[..., Flask]) -> None:
    client = made(inside).test_client()
    client.get("/read")
    assert client.get("/steps").get_json() == ["checkout", "begin", "SELECT", "rollback", "checkin"]
    client.get("/write")
    assert client.get("/steps").get_json() == ["checkout", "begin", "INSERT", "commit", "checkin"]
    assert client.get("/steps").get_json() == []


@proves(
    "guide/database-queries",
    "Each application context has its own database session, and so has each request: db.session.",
    "db.session is a scoped_session, a proxy for the session of the current application context.",
    "A new thread has no context, and so no session.",
)
@proves(
    "guide/database",
    "Flask-SQLAlchemy gives each request of a Flask application its own database session.",
    "For each application context, it creates a session, and closes it in teardown_appcontext().",
)
def test_the_session_is_looked_up_by_the_context(made: Callable[..., Flask]) -> None:
    app = made(smallest)
    session = smallest.db.session
    assert isinstance(session, orm.scoped_session)
    seen: list[str] = []

    def work() -> None:
        try:
            session()
        except RuntimeError as error:
            seen.append(f"RuntimeError: {str(error).splitlines()[0]}")
        with app.app_context():
            seen.append(session.scalars(sa.select(smallest.Note)).all())

    with app.app_context():
        one = session()
        assert session() is one
        with app.app_context():
            assert session() is not one
        thread = threading.Thread(target=work)
        thread.start()
        thread.join()
    assert seen == [NO_CONTEXT, []]
