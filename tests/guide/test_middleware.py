"""Every claim of the page on middleware, proved."""

import contextlib
import gc
import http.client
import importlib
import io
import itertools
import logging
import re
import socket
import threading
import traceback
import uuid
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment
from wsgiref.validate import validator

import pytest
from click.testing import CliRunner
from flask import (
    Blueprint,
    Flask,
    Response,
    got_request_exception,
    redirect,
    request,
    session,
    url_for,
)
from flask.cli import cli
from werkzeug.datastructures import Headers
from werkzeug.middleware.dispatcher import DispatcherMiddleware
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.routing import BuildError
from werkzeug.serving import make_server
from werkzeug.test import Client, TestResponse, create_environ
from werkzeug.wrappers import Request as PlainRequest

from snippets.middleware import (
    bare,
    closing,
    headers,
    health,
    mounted,
    order,
    proxy,
    request_id,
    sees,
    timing,
)

PAGE = (
    Path(__file__).parents[2].joinpath("docs", "guide", "middleware.md").read_text(encoding="utf-8")
)


class Wrapper:
    """A middleware that changes nothing, to build others on."""

    def __init__(self, app: WSGIApplication) -> None:
        self.app = app

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        return self.app(environ, start_response)


def wrapped(app: Flask, middleware: Callable[[WSGIApplication], Any]) -> Flask:
    """Put a middleware around an application the way the page does."""
    app.wsgi_app = middleware(app.wsgi_app)  # type: ignore[method-assign]
    return app


def new_app(*, testing: bool = False) -> Flask:
    """Return an application with a front page and nothing else."""
    app = Flask("middleware-test", static_folder=None)
    app.testing = testing
    app.secret_key = "dev"
    app.add_url_rule("/", "front", lambda: "Front page")
    return app


def get(app: Flask, path: str = "/", **options: Any) -> TestResponse:
    """Send one GET with a client of its own, read the answer and close it."""
    with app.test_client().get(path, **options) as response:
        response.get_data()
    return response


def on_the_page(message: str) -> str:
    """Return the message, having made sure that the page quotes it to the letter."""
    assert message in PAGE.replace("\n", " ")
    return message


def error_of(call: Callable[[], object]) -> str:
    """Return the last line of the traceback that a call ends with."""
    with pytest.raises(Exception) as caught:
        call()
    return traceback.format_exception_only(caught.value)[-1].strip()


@contextlib.contextmanager
def served(app: WSGIApplication) -> Iterator[int]:
    """Serve the application on a real port."""
    server = make_server("127.0.0.1", 0, app)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def raw(app: WSGIApplication) -> bytes:
    """Return everything that a real server sends for ``GET /``."""
    with served(app) as port, socket.create_connection(("127.0.0.1", port), 10) as connection:
        connection.sendall(b"GET / HTTP/1.0\r\n\r\n")
        connection.shutdown(socket.SHUT_WR)
        return b"".join(iter(lambda: connection.recv(65536), b""))


def table(label: str, number: int = 0) -> list[list[str]]:
    """Return the cells of a table below a label, without its head."""
    section = re.split(r"\n\([\w-]+\)=\n", PAGE.split(f"({label})=\n")[1])[0]
    found = re.findall(r"(?:^\|.*\n)+", section, re.MULTILINE)[number]
    return [[cell.strip() for cell in line.split("|")[1:-1]] for line in found.splitlines()[2:]]


@pytest.fixture(autouse=True)
def empty_lists() -> Iterator[None]:
    """Let each test begin with what a fresh process has."""
    yield
    order.steps.clear()
    sees.seen.clear()


# The header middleware


def test_every_response_gets_the_header_unless_the_view_set_it() -> None:
    found = {path: get(headers.app, path).headers for path in ("/", "/widget", "/nowhere")}
    assert {path: one.getlist("X-Frame-Options") for path, one in found.items()} == {
        "/": ["DENY"],
        "/widget": ["SAMEORIGIN"],
        "/nowhere": ["DENY"],
    }


