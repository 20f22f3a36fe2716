"""As in production: PostgreSQL, Redis, Gunicorn with several workers: docs/guide/application.md."""

from __future__ import annotations

import os
import signal
import threading
import time
import urllib.error
import urllib.request
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from proven.claims.proofs import proves
from snippets.application import error_texts
from tests.browser.reader import Reader
from tests.guide.application.common import put, sign
from tests.servers import Server, wait_for


@pytest.fixture
def address(gunicorn: Server) -> str:
    return f"http://127.0.0.1:{gunicorn.port}"


def workers(server: Server) -> list[int]:
    main = (server.folder / "pid").read_text().strip()
    children = Path(f"/proc/{main}/task/{main}/children").read_text()
    return [int(child) for child in children.split()]


class Crowd:
    """Other windows of one visitor: they read the list of notes, again and again."""

    def __init__(self, address: str, cookie: str, size: int = 3) -> None:
        self.statuses: Counter[int | str] = Counter()
        self.longest = 0.0
        self._request = urllib.request.Request(f"{address}/notes/", headers={"Cookie": cookie})
        self._over = threading.Event()
        self._threads = [threading.Thread(target=self._read) for _ in range(size)]

    def _read(self) -> None:
        opener = urllib.request.build_opener(Stay)
        while not self._over.is_set():
            began = time.monotonic()
            try:
                with opener.open(self._request, timeout=60) as answer:
                    self.statuses[answer.status] += 1
            except urllib.error.HTTPError as error:
                self.statuses[error.code] += 1
                error.close()
            except OSError as error:
                self.statuses[type(error).__name__] += 1
            self.longest = max(self.longest, time.monotonic() - began)

    def __enter__(self) -> Crowd:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        for thread in self._threads:
            thread.join()


class Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: Any) -> None:
        """Follow nothing: to be sent to the login would be a lost login."""


@proves(
    "guide/application",
    "run behind Gunicorn, and survive the loss of a worker | Before it goes into production",
    "One test starts the application as in production: gunicorn --preload with three "
    "workers, PostgreSQL, and Redis with appendfsync always.",
    "While other windows keep reading, the test kills a worker, kills Redis, freezes "
    "Redis and kills PostgreSQL.",
    "Nobody is logged out.",
    "Except for the requests of the killed worker, every response is 200 or 503.",
    "The error page shows a text that could not be saved.",
    "The log contains neither a session id nor a text.",
)
def test_in_production_it_survives_the_death_of_a_worker_of_redis_and_of_the_database(
    gunicorn: Server, own_redis: Server, own_postgresql: Server, reader: Reader, address: str
) -> None:
    page = reader(locale="en-GB")
    sign(page, address)
    put(page, "First", "before all of it")
    [cookie] = [c for c in page.context.cookies() if c["name"] == "session"]
    with Crowd(address, f"session={cookie['value']}") as crowd:
        # a worker is killed: another one takes its place, and nobody is logged out
        [victim, *_] = before = workers(gunicorn)
        assert len(before) == 3
        os.kill(victim, signal.SIGKILL)
        wait_for(lambda: len(set(workers(gunicorn)) - {victim}) == 3)
        page.goto(f"{address}/notes/")
        expect(page.locator(".notes h2")).to_have_text(["First"])
        assert set(crowd.statuses) <= {200, "ConnectionResetError", "RemoteDisconnected"}
        # Redis is killed: a clear page, the text given back, and strangers may read
        page.goto(f"{address}/notes/new")
        page.get_by_label("Title").fill("Second")
        page.get_by_label("Text").fill("while Redis is dead")
        own_redis.kill()
        page.get_by_role("button", name="Save").click()
        expect(page.locator("h1")).to_have_text(error_texts.TEXTS[503])
        expect(page.locator("pre")).to_have_text(["Second", "while Redis is dead"])
        assert page.goto(f"{address}/notes/").status == 503  # type: ignore[union-attr]
        stranger = reader(locale="zh-CN")
        assert stranger.goto(f"{address}/login").status == 200  # type: ignore[union-attr]
        # it comes back with all that it has promised to keep
        own_redis.start()
        page.goto(f"{address}/notes/")
        expect(page.locator(".notes h2")).to_have_text(["First"])
        page.goto(f"{address}/notes/new")
        page.get_by_label("Title").fill("Second")
        # another window may be the one that shows the message
        page.get_by_role("button", name="Save").click()
        expect(page.locator(".notes h2")).to_have_text(["Second", "First"])
        # it hangs: nobody waits long
        own_redis.pause()
        began = time.monotonic()
        assert page.goto(f"{address}/notes/").status == 503  # type: ignore[union-attr]
        assert time.monotonic() - began < 10
        own_redis.resume()
        # the database is killed
        own_postgresql.kill()
        assert page.goto(f"{address}/notes/").status == 503  # type: ignore[union-attr]
        expect(page.locator("h1")).to_have_text(error_texts.TEXTS[503])
        own_postgresql.start()
        wait_for(lambda: page.goto(f"{address}/notes/").status == 200)  # type: ignore[union-attr]
        expect(page.locator(".notes h2")).to_have_text(["Second", "First"])
    # no lost login (303), nothing that no handler saw (500)
    log = gunicorn.log.read_text(encoding="utf-8", errors="replace")
    expected = {200, 503, "ConnectionResetError", "RemoteDisconnected"}
    at = log.find("Error handling request")
    assert set(crowd.statuses) <= expected, (crowd.statuses, log[at : at + 9000])
    assert crowd.statuses[200] > 50
    assert crowd.statuses[503] > 0
    assert crowd.longest < 15
    faults = {fault for fault in reader.faults if "503 (SERVICE UNAVAILABLE)" not in fault}
    assert faults == set()
    reader.faults.clear()
    assert "Error handling request" not in log
    assert cookie["value"] not in log
    assert "while Redis is dead" not in log
