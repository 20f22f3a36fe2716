"""Async views below real servers, and one loop for a process: docs/guide/async.md."""

from __future__ import annotations

import asyncio
import contextvars
import json
import os
import signal
import sys
import threading
import time
import urllib.request
from collections import Counter
from functools import partial
from pathlib import Path
from types import FrameType

import pytest
from flask import Flask, g, request
from flask.testing import FlaskClient

from proven.claims.proofs import proves
from snippets.asynchronous import one_loop, quarted
from snippets.asynchronous.one_loop import OneLoop
from tests.guide.deployment.common import at_once, fetch, module, serving
from tests.servers import Server, wait_for

from .common import costs, new_app, on_the_page, table

VIEWS = """
import asyncio, os, threading, time
{imports}
loops = []  # kept, so that none has the address of an earlier one
def answer(began):
    if asyncio.get_running_loop() not in loops:
        loops.append(asyncio.get_running_loop())
    return {{"began": began, "ended": time.monotonic(), "pid": os.getpid(), "loops": len(loops),
            "threads": threading.active_count()}}
@app.get("/wait/<float:seconds>")
async def wait(seconds):
    began = time.monotonic()
    await asyncio.sleep(seconds)
    return answer(began)
@app.get("/block/<float:seconds>")
async def block(seconds):
    began = time.monotonic()
    time.sleep(seconds)
    return answer(began)
"""
FLASK = "from flask import Flask\napp = Flask(__name__)"
ONE_LOOP = "from snippets.asynchronous.one_loop import OneLoop\napp = OneLoop(__name__)"
KINDS = {
    "asgiref": f"{FLASK}\nfrom asgiref.wsgi import WsgiToAsgi\nasgi = WsgiToAsgi(app)",
    "a2wsgi": f"{FLASK}\nfrom a2wsgi import WSGIMiddleware\nasgi = WSGIMiddleware(app)",
    "Quart": "from quart import Quart\napp = asgi = Quart(__name__)",
}


def command(row: list[str], folder: Path) -> list[str]:
    """Write the module of a row, and return the command that starts it."""
    words = row[0].replace("`", "").split()
    imports = FLASK
    if words[0] == "uvicorn":
        imports, words = KINDS[words[-1]], ["uvicorn"]
    module(folder, "shop", VIEWS.format(imports=imports))
    return [*words, "shop:asgi" if words[0] == "uvicorn" else "shop:app"]


@proves(
    "guide/async",
    "It does not let a worker handle more requests.",
    "A worker that handles one request at a time still handles one.",
    "Four clients request the same view at the same time, and all that it does is await asyncio.sleep(0.25):",
    "gunicorn | 1 | a new one for each request",
    "gunicorn --threads 4 | 4 | a new one for each request",
    "waitress-serve | 4 | a new one for each request",
    "uvicorn with a2wsgi | 4 | a new one for each request",
    "uvicorn with asgiref | 1 | that of the server",
    "uvicorn with Quart | 4 | that of the server",
    "All the rest of Flask runs in one thread, which handles one request at a time, as the table above shows.",
    "a2wsgi has several threads.",
)
@pytest.mark.parametrize(
    "row",
    [row for row in table("async-costs") if "gevent" not in row[0]],
    ids=lambda row: row[0],
)
def test_how_many_requests_run_at_the_same_time(row: list[str], tmp_path: Path) -> None:
    words = command(row, tmp_path)
    with serving(*words, path="/wait/0.0", cwd=tmp_path) as server:
        at_once(server.port, "/wait/0.0")
        assert at_once(server.port, "/wait/0.25") == (int(row[1]), 1)
        loops = json.loads(fetch(server.port, "/wait/0.0")[1])["loops"]
    assert row[2] in ("that of the server", "a new one for each request")
    # one to see that the server is there, four of each kind, and this one
    assert loops == (1 if row[2] == "that of the server" else 10)


@proves(
    "guide/async",
    "gunicorn --worker-class gevent | an error | a new one for each request",
    "The gevent worker switches between requests in one thread, and one thread can run one event loop.",
    "While one async view waits, the next one gets the RuntimeError below.",
    "With gevent, write plain views: they already let others run while they wait.",
    "One event loop works there too.",
    "Two requests run in one thread, and the loop of the first is still running.",
    "Use another kind of worker, or plain views.",
)
def test_gevent(tmp_path: Path) -> None:
    plain = (
        "@app.get('/plain/<float:seconds>')\ndef plain(seconds):\n    began = time.monotonic()\n"
        "    time.sleep(seconds)\n"
        "    return {'began': began, 'ended': time.monotonic(), 'pid': os.getpid()}\n"
    )
    module(tmp_path, "shop", VIEWS.format(imports=FLASK) + plain)
    module(tmp_path, "kept", VIEWS.format(imports=ONE_LOOP))
    options = ("gunicorn", "--worker-class", "gevent")
    with serving(*options, "shop:app", path="/wait/0.0", cwd=tmp_path) as server:
        assert at_once(server.port, "/plain/0.25") == (4, 1)
        with pytest.raises(json.JSONDecodeError):
            at_once(server.port, "/wait/0.25")
        assert fetch(server.port, "/wait/0.0")[0] == 200
        log = server.log.read_text(encoding="utf-8")
    # On a busy machine, some requests meet another state of the loop, and another error.
    errors = Counter(line for line in log.splitlines() if line.startswith("RuntimeError"))
    on_the_page(errors.most_common(1)[0][0])
    with serving(*options, "kept:app", path="/wait/0.0", cwd=tmp_path) as server:
        assert at_once(server.port, "/wait/0.25") == (4, 1)


