"""Threads, and timers in each worker: docs/guide/background.md."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import pytest
from flask import Flask, current_app, request, session

from proven.claims.proofs import proves
from snippets.background import scheduled, threads
from tests.guide.deployment.common import fetch, module, serving
from tests.servers import Server, wait_for


@proves(
    "guide/background",
    "A view starts the work, responds with 202 and an address, and the page asks there how far it is.",
    "request and session do not exist in it, and current_app only within with app.app_context():.",
)
def test_a_thread() -> None:
    threads.app.config.update(SECONDS=0.2, DONE=[])
    began = time.monotonic()
    answer = threads.app.test_client().post("/reports", data={"name": "ada"})
    assert answer.status_code == 202
    assert time.monotonic() - began < 0.2 or threads.app.config["DONE"] == []
    wait_for(lambda: threads.app.config["DONE"] == ["ada"])
    threads.app.config.update(SECONDS=0.0, DONE=[])
    app, said = Flask("threads"), []

    def work() -> None:
        for proxy in (current_app, request, session):
            try:
                proxy._get_current_object()  # type: ignore[attr-defined]
            except RuntimeError as error:
                said.append(str(error).splitlines()[0])
        with app.app_context():
            said.append(current_app.name)

    @app.get("/")
    def start() -> str:
        thread = threading.Thread(target=work)
        thread.start()
        thread.join()
        return ""

    app.test_client().get("/")
    assert said == [
        "Working outside of application context.",
        *["Working outside of request context."] * 2,
        "threads",
    ]


@proves(
    "guide/background",
    "A thread needs nothing else, and promises nothing: if its process ends, the work is lost, and "
    "nobody knows that it was there.",
    "survives the end of the web server | no | yes | yes",
)
def test_a_process_that_ends(tmp_path: Path) -> None:
    code = (
        "import pathlib, threading, time\nfrom flask import Flask\napp = Flask(__name__)\n"
        "def work():\n    time.sleep(1)\n    pathlib.Path(__file__).with_name('done').touch()\n"
        "@app.get('/')\ndef index():\n    threading.Thread(target=work).start()\n    return 'begun'\n"
    )
    module(tmp_path, "shop", code)
    with serving("gunicorn", "shop:app", path="/nowhere", cwd=tmp_path) as server:
        assert fetch(server.port) == (200, "begun")
        wait_for(lambda: (tmp_path / "done").exists())
        (tmp_path / "done").unlink()
        assert fetch(server.port) == (200, "begun")
        server.kill()
    time.sleep(1.5)
    assert not (tmp_path / "done").exists()


@proves(
    "guide/background",
    "A timer that create_app starts runs in each process: with three workers, the job runs three times.",
)
def test_a_timer_in_each_worker(tmp_path: Path) -> None:
    code = (
        "import os, pathlib, threading\nfrom flask import Flask\n"
        "def work():\n    pathlib.Path(__file__).with_name(f'{os.getpid()}.ran').touch()\n"
        "def create_app():\n    threading.Timer(0.1, work).start()\n    return Flask(__name__)\n"
    )
    module(tmp_path, "shop", code)
    with serving("gunicorn", "--workers", "3", "shop:create_app()", cwd=tmp_path):
        wait_for(lambda: len(list(tmp_path.glob("*.ran"))) == 3)


@proves(
    "guide/background",
    "If several machines do so, the first one wins in Redis:",
    "nx=True sets the key only if it does not exist, in one step.",
    "ex removes it later.",
)
def test_only_the_first(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    runner = scheduled.create_app().test_cli_runner()
    assert [runner.invoke(args=["clean"]).output for _ in range(3)] == ["cleaned\n", "", ""]
    app, barrier, found = scheduled.create_app(), threading.Barrier(8), []

    def one() -> None:
        with app.app_context():
            barrier.wait()
            found.append(scheduled.first("race", 3600))

    all_at_once = [threading.Thread(target=one) for _ in range(8)]
    for thread in all_at_once:
        thread.start()
    for thread in all_at_once:
        thread.join()
    assert sorted(found) == [False] * 7 + [True]
    with app.app_context():
        assert scheduled.first("short", 1)
        time.sleep(1)
        assert scheduled.first("short", 1)
