"""What a page costs the one who opens it: elements, bytes and screens of a telephone."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from playwright.sync_api import Browser, Page

from proven.releases.downloads import EXAMPLES
from proven.translation.languages import LANGUAGES
from tests.browser.reader import ROOT, Reader

# Made of the data of every release and of every pitfall: as long as these are many, and filtered by what is typed.
TABLES = {
    "history/api",
    "history/configuration",
    "history/notes",
    "reference/errors",
    *(f"history/{project}" for project in EXAMPLES),
}
PAGES = sorted(
    {
        file.relative_to(ROOT / "docs").with_suffix("").as_posix()
        for room in ("start", "guide", "reference", "history", "about")
        for file in ROOT.joinpath("docs", room).rglob("*.md")
    }
    - TABLES
)
NODES = 6_000
# Gzipped, the page with every style and script that it loads.
BYTES = 60_000
WIDTH, HEIGHT = 390, 844
SCREENS = 25


@pytest.fixture(scope="module")
def telephone(chromium: Browser) -> Iterator[Page]:
    """Open a window for all pages, so that the browser has what they share."""
    reader = Reader(chromium)
    yield reader(WIDTH)
    reader.close()


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_light_enough_to_read(
    telephone: Page, address: str, site: Path, name: str
) -> None:
    nodes, weights, screens = [], [], []
    for language in LANGUAGES:
        telephone.goto(f"{address}{language.folder}/{name}.html")
        nodes.append(telephone.evaluate("document.querySelectorAll('*').length"))
        screens.append(telephone.evaluate("document.documentElement.scrollHeight") / HEIGHT)
        loaded = telephone.evaluate("performance.getEntriesByType('resource').map((it) => it.name)")
        files = {unquote(urlsplit(url).path).lstrip("/") for url in [*loaded, telephone.url]}
        assert {f"{language.folder}/{name}.html", f"{language.folder}/_static/proven.css"} <= files
        weights.append(sum(len(gzip.compress((site / file).read_bytes())) for file in files))
    figures = f"elements {nodes}, bytes {weights}, screens {[round(each, 1) for each in screens]}"
    assert max(nodes) <= NODES, figures
    assert max(weights) <= BYTES, figures
    assert max(screens) <= SCREENS, figures
