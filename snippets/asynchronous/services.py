"""Ask other services at the same time, and do without those that fail or are late."""

import asyncio
import ssl

import httpx
from flask import Flask, current_app

# takes milliseconds to make, and any event loop can use it
TLS = ssl.create_default_context()
Offer = dict[str, object]


async def offer(client: httpx.AsyncClient, shop: str, tea: str) -> Offer:
    try:
        # the timeout of httpx is for each read, this one for the whole answer
        async with asyncio.timeout(current_app.config["SECONDS"]):
            answer = await client.get(f"{shop}/price", params={"tea": tea})
        answer.raise_for_status()
        return {"shop": shop, "price": int(answer.json()["price"])}
    except (httpx.HTTPError, TimeoutError, ValueError, TypeError, LookupError) as error:
        current_app.logger.warning("%s: %r", shop, error)
        return {"shop": shop, "price": None}


def create_app() -> Flask:
    app = Flask(__name__)
    app.config.from_mapping(SHOPS=[], SECONDS=2.0)
    # the variable TEA_SHOPS has a list in JSON
    app.config.from_prefixed_env("TEA")

    @app.get("/offers/<tea>")
    async def offers(tea: str) -> list[Offer]:
        # a client belongs to one event loop, and so to one request
        async with httpx.AsyncClient(verify=TLS) as client:
            asked = (offer(client, shop, tea) for shop in app.config["SHOPS"])
            return await asyncio.gather(*asked)

    return app
