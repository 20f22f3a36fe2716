"""Debian's Chromium, the built site on a private port, and a fresh browser context for each test."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from proven.commands.chromium import serving
from proven.run import bundle
from tests import needs
from tests.browser.reader import Reader


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if item.path.is_relative_to(here):
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def address(site: Path) -> Iterator[str]:
    """Return the address of the built site."""
    with serving(site) as address:
        yield address


@pytest.fixture(scope="session")
def made(site: Path) -> Path:
    """Ask for what Run loads; a build without it has no Run to test."""
    if not (site / bundle.FOLDER / bundle.MANIFEST).is_file():
        needs.missing("what Run loads", "nox -s docs -- --with-run")
    return site / bundle.FOLDER


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
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """Return a browser that all tests of this folder share: Chromium, but where Firefox is asked for."""
    firefox = os.environ.get("PROVEN_BROWSER") == "firefox"
    opened = needs.firefox(tmp_path_factory.mktemp("firefox")) if firefox else needs.chromium()
    with opened as browser:
        yield browser


@pytest.fixture(scope="module")
def window(chromium: Browser) -> Iterator[tuple[Page, Reader]]:
    """Open a window in which one page after the other is read, so that the browser has what they share."""
    reader = Reader(chromium)
    yield reader(), reader
    reader.close()


@pytest.fixture
def reader(chromium: Browser) -> Iterator[Reader]:
    """Open pages; at the end of the test nothing may have gone wrong in any of them."""
    reader = Reader(chromium)
    yield reader
    reader.close()
    assert reader.faults == []