def test_a_middleware_works_with_any_wsgi_application() -> None:
    client = Client(headers.DefaultHeaders(bare.hello, {"X-Frame-Options": "DENY"}))
    response = client.get("/tea")
    assert response.headers["X-Frame-Options"] == "DENY"
    assert response.text == "GET /tea\nNo Flask here"


# WSGI in one page


def test_an_application_is_called_with_environ_and_start_response() -> None:
    head: list[Any] = []
    body = bare.hello(create_environ("/tea"), lambda *given: head.extend(given) or (lambda b: b))
    assert head == ["200 OK", [("Content-Type", "text/plain; charset=utf-8")]]
    assert body == [b"GET /tea", b"\n", b"No Flask here"]
    assert get(bare.app, "/tea").data == b"".join(body)


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


class Pieces:
    """A body that notes when it is asked and when it is closed."""

    def __init__(self, notes: list[str], fails: bool = False, endless: bool = False) -> None:
        self.notes, self.fails, self.endless, self.number = notes, fails, endless, 0

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        self.number += 1
        self.notes.append(f"piece {self.number}")
        if self.fails and self.number == 2:
            raise ValueError("broken")
        if not self.endless and self.number == 3:
            raise StopIteration
        return b"x" * 100_000

    def close(self) -> None:
        self.notes.append("closed")


