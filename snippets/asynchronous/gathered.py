"""Ask several sources at the same time, within one view."""

import asyncio

from flask import Flask, request

app = Flask(__name__)


async def price(shop: str) -> int:
    # stands for a request to the shop
    await asyncio.sleep(0.1)
    return len(shop) * len(request.args["tea"])


@app.get("/prices")
async def prices() -> dict[str, int]:
    shops = ["harbour", "market", "station"]
    found = await asyncio.gather(*(price(shop) for shop in shops))
    return dict(zip(shops, found, strict=True))
