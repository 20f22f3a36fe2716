"""Two tasks on one thread: threading.local mixes them up, a context variable does not."""

import asyncio
import threading
from contextvars import ContextVar

from flask import Flask

app = Flask(__name__)
of_thread = threading.local()
of_context: ContextVar[str] = ContextVar("of_context")


async def remember(name: str) -> tuple[str, str]:
    of_thread.name = name
    of_context.set(name)
    # the other task runs now, on the same thread
    await asyncio.sleep(0)
    return of_thread.name, of_context.get()


@app.get("/")
async def index() -> dict[str, list[str]]:
    ada, bob = await asyncio.gather(remember("ada"), remember("bob"))
    return {"threading.local": [ada[0], bob[0]], "ContextVar": [ada[1], bob[1]]}
