"""Workers, threads, timeouts and signals of Gunicorn: docs/guide/deployment.md."""

from __future__ import annotations

import json
import os
import signal
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import pytest
from gunicorn import config

from proven.claims.proofs import proves
from tests.guide.deployment.common import (
    WAITING,
    at_once,
    children,
    fetch,
    log_of,
    module,
    on_the_page,
    serving,
    table,
)
from tests.servers import wait_for


@proves(
    "guide/deployment",
    "Without options, Gunicorn starts one worker, which handles one request at a time.",
    "Four clients request this view at the same time:",
    "gunicorn | 1 | 1",
    "gunicorn --workers 2 | 2 | 2",
    "gunicorn --threads 4 | 4 | 1",
    "gunicorn --worker-class gevent | 4 | 1",
    "waitress-serve | 4 | 1",
    "an ASGI server with a2wsgi | 4 | 1",
    "an ASGI server with asgiref | 1 | 1",
    "Threads help while a request waits, for a database or for another server.",
)
@pytest.mark.parametrize("row", table("deployment-workers"), ids=lambda row: row[0])
def test_how_many_requests_run_at_the_same_time(row: list[str], tmp_path: Path) -> None:
    words = row[0].replace("`", "").split()
    program, target = words[0], WAITING
    if program == "an":
        wrapper = {
            "a2wsgi": "a2wsgi import WSGIMiddleware",
            "asgiref": "asgiref.wsgi import WsgiToAsgi",
        }
        name = wrapper[words[-1]].split()[-1]
        module(
            tmp_path,
            "wrapped",
            f"from snippets.deployment.waiting import app\nfrom {wrapper[words[-1]]}\nasgi = {name}(app)\n",
        )
        program, target, words = "uvicorn", "wrapped:asgi", words[:1]
    with serving(program, *words[1:], target, path="/wait/0.0", cwd=tmp_path) as server:
        # the gevent worker and the threads have to be awake
        at_once(server.port, "/wait/0.0")
        assert at_once(server.port, "/wait/0.25") == (int(row[1]), int(row[2]))


@proves(
    "guide/deployment",
    "A worker is a process with its own copy of the application.",
    "Workers share no memory.",
    "A dictionary in a module, a cache in memory or a counter exists once for each worker.",
    "By default, each worker imports the application.",
    "With --preload, Gunicorn imports it once and then forks the workers.",
    "What is opened during the import, for example a connection to a database, is shared "
    "by all workers, and no two workers may use the same connection.",
)
@pytest.mark.parametrize("preload", [False, True])
def test_who_imports_the_application(preload: bool, tmp_path: Path) -> None:
    module(
        tmp_path,
        "held",
        "import os, socket\nfrom snippets.deployment.waiting import LOADED_IN, app\n"
        "held, other = socket.socketpair()\ncounts = []\n"
        "@app.get('/held')\ndef show():\n    counts.append(1)\n"
        "    return [os.getpid(), LOADED_IN, os.fstat(held.fileno()).st_ino, len(counts)]\n",
    )
    options = ["--workers", "2", *(["--preload"] if preload else [])]
    with serving("gunicorn", *options, "held:app", path="/wait/0.0", cwd=tmp_path) as server:
        seen: dict[int, list[int]] = {}

        def both() -> bool:
            at_once(server.port, "/wait/0.2", 2)
            pid, *rest = json.loads(fetch(server.port, "/held")[1])
            seen[pid] = rest
            return len(seen) == 2

        wait_for(both)
        loaded = {loaded for loaded, _, _ in seen.values()}
        assert loaded == ({server.pid} if preload else set(seen))
        assert len({inode for _, inode, _ in seen.values()}) == (1 if preload else 2)
        # the second worker begins to count at one, with and without --preload
        assert list(seen.values())[-1][2] == 1


@proves("guide/deployment", "An error in the code then shows before the first worker starts.")
def test_with_preload_an_error_shows_before_a_worker_starts(tmp_path: Path) -> None:
    module(tmp_path, "shop", "1 / 0\n")
    late, early = (
        log_of("gunicorn", "--no-control-socket", *options, "shop:app", cwd=tmp_path)
        for options in ([], ["--preload"])
    )
    assert "ZeroDivisionError" in early
    assert "ZeroDivisionError" in late
    assert "Booting worker" in late
    assert "Booting worker" not in early


