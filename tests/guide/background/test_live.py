"""Events and WebSockets in a real browser: docs/guide/background.md."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from flask import Flask, request
from flask_sock import Sock
from playwright.sync_api import Browser

from proven.claims.proofs import proves
from snippets.background import events, sockets
from tests.guide.background.common import TALK
from tests.guide.deployment.common import fetch, module, serving
from tests.needs import chromium
from tests.servers import served

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium("--host-resolver-rules=MAP *.example 127.0.0.1") as opened:
        yield opened


@proves(
    "guide/background",
    "The browser opens one long response, and each event is a few lines of text in it.",
    "EventSource is part of each browser, and connects again by itself:",
)
def test_events(browser: Browser) -> None:
    with served(events.app) as port:
        page = browser.new_page()
        page.goto(f"http://127.0.0.1:{port}/")
        page.wait_for_function("document.title == 'done'")
        assert page.evaluate("bar.value") == 3
        page.close()
    asked: list[str | None] = []
    app = Flask("broken")

    @app.get("/")
    def front() -> str:
        return events.PAGE

    @app.get("/progress")
    def progress() -> tuple[str, dict[str, str]]:
        asked.append(request.headers.get("Last-Event-ID"))
        sent = events.event("page", len(asked), {"page": len(asked)})
        last = events.event("done", 4, None) if len(asked) == 3 else ""
        return f"retry: 10\n{sent}{last}", {"Content-Type": "text/event-stream"}

    with served(app) as port:
        page = browser.new_page()
        page.goto(f"http://127.0.0.1:{port}/")
        page.wait_for_function("document.title == 'done'")
        page.close()
    assert asked == [None, "1", "2"]


@proves(
    "guide/background",
    "A view of sock.route runs as long as the connection is open:",
    "Any page of any site can open a WebSocket to your server: CORS does not stop it.",
    "From another host of your domain, the browser also sends your cookie.",
    "So compare the header Origin, as above.",
)
def test_sockets(browser: Browser) -> None:
    careless = Flask("careless")

    @careless.get("/")
    def login() -> tuple[str, dict[str, str]]:
        return "a page", {"Set-Cookie": "user=ada; Domain=shop.example"}

    @Sock(careless).route("/chat")
    def chat(socket: object) -> None:
        socket.receive()  # type: ignore[attr-defined]
        socket.send(request.cookies.get("user", "nobody"))  # type: ignore[attr-defined]

    other = Flask("other")
    other.add_url_rule("/", "page", lambda: "a page")
    if "page" not in sockets.app.view_functions:
        sockets.app.add_url_rule("/", "page", lambda: "a page")
    with served(sockets.app) as port, served(other) as foreign, served(careless) as open_port:
        page = browser.new_page()
        own, careless_one = (f"www.shop.example:{number}" for number in (port, open_port))
        page.goto(f"http://{own}/")
        assert page.evaluate(TALK, f"ws://{own}/chat") == "you said tea"
        page.goto(f"http://{careless_one}/")
        for host, known in (("blog.shop.example", "ada"), ("www.evil.example", "nobody")):
            page.goto(f"http://{host}:{foreign}/")
            assert page.evaluate(TALK, f"ws://{own}/chat") == "refused"
            assert page.evaluate(TALK, f"ws://{careless_one}/chat") == known
        page.close()


@proves("guide/background", "The generator runs after the view.")
def test_the_generator_runs_after_the_view() -> None:
    said: list[str] = []
    app = Flask("order")

    @app.get("/")
    def view() -> Iterator[str]:
        def body() -> Iterator[str]:
            said.append("generator")
            yield ""

        said.append("view")
        return body()

    app.after_request(lambda response: (said.append("after_request"), response)[1])
    app.test_client().get("/")
    assert said == ["view", "after_request", "generator"]


def seconds(port: int, path: str) -> float:
    began = time.monotonic()
    assert fetch(port, path)[0] == 200
    return time.monotonic() - began


@proves(
    "guide/background",
    "An open page occupies a thread of the server.",
    "With gunicorn --threads 4, four open pages leave nothing for others: use gevent, or let the page "
    "ask every few seconds.",
    "Each connection occupies a thread, as with events.",
)
def test_each_open_page_takes_a_thread(tmp_path: Path) -> None:
    module(
        tmp_path,
        "shop",
        "from snippets.background.events import app\napp.config['SECONDS'] = 0.5\n",
    )
    with serving("gunicorn", "--threads", "4", "shop:app", cwd=tmp_path) as server:
        assert seconds(server.port, "/") < 0.5
        with ThreadPoolExecutor(4) as pages:
            opened = [pages.submit(fetch, server.port, "/progress") for _ in range(4)]
            time.sleep(0.3)
            assert seconds(server.port, "/") > 0.7
        assert all(one.result()[1].count("event: page") == 3 for one in opened)
