"""What the tests of docs/guide/servers.md share."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.guide.deployment.common import ROOT, environment, fetch
from tests.servers import Server, running
from tests.source import Source

_SOURCE = Source("guide/servers")
PAGE = _SOURCE.text
on_the_page = _SOURCE.quotes


@contextmanager
def granian(
    *arguments: str, path: str = "/", cwd: Path = ROOT, port: int = 0, **more: str
) -> Iterator[Server]:
    """Run Granian on a free port, or on one that is given, until the end of the block."""

    def start(free: int, folder: Path) -> list[str]:
        return [
            *environment(folder, cwd, **more),
            "granian",
            "--port",
            str(port or free),
            *arguments,
        ]

    # killed with its workers, which do not end if they are asked beside it
    server = Server(start, lambda free: fetch(port or free, path), stop=signal.SIGKILL)
    with running(server):
        if port:
            server.port = port
        yield server
