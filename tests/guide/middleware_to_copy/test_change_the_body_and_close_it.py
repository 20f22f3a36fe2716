"""Change the body, and close it: docs/guide/middleware-to-copy.md."""

from __future__ import annotations

import http.client
import io
from collections.abc import Iterator
from typing import Any
from wsgiref.types import StartResponse, WSGIEnvironment

import pytest
from werkzeug.datastructures import Headers
from werkzeug.test import create_environ

from proven.claims.proofs import proves
from snippets.middleware import bare, closing
from tests.guide.middleware.common import Pieces, Wrapper, get, new_app, pieces_app, served, wrapped


@proves(
    "guide/middleware-to-copy",
    "werkzeug.wsgi.ClosingIterator does this.",
    "In close, Flask runs the functions of call_on_close, closes the file of "
    "flask.send_file(), and ends the generator if the client has disconnected.",
)
def test_what_flask_does_at_close_is_done_behind_a_closing_iterator() -> None:
    client = closing.create_app().test_client()
    with client.get("/report") as response:
        assert response.text == "FIRST LINE\nLAST LINE\n"
    assert client.get("/closed").text.strip() == '["REPORT"]'


@proves("guide/middleware-to-copy", "Forgetful sends the same bytes, but it closes nothing:")
def test_a_forgetful_middleware_sends_the_same_bytes_and_closes_nothing() -> None:
    client = closing.create_app(closing.Forgetful).test_client()
    with client.get("/report") as response:
        assert response.text == "FIRST LINE\nLAST LINE\n"
    assert client.get("/closed").text.strip() == "[]"


@proves(
    "guide/middleware-to-copy",
    "In close, Flask runs the functions of call_on_close, closes the file of "
    "flask.send_file(), and ends the generator if the client has disconnected.",
    "A middleware that returns another iterable has to pass on close.",
)
@pytest.mark.parametrize(("wrapper", "closed"), [(closing.Upper, True), (closing.Forgetful, False)])
def test_send_file_and_stream_with_context_need_close(wrapper: Any, closed: bool) -> None:
    from flask import send_file, stream_with_context

    app = wrapped(new_app(), wrapper)
    file = io.BytesIO(b"content")
    ended: list[str] = []
    app.add_url_rule("/file", "file", lambda: send_file(file, mimetype="text/plain"))

    @app.get("/stream")
    def stream() -> Iterator[str]:
        ended.clear()
        return stream_with_context(iter("abc"))

    app.teardown_request(lambda error: ended.append("teardown"))
    assert get(app, "/file").text == "CONTENT"
    assert file.closed is closed
    # the client goes after the first piece
    app.test_client().get("/stream").close()
    assert len(ended) == 2 if closed else ended[:1] == ["teardown"]
    file.close()


def test_upper_passes_close_on_only_where_there_is_one() -> None:
    body = closing.Upper(bare.hello)(create_environ("/tea"), lambda *given: lambda data: None)
    assert b"".join(body) == b"GET /TEA\nNO FLASK HERE"
    body.close()  # type: ignore[attr-defined]


@proves(
    "guide/middleware-to-copy",
    "This line waits for the whole body and keeps it in memory.",
    "A download starts only after its last byte has been generated, and an endless stream "
    "never arrives.",
)
def test_joining_the_body_waits_for_all_of_it() -> None:
    class Join(Wrapper):
        def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Any:
            return [b"".join(self.app(environ, start_response))]

    pieces = Pieces([])
    body = Join(pieces_app(pieces))(create_environ("/"), lambda *given: lambda data: None)
    assert pieces.notes == ["piece 1", "piece 2", "piece 3"]
    assert len(body[0]) == 200_000


@proves(
    "guide/middleware-to-copy",
    "The middleware made the body longer, and Content-Length still has the old value, so "
    "the client reads only that many bytes.",
    "Remove the header or set it again in the wrapped start_response.",
)
def test_a_longer_body_is_cut_off_at_the_old_content_length() -> None:
    class Longer(Wrapper):
        def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Any:
            return [*self.app(environ, start_response), b" and more"]

    class Mended(Longer):
        def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Any:
            def start(status: str, given: list[tuple[str, str]], *rest: Any) -> Any:
                changed = Headers(given)
                changed.remove("Content-Length")
                return start_response(status, changed.to_wsgi_list(), *rest)

            return super().__call__(environ, start)

    bodies = []
    for middleware in (Longer, Mended):
        with served(wrapped(new_app(), middleware)) as port:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
            connection.request("GET", "/")
            bodies.append(connection.getresponse().read())
            connection.close()
    assert bodies == [b"Front page", b"Front page and more"]