@proves(
    "guide/deployment",
    "gevent patches the standard library, so that waiting in Python code switches to another request.",
    "A view that computes still stops all other requests of its worker, and so does waiting in a "
    "library written in C.",
)
def test_gevent_switches_only_where_python_waits(tmp_path: Path) -> None:
    module(
        tmp_path,
        "waits",
        "import ctypes, time\nfrom snippets.deployment.waiting import answer, app\n"
        "@app.get('/c')\ndef c():\n    began = time.monotonic()\n"
        "    ctypes.CDLL(None).usleep(200_000)\n    return answer(began)\n",
    )
    options = ("--worker-class", "gevent", "waits:app")
    with serving("gunicorn", *options, path="/wait/0.0", cwd=tmp_path) as server:
        # a busy machine sends one of them too late
        assert max(at_once(server.port, "/wait/0.2") for _ in range(3)) == (4, 1)
        assert at_once(server.port, "/compute/0.2") == (1, 1)
        assert at_once(server.port, "/c") == (1, 1)


def timed_out(seconds: int) -> tuple[int, str] | None:
    """Let a worker without threads and one with threads work for more than twice the timeout.

    Returns:
        The worker that was killed for it, and what the log says of it; ``None`` if the machine was too busy to tell.
    """
    short = ("gunicorn", "--timeout", str(seconds))
    with (
        serving(*short, WAITING, path="/wait/0.0") as alone,
        serving(*short, "--threads", "2", WAITING, path="/wait/0.0") as threaded,
        ThreadPoolExecutor(2) as pool,
    ):
        [before] = children(alone.pid)
        path = f"/wait/{2.2 * seconds}"
        running = [pool.submit(fetch, server.port, path) for server in (alone, threaded)]
        statuses = []
        for answer in running:
            try:
                statuses.append(answer.result()[0])
            except OSError:
                statuses.append(0)
        assert statuses[0] in (500, 0), "the request was not lost"
        wait_for(lambda: set(children(alone.pid)) - {before})
        quiet = "TIMEOUT" not in threaded.log.read_text(encoding="utf-8")
        log = alone.log.read_text(encoding="utf-8")
    return (before, log) if statuses == [500, 200] and quiet else None


@proves(
    "guide/deployment",
    "--timeout (30 seconds if left out) is for a worker that hangs, not for a slow request.",
    "A worker without threads gives no sign of life during a request, so it is killed when a "
    "request takes longer.",
    "With --threads, a request may take longer than the timeout, as long as the worker itself is alive.",
    "A request took longer than --timeout in a worker without threads.",
    "The worker was killed, and the request was lost.",
    "The traceback below it, which ends with SystemExit: 1, shows where the request waited.",
)
def test_the_timeout_is_for_a_worker_that_gives_no_sign() -> None:
    assert config.Timeout.default == 30
    # A busy machine may take a second to answer the first signal, and gets the second, which leaves no traceback; and a
    # worker with threads that is not given a turn gives no sign either.
    for seconds in (1, 2, 4):
        if told := timed_out(seconds):
            break
    assert told, "in no attempt did only the worker without threads time out"
    pid, log = told
    assert f"[CRITICAL] WORKER TIMEOUT (pid:{pid})" in log
    assert "time.sleep(seconds)" in log
    assert "SystemExit: 1" in log
    on_the_page("[CRITICAL] WORKER TIMEOUT (pid:4711)")


@proves(
    "guide/deployment",
    "TERM | Gunicorn begins no new request, gives the running ones up to --graceful-timeout (30 "
    "seconds if left out), and exits",
    "INT or QUIT | Gunicorn exits at once, and running requests get 500",
)
@pytest.mark.parametrize(("name", "status"), [("TERM", 200), ("INT", 500), ("QUIT", 500)])
def test_what_the_signals_do_to_a_running_request(name: str, status: int) -> None:
    assert config.GracefulTimeout.default == 30
    with serving("gunicorn", WAITING, path="/wait/0.0") as server, ThreadPoolExecutor(2) as pool:
        running = pool.submit(fetch, server.port, "/wait/0.8")
        time.sleep(0.3)
        os.kill(server.pid, getattr(signal, f"SIG{name}"))
        time.sleep(0.2)
        later = pool.submit(fetch, server.port, "/wait/0.0")
        assert running.result()[0] == status
        with pytest.raises(OSError):
            later.result()
        wait_for(lambda: not server.runs)


