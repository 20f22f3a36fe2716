"""Three to copy: docs/guide/middleware-to-copy.md."""

from __future__ import annotations

import itertools
import logging
import uuid
from collections.abc import Iterator

import pytest
from werkzeug.middleware.dispatcher import DispatcherMiddleware
from werkzeug.test import Client

from proven.claims.proofs import proves
from snippets.middleware import closing, headers, mounted, request_id, timing
from tests.guide.middleware.common import get, new_app, on_the_page, wrapped


@proves(
    "guide/middleware-to-copy",
    "None of the three changes the body, so a streamed body is still streamed.",
)
def test_a_streamed_response_stays_one_with_all_three() -> None:
    made: list[int] = []

    def numbers() -> Iterator[str]:
        for number in range(3):
            made.append(number)
            yield str(number)

    app = new_app()
    app.add_url_rule("/numbers", "numbers", numbers)
    for middleware in (timing.Timing, request_id.RequestId, closing.Upper):
        wrapped(app, middleware)
    wrapped(app, lambda inner: headers.DefaultHeaders(inner, {"A": "b"}))
    response = app.test_client().get("/numbers")
    # the client takes one piece to see the status
    assert made == [0]
    assert response.text == "012"
    assert "Content-Length" not in response.headers
    response.close()


@proves(
    "guide/middleware-to-copy",
    "This middleware measures both times: it writes the first into the header "
    "Server-Timing, and the second into the log.",
    "The end is logged when the server calls close: /report took 2000 ms to the end.",
    "This clock advances by one second each time that it is read:",
    "The clock is a parameter, so that a test can replace it.",
    "The status is known long before the last byte is sent.",
)
@proves(
    "guide/middleware",
    "measure up to the last byte, or change the body as it streams | a middleware",
)
def test_timing_measures_the_status_and_the_last_byte(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "snippets.middleware.timing")
    app = timing.create_app(itertools.count().__next__)
    with app.test_client().get("/report") as response:
        assert response.headers["Server-Timing"] == "app;dur=1000"
        assert caplog.messages == []
    assert caplog.messages == ["/report took 2000 ms to the end"]
    on_the_page(caplog.messages[0])


def test_timing_logs_a_call_that_fails(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "snippets.middleware.timing")
    app = timing.create_app(itertools.count().__next__)
    app.testing = True

    @app.get("/bug")
    def bug() -> str:
        raise ValueError("bug")

    with pytest.raises(ValueError, match="bug"):
        get(app, "/bug")
    assert caplog.messages == ["/bug took 1000 ms to the end"]


def test_timing_keeps_the_path_that_a_dispatcher_changes(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "snippets.middleware.timing")
    outer = timing.Timing(DispatcherMiddleware(new_app(), {"/admin": mounted.admin}))
    with Client(outer).get("/admin/users/7") as response:
        assert response.status_code == 200
    assert [message.split()[0] for message in caplog.messages] == ["/admin/users/7"]


@proves(
    "guide/middleware-to-copy",
    "An id from the client is used only if it is short and has only allowed characters.",
    "Otherwise it is replaced:",
    "A request id connects the lines of several logs.",
)
@pytest.mark.parametrize(
    ("given", "used"),
    [
        ("4f9a-17", "4f9a-17"),
        ("", "made-here"),
        ("two words", "made-here"),
        ("x\tforged", "made-here"),
        ("a" * 64, "a" * 64),
        ("a" * 65, "made-here"),
    ],
)
def test_an_id_of_the_client_is_used_if_it_is_short_and_plain(
    given: str, used: str, caplog: pytest.LogCaptureFixture
) -> None:
    app = request_id.create_app(lambda: "made-here")
    response = get(app, headers={"X-Request-ID": given})
    assert response.headers.getlist("X-Request-ID") == [used]
    assert caplog.messages == [f"[{used}] nothing in stock"]


@proves(
    "guide/middleware-to-copy",
    "The proxy in front of the application sends an id, or the middleware creates one.",
)
def test_a_request_without_an_id_gets_a_new_one() -> None:
    app = request_id.create_app()
    first, second = (get(app).headers["X-Request-ID"] for _ in range(2))
    assert uuid.UUID(first) != uuid.UUID(second)
