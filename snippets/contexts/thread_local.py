"""Two tasks on one thread: threading.local mixes them up, a context variable does not."""

import asyncio
import threading
from contextvars import ContextVar

from flask import Flask

app = Flask(__name__)
of_thread = threading.local()
of_context: ContextVar[str] = ContextVar("of_context")


async def remember(name: str) -> dict[str, str]:
    of_thread.name = name
    of_context.set(name)
    # the other task runs now, on the same thread
    await asyncio.sleep(0)
    return {"set": name, "threading.local": of_thread.name, "ContextVar": of_context.get()}


@app.get("/")
async def index() -> list[dict[str, str]]:
    return list(await asyncio.gather(remember("ada"), remember("bob")))
