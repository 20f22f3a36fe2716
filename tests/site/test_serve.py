"""``nox -s serve``: both languages under one address, built and reloaded after a change."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator

import pytest
from websockets.sync.client import connect

from tests.site.tiny_site import TinySite

VISITORS = "docs/guide/visitors.md"
PATIENCE = 60


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class Served:
    """The tiny site, served by its own copy of serve.py."""

    def __init__(self, site: TinySite) -> None:
        self.site = site
        self.port = free_port()
        self.log = site.root / "serve.log"
        site.root.joinpath("tests").mkdir()
        self.process = self.start()

    def start(self) -> subprocess.Popen[bytes]:
        with self.log.open("wb") as log:
            return subprocess.Popen(
                [
                    sys.executable,
                    str(self.site.root / "docs/_tools/serve.py"),
                    "--port",
                    str(self.port),
                ],
                stdout=log,
                stderr=subprocess.STDOUT,
                env={**os.environ, "PYTHONUNBUFFERED": "1"},
            )

    def get(self, path: str) -> str:
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/{path}", timeout=10) as answer:
            return str(answer.read().decode())

    def printed(self) -> str:
        return self.log.read_text(encoding="utf-8")

    def wait(self, condition: Callable[[], bool]) -> None:
        deadline = time.monotonic() + PATIENCE
        while not condition():
            assert self.process.poll() is None, self.printed()
            assert time.monotonic() < deadline, self.printed()
            time.sleep(0.1)


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    served = Served(TinySite(tmp_path_factory.mktemp("served")))
    try:
        served.wait(lambda: "Ctrl+C stops" in served.printed())
        yield served
    finally:
        served.process.kill()
        served.process.wait()


def test_it_prints_both_addresses_and_they_answer(served: Served) -> None:
    lines = served.printed().splitlines()
    assert f"English: http://127.0.0.1:{served.port}/en/" in lines
    assert f"简体中文: http://127.0.0.1:{served.port}/zh-cn/" in lines
    assert "<h1>Tiny site" in served.get("en/")
    assert "<h1>小站" in served.get("zh-cn/")
    assert "location.replace" in served.get("")


def test_a_change_is_built_in_both_languages_and_every_open_page_told_to_reload(
    served: Served,
) -> None:
    address = f"ws://127.0.0.1:{served.port}/websocket-reload"
    with connect(address) as english, connect(address) as chinese:
        served.site.edit(VISITORS, "(visitors)=", "(visitors)=\n(guests)=")
        assert english.recv(timeout=PATIENCE) == chinese.recv(timeout=PATIENCE) == "refresh"
    assert f"changed: {VISITORS}" in served.printed()
    for folder in ("en", "zh-cn"):
        assert 'id="guests"' in served.get(f"{folder}/guide/visitors.html")


def test_a_page_listens_for_changes(served: Served) -> None:
    assert f"ws://127.0.0.1:{served.port}/websocket-reload" in served.get("en/guide/greeting.html")


def test_a_broken_page_is_reported_and_serving_goes_on(served: Served) -> None:
    served.site.edit("docs/guide/greeting.md", "GET /visitors/7 -> 200", "GET /visitors/7 -> 201")
    complaint = "docs/guide/greeting.md:17: WARNING: exchange: GET /visitors/7 answers 200 OK"
    served.wait(lambda: served.printed().count(complaint) == 2)
    served.wait(lambda: "简体中文: the build failed" in served.printed())
    assert "Greeting" in served.get("en/guide/greeting.html")
    served.site.edit("docs/guide/greeting.md", "GET /visitors/7 -> 201", "GET /visitors/7 -> 200")
    served.wait(lambda: "built in" in served.printed().rpartition("the build failed")[2])


def test_a_template_that_is_half_written_does_not_end_the_watch(served: Served) -> None:
    template = "docs/_templates/root.html"
    served.site.edit(template, "{%- endfor %}\n</p>", "</p>")
    served.wait(lambda: "the build failed: TemplateSyntaxError: " in served.printed())
    served.site.edit(template, "</p>", "{%- endfor %}\n</p>")
    served.wait(lambda: "built in" in served.printed().rpartition("TemplateSyntaxError")[2])


def test_a_port_in_use_is_said_at_once_with_another_one(served: Served) -> None:
    command = [
        sys.executable,
        str(served.site.root / "docs/_tools/serve.py"),
        "--port",
        str(served.port),
    ]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    assert run.returncode == 1
    assert run.stdout == "", "before anything is built"
    assert run.stderr.splitlines() == [
        f"port {served.port} is in use: stop the other server, or run nox -s serve -- --port "
        f"{served.port + 1}"
    ]


def test_ctrl_c_stops_it_without_a_traceback(served: Served) -> None:
    served.process.send_signal(signal.SIGINT)
    assert served.process.wait(timeout=PATIENCE) in {0, 130, -signal.SIGINT}
    assert "Traceback" not in served.printed()
