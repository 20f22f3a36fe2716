"""Threads: docs/guide/contexts-in-threads.md."""

from __future__ import annotations

import http.client
import io
import operator
import re
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextvars import copy_context
from typing import Any

import pytest
from flask import Flask, Request, copy_current_request_context, current_app, request, session
from flask.globals import app_ctx, request_ctx
from flask.sessions import SecureCookieSessionInterface
from werkzeug.local import LocalProxy
from werkzeug.serving import make_server

from proven.claims.proofs import proves
from snippets.contexts import background, threads
from tests.guide.contexts.common import (
    OUTSIDE_APP,
    TOKEN,
    WAIT,
    error_of,
    in_thread,
    new_app,
    on_the_page,
)


@proves(
    "guide/contexts-in-threads",
    "A thread that you start yourself sees no request, unless you pass a context to it:",
)
def test_what_a_thread_sees_by_the_way_it_was_started() -> None:
    assert threads.app.test_client().get("/page").text.splitlines() == [
        "plain: nothing",
        "copy_current_request_context: request /page, reader unknown",
        "copy_context: request /page, reader ada",
    ]


@proves(
    "guide/contexts-in-threads",
    "A server with threads gives each request a thread, and each thread sees its own request.",
)
def test_a_threaded_server_gives_each_thread_its_own_request() -> None:
    app = new_app()
    both = threading.Barrier(2, timeout=WAIT)

    @app.get("/<name>")
    def view(name: str) -> str:
        both.wait()
        return f"{request.path} {threading.get_ident()}"

    server = make_server("127.0.0.1", 0, app, threaded=True)
    runner = threading.Thread(target=server.serve_forever)
    runner.start()

    def fetch(path: str) -> list[str]:
        connection = http.client.HTTPConnection("127.0.0.1", server.server_port, timeout=WAIT)
        connection.request("GET", path)
        with connection.getresponse() as answer:
            text = answer.read().decode()
        connection.close()
        return text.split()

    try:
        with ThreadPoolExecutor(2) as pool:
            (first, thread_a), (second, thread_b) = pool.map(fetch, ["/a", "/b"])
    finally:
        server.shutdown()
        runner.join()
        server.server_close()
    assert (first, second) == ("/a", "/b")
    assert thread_a != thread_b


@proves(
    "guide/contexts-in-threads",
    "pushes a new request context in the thread, with the same request and the same "
    "session, and a new application context with an empty g.",
    "Both are popped when the function returns, so your teardown functions run once for "
    "the thread and once for the request.",
    "lets the thread use the contexts of the view, including its g, and pops nothing.",
    "In both cases two threads can use the same object at the same time.",
)
@pytest.mark.parametrize(
    ("way", "own", "torn"),
    [("copy_current_request_context", True, 2), ("copy_context", False, 1)],
)
def test_what_a_thread_shares_with_the_view(way: str, own: bool, torn: int) -> None:
    app = new_app()
    ends: list[str] = []
    app.teardown_request(lambda error: ends.append("request"))
    app.teardown_appcontext(lambda error: ends.append("application"))

    def parts() -> list[Any]:
        return [
            request_ctx.request,
            request_ctx.session,
            operator.attrgetter("_get_current_object")(request_ctx)(),
            operator.attrgetter("_get_current_object")(app_ctx)(),
            app_ctx.g,
        ]

    @app.get("/")
    def view() -> str:
        here = parts()
        copied: Callable[[], list[Any]] = copy_current_request_context(parts)
        shared = way == "copy_context"
        there = in_thread(copy_context().run, parts) if shared else in_thread(copied)
        same = [a is b for a, b in zip(here, there, strict=True)]
        # request, session, request context, application context, g
        assert same == [True, True, not own, not own, not own]
        return "text"

    app.test_client().get("/")
    assert ends == ["request", "application"] * torn


def upload_app() -> tuple[Flask, list[Future[bytes]], threading.Event]:
    app = new_app()
    results: list[Future[bytes]] = []
    answered = threading.Event()
    pool = ThreadPoolExecutor(1)

    def read_later() -> bytes:
        assert answered.wait(WAIT)
        return request.files["file"].read()

    def read_now() -> bytes:
        return request.files["file"].read()

    @app.post("/thread-after-response")
    def later() -> str:
        assert request.files["file"].filename == "hello.txt"
        results.append(pool.submit(copy_current_request_context(read_later)))
        return "text"

    @app.post("/view-after-thread")
    def now() -> bytes:
        assert in_thread(copy_current_request_context(read_now)) == b"hello"
        return read_now()

    return app, results, answered