@proves(
    "guide/deployment",
    "HUP | new workers start with new settings, the old ones end after their request",
    "HUP loads new code without downtime: at every moment some worker accepts connections.",
    "A running request ends in its old worker.",
    "This does not work with --preload: the code was imported before, and the new workers have the old one.",
)
@pytest.mark.parametrize("preload", [False, True])
def test_hup_brings_new_code_unless_it_is_preloaded(preload: bool, tmp_path: Path) -> None:
    code = "from snippets.deployment.waiting import app\n@app.get('/')\ndef which():\n    return 'old'\n"
    module(tmp_path, "code", code)
    module(tmp_path, "gunicorn.conf", f"workers = 1\npreload_app = {preload}\n")
    with serving("gunicorn", "code:app", cwd=tmp_path, PYTHONDONTWRITEBYTECODE="1") as server:
        before = children(server.pid)
        over = threading.Event()

        def look() -> set[int]:
            seen = set()
            while not over.is_set():
                seen.add(fetch(server.port)[0])
            return seen

        with ThreadPoolExecutor(2) as pool:
            running = pool.submit(fetch, server.port, "/wait/1.0")
            time.sleep(0.3)
            module(tmp_path, "code", code.replace("old", "brand new"))
            module(tmp_path, "gunicorn.conf", f"workers = 2\npreload_app = {preload}\n")
            looking = pool.submit(look)
            os.kill(server.pid, signal.SIGHUP)
            try:
                wait_for(
                    lambda: len(children(server.pid)) == 2 and before[0] not in children(server.pid)
                )
            finally:
                over.set()
            status, body = running.result()
            assert (status, json.loads(body)["pid"]) == (200, before[0])
            assert looking.result() == {200}
        assert fetch(server.port) == (200, "old" if preload else "brand new")


@proves(
    "guide/deployment",
    "The main process of Gunicorn, the arbiter, handles no requests.",
    "It opens the socket, forks the workers, and all workers accept connections from that socket.",
    "A worker touches a temporary file; the arbiter compares the time of that file with the timeout.",
    "It starts a new worker for each one that ends.",
    "--worker-tmp-dir /dev/shm: workers touch a file to show that they are alive, and on a slow "
    "disk this can block.",
)
def test_the_arbiter_and_its_workers(tmp_path: Path) -> None:
    options = ("--workers", "2", "--timeout", "2", "--worker-tmp-dir", str(tmp_path))
    with serving("gunicorn", *options, WAITING, path="/wait/0.0") as server:
        wait_for(lambda: len(children(server.pid)) == 2)
        first, second = children(server.pid)
        assert json.loads(fetch(server.port, "/wait/0.0")[1])["pid"] in (first, second)

        def links(pid: int) -> dict[Path, str]:
            found = {}
            for file in Path(f"/proc/{pid}/fd").iterdir():
                # One that was open for a moment is gone.
                with suppress(FileNotFoundError):
                    found[file] = os.readlink(file)
            return found

        sockets = [
            {v for v in links(pid).values() if "socket" in v} for pid in (server.pid, first, second)
        ]
        assert set.intersection(*sockets)
        touched = [
            file for file, target in links(first).items() if target.startswith(str(tmp_path))
        ]
        assert touched
        times = [file.stat().st_mtime_ns for file in touched]
        wait_for(lambda: [file.stat().st_mtime_ns for file in touched] != times)
        os.kill(first, signal.SIGKILL)
        wait_for(lambda: len(set(children(server.pid)) - {first}) == 2)
        said = f"Worker (pid:{first}) was sent SIGKILL! Perhaps out of memory?"
        wait_for(lambda: said in server.log.read_text(encoding="utf-8"))
    on_the_page("Worker (pid:4711) was sent SIGKILL! Perhaps out of memory?")
