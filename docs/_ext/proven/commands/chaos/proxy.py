"""A TCP proxy that hangs up on a client whose server has already done what it was asked."""

from __future__ import annotations

import asyncio
import random
import threading
from concurrent.futures import Future

SHARE = 0.08  # of the answers of the server


class Proxy:
    """A proxy in a thread of its own, to be used as a context.

    Attributes:
        port: Where it listens, on this machine.
        dropping: Whether it keeps some of the answers to itself, and ends their connections.
        dropped: How many it has kept.

    Args:
        target: The port of the server.
    """

    def __init__(self, target: int) -> None:
        self.port = 0
        self.dropping = False
        self.dropped = 0
        self._target = target
        self._random = random.Random(target)  # noqa: S311  a load, not a secret
        self._ready: Future[int] = Future()
        self._loop = asyncio.new_event_loop()
        self._stop = asyncio.Event()
        self._thread = threading.Thread(target=lambda: self._loop.run_until_complete(self._run()))

    def __enter__(self) -> Proxy:
        self._thread.start()
        self.port = self._ready.result(10)
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join()
        self._loop.close()

    async def _run(self) -> None:
        server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self._ready.set_result(server.sockets[0].getsockname()[1])
        await self._stop.wait()
        server.close()
        tasks = asyncio.all_tasks() - {asyncio.current_task()}
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _serve(self, client: asyncio.StreamReader, to_client: asyncio.StreamWriter) -> None:
        try:
            server, to_server = await asyncio.open_connection("127.0.0.1", self._target)
        except OSError:
            to_client.transport.abort()
            return
        ways = [
            asyncio.create_task(self._pump(client, to_server, answers=False)),
            asyncio.create_task(self._pump(server, to_client, answers=True)),
        ]
        try:
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for way in ways:
                way.cancel()
            to_client.transport.abort()
            to_server.transport.abort()

    async def _pump(
        self, source: asyncio.StreamReader, target: asyncio.StreamWriter, answers: bool
    ) -> None:
        try:
            while data := await source.read(65536):
                if answers and self.dropping and self._random.random() < SHARE:
                    self.dropped += 1
                    return
                target.write(data)
                await target.drain()
        except OSError:
            return
