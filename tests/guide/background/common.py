"""What the tests of docs/guide/background.md share: workers as a reader starts them."""

from __future__ import annotations

import contextlib
import os
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from tests.servers import Server
from tests.source import Source

ROOT = Path(__file__).parents[3]
_SOURCE = Source("guide/background")
PAGE = _SOURCE.text
on_the_page = _SOURCE.quotes
# What a script in a page does: it opens a WebSocket, sends a word and waits for one.
TALK = """address => new Promise(resolve => {
    const socket = new WebSocket(address);
    socket.onopen = () => socket.send("tea");
    socket.onmessage = event => { resolve(event.data); socket.close(); };
    socket.onerror = () => resolve("refused");
})"""
SNIPPETS = ROOT / "snippets" / "background"


def url(server: Server) -> str:
    return f"redis://127.0.0.1:{server.port}/0"


@contextlib.contextmanager
def worker(file: str, server: Server, log: Path, *more: str) -> Iterator[Path]:
    """Run the command of a file that the page shows, with the Redis of the test, and yield its log."""
    text = SNIPPETS.joinpath(file).read_text(encoding="utf-8")
    words = shlex.split(text.replace("redis://127.0.0.1:6379/0", url(server)))
    setting, program, *rest = words
    name, _, value = setting.partition("=")
    with log.open("ab") as output:
        process = subprocess.Popen(
            [str(Path(sys.executable).with_name(program)), *rest, *more],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT), name: value},
        )
    try:
        yield log
    finally:
        process.terminate()
        process.wait(20)