def pieces_app(pieces: Pieces) -> WSGIApplication:
    def app(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        start_response("200 OK", [("Content-Type", "text/plain")])
        return pieces

    return app


def test_a_server_closes_at_the_end_and_after_an_error() -> None:
    fine, broken = Pieces([]), Pieces([], fails=True)
    # The development server sends chunks where another server of the process has asked for HTTP/1.1.
    body = raw(pieces_app(fine)).partition(b"\r\n\r\n")[2]
    assert body.count(b"x") == 200_000
    raw(pieces_app(broken))
    assert fine.notes == ["piece 1", "piece 2", "piece 3", "closed"]
    assert broken.notes == ["piece 1", "piece 2", "closed"]


def test_a_server_closes_when_the_client_has_gone() -> None:
    pieces = Pieces([], endless=True)
    with served(pieces_app(pieces)) as port:
        connection = socket.create_connection(("127.0.0.1", port), 10)
        connection.sendall(b"GET / HTTP/1.0\r\n\r\n")
        connection.recv(1000)
        connection.close()
    assert pieces.notes[-1] == "closed"


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


def test_a_chinese_path_is_bytes_in_text() -> None:
    path = create_environ("/早")["PATH_INFO"]
    assert path == "/æ\x97©"
    assert path.encode("latin-1").decode() == "/早"


# Wrap wsgi_app, not the application


def test_the_test_client_goes_through_wsgi_app_and_past_a_wrapper() -> None:
    inside = wrapped(new_app(), lambda app: headers.DefaultHeaders(app, {"X-Seen": "yes"}))
    assert get(inside).headers["X-Seen"] == "yes"
    assert isinstance(inside, Flask)
    outside = new_app()
    around = headers.DefaultHeaders(outside, {"X-Seen": "yes"})
    assert Client(around).get("/").headers["X-Seen"] == "yes"
    assert "X-Seen" not in get(outside).headers


def test_a_wrapped_application_is_no_flask_application() -> None:
    app: Any = headers.DefaultHeaders(new_app(), {})
    message = "AttributeError: 'DefaultHeaders' object has no attribute 'route'"
    assert error_of(lambda: app.route("/")) == on_the_page(message)
    assert not hasattr(app, "test_client")


def test_the_flask_command_does_not_find_a_wrapped_application(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = [
        "from flask import Flask",
        "from snippets.middleware.headers import DefaultHeaders",
        "app = DefaultHeaders(Flask('shop'), {})",
    ]
    tmp_path.joinpath("shop.py").write_text("\n".join(lines), encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    for name, message in [
        (
            "shop",
            "Error: Failed to find Flask application or factory in module 'shop'. "
            "Use 'shop:name' to specify one.",
        ),
        ("shop:app", "Error: A valid Flask application was not obtained from 'shop:app'."),
    ]:
        result = CliRunner().invoke(cli, ["--app", name, "routes"])
        assert result.output.strip().splitlines()[-1] == on_the_page(message)


def test_wrapping_the_application_into_its_own_wsgi_app_never_ends() -> None:
    app = new_app()
    app.wsgi_app = headers.DefaultHeaders(app, {})  # type: ignore[method-assign]
    message = error_of(lambda: get(app))
    assert message.startswith(on_the_page("RecursionError: maximum recursion depth exceeded"))


def test_what_is_wrapped_last_stands_outermost() -> None:
    traced = get(order.app, "/lines")
    assert traced.text == "line 1\nline 2\n"
    handed_over = [
        "outer: called",
        "inner: called",
        "before_request",
        "view",
        "after_request",
        "inner: 200 OK",
        "outer: 200 OK",
        "teardown_request",
        "inner: has the body",
        "outer: has the body",
    ]
    assert len(handed_over) == 10
    assert "The first ten steps end before the first line of the body is made" in PAGE
    sent = ["line 1", "line 2", "inner: closed", "outer: closed"]
    assert order.steps == [*handed_over, *sent]
    shown = get(order.app, "/steps").text.splitlines()
    assert shown == [*handed_over, *sent, "outer: called", "inner: called", "before_request"]


# What a middleware sees that a hook does not


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


def test_the_body_of_a_head_request_is_gone_in_the_middleware_only() -> None:
    notes = Notes(app := new_app())
    app.test_client().head("/")
    assert notes.hook == ["Front page"]
    assert notes.middleware == ["end"]


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


def test_an_error_in_a_teardown_function_reaches_the_middleware() -> None:
    notes = Notes(app := new_app())

    @app.teardown_request
    def broken(error: BaseException | None) -> None:
        raise ValueError("teardown")

    with pytest.raises(ValueError, match="teardown"):
        get(app)
    assert notes.hook == ["Front page"]
    assert notes.middleware == ["error teardown", "end"]


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


def test_the_middleware_leaves_a_value_for_the_view() -> None:
    def leave(app: WSGIApplication) -> Any:
        return lambda environ, start: app({**environ, "shop.currency": "CNY"}, start)

    app = wrapped(new_app(), leave)
    app.add_url_rule("/currency", "currency", lambda: request.environ["shop.currency"])
    assert get(app, "/currency").text == "CNY"


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


# Three to copy


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


def test_a_request_without_an_id_gets_a_new_one() -> None:
    app = request_id.create_app()
    first, second = (get(app).headers["X-Request-ID"] for _ in range(2))
    assert uuid.UUID(first) != uuid.UUID(second)


# Change the body, and close it


def test_what_flask_does_at_close_is_done_behind_a_closing_iterator() -> None:
    client = closing.create_app().test_client()
    with client.get("/report") as response:
        assert response.text == "FIRST LINE\nLAST LINE\n"
    assert client.get("/closed").text.strip() == '["REPORT"]'


def test_a_forgetful_middleware_sends_the_same_bytes_and_closes_nothing() -> None:
    client = closing.create_app(closing.Forgetful).test_client()
    with client.get("/report") as response:
        assert response.text == "FIRST LINE\nLAST LINE\n"
    assert client.get("/closed").text.strip() == "[]"


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


def test_joining_the_body_waits_for_all_of_it() -> None:
    class Join(Wrapper):
        def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Any:
            return [b"".join(self.app(environ, start_response))]

    pieces = Pieces([])
    body = Join(pieces_app(pieces))(create_environ("/"), lambda *given: lambda data: None)
    assert pieces.notes == ["piece 1", "piece 2", "piece 3"]
    assert len(body[0]) == 200_000


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
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
            connection.request("GET", "/")
            bodies.append(connection.getresponse().read())
            connection.close()
    assert bodies == [b"Front page", b"Front page and more"]


# Answer without the application


def test_a_middleware_may_answer_by_itself() -> None:
    assert get(health.app, "/healthz").text == "ok"
    assert get(health.app).status_code == 401


# ProxyFix


CONNECTION = {"REMOTE_ADDR": "127.0.0.1"}
FORWARDED = {
    "X-Forwarded-For": "203.0.113.7",
    "X-Forwarded-Proto": "https",
    "X-Forwarded-Host": "shop.example",
    "X-Forwarded-Port": "8443",
    "X-Forwarded-Prefix": "/shop",
}


def test_behind_a_proxy_links_and_address_are_those_of_the_client() -> None:
    one = {name: FORWARDED[name] for name in list(FORWARDED)[:3]}
    assert get(proxy.create_app(), headers=one).json == {
        "link": "https://shop.example/",
        "remote_addr": "203.0.113.7",
    }
    plain = proxy.create_app(behind_proxy=False)
    without = {"link": "http://localhost/", "remote_addr": "127.0.0.1"}
    assert get(plain, headers=one).json == without
    plain.config["PREFERRED_URL_SCHEME"] = "https"
    # the test client would take the scheme of the configuration for its own
    assert get(plain, headers=one, base_url="http://localhost/").json == without
    del one["X-Forwarded-Proto"]
    assert get(proxy.create_app(), headers=one).json["link"] == "http://shop.example/"


def test_each_parameter_changes_what_the_table_says() -> None:
    seen: dict[str, Any] = {}
    app = new_app()

    @app.before_request
    def look() -> None:
        names = ["remote_addr", "scheme", "host", "script_root"]
        seen.update({name: getattr(request, name) for name in names})
        seen["orig"] = request.environ["werkzeug.proxy_fix.orig"]

    plain = {"remote_addr": "127.0.0.1", "scheme": "http", "host": "localhost", "script_root": ""}
    none = dict.fromkeys(("x_for", "x_proto", "x_host", "x_port", "x_prefix"), 0)
    changed = {}
    for name in none:
        fixed = ProxyFix(app, **{**none, name: 1})
        Client(fixed).get("/", headers=FORWARDED, environ_base=CONNECTION)
        orig = seen.pop("orig")
        assert (orig["REMOTE_ADDR"], orig["HTTP_HOST"]) == ("127.0.0.1", "localhost")
        changed[name] = {key: value for key, value in seen.items() if value != plain[key]}
    assert changed == {
        "x_for": {"remote_addr": "203.0.113.7"},
        "x_proto": {"scheme": "https"},
        "x_host": {"host": "shop.example"},
        "x_port": {"host": "localhost:8443"},
        "x_prefix": {"script_root": "/shop"},
    }
    rows = table("proxy-fix")
    assert [row[0].strip("`") for row in rows] == list(none)
    assert [row[1].strip("`") for row in rows] == list(FORWARDED)
    attributes = [re.findall(r"`request\.(\w+)`", row[2])[0] for row in rows]
    assert [[name] for name in attributes] == [list(found) for found in changed.values()]
    default = ProxyFix(app)
    assert [int(row[3].strip("`")) for row in rows] == [getattr(default, name) for name in none]


def test_a_client_that_sets_the_header_itself_is_believed() -> None:
    response = get(proxy.create_app(), headers={"X-Forwarded-For": "192.0.2.1"})
    assert response.json["remote_addr"] == "192.0.2.1"
    on_the_page("X-Forwarded-For: 192.0.2.1")
    plain = proxy.create_app(behind_proxy=False)
    response = get(plain, headers={"X-Forwarded-For": "192.0.2.1"})
    assert response.json["remote_addr"] == "127.0.0.1"


def test_with_x_host_the_client_chooses_the_host_in_links() -> None:
    response = get(proxy.create_app(), headers={"X-Forwarded-Host": "evil.example"})
    assert response.json["link"] == "http://evil.example/"


def test_values_are_counted_from_the_right() -> None:
    app = new_app()
    app.add_url_rule("/address", "address", lambda: str(request.remote_addr))
    for sent, *results in table("proxy-fix-attack"):
        given = {} if sent == "not sent" else {"X-Forwarded-For": sent.strip("`")}
        for number, result in enumerate(results):
            client = Client(ProxyFix(app, x_for=number))
            expected = "127.0.0.1" if result == "the connection" else result.strip("`")
            answer = client.get("/address", headers=given, environ_base=CONNECTION)
            assert answer.text == expected


def test_trusted_hosts_are_checked_after_proxy_fix() -> None:
    app = proxy.create_app()
    app.config["TRUSTED_HOSTS"] = ["shop.example"]
    good, bad = ({"X-Forwarded-Host": host} for host in ("shop.example", "evil.example"))
    assert get(app, headers=good).json["link"] == "http://shop.example/"
    assert get(app, headers=bad, base_url="http://shop.example/").status_code == 400


def test_x_prefix_takes_nothing_off_the_path() -> None:
    app = wrapped(new_app(), lambda inner: ProxyFix(inner, x_prefix=1))
    app.add_url_rule("/link", "link", lambda: url_for("link"))
    given = {"X-Forwarded-Prefix": "/shop"}
    assert get(app, "/link", headers=given).text == "/shop/link"
    assert get(app, "/shop/link", headers=given).status_code == 404


# Mount several applications


def test_each_application_gets_the_paths_below_its_prefix() -> None:
    client = mounted.app.test_client()
    assert client.get("/").text == "Shop, /"
    assert client.get("/admin/").text == "Administration, /admin/"
    assert client.get("/admin/users/7").json == {
        "script_root": "/admin",
        "path": "/users/7",
        "url_for": "/admin/users/7",
    }
    redirected = client.get("/admin")
    assert (redirected.status_code, redirected.location) == (308, "http://localhost/admin/")
    assert client.get("/administration").status_code == 404


def test_the_prefix_moves_from_path_info_to_script_name() -> None:
    seen: list[tuple[str, str]] = []

    def look(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        seen.append((environ["SCRIPT_NAME"], environ["PATH_INFO"]))
        return Response()(environ, start_response)

    Client(DispatcherMiddleware(look, {"/a": look, "/a/b": look})).get("/a/b/c")
    Client(DispatcherMiddleware(look, {"/a": look})).get("/a/b/c")
    # the longest prefix wins
    assert seen == [("/a/b", "/c"), ("/a", "/b/c")]


def test_the_prefix_stands_before_static_files_and_redirects() -> None:
    inner = Flask("inner")
    inner.add_url_rule("/static-link", "link", lambda: url_for("static", filename="a.css"))
    inner.add_url_rule("/go", "go", lambda: redirect(url_for("link")))
    client = Client(DispatcherMiddleware(new_app(), {"/inner": inner}))
    assert client.get("/inner/static-link").text == "/inner/static/a.css"
    assert client.get("/inner/go").location == "/inner/static-link"


def test_each_application_keeps_to_itself() -> None:
    shop, inner = new_app(), new_app()
    shop.config["MOOD"] = "shop"
    ran: list[str] = []
    shop.before_request(lambda: ran.append("hook"))
    shop.register_error_handler(404, lambda error: ("shop's 404", 404))
    shop.add_url_rule("/only-shop", "only_shop", lambda: "")
    inner.add_url_rule("/mood", "mood", lambda: str(request.environ and inner.config.get("MOOD")))
    inner.add_url_rule("/link", "link", lambda: url_for("only_shop"))
    inner.testing = True
    client = Client(DispatcherMiddleware(shop, {"/inner": inner}))
    assert client.get("/inner/mood").text == "None"
    assert "shop's 404" not in client.get("/inner/nowhere").text
    assert ran == []
    with pytest.raises(BuildError):
        client.get("/inner/link")
    assert client.get("/nowhere").text == "shop's 404"
    assert ran == ["hook"]


def test_flask_routes_lists_those_of_the_shop() -> None:
    result = CliRunner().invoke(cli, ["--app", "snippets.middleware.mounted", "routes"])
    assert "front_page" in result.output
    assert "users" not in result.output


def test_a_mounted_application_is_tested_with_a_base_address() -> None:
    client = mounted.admin.test_client()
    answer = client.get("/users/7", base_url="http://localhost/admin")
    assert answer.json["url_for"] == "/admin/users/7"
    assert client.get("/users/7").json["url_for"] == "/users/7"


def test_application_root_does_not_mount() -> None:
    app = new_app()
    app.config["APPLICATION_ROOT"] = "/shop"
    assert Client(app).get("/").text == "Front page"
    assert Client(app).get("/shop/").status_code == 404


def visits(**inner_config: str) -> list[object]:
    """Log in to a mounted application, visit the other one, and come back."""
    shop, inner = new_app(), new_app()
    inner.secret_key = "another"
    inner.config.update(inner_config)

    def enter() -> str:
        session["user"] = "ada"
        return "in"

    def write() -> str:
        session["cart"] = "tea"
        return "kept"

    inner.add_url_rule("/login", "login", enter)
    inner.add_url_rule("/who", "who", lambda: session.get("user", "nobody"))
    shop.add_url_rule("/cart", "cart", write)
    client = Client(DispatcherMiddleware(shop, {"/admin": inner}))
    paths = ["/admin/login", "/admin/who", "/cart", "/admin/who"]
    return [client.get(path).text for path in paths]


def test_two_applications_overwrite_each_others_session() -> None:
    assert visits() == ["in", "ada", "kept", "nobody"]
    assert visits(SESSION_COOKIE_NAME="admin_session") == ["in", "ada", "kept", "ada"]
    assert visits(SESSION_COOKIE_PATH="/admin") == ["in", "ada", "kept", "ada"]


def test_the_mounted_snippet_keeps_both_sessions() -> None:
    client = mounted.app.test_client()
    client.get("/")
    client.get("/admin/")
    assert client.get_cookie("session") is not None
    assert client.get_cookie("admin_session") is not None


def test_a_prefix_with_a_slash_at_the_end_finds_nothing_below_it() -> None:
    client = Client(DispatcherMiddleware(new_app(), {"/admin/": mounted.admin}))
    answer = client.get("/admin/")
    assert (answer.status_code, answer.location) == (308, "http://localhost/admin/")
    assert client.get("/admin/users/7").status_code == 404


# Hook or middleware


def test_before_request_is_too_late_to_change_the_path() -> None:
    class Rewrite(Wrapper):
        def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Any:
            environ["PATH_INFO"] = environ["PATH_INFO"].removeprefix("/v1")
            return self.app(environ, start_response)

    hook = new_app()
    hook.add_url_rule("/notes", "notes", lambda: "Notes")

    @hook.before_request
    def rewrite() -> None:
        request.environ["PATH_INFO"] = request.environ["PATH_INFO"].removeprefix("/v1")

    assert get(hook, "/v1/notes").status_code == 404
    early = wrapped(new_app(), Rewrite)
    early.add_url_rule("/notes", "notes", lambda: "Notes")
    assert get(early, "/v1/notes").text == "Notes"


def test_a_hook_of_a_blueprint_is_for_the_blueprint_only() -> None:
    app, blueprint = new_app(), Blueprint("notes", "notes", url_prefix="/notes")
    blueprint.add_url_rule("/", "all", lambda: "Notes")
    ran: list[str] = []
    blueprint.before_request(lambda: ran.append(request.path))
    app.register_blueprint(blueprint)
    get(app)
    get(app, "/notes/")
    assert ran == ["/notes/"]


def test_one_middleware_covers_several_applications() -> None:
    both = DispatcherMiddleware(new_app(), {"/admin": mounted.admin})
    client = Client(headers.DefaultHeaders(both, {"X-Frame-Options": "DENY"}))
    answers = [client.get(path) for path in ("/", "/admin/", "/admin/nowhere")]
    assert [answer.headers["X-Frame-Options"] for answer in answers] == ["DENY"] * 3


def test_the_decision_table_has_a_row_for_each_need() -> None:
    assert [row[1] for row in table("middleware-or-hook")] == [
        "`before_request`",
        "a hook of the blueprint",
        "`after_request`",
        "a teardown hook",
        "an error handler",
        *["a middleware"] * 5,
        "`DispatcherMiddleware`",
    ]


# How it works inside


def test_the_application_calls_what_stands_in_wsgi_app() -> None:
    outer: Any = order.app.wsgi_app
    assert (outer.name, outer.app.name) == ("outer", "inner")
    assert outer.app.app.__qualname__ == "Flask.wsgi_app"
    app = new_app()
    app.wsgi_app = Response("instead")  # type: ignore[method-assign]
    assert get(app).text == "instead"


def test_start_response_is_called_with_the_request_and_the_body_read_without() -> None:
    found: list[bool] = []

    class Look(Wrapper):
        def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Any:
            def start(*given: Any) -> Any:
                found.append(bool(request))
                return start_response(*given)

            body = self.app(environ, start)
            found.append(bool(request))
            return body

    get(wrapped(new_app(), Look))
    assert found == [True, False]


def test_what_is_kept_in_self_is_shared_by_all_requests() -> None:
    class Keeps(Wrapper):
        def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Any:
            self.path = environ["PATH_INFO"]
            return self.late(self.app(environ, start_response))

        def late(self, body: Iterable[bytes]) -> Iterator[bytes]:
            yield from body
            yield self.path.encode()

    calls = Keeps(bare.hello)
    both = [calls(create_environ(path), lambda *given: lambda b: b) for path in ("/a", "/b")]
    assert [list(body)[-1] for body in both] == [b"/b", b"/b"]


# Test a middleware


@pytest.mark.parametrize(
    ("middleware", "inner"),
    [
        (lambda app: headers.DefaultHeaders(app, {"X-Frame-Options": "DENY"}), new_app()),
        (lambda app: order.Trace(app, "one"), new_app()),
        (sees.Watch, new_app()),
        (timing.Timing, new_app()),
        (request_id.RequestId, new_app()),
        (closing.Upper, new_app()),
        (health.Health, new_app()),
        (ProxyFix, new_app()),
        (lambda app: DispatcherMiddleware(app, {"/admin": mounted.admin}), new_app()),
    ],
)
def test_every_middleware_of_the_page_passes_the_validator(
    middleware: Callable[[WSGIApplication], Any], inner: Flask
) -> None:
    client = Client(validator(middleware(validator(inner))))
    for path in ("/?page=1", "/healthz?", "/admin/?x=1"):
        with client.get(path) as response:
            response.get_data()
        assert response.status_code in {200, 404}


def test_the_validator_finds_a_body_that_nobody_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    raised: list[str] = []
    monkeypatch.setattr("sys.unraisablehook", lambda given: raised.append(str(given.exc_value)))
    with Client(validator(closing.Forgetful(validator(new_app())))).get("/?x=1") as response:
        assert response.text == "FRONT PAGE"
    del response
    gc.collect()
    assert raised == [on_the_page("Iterator garbage collected without being closed")]


def test_without_with_close_is_not_called() -> None:
    pieces = Pieces([])
    response = Client(pieces_app(pieces)).get("/")
    assert "closed" not in pieces.notes
    response.close()
    assert pieces.notes[-1] == "closed"


def test_the_validator_finds_a_body_of_text() -> None:
    def wrong(environ: WSGIEnvironment, start_response: StartResponse) -> Any:
        start_response("200 OK", [("Content-Type", "text/plain")])
        return "text"

    message = error_of(lambda: Client(validator(wrong)).get("/?x=1"))
    on_the_page(message)


# Pitfalls


def test_flask_has_no_middleware_decorator() -> None:
    app: Any = new_app()
    message = "AttributeError: 'Flask' object has no attribute 'middleware'"
    assert error_of(lambda: app.middleware("http")) == on_the_page(message)


def test_a_middleware_with_one_parameter() -> None:
    class Middleware:
        def __init__(self, app: Any) -> None:
            self.app = app

        def __call__(self, request: Any) -> Any:
            raise NotImplementedError

    named = "TypeError: Middleware.__call__() takes 2 positional arguments but 3 were given"
    found = error_of(lambda: get(wrapped(new_app(), Middleware)))
    prefix = "test_a_middleware_with_one_parameter.<locals>."
    assert found.replace(prefix, "") == on_the_page(named)
    app: Any = new_app()
    app.wsgi_app = Middleware
    found = error_of(lambda: get(app)).replace(prefix, "")
    assert found == named.replace("__call__", "__init__")


def test_a_class_instead_of_an_instance() -> None:
    app: Any = new_app()
    app.wsgi_app = headers.DefaultHeaders
    message = "TypeError: 'DefaultHeaders' object is not iterable"
    assert error_of(lambda: get(app)) == on_the_page(message)


class Nothing(Wrapper):
    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Any:
        self.app(environ, start_response)


class Text(Wrapper):
    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Any:
        return [b"".join(self.app(environ, start_response)).decode()]


class Fails(Wrapper):
    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Any:
        raise ValueError("in the middleware")


def chinese(app: WSGIApplication) -> headers.DefaultHeaders:
    return headers.DefaultHeaders(app, {"X-User": "阿达"})


@pytest.mark.parametrize(
    ("middleware", "message"),
    [
        (Nothing, "TypeError: 'NoneType' object is not iterable"),
        (Text, "AssertionError: applications must write bytes"),
        (
            chinese,
            "UnicodeEncodeError: 'latin-1' codec can't encode characters in position 8-9: "
            "ordinal not in range(256)",
        ),
    ],
)
def test_what_the_log_of_the_development_server_ends_with(
    middleware: Callable[[WSGIApplication], Any], message: str, caplog: pytest.LogCaptureFixture
) -> None:
    answer = raw(wrapped(new_app(), middleware))
    logged = next(text for text in caplog.messages if text.startswith("Error on request:"))
    assert logged.strip().splitlines()[-1] == on_the_page(message)
    if middleware is Nothing:
        assert b" 500 INTERNAL SERVER ERROR" in answer.splitlines()[0]


def test_a_quoted_header_is_sent() -> None:
    from urllib.parse import quote

    app = wrapped(new_app(), lambda inner: headers.DefaultHeaders(inner, {"X-User": quote("阿达")}))
    assert b"X-User: %E9%98%BF%E8%BE%BE" in raw(app)


def test_none_is_not_iterable_for_the_test_client_either() -> None:
    found = error_of(lambda: get(wrapped(new_app(), Nothing)))
    assert found == "TypeError: 'NoneType' object is not iterable"


def test_an_error_in_a_middleware_reaches_no_error_handler(
    caplog: pytest.LogCaptureFixture,
) -> None:
    app = wrapped(new_app(), Fails)
    handled: list[object] = []
    app.register_error_handler(Exception, lambda error: handled.append(error) or "handled")

    def receive(sender: Flask, exception: BaseException) -> None:
        handled.append(exception)

    with got_request_exception.connected_to(receive, app):
        answer = raw(app)
    assert handled == []
    assert b" 500 INTERNAL SERVER ERROR" in answer.splitlines()[0]
    errors = [record for record in caplog.records if record.levelno >= logging.ERROR]
    assert [record.name for record in errors] == ["werkzeug"]
    assert errors[0].getMessage().startswith(on_the_page("Error on request:"))
    assert errors[0].getMessage().strip().endswith("ValueError: in the middleware")


# Then and now


def test_old_imports_and_num_proxies_are_refused() -> None:
    message = "ModuleNotFoundError: No module named 'werkzeug.contrib'"
    found = error_of(lambda: importlib.import_module("werkzeug.contrib.fixers"))
    assert found == on_the_page(message)

    message = "TypeError: ProxyFix.__init__() got an unexpected keyword argument 'num_proxies'"
    old: Any = ProxyFix
    assert error_of(lambda: old(new_app(), num_proxies=1)) == on_the_page(message)

    def from_wsgi() -> None:
        exec("from werkzeug.wsgi import DispatcherMiddleware")

    message = "ImportError: cannot import name 'DispatcherMiddleware' from 'werkzeug.wsgi'"
    assert error_of(from_wsgi).startswith(on_the_page(message))
