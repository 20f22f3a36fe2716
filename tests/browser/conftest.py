"""Debian's Chromium, the built site on a private port, and a fresh browser context for each test."""

from __future__ import annotations

import contextlib
import functools
import http.server
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests import needs
from tests.browser.reader import Reader


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if item.path.is_relative_to(here):
            item.add_marker(pytest.mark.browser)


class QuietHandler(http.server.SimpleHTTPRequestHandler):
    """Serves files and keeps its log to itself."""

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  the name in the base class
        pass

    def handle_one_request(self) -> None:
        # A test that leaves a page hangs up on what is still on its way.
        with contextlib.suppress(ConnectionError):
            super().handle_one_request()


@contextlib.contextmanager
def serving(folder: Path, handler: type[QuietHandler] = QuietHandler) -> Iterator[str]:
    """Serve a folder on this machine and return its address, which ends with a slash."""
    of_folder = functools.partial(handler, directory=folder)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), of_folder) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()
        thread.join()


@pytest.fixture(scope="session")
def address(site: Path) -> Iterator[str]:
    """Return the address of the built site."""
    with serving(site) as address:
        yield address


@pytest.fixture(params=["http", "file"])
def origin(request: pytest.FixtureRequest, site: Path) -> str:
    """Return where the site is read: from a server, then from a downloaded copy."""
    if request.param == "file":
        return f"{site.resolve().as_uri()}/"
    address: str = request.getfixturevalue("address")
    return address


# Not for the whole run: while Playwright is open, an event loop runs in this thread, and the async views of the
# snippets refuse to.
@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    """Return a browser that all tests of this folder share."""
    with needs.chromium() as browser:
        yield browser


@pytest.fixture
def reader(chromium: Browser) -> Iterator[Reader]:
    """Open pages; at the end of the test nothing may have gone wrong in any of them."""
    reader = Reader(chromium)
    yield reader
    reader.close()
    assert reader.faults == []
