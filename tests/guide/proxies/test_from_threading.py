"""From threading: docs/guide/proxies.md."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextvars import Context, ContextVar, copy_context

import greenlet
from flask import g

from proven.claims.proofs import proves
from snippets.contexts import thread_local
from tests.guide.contexts.common import in_thread, new_app


@proves(
    "guide/proxies",
    "Tasks and greenlets take turns on one thread, and there they overwrite the value of "
    "each other:",
    "A variable that a task sets is set only for that task:",
)
def test_tasks_on_one_thread_mix_up_threading_local_and_not_a_context_variable() -> None:
    assert thread_local.app.test_client().get("/").json == {
        "threading.local": ["bob", "bob"],
        "ContextVar": ["ada", "bob"],
    }


@proves("guide/proxies", "threading.local keeps one value for each thread.")
def test_threading_local_keeps_one_value_for_each_thread() -> None:
    local = threading.local()
    local.name = "here"

    def look() -> tuple[bool, str]:
        before = hasattr(local, "name")
        local.name = "there"
        return before, local.name

    assert in_thread(look) == (False, "there")
    assert local.name == "here"


word: ContextVar[str] = ContextVar("word", default="empty")


@proves(
    "guide/proxies",
    "Each thread, task and greenlet has its own Context; they differ in what it contains "
    "at the start:",
    "asyncio.create_task, asyncio.gather, asyncio.to_thread | a copy of the context that "
    "started it",
    "threading.Thread, ThreadPoolExecutor.submit, loop.run_in_executor, greenlet | an "
    "empty context",
)
def test_how_the_context_of_each_begins() -> None:
    async def look() -> str:
        return word.get()

    async def tasks() -> list[str]:
        word.set("set")
        loop = asyncio.get_running_loop()
        return [
            await asyncio.create_task(look()),
            *await asyncio.gather(look()),
            await asyncio.to_thread(word.get),
            await loop.run_in_executor(None, word.get),
        ]

    assert asyncio.run(tasks()) == ["set", "set", "set", "empty"]

    def others() -> list[str]:
        word.set("set")
        found: list[str] = []
        thread = threading.Thread(target=lambda: found.append(word.get()))
        thread.start()
        thread.join()
        return [*found, in_thread(word.get), greenlet.greenlet(word.get).switch()]

    assert Context().run(others) == ["empty", "empty", "empty"]


@proves(
    "guide/proxies",
    "a generator | no Context of its own: it sees the one of the code that calls next",
)
def test_a_generator_sees_the_context_of_whoever_calls_next() -> None:
    def generate() -> Iterator[str]:
        while True:
            yield word.get()

    def start() -> Iterator[str]:
        word.set("where it began")
        words = generate()
        assert next(words) == "where it began"
        return words

    words = Context().run(start)
    assert next(words) == "empty"


@proves(
    "guide/proxies",
    "A ContextVar keeps one value for each contextvars.Context.",
    "A copy contains the same objects, so an attribute of g that one task sets is set for all.",
)
def test_a_copy_of_a_context_holds_the_same_objects_and_its_own_variables() -> None:
    app = new_app()
    with app.app_context():
        copied = copy_context()
        copied.run(setattr, g, "user", "ada")
        assert g.user == "ada"
        copied.run(word.set, "inside")
        assert (word.get(), copied.run(word.get)) == ("empty", "inside")
