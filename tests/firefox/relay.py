"""Firefox as Playwright wants it: a program that takes its place and passes on what the two say to each other.

::

    python -m tests.firefox.relay --headless --profile FOLDER --remote-debugging-port 0

Playwright drives an ordinary Firefox by WebDriver BiDi (https://w3c.github.io/webdriver-bidi/), but for each context it
also gives an order that came after the extended support release which Debian has. Firefox refuses it, and no page would
open. The relay answers it instead: nothing here rests on what it asks for, the emulation of a colour scheme.
"""

from __future__ import annotations

import asyncio
import json
import re
import sys
from contextlib import suppress

from websockets.asyncio.client import connect
from websockets.asyncio.server import ServerConnection, serve
from websockets.exceptions import ConnectionClosed

from tests import needs

LATER = {"emulation.setMediaFeaturesOverride"}
LISTENS = "WebDriver BiDi listening on {}"
FOUND = re.compile(LISTENS.format(r"(ws://\S+)"))


async def pass_on(client: ServerConnection, address: str) -> None:
    """Connect one side to the other until either hangs up."""
    path = client.request.path if client.request else ""
    async with connect(address + path, max_size=None, compression=None) as browser:

        async def orders() -> None:
            async for text in client:
                order = json.loads(text)
                if order["method"] in LATER:
                    done = {"type": "success", "id": order["id"], "result": {}}
                    await client.send(json.dumps(done))
                else:
                    await browser.send(text)
            await browser.close()

        async def answers() -> None:
            async for text in browser:
                await client.send(text)
            await client.close()

        with suppress(ConnectionClosed):
            await asyncio.gather(orders(), answers())


async def main(words: list[str]) -> int:
    """Start Firefox, say where the relay listens in the words that Firefox uses, and end with it."""
    (program,) = needs.programs(needs.FIREFOX, "firefox-esr")
    firefox = await asyncio.create_subprocess_exec(program, *words, stderr=asyncio.subprocess.PIPE)
    assert firefox.stderr is not None
    said = ""
    while not (found := FOUND.search(said)):
        line = await firefox.stderr.readline()
        if not line:
            return await firefox.wait()
        said = line.decode(errors="replace")
    async with serve(
        lambda client: pass_on(client, found[1]), "127.0.0.1", 0, max_size=None, compression=None
    ) as server:
        port = next(iter(server.sockets)).getsockname()[1]
        sys.stderr.write(LISTENS.format(f"ws://127.0.0.1:{port}") + "\n")
        sys.stderr.flush()
        while await firefox.stderr.readline():
            pass
    return await firefox.wait()


if __name__ == "__main__":
    sys.exit(asyncio.run(main(sys.argv[1:])))
