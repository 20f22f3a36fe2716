"""What async views do, cost and see: docs/guide/async.md."""

from __future__ import annotations

import asyncio
import contextvars
import gc
import http.client
import threading
import time
import warnings
from importlib.metadata import requires
from typing import Any

import pytest
import requests
from flask import (
    Response,
    after_this_request,
    current_app,
    flash,
    g,
    get_flashed_messages,
    render_template_string,
    request,
    session,
)
from flask.views import MethodView

from proven.claims.proofs import proves
from snippets.asynchronous import decorators, gathered
from tests.servers import served

from .common import costs, error_of, new_app, on_the_page, seconds, table


@proves(
    "guide/async",
    "With async def, one view waits for several things at the same time.",
    "The three calls take as long as one.",
    'Install Flask with pip install "flask[async]", which brings asgiref.',
    "gather runs the calls, and returns their results in the order of the calls.",
)
def test_one_view_waits_for_several_things() -> None:
    client = gathered.app.test_client()
    assert client.get("/prices?tea=oolong").json == {"harbour": 42, "market": 36, "station": 42}
    # One after the other, they would take 0.3 seconds.
    assert 0.1 <= min(seconds(lambda: client.get("/prices?tea=oolong")) for _ in range(5)) < 0.25
    [extra] = [
        text for text in requires("flask") or [] if "extra == 'async'" in text.replace('"', "'")
    ]
    assert extra.startswith("asgiref")


@proves(
    "guide/async",
    "Each call of an async function by Flask creates an event loop in a new thread.",
    "Each async hook is one more such call.",
    "Flask calls an async view like any other: the thread of the request waits until the view has returned.",
)
def test_each_call_has_a_loop_and_a_thread_of_its_own() -> None:
    app, seen = new_app(), []

    def look() -> None:
        loop = asyncio.get_running_loop()
        # kept, so that none has the address of an earlier one
        seen.append((loop, threading.current_thread()))

    @app.before_request
    async def hook() -> None:
        look()

    @app.get("/")
    async def view() -> str:
        await asyncio.sleep(0.1)
        look()
        return ""

    assert seconds(lambda: app.test_client().get("/")) >= 0.1
    app.test_client().get("/")
    assert len(seen) == 4
    assert len({loop for loop, _ in seen}) == len({thread for _, thread in seen}) == 4
    assert threading.current_thread() not in {thread for _, thread in seen}
    assert all(loop.is_closed() for loop, _ in seen)


@proves("guide/async", "A view that does nothing takes at least twice as long with async def.")
def test_what_it_costs() -> None:
    app = new_app()

    @app.get("/plain")
    def plain() -> str:
        return ""

    @app.get("/async")
    async def awaited() -> str:
        return ""

    client = app.test_client()
    cost_of_plain, cost_of_async = costs(lambda: client.get("/plain"), lambda: client.get("/async"))
    assert cost_of_async >= 2 * cost_of_plain


@proves(
    "guide/async",
    "await lets the tasks of this view take turns, and nothing else.",
    "time.sleep() or a call of requests stops all of them.",
    "Run such a function with asyncio.to_thread().",
)
def test_what_does_not_await_stops_the_other_tasks() -> None:
    slow = new_app()

    @slow.get("/")
    def wait() -> str:
        time.sleep(0.2)
        return ""

    app = new_app()

    async def call(way: str, function: Any, argument: Any) -> None:
        await asyncio.to_thread(function, argument) if way == "thread" else function(argument)

    with served(slow) as port:

        @app.get("/<what>/<way>")
        async def view(what: str, way: str) -> str:
            function, argument = {
                "sleep": (time.sleep, 0.2),
                "requests": (requests.get, f"http://127.0.0.1:{port}/"),
            }[what]
            await asyncio.gather(*(call(way, function, argument) for _ in range(3)))
            return ""

        client = app.test_client()
        for what in ("sleep", "requests"):
            assert seconds(lambda: client.get(f"/{what}/plain")) >= 0.6  # noqa: B023
            assert min(seconds(lambda: client.get(f"/{what}/thread")) for _ in range(5)) < 0.6  # noqa: B023


