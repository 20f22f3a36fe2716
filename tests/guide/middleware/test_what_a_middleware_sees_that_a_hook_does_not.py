"""What a middleware sees that a hook does not: docs/guide/middleware.md."""

from __future__ import annotations

import http.client
import io
from collections.abc import Callable, Iterable, Iterator
from typing import Any
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

import pytest
from flask import Flask, Response, request
from werkzeug.wrappers import Request as PlainRequest

from proven.claims.proofs import proves
from snippets.middleware import sees
from tests.guide.middleware.common import (
    Wrapper,
    error_of,
    get,
    new_app,
    on_the_page,
    served,
    wrapped,
)


@proves(
    "guide/middleware",
    "Flask saves the session after the last after_request function.",
    "Only the middleware sees Set-Cookie and Vary.",
    "the cookie of the session | not yet set | in the headers",
)
def test_only_the_middleware_sees_the_cookie_of_the_session() -> None:
    with sees.app.test_client() as client:
        assert client.post("/login", data={"user": "ada"}).text == "Welcome"
        assert client.get("/seen").text.splitlines() == [
            "hook: 200 OK, Content-Type, Content-Length, at login",
            "middleware: 200 OK, Content-Type, Content-Length, Vary, Set-Cookie, for ada",
        ]
    assert sees.seen[-1].endswith("for nobody")


class Notes:
    """A middleware and a hook that note what they see of each body and each error."""

    def __init__(self, app: Flask) -> None:
        self.hook: list[str] = []
        self.middleware: list[str] = []
        app.after_request(self.after)
        wrapped(app, lambda inner: lambda environ, start: self.call(inner, environ, start))

    def after(self, response: Response) -> Response:
        self.hook.append("stream" if response.is_streamed else response.get_data(as_text=True))
        return response

    def call(self, app: WSGIApplication, environ: WSGIEnvironment, start: Any) -> Iterator[bytes]:
        body: Any = ()
        try:
            body = app(environ, start)
            for piece in body:
                self.middleware.append(piece.decode())
                yield piece
        except Exception as error:
            self.middleware.append(f"error {error}")
            raise
        finally:
            self.middleware.append("end")
            getattr(body, "close", lambda: None)()


@proves("guide/middleware", "the body of a HEAD request | yes | no")
def test_the_body_of_a_head_request_is_gone_in_the_middleware_only() -> None:
    notes = Notes(app := new_app())
    app.test_client().head("/")
    assert notes.hook == ["Front page"]
    assert notes.middleware == ["end"]


@proves(
    "guide/middleware", "the end of a streamed body, and a client that disconnects | no | in close"
)
@proves(
    "guide/middleware-to-copy",
    "An after_request function can measure only the first of the two times.",
)
def test_the_end_of_a_stream_and_a_client_that_goes_away() -> None:
    notes = Notes(app := new_app())
    app.add_url_rule("/stream", "stream", lambda: iter("abc"))
    get(app, "/stream")
    assert notes.hook == ["stream"]
    assert notes.middleware == ["a", "b", "c", "end"]
    notes.middleware.clear()
    # the client has one piece and goes
    app.test_client().get("/stream").close()
    assert notes.middleware == ["a", "end"]


@proves("guide/middleware", "an error in a generator | no | as an exception of the iterable")
def test_an_error_in_a_generator_reaches_the_middleware() -> None:
    notes = Notes(app := new_app())

    def broken() -> Iterator[str]:
        yield "a"
        raise ValueError("broken")

    app.add_url_rule("/broken", "broken", broken)
    with pytest.raises(ValueError, match="broken"):
        get(app, "/broken")
    assert notes.hook == ["stream"]
    assert notes.middleware == ["a", "error broken", "end"]


@proves("guide/middleware", "an error in a teardown function | no | as an exception of the call")
def test_an_error_in_a_teardown_function_reaches_the_middleware() -> None:
    notes = Notes(app := new_app())

    @app.teardown_request
    def broken(error: BaseException | None) -> None:
        raise ValueError("teardown")

    with pytest.raises(ValueError, match="teardown"):
        get(app)
    assert notes.hook == ["Front page"]
    assert notes.middleware == ["error teardown", "end"]


@proves(
    "guide/middleware",
    "an error without a handler, in debug mode or with TESTING | no | as an exception of the call",
)
@pytest.mark.parametrize("key", ["DEBUG", "TESTING"])
def test_an_error_that_no_handler_answers_reaches_the_middleware(key: str) -> None:
    notes = Notes(app := new_app())
    app.config[key] = True

    @app.get("/bug")
    def bug() -> str:
        raise ValueError("bug")

    with pytest.raises(ValueError, match="bug"):
        get(app, "/bug")
    assert notes.hook == []
    assert notes.middleware == ["error bug", "end"]


