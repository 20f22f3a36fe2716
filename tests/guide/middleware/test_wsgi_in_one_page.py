"""WSGI in one page: docs/guide/middleware.md."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from typing import Any
from wsgiref.types import WSGIApplication, WSGIEnvironment

import pytest
from flask import Flask, request
from werkzeug.test import create_environ

from proven.claims.proofs import proves
from snippets.middleware import bare, headers, order, request_id, sees, timing
from tests.guide.middleware.common import Pieces, get, pieces_app, raw, served, table


@proves(
    "guide/middleware",
    "The application is a callable; the server calls it once for each request, with two arguments.",
    "A dictionary that describes the request.",
    "A function that takes the status and the headers.",
    "The application returns the body as an iterable of bytes.",
)
def test_an_application_is_called_with_environ_and_start_response() -> None:
    head: list[Any] = []
    body = bare.hello(create_environ("/tea"), lambda *given: head.extend(given) or (lambda b: b))
    assert head == ["200 OK", [("Content-Type", "text/plain; charset=utf-8")]]
    assert body == [b"GET /tea", b"\n", b"No Flask here"]
    assert get(bare.app, "/tea").data == b"".join(body)


@proves(
    "guide/middleware",
    "An application may pass exc_info as a third argument, and start_response returns a function.",
    "A wrapper of start_response has to pass on both.",
)
@pytest.mark.parametrize(
    "middleware",
    [
        lambda app: headers.DefaultHeaders(app, {}),
        lambda app: order.Trace(app, "one"),
        sees.Watch,
        timing.Timing,
        request_id.RequestId,
    ],
)
def test_exc_info_and_write_are_passed_on(middleware: Callable[[WSGIApplication], Any]) -> None:
    given: list[Any] = []
    written: list[bytes] = []

    def start_response(*arguments: Any) -> Callable[[bytes], object]:
        given.extend(arguments)
        return written.append

    def old_style(environ: WSGIEnvironment, start: Any) -> list[bytes]:
        start("500 Sorry", [], (ValueError, ValueError(), None))(b"written")
        return []

    assert list(middleware(old_style)(create_environ("/"), start_response)) == []
    assert given[0] == "500 Sorry"
    assert given[2][0] is ValueError
    assert written == [b"written"]


@proves(
    "guide/middleware",
    "The application calls it before it returns the first piece of the body.",
    "If the application is a generator, it does so only when the server asks for that "
    "piece, after the call of the application has returned.",
)
def test_a_generator_calls_start_response_when_its_first_piece_is_asked_for() -> None:
    steps: list[str] = []

    def generator(environ: WSGIEnvironment, start_response: Any) -> Iterator[bytes]:
        start_response("200 OK", [])
        yield b"piece"

    def plain(environ: WSGIEnvironment, start_response: Any) -> list[bytes]:
        start_response("200 OK", [])
        return [b"piece"]

    for application in (generator, plain):
        body = application(create_environ("/"), lambda status, headers: steps.append("start"))
        steps.append("returned")
        assert list(body) == [b"piece"]
    assert steps == ["returned", "start", "start", "returned"]


@proves(
    "guide/middleware",
    "The server gets one piece, sends it, and gets the next.",
    "If the iterable has a close method, the server calls it at the end, also after an "
    "error and when the client has disconnected.",
)
def test_a_server_closes_at_the_end_and_after_an_error() -> None:
    fine, broken = Pieces([]), Pieces([], fails=True)
    # The development server sends chunks where another server of the process has asked for HTTP/1.1.
    body = raw(pieces_app(fine)).partition(b"\r\n\r\n")[2]
    assert body.count(b"x") == 200_000
    raw(pieces_app(broken))
    assert fine.notes == ["piece 1", "piece 2", "piece 3", "closed"]
    assert broken.notes == ["piece 1", "piece 2", "closed"]


@proves(
    "guide/middleware",
    "If the iterable has a close method, the server calls it at the end, also after an "
    "error and when the client has disconnected.",
)
def test_a_server_closes_when_the_client_has_gone() -> None:
    pieces = Pieces([], endless=True)
    with served(pieces_app(pieces)) as port:
        connection = socket.create_connection(("127.0.0.1", port), 10)
        connection.sendall(b"GET / HTTP/1.0\r\n\r\n")
        connection.recv(1000)
        connection.close()
    assert pieces.notes[-1] == "closed"


@proves(
    "guide/middleware",
    "For GET http://example.com:8080/shop/notes/7?page=2, where the application is "
    "mounted at /shop:",
    "REQUEST_METHOD | GET | request.method",
    "wsgi.url_scheme | http | request.scheme",
    "HTTP_HOST | example.com:8080 | request.host",
    "SCRIPT_NAME | /shop | request.script_root",
    "PATH_INFO | /notes/7 | request.path",
    "QUERY_STRING | page=2 | request.args",
    "REMOTE_ADDR | the other end of the connection | request.remote_addr",
    "HTTP_X_REQUEST_ID | the header X-Request-ID | request.headers",
    "CONTENT_TYPE, CONTENT_LENGTH | these two headers, without HTTP_ | request.content_type",
    "wsgi.input | the body, to be read once | request.stream",
    "flask.Request.environ is the dictionary itself.",
)
def test_the_environ_and_what_flask_makes_of_it() -> None:
    environ = create_environ(
        "/notes/7",
        "http://example.com:8080/shop",
        query_string="page=2",
        headers={"X-Request-ID": "4f9a"},
        environ_base={"REMOTE_ADDR": "192.0.2.1"},
        method="POST",
        data=b"bread",
        content_type="text/plain",
    )
    with Flask("environ").request_context(environ):
        flask_has = {
            "request.method": request.method,
            "request.scheme": request.scheme,
            "request.host": request.host,
            "request.script_root": request.script_root,
            "request.path": request.path,
            "request.args": request.query_string.decode(),
            "request.remote_addr": request.remote_addr,
            "request.headers": request.headers["X-Request-ID"],
            "request.content_type": request.content_type,
            "request.stream": request.stream.read(),
        }
        assert request.environ is environ
    rows = {name.strip("`"): (value, flask) for name, value, flask in table("wsgi-environ")}
    assert [flask.strip("`") for _, flask in rows.values()] == list(flask_has)
    keys = [key.split("`")[0] for key in rows]
    assert environ["CONTENT_LENGTH"] == "5"
    for key, (value, flask) in zip(keys, rows.values(), strict=True):
        expected = flask_has[flask.strip("`")]
        assert expected == (b"bread" if key == "wsgi.input" else environ[key])
        if value.startswith("`") and key != "REQUEST_METHOD":
            assert value.strip("`") == environ[key]


@proves(
    "guide/middleware",
    "In WSGI, each character of such a text stands for one byte.",
    "/早 arrives as /æ\\x97©.",
    "Decode it before you compare it:",
)
def test_a_chinese_path_is_bytes_in_text() -> None:
    path = create_environ("/早")["PATH_INFO"]
    assert path == "/æ\x97©"
    assert path.encode("latin-1").decode() == "/早"