@proves(
    "guide/async",
    "request, session, g and current_app work in each task of a view: a task gets a copy of the context, "
    "with the same objects in it.",
    "What a task puts into g or into session, the view and the other tasks see.",
    "flask.flash() and flask.after_this_request() work there too.",
    "A contextvars.ContextVar of your own that a task sets is unchanged in the view.",
)
def test_contexts_in_tasks() -> None:
    app, own = new_app(), contextvars.ContextVar("own", default="view")

    async def task(name: str, turn: float) -> list[object]:
        await asyncio.sleep(turn)
        before = [*sorted(session), *getattr(g, "seen", [])]
        session[name] = request.path
        g.seen = [*getattr(g, "seen", []), current_app.name]
        own.set(name)
        flash(name)

        @after_this_request
        def header(response: Response) -> Response:
            response.headers.add("X-Task", name)
            return response

        return before

    @app.get("/")
    async def view() -> list[object]:
        _, second = await asyncio.gather(task("a", 0), task("b", 0.05))
        return [
            second,
            sorted({*session} - {"_flashes"}),
            g.seen,
            own.get(),
            get_flashed_messages(),
        ]

    answer = app.test_client().get("/")
    assert answer.json == [
        ["_flashes", "a", "async-test"],
        ["a", "b"],
        ["async-test"] * 2,
        "view",
        ["a", "b"],
    ]
    assert answer.headers.getlist("X-Task") == ["a", "b"]


@proves(
    "guide/async",
    "view, method of a MethodView | works",
    "hook, error handler, context processor | works: Async hooks",
    "receiver of a signal | works with _async_wrapper: Signals",
    "generator that a view returns | TypeError",
    "command of flask | does nothing: call asyncio.run() in a plain function",
    "filter, global and test of a template | is not awaited",
    "The view contains yield, or returns an async generator.",
    "WSGI cannot iterate it: collect the parts, or stream from a plain generator.",
)
def test_where_async_works() -> None:
    app, ran = new_app(), []

    class View(MethodView):
        async def get(self) -> str:
            return f"{g.hook} {render_template_string('{{ word }}')}"

    app.add_url_rule("/method", view_func=View.as_view("method"))

    @app.before_request
    async def hook() -> None:
        g.hook = "hook"

    @app.errorhandler(KeyError)
    async def handler(error: KeyError) -> str:
        return "handled"

    @app.context_processor
    def words() -> dict[str, str]:
        return {"word": "word"}

    @app.get("/fail")
    async def fail() -> str:
        raise KeyError

    async def parts() -> Any:
        yield "part"

    app.add_url_rule("/generator", view_func=parts)
    app.add_url_rule("/returned", "returned", lambda: parts())

    @app.cli.command()
    async def greet() -> None:
        ran.append("command")

    @app.template_filter()
    async def loud(text: str) -> str:
        ran.append("filter")
        return text.upper()

    app.add_url_rule("/filter", "filter", lambda: render_template_string("{{ 'tea'|loud }}"))
    client = app.test_client()
    assert client.get("/method").text == "hook word"
    assert client.get("/fail").text == "handled"
    for path in ("/generator", "/returned"):
        on_the_page(error_of(client, path))
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        result = app.test_cli_runner().invoke(args=["greet"])
        said = (result.exit_code, result.output)
        # it holds the coroutine
        del result
        assert "coroutine object" in client.get("/filter").text
        gc.collect()
    assert (said, ran) == ((0, ""), [])
    assert {str(w.message) for w in caught if w.category is RuntimeWarning} == {
        f"coroutine '{function.__qualname__}' was never awaited"
        for function in (greet.callback, loud)
    }
    assert len(table("async-where")) == 6


@proves(
    "guide/async",
    "A decorator that calls the view itself gets a coroutine from an async view.",
    "flask.Flask.ensure_sync() makes the view a plain function, and returns a plain one as it is:",
    "A decorator calls an async view and does not await it.",
    "Let it call current_app.ensure_sync(view)(*args, **kwargs), as above.",
    "The log has RuntimeWarning: coroutine 'prices' was never awaited too.",
)
def test_decorators() -> None:
    client = decorators.app.test_client()
    for path in ("/plain", "/async"):
        answer = client.get(path)
        assert (answer.text, answer.headers["Cache-Control"]) == (path[1:], "max-age=60")
    app, got = new_app(), []

    @app.get("/")
    def wrapper() -> Any:
        answer = gathered.prices()
        got.append(asyncio.iscoroutine(answer))
        return answer

    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        on_the_page(error_of(app.test_client(), "/"))
        gc.collect()
    assert got == [True]
    message = on_the_page("RuntimeWarning: coroutine 'prices' was never awaited")
    assert message in {f"{w.category.__name__}: {w.message}" for w in caught}


