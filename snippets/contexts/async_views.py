"""An async view and its tasks see the request and share one g."""

import asyncio
import threading

from flask import Flask, g, request

app = Flask(__name__)


@app.before_request
def begin() -> None:
    g.thread = threading.get_ident()
    g.found = []


async def search(source: str) -> None:
    await asyncio.sleep(0)
    g.found.append(f"{request.args['q']} in {source}")


@app.get("/search")
async def view() -> dict[str, list[str] | bool]:
    await asyncio.gather(search("books"), search("films"))
    return {"found": g.found, "thread of the hook": g.thread == threading.get_ident()}
