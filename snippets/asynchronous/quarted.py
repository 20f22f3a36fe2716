"""The same view in Quart, in which one event loop serves all requests of a process."""

import asyncio

from quart import Quart, request

application = Quart(__name__)


async def price(shop: str) -> int:
    await asyncio.sleep(0.1)
    return len(shop) * len(request.args["tea"])


@application.get("/prices")
async def prices() -> dict[str, int]:
    shops = ["harbour", "market", "station"]
    found = await asyncio.gather(*(price(shop) for shop in shops))
    return dict(zip(shops, found, strict=True))


@application.post("/notes")
async def add() -> tuple[dict[str, str], int]:
    # what reads the body is awaited
    form = await request.form
    return {"text": form["text"]}, 201
