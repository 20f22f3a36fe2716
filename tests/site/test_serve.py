"""``nox -s serve``: both languages under one address, built and reloaded after a change."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator

import pytest
from websockets.sync.client import connect

from proven.commands import serve
from tests.site.tiny_site import TinySite

VISITORS = "docs/guide/visitors.md"
LOADING = "docs/_ext/proven/snippets/loading.py"
HELLO = "snippets/greeting/hello.py"
PATIENCE = 600


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
                    "-m",
                    "proven.commands.serve",
                    "--port",
                    str(self.port),
                ],
                stdout=log,
                stderr=subprocess.STDOUT,
                env=self.site.environment | {"PYTHONUNBUFFERED": "1"},
            )

    def get(self, path: str) -> str:
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/{path}", timeout=60) as answer:
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
    site = TinySite(tmp_path_factory.mktemp("served"))
    site.edit(LOADING, "LIMIT = 60.0", "LIMIT = 5.0")
    served = Served(site)
    try:
        served.wait(lambda: "building" in served.printed())
        # Answered before there is a site, and saved during the first build.
        with pytest.raises(urllib.error.HTTPError) as caught:
            served.get("en/")
        assert (caught.value.code, b"Not built yet" in caught.value.read()) == (503, True)
        site.edit(VISITORS, "(visitors)=", "(early)=\n(visitors)=")
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


def test_what_is_saved_during_the_first_build_is_built(served: Served) -> None:
    # Whether the first build has read it or not: it is named and built once more.
    served.wait(lambda: f"changed: {VISITORS}" in served.printed())
    served.wait(lambda: 'id="early"' in served.get("en/guide/visitors.html"))


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
    served.wait(lambda: "English, 简体中文: the build failed" in served.printed())
    assert served.printed().count(complaint) == 1
    assert "Greeting" in served.get("en/guide/greeting.html")
    served.site.edit("docs/guide/greeting.md", "GET /visitors/7 -> 201", "GET /visitors/7 -> 200")
    served.wait(lambda: "built in" in served.printed().rpartition("the build failed")[2])


def test_a_snippet_that_hangs_does_not_end_the_watch(served: Served) -> None:
    served.site.edit(HELLO, '    return "hello"\n', "    import time; time.sleep(600)\n")
    complaint = "snippets/greeting/hello.py:11: WARNING: GET / takes longer than 5 seconds"
    served.wait(lambda: complaint in served.printed())
    served.site.edit(HELLO, "    import time; time.sleep(600)\n", '    return "hello"\n')
    served.wait(lambda: "built in" in served.printed().rpartition(complaint)[2])


def test_a_template_that_is_half_written_does_not_end_the_watch(served: Served) -> None:
    template = "docs/_templates/root.html"
    served.site.edit(template, "{%- endfor %}\n</p>", "</p>")
    served.wait(lambda: "the build failed: TemplateSyntaxError: " in served.printed())
    served.site.edit(template, "</p>", "{%- endfor %}\n</p>")
    served.wait(lambda: "built in" in served.printed().rpartition("TemplateSyntaxError")[2])


def answer_to(served: Served, port: str) -> tuple[str, list[str], int]:
    command = [sys.executable, "-m", "proven.commands.serve", "--port", port]
    run = subprocess.run(
        command, capture_output=True, text=True, check=False, env=served.site.environment
    )
    return run.stdout, run.stderr.splitlines(), run.returncode


def test_a_port_in_use_is_said_at_once_with_another_one(served: Served) -> None:
    another = served.port + 1 if served.port < 65535 else 8000
    assert answer_to(served, str(served.port)) == (
        "",
        [
            f"port {served.port} cannot be used: address already in use; run nox -s serve -- --port "
            f"{another}"
        ],
        1,
    )


@pytest.mark.parametrize("port", ["80000", "-1", "eighty", ""])
def test_a_port_that_does_not_exist_is_one_line(served: Served, port: str) -> None:
    line = f"argument --port: {port!r} is no port: write a number from 0 to 65535"
    assert answer_to(served, port) == ("", [line], 1)


def test_port_0_is_any_free_port() -> None:
    with serve.reserve(0) as listener:
        assert listener.getsockname()[1] > 0


def test_ctrl_c_stops_it_without_a_traceback(served: Served) -> None:
    served.process.send_signal(signal.SIGINT)
    assert served.process.wait(timeout=PATIENCE) in {0, 130, -signal.SIGINT}
    assert "Traceback" not in served.printed()