@proves(
    "guide/async",
    "A task that still runs when the view returns is cancelled, because its loop ends.",
    "So asyncio.create_task is no way to send an e-mail after the response: put such work into a queue.",
)
def test_a_task_that_still_runs_is_cancelled() -> None:
    app, ends, tasks = new_app(), [], []

    async def work(name: str) -> None:
        try:
            await asyncio.sleep(0.2)
            ends.append(f"{name} done")
        except asyncio.CancelledError:
            ends.append(f"{name} cancelled")
            raise

    @app.get("/<name>")
    async def view(name: str) -> str:
        tasks.append(asyncio.create_task(work(name)))
        await asyncio.sleep(0.3 if name == "awaited" else 0)
        return ""

    for name in ("awaited", "left"):
        app.test_client().get(f"/{name}")
    time.sleep(0.3)
    assert ends == ["awaited done", "left cancelled"]


@proves(
    "guide/async",
    "The test client calls async views like all others, from a plain function.",
    "In an async def test, a loop is already running: write await asyncio.to_thread(client.get, "
    '"/prices?tea=oolong").',
)
def test_tests() -> None:
    client = gathered.app.test_client()
    assert client.get("/prices?tea=oolong").status_code == 200

    async def in_a_loop() -> int:
        with pytest.raises(RuntimeError, match="AsyncToSync"):
            client.get("/prices?tea=oolong")
        return (await asyncio.to_thread(client.get, "/prices?tea=oolong")).status_code

    gathered.app.testing = True
    try:
        assert asyncio.run(in_a_loop()) == 200
    finally:
        gathered.app.testing = False


@proves(
    "guide/async",
    "The wrapper of asgiref copies the context, runs asyncio.run() in a new thread, waits, and copies the "
    "context back.",
    "With the method of Flask, it does.",
)
def test_the_context_comes_back() -> None:
    app, own = new_app(), contextvars.ContextVar("own", default="nothing")

    @app.before_request
    async def hook() -> None:
        own.set("hook")

    @app.get("/")
    async def view() -> str:
        return own.get()

    assert app.test_client().get("/").text == "hook"


@proves(
    "guide/async",
    "An async view calls asyncio.run().",
    "Write await instead.",
    "In a plain view, asyncio.run() works.",
)
def test_asyncio_run() -> None:
    app = new_app()

    async def work() -> str:
        return request.path

    @app.get("/plain")
    def plain() -> str:
        return asyncio.run(work())

    @app.get("/await")
    async def awaited() -> str:
        return await work()

    @app.get("/async")
    async def nested() -> str:
        coroutine = work()
        try:
            return asyncio.run(coroutine)
        finally:
            coroutine.close()

    client = app.test_client()
    assert [client.get(path).text for path in ("/plain", "/await")] == ["/plain", "/await"]
    on_the_page(error_of(client, "/async"))


@proves(
    "guide/async",
    "asyncio.get_event_loop().run_until_complete(...). Old posts call this in a view.",
    "In a thread of a server, it fails with RuntimeError: There is no current event loop in thread.",
    "Write an async view, or call asyncio.run().",
)
def test_the_loop_of_old_posts() -> None:
    app, said = new_app(), []

    async def work() -> str:
        raise NotImplementedError

    @app.get("/")
    def view() -> str:
        try:
            asyncio.get_event_loop()
        except RuntimeError as error:
            said.append(f"RuntimeError: {error}")
        return ""

    with served(app) as port:
        connection = http.client.HTTPConnection("127.0.0.1", port)
        connection.request("GET", "/")
        connection.getresponse().read()
        connection.close()
    assert said
    assert said[0].startswith(on_the_page("RuntimeError: There is no current event loop in thread"))