@proves(
    "guide/contexts-in-threads",
    "Uploaded files are closed when the request context is popped, and also when a copy "
    "of it is popped.",
    "A thread that reads request.files after the response finds them closed, and so does "
    "a view that reads them after such a thread has ended.",
)
def test_an_uploaded_file_is_closed_with_the_context_and_with_its_copy() -> None:
    app, results, answered = upload_app()
    client = app.test_client()
    message = on_the_page("I/O operation on closed file.")

    def upload() -> dict[str, Any]:
        return {"file": (io.BytesIO(b"hello"), "hello.txt")}

    client.post("/thread-after-response", data=upload())
    answered.set()
    late = results[0].exception(WAIT)
    early = error_of(client.post, "/view-after-thread", data=upload())
    assert (type(late), str(late)) == (ValueError, message)
    assert (type(early), str(early)) == (ValueError, message)


@proves("guide/contexts", "Or two threads use one copy of a request context at the same time.")
@proves(
    "guide/contexts-in-threads",
    "copy_current_request_context makes one copy when it decorates a function.",
    "If two threads run the decorated function at the same time, both push and pop that copy.",
    "Decorate once for each thread: pool.submit(copy_current_request_context(work)).",
)
def test_one_copy_of_a_request_context_is_for_one_thread() -> None:
    entered = [threading.Event(), threading.Event()]
    may_leave = [threading.Event(), threading.Event()]

    def work(number: int) -> None:
        entered[number].set()
        assert may_leave[number].wait(WAIT)

    def start(pool: ThreadPoolExecutor, functions: list[Callable[[int], None]]) -> list[Any]:
        for event in entered + may_leave:
            event.clear()
        futures = []
        for number, function in enumerate(functions):
            futures.append(pool.submit(function, number))
            assert entered[number].wait(WAIT)
        # the one that came first leaves first
        for number, event in enumerate(may_leave):
            event.set()
            futures[number].exception(WAIT)
        return [future.exception() for future in futures]

    on_the_page("pool.submit(copy_current_request_context(work))")
    with new_app().test_request_context(), ThreadPoolExecutor(2) as pool:
        one = copy_current_request_context(work)
        errors = start(pool, [one, one])
        assert {type(error) for error in errors} == {ValueError}
        assert re.fullmatch(TOKEN, str(errors[0]))
        own = [copy_current_request_context(work) for _ in range(2)]
        with ThreadPoolExecutor(2) as fresh:
            assert start(fresh, own) == [None, None]


@proves(
    "guide/contexts-in-threads",
    "Work that continues after the response gets values instead of the request, and "
    "pushes an application context itself:",
)
def test_background_work_takes_values_and_an_application_context_of_its_own() -> None:
    background.reports.clear()
    client = background.app.test_client()
    ordered = client.post("/reports", data={"reader": "ada"})
    assert (ordered.status_code, ordered.json) == (202, {"report": 0})
    assert client.get("/reports/0").json == {"text": "For ada, from the shop"}


@proves(
    "guide/contexts-in-threads",
    "flask.globals.app_ctx is a proxy as well, but its attribute app is the application itself.",
    "If you passed current_app, you would pass a proxy, and in the thread that proxy "
    "finds no application.",
)
@proves(
    "guide/proxies",
    "If you need the object itself, take it from flask.globals.app_ctx or "
    "flask.globals.request_ctx: app_ctx.app, app_ctx.g, request_ctx.request, "
    "request_ctx.session.",
)
def test_app_ctx_is_a_proxy_and_its_attribute_the_application_itself() -> None:
    app = new_app()
    with app.test_request_context():
        assert type(app_ctx) is type(request_ctx) is LocalProxy
        assert app_ctx.app is app
        assert type(request_ctx.request) is Request
        assert type(app_ctx.g) is app.app_ctx_globals_class
        assert type(request_ctx.session) is SecureCookieSessionInterface.session_class
        # the name means nothing in the thread
        assert str(error_of(in_thread, lambda owner: owner.name, current_app)) == OUTSIDE_APP
        assert in_thread(lambda owner: owner.name, app_ctx.app) == "contexts-test"


@proves(
    "guide/contexts-in-threads",
    "A change to the session in such a thread is not saved, even with a copied request "
    "context, because the cookie was sent with the response.",
)
def test_a_session_changed_after_the_response_is_not_saved() -> None:
    app = new_app()
    answered = threading.Event()
    pool = ThreadPoolExecutor(1)
    results = []

    def change() -> dict[str, str]:
        assert answered.wait(WAIT)
        session["late"] = "yes"
        return dict(session)

    @app.get("/")
    def view() -> dict[str, str]:
        found = dict(session)
        session["early"] = "yes"
        results.append(pool.submit(copy_current_request_context(change)))
        return found

    client = app.test_client()
    assert client.get("/").json == {}
    answered.set()
    assert results[0].result(WAIT) == {"early": "yes", "late": "yes"}
    assert client.get("/").json == {"early": "yes"}
    results[1].result(WAIT)
