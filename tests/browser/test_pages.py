"""What holds for every page of the site, in every language."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterator
from functools import cache
from itertools import cycle
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from proven.claims.proofs import proves
from proven.translation.languages import LANGUAGES
from tests.browser.reader import ROOT, Reader, probe, unfold
from tests.browser.weight import BYTES, NODES, SCREENS, TELEPHONE
from tests.browser.weight import PAGES as READ

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
# Nothing here is done through Playwright's locators: what they bring to each page takes as long as what is measured.
FRAMES = "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
# Presses the switch of the proofs and returns how many marks come: null without a switch, -1 if it does not work.
SIGNS = """async () => {
  const [switches, root] = [document.querySelectorAll("button.proofs-switch"), document.documentElement];
  if (switches.length !== 1) return switches.length ? -1 : null;
  switches[0].click();
  for (const end = performance.now() + 20_000; !root.classList.contains("proofs-on"); ) {
    if (performance.now() > end) return -1;
    await new Promise((done) => setTimeout(done, 5));
  }
  return document.querySelectorAll(".claim-sign").length;
}"""
PLACES = [(folder, name) for name in PAGES for folder in FOLDERS]
# A page is made alike in every language. What takes long is measured in one of them, the next page in the next.
in_turn = pytest.mark.parametrize(
    "place",
    list(zip(cycle(FOLDERS), PAGES)),
    ids="/".join,
    indirect=True,
    scope="module",
)
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
    page.goto(f"{address}en/index.html")
    missing = page.evaluate(
        """async ({ pages, selectors }) => {
          const missing = new Set(selectors);
          for (const page of pages) {
            const html = await (await fetch(page)).text();
            const shown = new DOMParser().parseFromString(html, "text/html");
            for (const selector of missing) if (shown.querySelector(selector)) missing.delete(selector);
          }
          return [...missing];
        }""",
        {"pages": [f"{address}en/{name}.html" for name in PAGES], "selectors": COMPONENTS},
    )
    assert missing == []


class Opened(NamedTuple):
    """A page that is opened once for all that is measured in it, with everything unfolded.

    Attributes:
        nodes: Its elements, before anything was unfolded.
        screens: Its length then, in screens of a telephone.
        loaded: The files of the site that it had loaded then.
    """

    page: Page
    reader: Reader
    nodes: int
    screens: float
    loaded: frozenset[str]


@pytest.fixture(scope="module", params=PLACES, ids="/".join)
def place(request: pytest.FixtureRequest) -> tuple[str, str]:
    """Return each page of each language in turn: its folder and its name."""
    folder, name = request.param
    return folder, name


@pytest.fixture(scope="module")
def opened(window: tuple[Page, Reader], address: str, place: tuple[str, str]) -> Iterator[Opened]:
    """Open a page, on a telephone, and unfold it."""
    page, reader = window
    folder, name = place
    reader.requests.clear()
    reader.faults.clear()
    # Else the page before would be laid out and painted once more.
    page.goto("about:blank")
    page.set_viewport_size(TELEPHONE)
    page.emulate_media(color_scheme="light")
    page.goto(f"{address}{folder}/{name}.html")
    nodes, length, loaded = page.evaluate(
        """[document.querySelectorAll("*").length, document.documentElement.scrollHeight,
            performance.getEntriesByType("resource").map((it) => it.name)]"""
    )
    files = {unquote(urlsplit(url).path).lstrip("/") for url in [*loaded, page.url]}
    unfold(page)
    yield Opened(page, reader, nodes, length / TELEPHONE["height"], frozenset(files))
    # Whatever it did while it was measured.
    assert reader.abroad(address) == []
    assert reader.faults == []


@pytest.fixture
def telephone(opened: Opened) -> Page:
    """Return the page as it was opened: what is measured on a telephone comes before what widens the window."""
    assert opened.page.viewport_size == TELEPHONE
    return opened.page


@pytest.fixture(scope="module")
def desk(opened: Opened) -> Page:
    """Return the page that is open, in a wide window."""
    opened.page.set_viewport_size({"width": 1280, "height": 900})
    # The page hears of its new width with the next frame.
    opened.page.evaluate(FRAMES)
    return opened.page


@cache
def weight(file: Path) -> int:
    """Return the bytes of a file as a server packs it."""
    return len(gzip.compress(file.read_bytes()))


@pytest.mark.parametrize(
    "place",
    [place for place in PLACES if place[1] in READ],
    ids="/".join,
    indirect=True,
    scope="module",
)
def test_a_page_is_light_enough_to_read(opened: Opened, site: Path, place: tuple[str, str]) -> None:
    folder, name = place
    assert {f"{folder}/{name}.html", f"{folder}/_static/proven.css"} <= opened.loaded
    weights = {file: weight(site / file) for file in opened.loaded}
    assert opened.nodes <= NODES
    assert sum(weights.values()) <= BYTES, weights
    assert opened.screens <= SCREENS


def test_a_page_asks_nobody_else_and_reports_no_error(
    opened: Opened, address: str, place: tuple[str, str]
) -> None:
    folder, name = place
    # What it asks for later, its fixture sees.
    assert f"{address}{folder}/{name}.html" in opened.reader.requests
    assert opened.reader.abroad(address) == []
    assert opened.reader.faults == []


def loads(file: Path) -> str:
    """Return what a page loads, with the way up to it."""
    return " ".join(re.findall(r'(?:src|href)="([^"]*_static/[^"]*)"', file.read_text("utf-8")))


@pytest.mark.parametrize("folder", FOLDERS)
def test_a_downloaded_page_asks_nobody_and_reports_no_error(
    reader: Reader, site: Path, folder: str
) -> None:
    # Pages that load the same from the same depth differ in their texts; the last one stands for all.
    kinds = {loads(file): file for file in (site / folder / f"{name}.html" for name in PAGES)}
    assert len(kinds) > 3
    home = f"{site.resolve().as_uri()}/"
    page = reader()
    for file in kinds.values():
        reader.requests.clear()
        page.goto(file.resolve().as_uri())
        # What its scripts ask for first thing has been asked for when they have run and two frames are drawn.
        page.evaluate(FRAMES)
        assert reader.requests
        assert reader.abroad(home) == []
        assert reader.faults == [], file


def test_nothing_is_wider_than_a_telephone(telephone: Page) -> None:
    faults = probe(telephone, "overflow")
    assert not faults, "\n".join(faults)


def check_structure(page: Page) -> None:
    faults = probe(page, "structure")
    assert not faults, "\n".join(faults)


def test_headings_landmarks_ids_and_what_scrolls_are_in_order(telephone: Page) -> None:
    check_structure(telephone)


# From here on, the pages are shown in a wide window, where the lines of a text matter to nothing that is measured.
@in_turn
def test_they_are_in_order_in_a_wide_window(desk: Page) -> None:
    check_structure(desk)


@in_turn
def test_every_text_stands_out_from_its_background_in_both_schemes(desk: Page) -> None:
    faults = []
    for scheme, colour in (("light", "rgb(255, 255, 255)"), ("dark", "rgb(19, 20, 22)")):
        desk.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        assert desk.evaluate("getComputedStyle(document.body).backgroundColor") == colour
        result = probe(desk, "contrast")
        assert result["measured"] > 10
        faults += [f"{scheme}: {fault}" for fault in result["faults"]]
    assert not faults, "\n".join(faults)


@in_turn
def test_axe_finds_nothing(desk: Page) -> None:
    # Contrast is measured above, in both schemes and without axe's exceptions; that links are underlined, and what
    # scrolls can be reached, is a matter of a line there, and of seconds here.
    measured = ("color-contrast", "link-in-text-block", "scrollable-region-focusable")
    rules = {rule: {"enabled": False} for rule in measured}
    # A page has no frames, and turns with the telephone: for that rule axe reads every style sheet once more.
    options = {"resultTypes": ["violations"], "rules": rules, "preload": False, "iframes": False}
    found = Axe().run(desk, options=options)
    assert found.response["passes"]
    faults = [
        f"{fault['id']}: {node['target']} {node['html'][:120]}"
        for fault in found.response["violations"]
        for node in fault["nodes"]
    ]
    assert not faults, "\n".join(faults)


@proves(
    "about/testing",
    "Below the title of each page is the switch “Show the proofs”.",
    "It marks each sentence with a line: a solid one for a proved sentence, a dotted one "
    "for a sentence that is shown, a dashed one for advice.",
)
def test_every_mark_finds_its_sentence(desk: Page, site: Path, place: tuple[str, str]) -> None:
    folder, name = place
    file = site.joinpath(folder, "_proofs", f"{name}.js")
    signs = desk.evaluate(SIGNS)
    desk.evaluate("localStorage.clear()")
    if not file.exists():
        assert signs is None
        return
    assert signs is not None, "the page has marks and no switch"
    text = file.read_text("utf-8")
    data = json.loads(text.removeprefix("window.provenProofs(").removesuffix(");\n"))
    # A text that stands twice is marked twice.
    assert signs >= sum(bool(mark[1]) for its in data["texts"].values() for mark in its)


def test_every_page_has_marks(site: Path) -> None:
    for folder in FOLDERS:
        base = site / folder / "_proofs"
        marked = {file.relative_to(base).with_suffix("").as_posix() for file in base.rglob("*.js")}
        assert marked == set(PAGES) - set(MODULES) - {"search"}
