"""What a page may cost the one who opens it: elements, bytes and screens of a telephone."""

from __future__ import annotations

from playwright.sync_api import ViewportSize

from proven.releases.downloads import EXAMPLES
from tests.browser.reader import ROOT

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
SCREENS = 25
TELEPHONE: ViewportSize = {"width": 390, "height": 844}
