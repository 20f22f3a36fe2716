"""A WebSocket through nginx: docs/guide/behind-nginx.md."""

from __future__ import annotations

import http.client
import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser
from simple_websocket import Client, ConnectionClosed

from proven.claims.proofs import proves
from snippets.behind_nginx import chat
from tests.guide.background.common import TALK
from tests.guide.behind_nginx.common import Nginx, nginx, on_the_page, with_location, written
from tests.guide.deployment.common import fetch, module, serving
from tests.needs import chromium
from tests.servers import Server, served

CHAT = "snippets.behind_nginx.chat:app"
HANDSHAKE = {
    "Upgrade": "websocket",
    "Connection": "Upgrade",
    "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
    "Sec-WebSocket-Version": "13",
}


@pytest.fixture(scope="module")
def behind() -> Iterator[Server]:
    with serving("gunicorn", "--threads", "4", CHAT, path="/nowhere") as server:
        yield server


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium(
        "--host-resolver-rules=MAP *.example 127.0.0.1", "--ignore-certificate-errors"
    ) as opened:
        yield opened


def talk(browser: Browser, page_of: str, address: str) -> tuple[str, list[str]]:
    """Open a page and, from it, a WebSocket; return what came and what the console says."""
    said: list[str] = []
    page = browser.new_page()
    page.on("console", lambda message: said.append(message.text))
    page.goto(page_of)
    got = page.evaluate(TALK, address)
    page.close()
    return got, said


def own(server: Nginx, path: str = "/", scheme: str = "http") -> str:
    port = server.second if scheme in ("https", "wss") else server.port
    return f"{scheme}://shop.example:{port}{path}"


@pytest.mark.browser
@proves(
    "guide/behind-nginx",
    "A WebSocket begins as a request with the headers Upgrade and Connection.",
    "nginx does not pass these two on, so a location of its own sets them:",
    "The console of Chromium says this.",
    "A line of the location is missing, or another location matches better.",
)
def test_nginx_passes_a_websocket_on_with_two_headers(behind: Server, browser: Browser) -> None:
    location = written("websocket.conf")
    with nginx(with_location(location), behind.port) as server:
        assert talk(browser, own(server), own(server, "/chat", "ws"))[0] == "you said tea"
    lines = re.findall(r"    proxy_set_header (?:Upgrade|Connection) .*\n", location)
    assert len(lines) == 2
    for left_out in (*lines, location):
        site = with_location(location.replace(left_out, ""))
        with nginx(site, behind.port) as server:
            got, said = talk(browser, own(server), own(server, "/chat", "ws"))
            assert got == "refused"
            (message,) = [line for line in said if "WebSocket" in line]
            assert on_the_page(message.replace(f":{server.port}", ""))


@pytest.mark.browser
@proves(
    "guide/behind-nginx",
    "Over HTTPS, the comparison needs X-Forwarded-Proto: without this line, the response is 403.",
)
def test_over_https_the_origin_is_compared_with_what_the_proxy_says(
    browser: Browser, behind: Server
) -> None:
    upstream = written("site.conf").partition("server {\n")[0]
    location = written("websocket.conf")
    line = "    proxy_set_header X-Forwarded-Proto $scheme;\n"
    assert line in location
    for left_out, expected, status in (("", "you said tea", ""), (line, "refused", "code: 403")):
        lines = location.replace(left_out, "") + "\n    location / {"
        site = upstream + written("https.conf").replace("    location / {", lines, 1)
        with nginx(site, behind.port) as server:
            page, address = own(server, "/", "https"), own(server, "/chat", "wss")
            got, said = talk(browser, page, address)
            assert got == expected
            assert status in " ".join(said)


def test_another_origin_is_refused() -> None:
    client = chat.app.test_client()
    assert client.get("/nowhere", headers={"Origin": "http://evil.example"}).status_code == 403
    for headers in ({}, {"Origin": "http://localhost"}):
        assert client.get("/nowhere", headers=headers).status_code == 404
    with served(chat.app) as port:
        socket = Client(f"ws://127.0.0.1:{port}/chat")
        socket.send("tea")
        assert socket.receive(timeout=60) == "you said tea"
        socket.close()


@proves(
    "guide/behind-nginx",
    "proxy_read_timeout (60 seconds if left out) also ends a connection on which nothing is sent.",
    "ping_interval makes the application send something every 25 seconds.",
)
def test_a_quiet_connection_ends_without_pings(tmp_path: Path) -> None:
    assert chat.app.config["SOCK_SERVER_OPTIONS"]["ping_interval"] == 25
    location = written("websocket.conf").replace(
        "    proxy_pass", "    proxy_read_timeout 2s;\n    proxy_pass"
    )
    site = with_location(location).replace("server_name shop.example;", "server_name 127.0.0.1;")
    for pings in (None, 0.2):
        setting = f"app.config['SOCK_SERVER_OPTIONS']['ping_interval'] = {pings}\n"
        module(tmp_path, "quiet", f"from snippets.behind_nginx.chat import app\n{setting}")
        with (
            serving("gunicorn", "--threads", "4", "quiet:app", path="/x", cwd=tmp_path) as backend,
            nginx(site, backend.port) as server,
        ):
            socket = Client(f"ws://127.0.0.1:{server.port}/chat")
            time.sleep(4)
            try:
                socket.send("tea")
                assert socket.receive(timeout=20) == "you said tea"
                assert pings
                socket.close()
            except ConnectionClosed:
                assert pings is None


@proves(
    "guide/behind-nginx",
    "The server gives the application no connection, as Waitress does not.",
    "Use Gunicorn with --threads or gevent.",
)
def test_waitress_cannot_do_it() -> None:
    with serving("waitress-serve", CHAT, path="/nowhere") as server:
        asked = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
        asked.request("GET", "/chat", headers=HANDSHAKE)
        assert asked.getresponse().status == 500
        asked.close()
        assert on_the_page(
            "RuntimeError: Cannot obtain socket from WSGI environment."
        ) in server.log.read_text(encoding="utf-8")
    for options in (["--threads", "4"], ["--worker-class", "gevent"]):
        with serving("gunicorn", *options, CHAT, path="/nowhere") as server:
            socket = Client(f"ws://127.0.0.1:{server.port}/chat")
            socket.send("tea")
            assert socket.receive(timeout=20) == "you said tea"
            socket.close()
            assert fetch(server.port, "/nowhere")[0] == 404
