"""What the tests of docs/guide/logging.md share."""

from __future__ import annotations

import re
import socketserver
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread

from tests.servers import Server, wait_for
from tests.source import Source

_SOURCE = Source("guide/logging")
SOURCE = _SOURCE.text
on_the_page = _SOURCE.has


def terminal(beginning: str) -> list[str]:
    """Return the lines that the page shows below a command."""
    blocks = re.findall(r"^```\{code-block\} console\n\$ (.*?)\n(.*?)^```", SOURCE, re.M | re.S)
    return next(settled(printed) for command, printed in blocks if beginning in command)


def settled(text: str) -> list[str]:
    """Return lines of a server without what differs from start to start."""
    text = re.sub(r"\x1b\[[0-9;]*m", "", text)
    text = re.sub(r"127\.0\.0\.1:\d+", "127.0.0.1:5000", text)
    text = re.sub(r"\[\d\d/\w+/\d{4} \d\d:\d\d:\d\d\]", "[when]", text)
    return re.sub(r"\[\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3}\]", "[when]", text).splitlines()


def get(server: Server, path: str) -> int:
    """Return the status of a response of a server."""
    try:
        with urllib.request.urlopen(
            f"http://127.0.0.1:{server.port}{path}", timeout=60
        ) as response:
            return int(response.status)
    except urllib.error.HTTPError as error:
        with error:
            return error.code


def said(server: Server, text: str) -> None:
    """Wait until a server has printed a text."""
    wait_for(lambda: text in server.log.read_text())


class Session(socketserver.StreamRequestHandler):
    """A conversation with a client that sends mails."""

    def handle(self) -> None:
        self.wfile.write(b"220 here\r\n")
        while line := self.rfile.readline():
            word = line.split()[0].upper() if line.split() else b""
            if word == b"DATA":
                self.wfile.write(b"354 go on\r\n")
                text = bytearray()
                while (line := self.rfile.readline()) != b".\r\n":
                    text += line
                self.server.mails.append(text.decode())  # type: ignore[attr-defined]
            self.wfile.write(b"221 bye\r\n" if word == b"QUIT" else b"250 good\r\n")
            if word == b"QUIT":
                return


@contextmanager
def mail_server() -> Iterator[tuple[int, list[str]]]:
    """Run a server for mails; yield its port and the mails that it gets."""
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Session) as server:
        server.mails = []  # type: ignore[attr-defined]
        server.daemon_threads = True
        thread = Thread(target=server.serve_forever)
        thread.start()
        try:
            yield server.server_address[1], server.mails  # type: ignore[attr-defined]
        finally:
            server.shutdown()
            thread.join()
