"""What holds for every page of the site, in both languages."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.browser.reader import ROOT, Reader, probe, unfold

FOLDERS = ["en", "zh-cn"]
# Pages of modules, some 240 of them, are made alike; two stand for all, the longest and one with everything.
MODULES = ["code/sessions/base", "code/application/registration"]
# Sphinx makes "search" itself.
PAGES = [
    *sorted(
        file.relative_to(ROOT / "docs").with_suffix("").as_posix()
        for file in ROOT.joinpath("docs").rglob("*.md")
        if not any(part.startswith("_") for part in file.relative_to(ROOT / "docs").parts)
    ),
    *MODULES,
    "search",
]
# Everything that the style sheet knows; each stands on some page, or what is measured here is not all.
COMPONENTS = [
    ".proven-with",
    ".snippet .snippet-run",
    ".snippet-footer > .module-link",
    ".module > h1",
    ".exchange-request",
    ".exchange-request-body",
    ".exchange-response",
    ".exchange-response-body .highlight-html, .exchange-response-body [class*=highlight-html]",
    ".exchange-response-body [class*=highlight-json]",
    "details.exchange-curl",
    ".admonition.pitfall .callout-kind",
    ".admonition.then-and-now",
    ".table-wrapper",
    ".highlight-pycon, .highlight-doctest",
    ".highlight-console:not(.snippet-run):not(.exchange *)",
]


def test_every_page_of_the_site_is_tested_here(site: Path) -> None:
    for folder in FOLDERS:
        base = site / folder
        built = {file.relative_to(base).with_suffix("").as_posix() for file in base.rglob("*.html")}
        modules = {name for name in built if name.startswith("code/")}
        assert modules >= set(MODULES)
        assert built - modules == set(PAGES) - modules, "is an old page left over? Remove build/"


def test_the_pages_show_every_component(reader: Reader, address: str) -> None:
    page = reader()
    missing = set(COMPONENTS)
    for name in PAGES:
        page.goto(f"{address}en/{name}.html")
        missing -= {selector for selector in missing if page.locator(selector).count()}
        if not missing:
            break
    assert missing == set()


class Opened(NamedTuple):
    """A page that is opened once for all that is measured in it, with everything unfolded."""

    page: Page
    reader: Reader


@pytest.fixture(scope="module", params=PAGES)
def name(request: pytest.FixtureRequest) -> str:
    """Return each page in turn."""
    return str(request.param)


@pytest.fixture(scope="module", params=FOLDERS)
def folder(request: pytest.FixtureRequest) -> str:
    """Return each language in turn."""
    return str(request.param)


def opened(chromium: Browser, url: str, width: int) -> Iterator[Opened]:
    reader = Reader(chromium)
    page = reader(width)
    page.goto(url)
    unfold(page)
    yield Opened(page, reader)
    reader.close()
    assert reader.faults == []


@pytest.fixture(scope="module")
def desk(chromium: Browser, address: str, folder: str, name: str) -> Iterator[Opened]:
    """Open a page in a wide window."""
    yield from opened(chromium, f"{address}{folder}/{name}.html", 1280)


@pytest.fixture(scope="module")
def telephone(chromium: Browser, address: str, folder: str, name: str) -> Iterator[Opened]:
    """Open a page in a narrow window."""
    yield from opened(chromium, f"{address}{folder}/{name}.html", 390)


def test_a_page_asks_nobody_else_and_reports_no_error(desk: Opened, address: str) -> None:
    desk.page.wait_for_load_state("networkidle")
    assert desk.reader.requests
    assert desk.reader.abroad(address) == []
    assert desk.reader.faults == []


def test_a_downloaded_page_asks_nobody_and_reports_no_error(
    reader: Reader, site: Path, folder: str, name: str
) -> None:
    home = f"{site.resolve().as_uri()}/"
    page = reader()
    page.goto(f"{home}{folder}/{name}.html", wait_until="networkidle")
    assert reader.requests
    assert reader.abroad(home) == []
    assert reader.faults == []


def test_nothing_is_wider_than_a_telephone(telephone: Opened) -> None:
    faults = probe(telephone.page, "overflow")
    assert not faults, "\n".join(faults)


def test_every_text_stands_out_from_its_background_in_both_schemes(desk: Opened) -> None:
    faults = []
    for scheme, colour in (("light", "rgb(255, 255, 255)"), ("dark", "rgb(19, 20, 22)")):
        desk.page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        expect(desk.page.locator("body")).to_have_css("background-color", colour)
        result = probe(desk.page, "contrast")
        assert result["measured"] > 10
        faults += [f"{scheme}: {fault}" for fault in result["faults"]]
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize("window", ["desk", "telephone"])
def test_headings_landmarks_ids_and_what_scrolls_are_in_order(
    desk: Opened, telephone: Opened, window: str
) -> None:
    faults = probe({"desk": desk, "telephone": telephone}[window].page, "structure")
    assert not faults, "\n".join(faults)


def test_axe_finds_nothing(desk: Opened) -> None:
    # Contrast is measured above, in both schemes and without axe's exceptions; that links are underlined is a matter of
    # one line there, and of seconds here.
    rules = {rule: {"enabled": False} for rule in ("color-contrast", "link-in-text-block")}
    found = Axe().run(desk.page, options={"resultTypes": ["violations"], "rules": rules})
    assert found.response["passes"]
    faults = [
        f"{fault['id']}: {node['target']} {node['html'][:120]}"
        for fault in found.response["violations"]
        for node in fault["nodes"]
    ]
    assert not faults, "\n".join(faults)
