"""Instead of before_first_request: docs/guide/hooks.md."""

from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest
from flask import Blueprint

from proven.claims.proofs import proves
from snippets.hooks import at_start, once
from tests.guide.hooks.common import new_app, on_the_page, send


def test_what_has_to_be_done_once_is_done_before_the_first_request() -> None:
    app = at_start.create_app()
    assert app.config["RATES"]["EUR"] == 7.9
    assert send(app, "/rates/EUR").json == {"EUR": 7.9}


def test_a_hook_with_a_lock_loads_once() -> None:
    client = once.app.test_client()
    for path in ("/one", "/two"):
        assert client.get(path).json == {"loaded for": ["/one"]}


def test_many_threads_at_once_load_once(monkeypatch: pytest.MonkeyPatch) -> None:
    load, entered, go_on = once.load, threading.Event(), threading.Event()

    def slow_load() -> None:
        entered.set()
        assert go_on.wait(10)
        load()

    monkeypatch.setattr(once, "load", slow_load)
    threads = [threading.Thread(target=send, args=(once.app, f"/{n}")) for n in range(5)]
    threads[0].start()
    assert entered.wait(10)
    for thread in threads[1:]:
        thread.start()
    go_on.set()
    for thread in threads:
        thread.join(10)
    assert once.loaded == ["/0"]


def test_a_thread_that_comes_second_finds_the_work_done() -> None:
    # the second look, inside the lock: somebody else finished while this thread waited
    class Finishing:
        def __enter__(self) -> None:
            once.ready.set()

        def __exit__(self, *args: object) -> None:
            pass

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(once, "lock", Finishing())
        assert send(once.app, "/late").json == {"loaded for": []}


@proves("guide/hooks", "“Once” means once in each process: four workers load four times.")
def test_each_process_loads_once() -> None:
    code = (
        "from snippets.hooks.once import app, loaded\n"
        "for _ in range(2): app.test_client().get('/page')\n"
        "print(loaded)"
    )
    for _ in range(2):
        done = subprocess.run(
            [sys.executable, "-c", code],
            cwd=Path(__file__).parents[3],
            capture_output=True,
            text=True,
            check=True,
        )
        assert done.stdout.strip() == "['/page']"


@proves(
    "guide/hooks", "If load raises an exception, that request fails and the next one tries again."
)
def test_after_a_failure_the_next_request_tries_again(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> None:
        raise OSError

    with monkeypatch.context() as patch:
        patch.setattr(once, "load", fail)
        assert send(once.app, "/one").status_code == 500
    assert send(once.app, "/two").json == {"loaded for": ["/two"]}


@proves(
    "guide/hooks",
    "Flask has no before_first_request any more: ….",
    "The code was written for an older version of Flask.",
    "On a blueprint the message is AttributeError: 'Blueprint' object has no attribute "
    "'before_app_first_request'.",
    "before_first_request. It is gone (…), and so is before_app_first_request of blueprints.",
)
@pytest.mark.parametrize(
    ("owner", "name", "message"),
    [
        (
            new_app(),
            "before_first_request",
            "'Flask' object has no attribute 'before_first_request'",
        ),
        (
            Blueprint("b", "b"),
            "before_app_first_request",
            "'Blueprint' object has no attribute 'before_app_first_request'",
        ),
    ],
)
def test_before_first_request_is_gone(owner: Any, name: str, message: str) -> None:
    with pytest.raises(AttributeError) as caught:
        getattr(owner, name)
    assert str(caught.value) == on_the_page(message)


@proves(
    "guide/hooks",
    "It changes the list through which Flask is iterating, so the next hook is skipped in "
    "that request; that may be the check for a log-in.",
)
def test_a_hook_that_removes_itself_skips_the_next_one() -> None:
    app, seen = new_app(), []

    @app.before_request
    def init() -> None:
        app.before_request_funcs[None].remove(init)

    app.before_request(lambda: seen.append("log-in checked"))
    client = app.test_client()
    client.get("/")
    assert seen == []
    client.get("/")
    assert seen == ["log-in checked"]


@proves(
    "guide/hooks",
    "If two threads run the hook at the same time, the second gets ValueError: "
    "list.remove(x): x not in list.",
)
def test_a_hook_that_removes_itself_fails_in_the_second_of_two_threads() -> None:
    app, both, errors = new_app(testing=True), threading.Barrier(2), []

    @app.before_request
    def init() -> None:
        both.wait(10)
        app.before_request_funcs[None].remove(init)

    def request_it() -> None:
        try:
            send(app)
        except ValueError as error:
            errors.append(str(error))

    threads = [threading.Thread(target=request_it) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert errors == [on_the_page("list.remove(x): x not in list")]
