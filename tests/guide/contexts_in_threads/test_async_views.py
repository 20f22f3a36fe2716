"""Async views: docs/guide/contexts-in-threads.md."""

from __future__ import annotations

import asyncio
import importlib
import importlib.metadata
import sys

import pytest
from flask import has_request_context
from packaging.requirements import Requirement

from proven.claims.proofs import proves
from snippets.contexts import async_views
from tests.guide.contexts.common import error_of, new_app, on_the_page


@proves(
    "guide/contexts-in-threads",
    "Both contexts are active in an async view and in each task that it starts:",
    "All tasks share one g.",
    "Flask runs the coroutine in an event loop in another thread and waits for it.",
    "The hook and the view therefore run in different threads, and still see the same context.",
)
def test_an_async_view_and_its_tasks_share_one_g_on_another_thread() -> None:
    answer = async_views.app.test_client().get("/search?q=flask").json
    assert answer == {
        "found": ["flask in books", "flask in films"],
        "thread of the hook": False,
    }


@proves(
    "guide/contexts-in-threads",
    "asyncio.create_task(), asyncio.gather() and asyncio.to_thread() run their work with "
    "a copy of the context.",
    "run_in_executor() does not.",
)
def test_what_an_async_view_starts_takes_the_context_along_or_not() -> None:
    app = new_app()

    async def look() -> bool:
        return has_request_context()

    @app.get("/")
    async def view() -> list[bool]:
        loop = asyncio.get_running_loop()
        return [
            await asyncio.create_task(look()),
            *await asyncio.gather(look()),
            await asyncio.to_thread(has_request_context),
            await loop.run_in_executor(None, has_request_context),
        ]

    assert app.test_client().get("/").json == [True, True, True, False]


@proves(
    "guide/contexts-in-threads",
    "The event loop ends with the view, and a task that is still running is cancelled.",
)
def test_a_task_that_still_runs_when_the_async_view_returns_is_cancelled() -> None:
    app = new_app()
    ends = []
    tasks = []

    async def work() -> None:
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            ends.append("cancelled")
            raise

    @app.get("/")
    async def view() -> str:
        tasks.append(asyncio.create_task(work()))
        await asyncio.sleep(0)
        return "text"

    assert app.test_client().get("/").text == "text"
    assert ends == ["cancelled"]


@proves(
    "guide/contexts-in-threads",
    "The package asgiref, which runs the event loop, is not installed.",
    'Run pip install "flask[async]".',
)
def test_an_async_view_needs_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    message = on_the_page("Install Flask with the 'async' extra in order to use async views.")
    monkeypatch.setitem(sys.modules, "asgiref.sync", None)
    app = new_app()

    @app.get("/")
    async def view() -> str:
        return "text"  # pragma: no cover

    error = error_of(app.test_client().get, "/")
    assert (type(error), str(error)) == (RuntimeError, message)
    extra = [Requirement(text) for text in importlib.metadata.requires("flask") or []]
    assert [r.name for r in extra if r.marker and r.marker.evaluate({"extra": "async"})][-1:] == [
        "asgiref"
    ]


@proves(
    "guide/contexts-in-threads",
    "An async view was called while an event loop was already running in the thread, most "
    "often by the test client in an async def test.",
    "Make the test a plain function, or call await asyncio.to_thread(client.get, "
    '"/search?q=flask").',
)
def test_an_async_view_called_where_a_loop_is_running(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(async_views.app.config, "TESTING", True)
    message = on_the_page(
        "You cannot use AsyncToSync in the same thread as an async event loop"
        " - just await the async function directly."
    )
    client = async_views.app.test_client()

    async def wrong() -> None:
        client.get("/search?q=flask")

    async def right() -> int:
        on_the_page('await asyncio.to_thread(client.get, "/search?q=flask")')
        return (await asyncio.to_thread(client.get, "/search?q=flask")).status_code

    error = error_of(asyncio.run, wrong())
    assert (type(error), str(error)) == (RuntimeError, message)
    assert asyncio.run(right()) == 200
