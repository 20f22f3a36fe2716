"""Granian, as the page starts it: docs/guide/servers.md."""

from __future__ import annotations

import os
import re
import shlex
import signal
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from proven.claims.proofs import proves
from tests.guide.deployment.common import (
    SNIPPETS,
    WAITING,
    at_once,
    children,
    fetch,
    log_of,
    module,
    shop,
    shown,
)
from tests.guide.servers.common import granian, on_the_page
from tests.servers import Server, wait_for

WSGI = ("--interface", "wsgi")
MESSAGE = "[ERROR] Unexpected exit from worker-"
VERSIONED = "from flask import Flask\napp = Flask('shop')\nV = {}\napp.add_url_rule('/', 'v', lambda: f'code {{V}}')\n"


@proves(
    "guide/servers",
    "This page starts Granian, which sends static files by itself, and measures seven servers beside each other.",
    "This is the command for the application of Deployment:",
)
def test_the_command_of_the_page() -> None:
    with shown("granian.sh") as server:
        assert fetch(server.port) == (200, "Tea and cups")
        wait_for(lambda: len(children(server.pid)) == 2)
    assert shlex.split(SNIPPETS.joinpath("granian.sh").read_text(encoding="utf-8"))[0] == "granian"


@proves(
    "guide/servers",
    "Granian also has interfaces of other kinds, and one of these is the default.",
    "With it, Flask responds to each request with 500.",
    "--interface wsgi is missing, and each request gets 500.",
    "Pass it, or set GRANIAN_INTERFACE=wsgi.",
    "Each option can also be a variable of the environment: GRANIAN_WORKERS=2.",
)
def test_the_interface() -> None:
    with granian(WAITING) as server:
        assert [fetch(server.port, "/wait/0.0")[0] for _ in range(2)] == [500, 500]
        message = on_the_page(
            "AttributeError: 'granian._granian.RSGIHTTPScope' object has no attribute 'get'"
        )
        assert message in server.log.read_text(encoding="utf-8")
    more = {"GRANIAN_INTERFACE": "wsgi", "GRANIAN_WORKERS": "2", "GRANIAN_BLOCKING_THREADS": "1"}
    with granian(WAITING, path="/wait/0.0", **more) as server:
        assert fetch(server.port, "/wait/0.0")[0] == 200
        assert len(children(server.pid)) == 2
    said = log_of("granian", "--help", cwd=SNIPPETS)
    assert re.search(r"--interface \[asgi\|asginl\|rsgi\|wsgi\]", said)
    options = len(re.findall(r"^  --(?!help|version)", said, re.M))
    assert len(re.findall(r"env\s+var:", said)) == options


@proves(
    "guide/servers",
    "Granian calls the function.",
    "Its name has no parentheses.",
    "Without a name, Granian looks for app.",
    "The argument has parentheses.",
    "Write --factory shop:create_app.",
)
def test_the_argument(tmp_path: Path) -> None:
    shop(tmp_path)
    with granian(*WSGI, "--factory", "shop:create_app", cwd=tmp_path) as server:
        assert fetch(server.port)[1] == "Tea and cups"
    said = log_of("granian", *WSGI, "--factory", "shop:create_app()", cwd=tmp_path, seconds=60)
    assert on_the_page("AttributeError: module 'shop' has no attribute 'create_app()'") in said
    module(tmp_path, "named", VERSIONED.format(1))
    with granian(*WSGI, "named", cwd=tmp_path) as server:
        assert fetch(server.port)[1] == "code 1"


@proves(
    "guide/servers",
    "A worker handles this number of requests at the same time.",
    "If left out, Granian starts a thread for each request that comes while others wait, and warns of "
    "up to 512 Python threads.",
)
@pytest.mark.parametrize(("options", "most"), [(("--blocking-threads", "2"), 2), ((), 4)])
def test_threads(options: tuple[str, ...], most: int) -> None:
    with granian(*WSGI, *options, WAITING, path="/wait/0.0") as server:
        assert at_once(server.port, "/wait/1.0")[0] == most
        warned = "up to 512 Python threads" in server.log.read_text(encoding="utf-8")
        assert warned is (options == ())


@proves(
    "guide/servers",
    "Granian sends the files of this folder at /static by itself, without Python.",
    "If left out, requests are not logged.",
)
def test_static_files_and_the_log(tmp_path: Path) -> None:
    (tmp_path / "static").mkdir()
    (tmp_path / "static" / "shop.css").write_text("body { color: teal; }", encoding="utf-8")
    # Flask itself has no static files here
    module(tmp_path, "shop", VERSIONED.format(1).replace("'shop'", "'shop', static_folder=None"))
    mounted = ("--static-path-mount", "static")
    for options, status in ((mounted, 200), ((), 404), ((*mounted, "--access-log"), 200)):
        with granian(*WSGI, *options, "shop:app", cwd=tmp_path) as server:
            assert fetch(server.port, "/static/shop.css")[0] == status
            logged = "--access-log" in options
            if logged:
                wait_for(lambda s=server: '"GET / HTTP/1.1" 200' in s.log.read_text())  # type: ignore[misc]
            assert ("GET /" in server.log.read_text(encoding="utf-8")) is logged


@proves(
    "guide/servers",
    "TERM or INT | Granian begins no new request, ends the running ones, and exits",
)
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_the_running_request_ends(number: signal.Signals) -> None:
    with (
        granian(*WSGI, "--blocking-threads", "4", WAITING, path="/wait/0.0") as server,
        ThreadPoolExecutor(1) as pool,
    ):
        running = pool.submit(fetch, server.port, "/wait/2.0")
        time.sleep(0.5)
        os.kill(server.pid, number)
        wait_for(lambda: "Stopping worker-1" in server.log.read_text(encoding="utf-8"))
        with pytest.raises(OSError, match="refused"):
            fetch(server.port, "/wait/0.0")
        assert running.result()[0] == 200
        wait_for(lambda: not server.runs)


