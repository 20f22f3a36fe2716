"""Make_response: docs/guide/responses.md."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import flask
import pytest
from flask import Response, make_response, redirect

from proven.claims.proofs import proves
from snippets.requests import made_response
from tests.guide.requests.common import app_of, fetch, new_app, on_the_page, send
from tests.servers import served


def test_a_template_with_a_header_and_a_cookie() -> None:
    answer = send(made_response.app)
    assert "<p>Hello, &lt;阿达&gt;!</p>" in answer.text
    assert answer.headers["X-Something"] == "A value"
    assert answer.headers.getlist("Set-Cookie") == [
        "seen=yes; Path=/",
        "old=; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=0; Path=/",
    ]


@proves(
    "guide/responses",
    "flask.make_response() accepts every value that a view may return, and returns the response.",
)
def test_make_response_takes_a_status_and_headers() -> None:
    answer = send(made_response.app, "/missing")
    assert (answer.status_code, answer.json) == (404, {"error": "no such note"})
    with new_app().test_request_context():
        response = make_response("x", 201, {"X-Tea": "green"})
        assert (response.status_code, response.headers["X-Tea"]) == (201, "green")
        assert make_response(response) is response
        assert type(response) is flask.wrappers.Response is Response


@proves(
    "guide/responses",
    "You can change that response and then return it.",
    "The response has the attributes status_code, headers, mimetype and data and the "
    "method set_cookie().",
    'headers["X"] = … replaces a header, headers.add("X", …) adds a second one with the same name.',
)
def test_the_response_can_be_changed() -> None:
    response = Response("x")
    response.status_code = 404
    response.mimetype = "text/plain"
    response.data = "早"
    assert (response.status, response.content_type) == (
        "404 NOT FOUND",
        "text/plain; charset=utf-8",
    )
    assert response.data == "早".encode()
    response.headers["X-Tea"] = "green"
    response.headers["X-Tea"] = "black"
    response.headers.add("X-Tea", "white")
    assert response.headers.getlist("X-Tea") == ["black", "white"]


@proves(
    "guide/responses",
    "The value of a header contains a line break, often because it comes from the client.",
)
def test_a_header_with_a_newline_is_refused() -> None:
    message = on_the_page("Header values must not contain newline characters.")
    with new_app().test_request_context():
        for make in (
            lambda: make_response("x", {"X-Name": "a\nSet-Cookie: b=c"}),
            lambda: redirect("/a\r\nSet-Cookie: b=c"),
        ):
            with pytest.raises(ValueError) as caught:
                make()
            assert str(caught.value) == message


@proves(
    "guide/responses",
    'The value of a header is not ASCII, as in headers["X-Name"] = "早".',
    "The view has returned and the log shows 200, but the server cannot send the header, "
    "and the client gets no response.",
    "The test client does not show the error.",
    "Encode the value with urllib.parse.quote().",
)
def test_a_chinese_header_leaves_the_client_without_an_answer(
    caplog: pytest.LogCaptureFixture,
) -> None:
    app = app_of(lambda: ("x", {"X-Name": "早"}))
    # the test client does not notice
    assert send(app).headers["X-Name"] == "早"
    caplog.set_level("INFO")
    with served(app) as port, pytest.raises(TimeoutError):
        fetch(port, "/", timeout=1)
    assert '"GET / HTTP/1.1" 200 -' in caplog.text
    error = on_the_page(
        r"UnicodeEncodeError: 'latin-1' codec can't encode character '\u65e9' in position 8: "
        "ordinal not in range(256)"
    )
    assert error in caplog.text
    with served(app_of(lambda: ("x", {"X-Name": quote("早")}))) as port:
        assert fetch(port, "/")[1]["X-Name"] == "%E6%97%A9"


@proves(
    "guide/responses",
    "Flask passes the return value of the view to flask.Flask.make_response(); the "
    "function flask.make_response() calls the same method.",
)
def test_the_view_and_the_function_go_through_the_method() -> None:
    passed: list[Any] = []

    class Recorder(flask.Flask):
        def make_response(self, rv: Any) -> Response:
            passed.append(rv)
            return super().make_response(rv)

    app = Recorder("recorder")
    app.add_url_rule("/", "index", lambda: ("x", 201))
    assert send(app).status_code == 201
    with app.test_request_context():
        make_response("y")
    assert passed == [("x", 201), "y"]
