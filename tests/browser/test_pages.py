"""What holds for every page of the site, in every language."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from proven.translation.languages import LANGUAGES
from tests.browser.reader import ROOT, Reader, probe, unfold

FOLDERS = [language.folder for language in LANGUAGES]
# Pages of modules, some 240 of them, are made alike; two stand for all, the longest and one with everything.
# So are those of tests, of which one stands for all.
MODULES = [
    "code/sessions/base",
    "code/application/registration",
    "code/tests/guide/flashing/test_across_a_redirect",
]
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


@pytest.fixture(scope="module")
def online(chromium: Browser) -> Iterator[Opened]:
    """Open a window in which one page after the other is read, so that the browser has what they share."""
    yield from window(chromium)


@pytest.fixture(scope="module")
def offline(chromium: Browser) -> Iterator[Opened]:
    """Open a window for the downloaded pages."""
    yield from window(chromium)


def window(chromium: Browser) -> Iterator[Opened]:
    reader = Reader(chromium)
    yield Opened(reader(), reader)
    reader.close()


@pytest.fixture(scope="module")
def opened(online: Opened, address: str, folder: str, name: str) -> Iterator[Opened]:
    """Open a page."""
    page, reader = online
    reader.requests.clear()
    reader.faults.clear()
    page.set_viewport_size({"width": 1280, "height": 900})
    page.emulate_media(color_scheme="light")
    page.goto(f"{address}{folder}/{name}.html")
    unfold(page)
    yield online
    # Whatever it did while it was measured.
    assert reader.abroad(address) == []
    assert reader.faults == []


def resized(opened: Opened, width: int) -> Opened:
    opened.page.set_viewport_size({"width": width, "height": 900})
    # The page hears of its new width with the next frame.
    opened.page.evaluate(
        "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
    )
    return opened


@pytest.fixture
def desk(opened: Opened) -> Opened:
    """Show the page in a wide window."""
    return resized(opened, 1280)


@pytest.fixture
def telephone(opened: Opened) -> Opened:
    """Show the page in a narrow window."""
    return resized(opened, 390)


def test_a_page_asks_nobody_else_and_reports_no_error(
    desk: Opened, address: str, folder: str, name: str
) -> None:
    # What it asks for later, its fixture sees.
    assert f"{address}{folder}/{name}.html" in desk.reader.requests
    assert desk.reader.abroad(address) == []
    assert desk.reader.faults == []


def test_a_downloaded_page_asks_nobody_and_reports_no_error(
    offline: Opened, site: Path, folder: str, name: str
) -> None:
    home = f"{site.resolve().as_uri()}/"
    page, reader = offline
    reader.requests.clear()
    reader.faults.clear()
    page.goto(f"{home}{folder}/{name}.html")
    # What its scripts ask for first thing has been asked for when they have run and two frames are drawn.
    page.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
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


@pytest.mark.parametrize("width", [1280, 390])
def test_headings_landmarks_ids_and_what_scrolls_are_in_order(opened: Opened, width: int) -> None:
    faults = probe(resized(opened, width).page, "structure")
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