@proves(
    "guide/servers",
    "HUP | new workers start with new code, the old ones end after their requests",
)
def test_new_code_without_a_lost_request(tmp_path: Path) -> None:
    text = (
        VERSIONED
        + "import time\n@app.get('/slow')\ndef slow(): time.sleep(2); return f'code {{V}}'\n"
    )
    module(tmp_path, "shop", text.format(1))
    with (
        granian(*WSGI, "--blocking-threads", "4", "shop:app", cwd=tmp_path) as server,
        ThreadPoolExecutor(1) as pool,
    ):
        (old,) = children(server.pid)
        slow = pool.submit(fetch, server.port, "/slow")
        time.sleep(0.5)
        module(tmp_path, "shop", text.format(22))
        os.kill(server.pid, signal.SIGHUP)
        wait_for(lambda: fetch(server.port)[1] == "code 22")
        assert slow.result() == (200, "code 1")
        wait_for(lambda: old not in children(server.pid))


def end_a_worker(server: Server) -> tuple[set[int], int]:
    """Kill one of two workers; return which there were, and which is gone."""
    wait_for(lambda: server.log.read_text(encoding="utf-8").count("] Started worker-") == 2)
    before = children(server.pid)
    os.kill(before[0], signal.SIGKILL)
    wait_for(lambda: MESSAGE in server.log.read_text(encoding="utf-8"))
    assert MESSAGE in on_the_page("[ERROR] Unexpected exit from worker-1")
    return {*before}, before[0]


@proves(
    "guide/servers",
    "Granian has no option that ends a worker which hangs, as --timeout of Gunicorn does.",
    "If a worker ends by itself, Granian ends the others too and exits with 1, unless you pass "
    "--respawn-failed-workers.",
    "Granian then ends, with all workers.",
)
def test_a_worker_that_ends() -> None:
    # header, HTTP/2, idle thread, and stopping: none is for a request that runs
    said = log_of("granian", "--help", cwd=SNIPPETS)
    assert set(re.findall(r"^  --([\w-]*timeout)", said, re.M)) == {
        "blocking-threads-idle-timeout",
        "http1-header-read-timeout",
        "http2-keep-alive-timeout",
        "workers-kill-timeout",
    }
    two = (*WSGI, "--workers", "2", "--blocking-threads", "1")
    respawn = ("--respawn-failed-workers", "--respawn-interval", "0.1")
    with granian(*two, *respawn, WAITING, path="/wait/0.0") as server:
        before, killed = end_a_worker(server)
        wait_for(lambda: len({*children(server.pid)} - before) == 1)
        assert killed not in children(server.pid)
        assert fetch(server.port, "/wait/0.0")[0] == 200
    with granian(*two, WAITING, path="/wait/0.0") as server:
        end_a_worker(server)
        wait_for(lambda: not server.runs)
        assert server.exit_code == 1
        log = server.log.read_text(encoding="utf-8")
        assert log.index(MESSAGE) < log.index("Shutting down granian")
        assert "Respawning" not in log


@proves(
    "guide/servers",
    "Granian was started in another folder.",
    "Change the folder, or name it with --working-dir.",
    "If the traceback above it ends in your own code, that import failed.",
)
def test_a_module_that_is_not_found(tmp_path: Path) -> None:
    shop(tmp_path)
    (tmp_path / "elsewhere").mkdir()
    said = log_of("granian", *WSGI, "shop:app", cwd=tmp_path / "elsewhere", seconds=60)
    assert on_the_page("RuntimeError: Could not import 'shop'.") in said
    folder = ("--working-dir", str(tmp_path), "--factory")
    with granian(*WSGI, *folder, "shop:create_app", cwd=tmp_path / "elsewhere") as server:
        assert fetch(server.port)[1] == "Tea and cups"
    module(tmp_path, "shop", "import nowhere\n")
    said = log_of("granian", *WSGI, "shop:app", cwd=tmp_path, seconds=60)
    assert re.search(r"shop\.py\", line 1.*\n.*\n(?:.*\n)?ModuleNotFoundError: .*'nowhere'", said)


def answered(port: int) -> tuple[int, str] | None:
    """Return an answer, ``None`` where the connection came to a process that ends, which resets it."""
    try:
        return fetch(port)
    except OSError:
        return None


@proves(
    "guide/servers",
    "Granian does not complain if another one listens on the same port: both get a part of the requests.",
    "A worker whose main process was killed goes on too.",
)
def test_two_on_one_port(tmp_path: Path) -> None:
    module(tmp_path, "old", VERSIONED.format(1))
    module(tmp_path, "new", VERSIONED.format(2))
    with granian(*WSGI, "--blocking-threads", "2", "old:app", cwd=tmp_path) as first:
        with granian(*WSGI, "--blocking-threads", "2", "new:app", cwd=tmp_path, port=first.port) as second:  # fmt: skip
            wait_for(lambda: "Started worker-1" in second.log.read_text(encoding="utf-8"))
            got: set[str] = set()
            wait_for(lambda: got.add(fetch(first.port)[1]) or got == {"code 1", "code 2"})
            assert "ERROR" not in second.log.read_text(encoding="utf-8")
        (worker,) = children(first.pid)
        os.kill(first.pid, signal.SIGKILL)
        try:
            wait_for(lambda: not first.runs)
            wait_for(lambda: answered(first.port) == (200, "code 1"))
        finally:
            os.kill(worker, signal.SIGKILL)
