"""What the tests of docs/guide/command-line.md share."""

from __future__ import annotations

import re
import urllib.request

from tests.servers import Server, wait_for
from tests.source import Source

PAGE = "guide/command-line"
_SOURCE = Source(PAGE)
SOURCE = _SOURCE.text
on_the_page = _SOURCE.has


def terminal(beginning: str) -> str:
    """Return what the page shows below a command that begins so, up to the next command."""
    block = next(
        b
        for b in re.findall(r"^```\{code-block\} console\n(.*?)^```", SOURCE, re.M | re.S)
        if beginning in b
    )
    return block.split(beginning, 1)[1].split("\n", 1)[1].partition("\n$ ")[0].rstrip("\n") + "\n"


def settled(text: str) -> str:
    """Return what a server printed without what differs from start to start, and without its requests."""
    text = re.sub(r"\x1b\[[0-9;]*m", "", text)
    text = re.sub(r"127\.0\.0\.1:\d+", "127.0.0.1:5000", text)
    text = re.sub(r"\d{3}-\d{3}-\d{3}", "123-456-789", text)
    text = re.sub(r"\[\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3}\]", "[when]", text)
    return "".join(line for line in text.splitlines(True) if ' "GET ' not in line)


def get(server: Server, path: str = "/") -> str:
    """Return the body of a response of a server."""
    with urllib.request.urlopen(f"http://127.0.0.1:{server.port}{path}", timeout=60) as response:
        return str(response.read().decode())


def said(server: Server, text: str) -> None:
    """Wait until a server has printed a text."""
    wait_for(lambda: text in server.log.read_text())