def test_without_debug_mode_it_is_a_response_for_both() -> None:
    notes = Notes(app := new_app())

    @app.get("/bug")
    def bug() -> str:
        raise ValueError("bug")

    assert get(app, "/bug").status_code == 500
    assert notes.hook == ["stream"]
    assert notes.middleware[0].startswith("<!doctype html>")
    assert notes.middleware[-1] == "end"


@proves(
    "guide/middleware",
    "Both sides share the environ: the middleware can store a value for the view, and the "
    "view one for the middleware, such as sees.user above.",
)
def test_the_middleware_leaves_a_value_for_the_view() -> None:
    def leave(app: WSGIApplication) -> Any:
        return lambda environ, start: app({**environ, "shop.currency": "CNY"}, start)

    app = wrapped(new_app(), leave)
    app.add_url_rule("/currency", "currency", lambda: request.environ["shop.currency"])
    assert get(app, "/currency").text == "CNY"


@proves(
    "guide/middleware",
    "When a middleware is called, no request context is active yet.",
    "A middleware reads flask.request before or after it calls the application, when no "
    "request context is active.",
    "Read environ, or create a werkzeug.wrappers.Request from it.",
)
def test_the_request_cannot_be_read_in_a_middleware() -> None:
    class Reader(Wrapper):
        def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Any:
            paths.append(PlainRequest(environ).path)
            return self.app({**environ, "path": request.path}, start_response)

    paths: list[str] = []
    app = wrapped(new_app(), Reader)
    with pytest.raises(RuntimeError) as caught:
        get(app)
    first = str(caught.value).splitlines()[0]
    assert first == "Working outside of request context."
    on_the_page(f"RuntimeError: {first}")
    assert paths == ["/"]


class Reads(Wrapper):
    """A middleware that looks at the request in one of several ways."""

    def __init__(self, app: WSGIApplication, read: Callable[[WSGIEnvironment], object]) -> None:
        super().__init__(app)
        self.read = read

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        self.read(environ)
        return super().__call__(environ, start_response)


def form_app(read: Callable[[WSGIEnvironment], object]) -> Flask:
    app = wrapped(new_app(), lambda inner: Reads(inner, read))
    app.config["TRAP_HTTP_EXCEPTIONS"] = True
    app.config["PROPAGATE_EXCEPTIONS"] = True
    app.add_url_rule("/form", "form", lambda: request.form.to_dict(), methods=["POST"])
    return app


@proves(
    "guide/middleware",
    "Request(environ).headers does not read the body, but .form and get_data() read all of it.",
    'Put back what the middleware has read: environ["wsgi.input"] = io.BytesIO(body).',
)
@pytest.mark.parametrize(
    "read",
    [
        lambda environ: PlainRequest(environ).headers["Content-Type"],
        lambda environ: put_back(environ),
    ],
)
def test_headers_may_be_read_and_a_body_put_back(read: Any) -> None:
    client = form_app(read).test_client()
    assert client.post("/form", data={"a": "1"}).json == {"a": "1"}


@proves(
    "guide/middleware",
    "A middleware has read the body of the request, which can be read only once, and then "
    "the view reads request.form.",
    "Request(environ).headers does not read the body, but .form and get_data() read all of it.",
)
@pytest.mark.parametrize(
    "read",
    [
        lambda environ: PlainRequest(environ).form,
        lambda environ: PlainRequest(environ).get_data(),
        lambda environ: environ["wsgi.input"].read(3),
    ],
)
def test_a_body_that_the_middleware_read_is_missing_in_the_view(read: Any) -> None:
    client = form_app(read).test_client()
    message = (
        "werkzeug.exceptions.ClientDisconnected: 400 Bad Request: "
        "The browser (or proxy) sent a request that this server could not understand."
    )
    assert error_of(lambda: client.post("/form", data={"a": "1"})) == on_the_page(message)


@proves(
    "guide/middleware",
    "The development server sends no response at all, because it waits for more data.",
)
def test_the_development_server_waits_for_the_missing_body() -> None:
    app = form_app(lambda environ: PlainRequest(environ).form)
    with served(app) as port:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=0.5)
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        connection.request("POST", "/form", b"a=1", kind)
        with pytest.raises(TimeoutError):
            connection.getresponse()
        connection.close()


def put_back(environ: WSGIEnvironment) -> None:
    body = PlainRequest(environ).get_data()
    environ["wsgi.input"] = io.BytesIO(body)