@proves(
    "guide/async",
    "Quart has the interface of Flask on an event loop: each view is async def, and a waiting request "
    "occupies no thread.",
    "Run it with uvicorn module:application.",
    "What reads the body is awaited: await request.form, await request.get_json().",
    "A plain call of a database blocks every request of the process.",
)
def test_quart(tmp_path: Path) -> None:
    assert asyncio.iscoroutinefunction(quarted.prices)
    target = f"{quarted.__name__}:application"
    with serving("uvicorn", target, path="/prices?tea=oolong") as server:
        status, text = fetch(server.port, "/prices?tea=oolong")
        assert (status, json.loads(text)) == (200, {"harbour": 42, "market": 36, "station": 42})
        with urllib.request.urlopen(f"http://127.0.0.1:{server.port}/notes", b"text=tea") as answer:
            assert (answer.status, json.load(answer)) == (201, {"text": "tea"})
    more = (
        "from quart import request\n@app.post('/json')\nasync def as_json():\n"
        "    return [hasattr(request.get_json, '__call__'), await request.get_json()]\n"
    )
    module(tmp_path, "shop", VIEWS.format(imports=KINDS["Quart"]) + more)
    with serving("uvicorn", "shop:asgi", path="/wait/0.0", cwd=tmp_path) as server:
        threads = json.loads(fetch(server.port, "/wait/0.0")[1])["threads"]
        assert at_once(server.port, "/wait/1.0", 30)[0] == 30
        assert json.loads(fetch(server.port, "/wait/0.0")[1])["threads"] == threads
        assert at_once(server.port, "/block/0.2", 3) == (1, 1)
        asked = urllib.request.Request(
            f"http://127.0.0.1:{server.port}/json", b"[1]", {"Content-Type": "application/json"}
        )
        with urllib.request.urlopen(asked) as answer:
            assert json.load(answer) == [True, [1]]


def test_quart_in_this_process() -> None:
    async def both() -> list[object]:
        client = quarted.application.test_client()
        found = await client.get("/prices?tea=oolong")
        made = await client.post("/notes", form={"text": "tea"})
        return [await found.get_json(), made.status_code, await made.get_json()]

    assert asyncio.run(both()) == [
        {"harbour": 42, "market": 36, "station": 42},
        201,
        {"text": "tea"},
    ]


POOL = """
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine
engine = create_async_engine("postgresql+asyncpg://postgres@127.0.0.1:{port}/postgres")
@app.get("/backend")
async def backend():
    async with engine.connect() as connection:
        return str(await connection.scalar(text("SELECT pg_backend_pid()")))
"""


@proves(
    "guide/async",
    "WsgiToAsgi of asgiref runs Flask below Uvicorn or Hypercorn.",
    "Async views then run in the loop of the server, so pools last.",
    "Clients and pools last from request to request, so create_async_engine needs no NullPool.",
)
@pytest.mark.parametrize("kind", ["asgiref", "one loop", "a2wsgi"])
def test_pools_last_where_the_loop_lasts(
    kind: str, postgresql_server: Server, tmp_path: Path
) -> None:
    imports = KINDS.get(kind, ONE_LOOP)
    code = VIEWS.format(imports=imports) + POOL.format(port=postgresql_server.port)
    module(tmp_path, "shop", code)
    words = ["gunicorn", "--threads", "2", "shop:app"]
    if kind != "one loop":
        words = ["uvicorn", "shop:asgi"]
    with serving(*words, path="/wait/0.0", cwd=tmp_path) as server:
        answers = [fetch(server.port, "/backend") for _ in range(4)]
    lasted = {status for status, _ in answers} == {200} and len({text for _, text in answers}) == 1
    assert lasted is (kind != "a2wsgi")


@proves(
    "guide/async",
    "async_to_sync is the method that Flask calls for each async function.",
    "This class runs all of them in one loop, in one thread that lasts:",
    "A task that a view has started goes on after the response.",
    "An async hook that sets a ContextVar of your own does not set it for the view.",
)
def test_one_loop() -> None:
    assert (
        one_loop.app.test_client().get("/loop").json == one_loop.app.test_client().get("/loop").json
    )
    app, seen, own = OneLoop("one"), [], contextvars.ContextVar("own", default="nothing")
    app.testing = True

    def look() -> None:
        seen.append((asyncio.get_running_loop(), threading.current_thread()))

    async def late() -> None:
        await asyncio.sleep(0.1)
        look()

    @app.before_request
    async def hook() -> None:
        look()
        own.set("hook")
        g.name = request.args["name"]

    @app.get("/")
    async def view() -> list[str]:
        look()
        g.task = asyncio.create_task(late())
        return [own.get(), g.name]

    @app.errorhandler(ZeroDivisionError)
    async def handler(error: ZeroDivisionError) -> str:
        return "handled"

    @app.get("/fail")
    async def fail() -> str:
        return str(1 / 0)

    client = app.test_client()
    assert client.get("/?name=ada").json == ["nothing", "ada"]
    assert client.get("/?name=bo").json == ["nothing", "bo"]
    assert client.get("/fail?name=ada").text == "handled"
    wait_for(lambda: len(seen) == 7)
    assert len(set(seen)) == 1
    [(loop, thread)] = set(seen)
    assert loop.is_running()
    assert thread.daemon


