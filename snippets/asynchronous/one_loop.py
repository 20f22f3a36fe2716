"""Run all async functions of a process in one event loop, so that clients and pools outlive a request."""

import asyncio
import os
from collections.abc import Callable, Coroutine
from contextlib import suppress
from threading import Lock, Thread, current_thread
from typing import Any

from flask import Flask


def keep_running(loop: asyncio.AbstractEventLoop) -> None:
    while True:
        # one that a view raises goes to its caller, and stops the loop too
        with suppress(SystemExit, KeyboardInterrupt):
            loop.run_forever()


class OneLoop(Flask):
    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._forget_loop()
        # a thread does not survive a fork: each worker starts its own
        os.register_at_fork(after_in_child=self._forget_loop)

    def _forget_loop(self) -> None:
        self._starting = Lock()
        self._thread: Thread | None = None

    def _event_loop(self) -> asyncio.AbstractEventLoop:
        with self._starting:
            if self._thread is None:
                self._loop = asyncio.new_event_loop()
                self._thread = Thread(target=keep_running, args=(self._loop,), daemon=True)
                self._thread.start()
        return self._loop

    def async_to_sync(self, func: Callable[..., Coroutine[Any, Any, Any]]) -> Callable[..., Any]:
        def wait_for(*args: Any, **values: Any) -> Any:
            loop = self._event_loop()
            if current_thread() is self._thread:
                raise RuntimeError("await this function: its event loop cannot wait for itself")
            future = asyncio.run_coroutine_threadsafe(func(*args, **values), loop)
            try:
                return future.result()
            finally:
                # where the worker is stopped, so is the view
                future.cancel()

        return wait_for


app = OneLoop(__name__)


@app.get("/loop")
async def loop() -> list[int]:
    return [id(asyncio.get_running_loop())]
