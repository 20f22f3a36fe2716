"""Streaming: docs/guide/sending-files.md."""

from __future__ import annotations

import http.client
import threading
from collections.abc import Iterator

import flask
import pytest
from flask import Response, g, request, session, stream_with_context

from proven.claims.proofs import proves
from snippets.requests import streaming
from tests.guide.requests.common import app_of, fetch, on_the_page, send
from tests.servers import served


@proves("guide/sending-files", "A streamed response has no Content-Length.")
def test_a_generator_that_reads_the_request() -> None:
    answer = send(streaming.app, "/lines?text=bread", buffered=False)
    assert answer.text == "1. bread\n2. bread\n3. bread\n"
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert "Content-Length" not in answer.headers


@proves(
    "guide/sending-files",
    "Flask sends the pieces of a generator one by one: the client receives the first "
    "piece before the last one is created, and the whole body is never in memory.",
)
def test_the_first_piece_leaves_before_the_last_is_made() -> None:
    order: list[str] = []

    def view() -> Iterator[str]:
        for name in ("first", "last"):
            order.append(f"made {name}")
            yield name

    with served(app_of(view)) as port:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        connection.request("GET", "/")
        answer = connection.getresponse()
        assert answer.read() == b"firstlast"
        connection.close()
    answer = send(app_of(view), buffered=False)
    order.clear()
    pieces = answer.iter_encoded()
    assert next(pieces) == b"first"
    assert "made last" not in order


@proves(
    "guide/sending-files",
    "flask.stream_with_context() keeps request, session, g and current_app available in "
    "the generator.",
    "Wrap the generator in stream_with_context.",
)
def test_stream_with_context_keeps_four_names() -> None:
    def view() -> Response:
        session["name"] = "ada"
        g.number = 7

        def generate() -> Iterator[str]:
            yield f"{request.args['q']} {session['name']} {g.number} "
            yield flask.current_app.name

        return Response(stream_with_context(generate()))

    assert send(app_of(view), "/?q=x").text == "x ada 7 requests-test"


@proves(
    "guide/sending-files",
    "The generator runs after the view has returned.",
    "At that time request is no longer available.",
    "The generator reads request without stream_with_context.",
    "If the server has already sent a piece, the client receives the status 200 and a "
    "body that is cut off; otherwise it receives a plain 500.",
)
def test_without_it_the_answer_breaks_off(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")

    def view() -> Iterator[str]:
        yield "begin "
        yield request.path

    with pytest.raises(RuntimeError) as caught:
        _ = send(app_of(view)).data
    assert str(caught.value).startswith(on_the_page("Working outside of request context."))
    with served(app_of(view)) as port, pytest.raises(http.client.IncompleteRead) as cut:
        fetch(port, "/")
    assert cut.value.partial == b"begin "
    assert '"GET / HTTP/1.1" 200 -' in caplog.text


@proves(
    "guide/sending-files", "Alternatively, read the values in the view before the generator starts."
)
def test_taking_what_you_need_in_the_view_works_as_well() -> None:
    def view() -> Response:
        path = request.path

        def generate() -> Iterator[str]:
            yield path

        return Response(generate())

    assert send(app_of(view)).text == "/"


@proves(
    "guide/sending-files",
    "An exception in the generator therefore reaches no error handler: after the first "
    "piece it cuts the response off, and before the first piece the server responds with "
    "a plain 500.",
    "Changes of the session are not saved.",
)
def test_the_session_can_no_longer_change() -> None:
    def view() -> Response:
        def generate() -> Iterator[str]:
            session["late"] = True
            yield "x"

        return Response(stream_with_context(generate()))

    answer = send(app_of(view))
    assert (answer.text, "Set-Cookie" in answer.headers) == ("x", False)


@proves(
    "guide/sending-files",
    "Status and headers are fixed before the generator runs, and the server sends them "
    "with the first piece.",
    "An exception in the generator therefore reaches no error handler: after the first "
    "piece it cuts the response off, and before the first piece the server responds with "
    "a plain 500.",
    "Changes of the session are not saved.",
)
def test_an_error_in_the_generator_reaches_no_error_handler() -> None:
    def view() -> Iterator[str]:
        yield "x"
        raise KeyError("late")

    app = app_of(view, testing=False)
    handled: list[Exception] = []
    app.register_error_handler(Exception, handled.append)
    with pytest.raises(KeyError, match="late"):
        _ = send(app).data
    assert handled == []


@proves(
    "guide/sending-files",
    "Status and headers are fixed before the generator runs, and the server sends them "
    "with the first piece.",
    "An exception in the generator therefore reaches no error handler: after the first "
    "piece it cuts the response off, and before the first piece the server responds with "
    "a plain 500.",
    "If the server has already sent a piece, the client receives the status 200 and a body "
    "that is cut off; otherwise it receives a plain 500.",
)
@pytest.mark.parametrize("pieces", [0, 1])
def test_a_server_sends_the_status_with_the_first_piece(pieces: int) -> None:
    def view() -> Response:
        def generate() -> Iterator[str]:
            yield from ["first"] * pieces
            yield request.path  # there is no request any more

        return Response(generate())

    app = app_of(view, testing=False)
    handled: list[Exception] = []
    app.register_error_handler(Exception, handled.append)
    with served(app) as port:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        connection.request("GET", "/")
        answer = connection.getresponse()
        if pieces:
            assert answer.status == 200
            with pytest.raises(http.client.IncompleteRead) as caught:
                answer.read()
            assert caught.value.partial == b"first"
        else:
            assert answer.status == 500
            assert b"Internal Server Error" in answer.read()
        connection.close()
    assert handled == []


@proves(
    "guide/sending-files",
    "Close what the generator opens in a finally block, which also runs if the client disconnects.",
)
def test_finally_runs_if_the_client_goes_away() -> None:
    closed = threading.Event()

    def view() -> Iterator[str]:
        try:
            while True:
                yield "x" * 1000
        finally:
            closed.set()

    answer = send(app_of(view), buffered=False)
    answer.close()
    assert closed.is_set()
    closed.clear()
    with served(app_of(view)) as port:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        connection.request("GET", "/")
        answer = connection.getresponse()
        assert answer.read(10) == b"x" * 10
        answer.close()
        connection.close()
        assert closed.wait(10)