def test_the_loop_goes_on_after_a_view_that_exits() -> None:
    app = OneLoop("one")
    app.testing = True

    @app.get("/<what>")
    async def view(what: str) -> str:
        if what == "exit":
            sys.exit("done")
        if what == "interrupt":
            raise KeyboardInterrupt
        if what == "nested":
            return str(app.ensure_sync(view)("in"))
        return what

    client = app.test_client()
    for what, kind in (("exit", SystemExit), ("interrupt", KeyboardInterrupt)):
        with pytest.raises(kind):
            client.get(f"/{what}")
        assert client.get("/tea").text == "tea"
    # it would wait for itself for ever
    with pytest.raises(RuntimeError, match="await this function"):
        client.get("/nested")


def test_a_worker_that_is_stopped_stops_the_view() -> None:
    app, ends = OneLoop("one"), []
    app.testing = True

    @app.get("/")
    async def view() -> str:
        # Not before it has begun: what has not cannot be stopped.
        signal.setitimer(signal.ITIMER_REAL, 0.2)
        try:
            await asyncio.sleep(20)
        except asyncio.CancelledError:
            ends.append("cancelled")
            raise
        raise NotImplementedError

    class StoppedError(Exception):
        pass

    def stop(number: int, frame: FrameType | None) -> None:
        raise StoppedError

    before = signal.signal(signal.SIGALRM, stop)
    try:
        with pytest.raises(StoppedError):
            app.test_client().get("/")
    finally:
        signal.signal(signal.SIGALRM, before)
    wait_for(lambda: ends == ["cancelled"])


def test_many_threads_start_one_loop() -> None:
    app, seen = OneLoop("one"), []
    begin = threading.Barrier(8)

    @app.get("/")
    async def view() -> str:
        seen.append(asyncio.get_running_loop())
        return ""

    def ask() -> None:
        begin.wait()
        app.test_client().get("/")

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(seen), len(set(seen))) == (8, 1)


@proves("guide/async", "An async view costs less than half of what it costs otherwise.")
def test_what_one_loop_costs() -> None:
    def client(app: Flask) -> FlaskClient:
        app.add_url_rule("/plain", "plain", lambda: "")

        @app.get("/async")
        async def view() -> str:
            return ""

        return app.test_client()

    clients = client(new_app()), client(OneLoop("one"))
    asks = [partial(one.get, path) for one in clients for path in ("/plain", "/async")]
    plain, awaited, one_plain, one_awaited = costs(*asks)
    assert one_awaited - one_plain < (awaited - plain) / 2


@proves(
    "guide/async",
    "The loop starts in each worker, also with --preload.",
    "A blocking call stops all async views of the process, not only its own.",
    "A worker without threads still handles one request at a time: its thread waits.",
)
def test_one_loop_in_workers(tmp_path: Path) -> None:
    used = "\nprint(app.test_client().get('/wait/0.0').json)\n"
    for name, more in (("shop", ""), ("used", used)):
        module(tmp_path, name, VIEWS.format(imports=ONE_LOOP) + more)
    with serving("gunicorn", "shop:app", path="/wait/0.0", cwd=tmp_path) as server:
        assert at_once(server.port, "/wait/0.2") == (1, 1)
    options = ("gunicorn", "--threads", "4")
    with serving(*options, "shop:app", path="/wait/0.0", cwd=tmp_path) as server:
        assert at_once(server.port, "/wait/0.25") == (4, 1)
        assert at_once(server.port, "/block/0.1") == (1, 1)
    # even a loop that ran before the fork is started again in each worker
    preloaded = (*options, "--workers", "2", "--preload", "used:app")
    with serving(*preloaded, path="/wait/0.0", cwd=tmp_path) as server:
        wait_for(lambda: at_once(server.port, "/wait/0.3", 8)[1] == 2)


def test_a_fork_in_the_middle() -> None:
    app = one_loop.app
    assert app.test_client().get("/loop").status_code == 200
    child = os.fork()
    if child == 0:  # pragma: no cover
        os._exit(0 if app.test_client().get("/loop").status_code == 200 else 1)
    deadline = time.monotonic() + 10
    while (ended := os.waitpid(child, os.WNOHANG)) == (0, 0) and time.monotonic() < deadline:
        time.sleep(0.02)
    if ended == (0, 0):
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
    assert ended == (child, 0)
