"""A server of a folder on this machine, and the installed Chromium, for what commands try in a real browser."""

from __future__ import annotations

import functools
import http.server
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

#: What Chromium needs as root and without a network.
FLAGS = [
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
]


class Handler(http.server.SimpleHTTPRequestHandler):
    """Serves files and keeps its log to itself."""

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  the name in the base class
        """Keep quiet."""

    def handle_one_request(self) -> None:
        """Answer; who leaves a page hangs up on what is still on its way."""
        with suppress(ConnectionError):
            super().handle_one_request()


class Server(http.server.ThreadingHTTPServer):
    """Lets more connections wait than five: a browser opens many at once, and a busy machine takes them late."""

    request_queue_size = 128


@contextmanager
def serving(folder: Path, handler: type[Handler] = Handler, port: int = 0) -> Iterator[str]:
    """Serve a folder on this machine, on any port that is free for 0; yield its address, which ends with a slash."""
    of_folder = functools.partial(handler, directory=str(folder))
    with Server(("127.0.0.1", port), of_folder) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/"
        finally:
            server.shutdown()
            thread.join()


def without_windows() -> str | None:
    """Return where Chromium's headless shell is, if it is installed.

    It is the same engine without what makes windows, which else each new context costs half a second of processor time.
    """
    return shutil.which("chromium-headless-shell")


def program() -> str:
    """Return where Chromium is.

    Raises:
        SystemExit: if it is not installed.
    """
    found = shutil.which("google-chrome") or shutil.which("chromium")
    if found is None:
        raise SystemExit("there is no Chromium here; install with: apt-get install chromium")
    return found
