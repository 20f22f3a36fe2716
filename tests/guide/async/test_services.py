"""Other services, that answer, fail, lie or hang: docs/guide/async.md."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Iterator

import httpx
import pytest
from flask import Flask, request
from flask.typing import ResponseReturnValue

from proven.claims.proofs import proves
from snippets.asynchronous import services
from tests.guide.deployment.common import serving
from tests.servers import free_port, served

from .common import new_app, on_the_page, outcomes, seconds

WAITING = "snippets.deployment.waiting:app"


@pytest.fixture(scope="module")
def shops() -> Iterator[str]:
    """Shops of all kinds, each below a path of its own."""
    app, over = Flask("shops"), threading.Event()

    @app.get("/good/price")
    def good() -> ResponseReturnValue:
        return {"price": len(request.args["tea"])}

    @app.get("/slow/price")
    def slow() -> ResponseReturnValue:
        time.sleep(0.3)
        return {"price": 7}

    @app.get("/hangs/price")
    def hangs() -> ResponseReturnValue:
        over.wait(20)
        return ""

    @app.get("/drips/price")
    def drips() -> ResponseReturnValue:
        def body() -> Iterator[str]:
            for _ in range(100):
                if over.wait(0.15):
                    break
                yield " "

        return app.response_class(body())

    for name, answer in {
        "fails": ("no", 500),
        "text": "no JSON",
        "list": "[1]",
        "none": "{}",
        "word": '{"price": "much"}',
        "binary": b"\xff\xfe\x00",
    }.items():
        app.add_url_rule(f"/{name}/price", name, lambda answer=answer: answer)
    with served(app) as port:
        yield f"http://127.0.0.1:{port}"
        over.set()


def asked(*shops: str, tea: str = "oolong", seconds: float = 2.0) -> list[object]:
    app = services.create_app()
    app.config.update(SHOPS=list(shops), SECONDS=seconds)
    answer = app.test_client().get("/offers/" + tea)
    assert answer.status_code == 200
    found = answer.json
    assert found is not None
    return [offer["price"] for offer in found]


@proves(
    "guide/async",
    "A service that you ask can be slow, broken or gone.",
    "This view returns what the others say:",
    "gather runs the calls, and returns their results in the order of the calls.",
)
def test_one_bad_shop_does_not_spoil_the_rest(shops: str) -> None:
    bad = [f"{shops}/{name}" for name in ("fails", "text", "list", "none", "word", "binary")]
    gone = [f"http://127.0.0.1:{free_port()}", "http://nowhere.invalid", "no address"]
    assert asked(*bad, *gone, f"{shops}/slow", f"{shops}/good") == [*[None] * 9, 7, 6]
    began = time.monotonic()
    late = [f"{shops}/hangs", f"{shops}/drips", f"{shops}/good"]
    assert asked(*late, seconds=0.5) == [None, None, 6]
    assert time.monotonic() - began < 2
    assert seconds(lambda: asked(*[f"{shops}/slow"] * 4)) < 1.2


@proves(
    "guide/async",
    "The timeout of httpx is for each read: a service that sends one byte every second never exceeds it.",
    "asyncio.timeout() limits the whole.",
)
def test_a_timeout_for_each_read(shops: str) -> None:
    async def read(limit: float) -> str:
        async with httpx.AsyncClient(timeout=0.6) as client:
            try:
                async with asyncio.timeout(limit):
                    await client.get(f"{shops}/drips/price", params={"tea": "x"})
            except TimeoutError:
                return "asyncio"
            except httpx.TimeoutException:
                return "httpx"
        return "all"

    # dripping for a second does not disturb it, and hanging for less does
    assert asyncio.run(read(1.2)) == "asyncio"

    async def hang() -> str:
        async with httpx.AsyncClient(timeout=0.3) as client:
            with pytest.raises(httpx.ReadTimeout):
                await client.get(f"{shops}/hangs/price")
        return "httpx"

    assert asyncio.run(hang()) == "httpx"


@proves(
    "guide/async",
    "Without the except, the first exception would end gather and the view, and the calls that still run "
    "would be cancelled.",
)
def test_an_exception_in_gather() -> None:
    app, ends = new_app(), []
    app.testing = False

    async def fail() -> None:
        raise ValueError

    async def work() -> None:
        try:
            await asyncio.sleep(5)
        except asyncio.CancelledError:
            ends.append("cancelled")
            raise

    @app.get("/")
    async def view() -> str:
        await asyncio.gather(work(), fail())
        return ""

    app.logger.disabled = True
    assert app.test_client().get("/").status_code == 500
    app.logger.disabled = False
    assert ends == ["cancelled"]


@proves(
    "guide/async",
    "params= quotes what the user has typed.",
    "In an f-string, a ? or # of theirs would change the address.",
)
def test_what_the_user_types_is_quoted(shops: str) -> None:
    assert asked(f"{shops}/good", tea="a%3Fb%23c%26tea=d") == [len("a?b#c&tea=d")]
    assert httpx.URL("http://shop/price/a#b").path == "/price/a"
    assert httpx.URL("http://shop/price/a?b/c").path == "/price/a"


@proves(
    "guide/async",
    "An httpx.AsyncClient of the module is used in a second request.",
    "Its connection belongs to the loop of the first one, which has ended.",
    "Create the client in the view, or keep one loop.",
    "Send two requests in a test of a view with a pool or a client: the first one always works.",
)
@pytest.mark.parametrize("kind", ["Flask", "OneLoop"])
def test_a_client_belongs_to_one_loop(kind: str) -> None:
    with serving("gunicorn", "--threads", "2", WAITING, path="/wait/0.0") as server:
        code = f"""
import httpx
from flask import Flask
from snippets.asynchronous.one_loop import OneLoop
app = {kind}("shop")
app.testing = True
client = httpx.AsyncClient()
@app.get("/module")
async def one():
    return str((await client.get("http://127.0.0.1:{server.port}/wait/0.0")).status_code)
@app.get("/view")
async def two():
    async with httpx.AsyncClient() as own:
        return str((await own.get("http://127.0.0.1:{server.port}/wait/0.0")).status_code)
"""
        said = outcomes(code, "/module", "/module", "/view", "/view")
    closed = on_the_page("RuntimeError: Event loop is closed")
    assert said == ["200", "200" if kind == "OneLoop" else closed, "200", "200"]
