"""Streaming: docs/guide/teardown.md."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

import pytest
from flask import Flask, request, stream_with_context

from proven.claims.proofs import proves
from snippets.hooks import connection
from tests.guide.hooks.common import is_closed, new_app, on_the_page, send


def streaming_app(seen: list[str], with_context: bool) -> Flask:
    app = new_app()

    @app.teardown_request
    def teardown(error: BaseException | None) -> None:
        seen.append("teardown")

    @app.get("/stream")
    def stream() -> Iterator[str]:
        def parts() -> Iterator[str]:
            seen.append("body")
            yield request.path

        return stream_with_context(parts()) if with_context else parts()

    return app


@proves(
    "guide/teardown",
    "Teardown functions run when Flask hands the response to the server, and the server "
    "sends the body after that.",
    "A generator that makes the body therefore starts with a closed connection and "
    "without a request: RuntimeError: Working outside of request context.",
)
def test_teardown_comes_before_a_streamed_body() -> None:
    seen: list[str] = []
    with pytest.raises(RuntimeError) as caught:
        send(streaming_app(seen, with_context=False), "/stream")
    assert str(caught.value).splitlines()[0] == on_the_page("Working outside of request context.")
    assert seen == ["teardown", "body"]


@proves(
    "guide/teardown",
    "Remove the object with g.pop, as above, because teardown functions can run twice for "
    "one request: after the view, and again at the end of flask.stream_with_context() or, "
    "in a test, at the end of with client:.",
    "flask.stream_with_context() keeps both contexts for the generator, and the teardown "
    "functions run once more at its end.",
)
def test_stream_with_context_brings_the_request_back_and_a_second_teardown() -> None:
    seen: list[str] = []
    assert send(streaming_app(seen, with_context=True), "/stream").text == "/stream"
    assert seen == ["teardown", "body", "teardown"]


@proves(
    "guide/teardown",
    "In the example above, the generator then opens a new connection, and that teardown closes it.",
)
def test_a_connection_is_opened_again_for_a_stream_and_closed_again(
    connections: list[sqlite3.Connection],
) -> None:
    app = new_app()
    app.teardown_appcontext(connection.close_database)
    app.config["DATABASE"] = ":memory:"

    @app.get("/stream")
    def stream() -> Iterator[str]:
        connection.database()

        def parts() -> Iterator[str]:
            yield str(connection.database().execute("select 6 * 7").fetchone()[0])

        return stream_with_context(parts())

    assert send(app, "/stream").text == "42"
    assert [is_closed(opened) for opened in connections] == [True, True]


@proves(
    "guide/teardown",
    "Remove the object with g.pop, as above, because teardown functions can run twice for "
    "one request: after the view, and again at the end of flask.stream_with_context() or, "
    "in a test, at the end of with client:.",
)
def test_teardown_runs_again_at_the_end_of_with_client() -> None:
    app, seen = new_app(), []
    app.teardown_request(lambda error: seen.append("teardown"))
    with app.test_client() as client:
        client.get("/")
        assert seen == ["teardown"]
    assert seen == ["teardown", "teardown"]
