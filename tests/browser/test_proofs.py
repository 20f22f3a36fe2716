"""The switch below the title marks what each sentence rests on, and moves nothing."""

from __future__ import annotations

import gzip
import json
import re
from itertools import cycle
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect

from proven.claims.proofs import proves
from proven.translation.languages import LANGUAGES
from tests.browser.reader import Reader, probe, switch

FOLDERS = [language.folder for language in LANGUAGES]
PAGE = "guide/flashing"
ON = re.compile("(^| )proofs-on( |$)")
# Where each word stands, and each four Han characters, the line of figures apart. A text travels faster than lists.
PLACES = """() => {
  const places = [];
  const walker = document.createTreeWalker(document.querySelector("article"), NodeFilter.SHOW_TEXT);
  const range = document.createRange();
  while (walker.nextNode()) {
    for (const { index } of walker.currentNode.data.matchAll(/\\p{Script=Han}{1,4}|[^\\s\\p{Script=Han}]+/gu)) {
      range.setStart(walker.currentNode, index);
      range.setEnd(walker.currentNode, index + 1);
      const { x, y } = range.getBoundingClientRect();
      places.push([x, y]);
    }
  }
  return JSON.stringify(places);
}"""


def button(page: Page) -> Locator:
    return page.locator("button.proofs-switch")


def press(page: Page) -> None:
    button(page).click()
    expect(page.locator("html")).to_have_class(ON)


def places(page: Page) -> list[list[float]]:
    found: list[list[float]] = json.loads(page.evaluate(PLACES))
    return found


def moved(before: list[list[float]], after: list[list[float]]) -> float:
    """Return by how many pixels the word that moved most has moved; a part of one is the font's rounding."""
    pairs = zip(before, after, strict=True)
    return max(abs(a - b) for old, new in pairs for a, b in zip(old, new, strict=True))


# Either language in either window: to measure each character takes seconds.
@pytest.mark.parametrize(("folder", "width"), list(zip(FOLDERS, cycle([390, 1280]))))
def test_no_word_moves_when_the_marks_come(
    reader: Reader, address: str, folder: str, width: int
) -> None:
    page = reader(width)
    page.goto(f"{address}{folder}/{PAGE}.html")
    before = places(page)
    assert len(before) > 1000
    press(page)
    assert moved(before, places(page)) < 1
    assert not probe(page, "overflow")
    button(page).click()
    expect(page.locator("html")).not_to_have_class(ON)
    assert moved(before, places(page)) < 1


@proves(
    "about/testing",
    "A proved sentence leads to its test, on a page that has the tests of a file and "
    "above each test the sentences that it proves.",
)
@pytest.mark.parametrize("folder", FOLDERS)
def test_a_proved_sentence_leads_to_its_test(reader: Reader, address: str, folder: str) -> None:
    page = reader()
    page.goto(f"{address}{folder}/{PAGE}.html")
    press(page)
    sign = page.locator("a.claim-sign-proved").first
    target = sign.get_attribute("href")
    assert target
    # With the keyboard, and with a click on the sentence itself.
    sign.focus()
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/{target.removeprefix('../')}")
    expect(page.locator(":target h2")).to_be_in_viewport()
    expect(page.locator(":target li").first).to_be_visible()
    page.go_back()
    expect(page.locator("html")).to_have_class(ON)
    # A link in it stays a link.
    plain = "article p:has(> a.claim-sign-proved):not(:has(a:not(.claim-sign)))"
    page.locator(plain).first.click(position={"x": 20, "y": 14})
    page.wait_for_url("**/code/tests/**")


def test_the_choice_is_remembered_and_goes_with_the_language(reader: Reader, origin: str) -> None:
    page = reader()
    page.goto(f"{origin}en/{PAGE}.html")
    expect(button(page)).to_have_attribute("aria-pressed", "false")
    button(page).focus()
    page.keyboard.press("Space")
    expect(button(page)).to_have_attribute("aria-pressed", "true")
    expect(page.locator("html")).to_have_class(ON)
    blocks = page.locator("article :is(h1, h2, h3, h4, p, li, pre, tr, dt)").count()
    switch(page).click()
    page.wait_for_url(f"{origin}zh-cn/{PAGE}.html")
    expect(button(page)).to_have_attribute("aria-pressed", "true")
    expect(page.locator(".claim-sign").first).to_be_visible()
    assert page.locator("article :is(h1, h2, h3, h4, p, li, pre, tr, dt)").count() == blocks
    button(page).click()
    page.reload()
    expect(button(page)).to_have_attribute("aria-pressed", "false")
    assert page.locator(".claim-sign").count() == 0


def test_marks_that_do_not_load_leave_the_switch_off(reader: Reader, address: str) -> None:
    page = reader()
    page.route("**/_proofs/**", lambda route: route.abort())
    page.goto(f"{address}en/{PAGE}.html")
    with page.expect_event("requestfailed"):
        button(page).click()
    expect(button(page)).to_have_attribute("aria-pressed", "false")
    page.unroute("**/_proofs/**")
    press(page)
    reader.faults.clear()


@pytest.mark.parametrize("folder", FOLDERS)
def test_a_copied_sentence_is_as_it_was(reader: Reader, address: str, folder: str) -> None:
    page = reader()
    page.goto(f"{address}{folder}/{PAGE}.html")
    select = """() => {
      const all = [...document.querySelectorAll("article p, article td")];
      return all.map((box) => {
        getSelection().selectAllChildren(box);
        return getSelection().toString();
      });
    }"""
    before = page.evaluate(select)
    press(page)
    assert page.evaluate(select) == before


@pytest.mark.parametrize("folder", FOLDERS)
def test_a_page_with_marks_is_accessible_and_can_be_read(
    reader: Reader, address: str, folder: str
) -> None:
    page = reader()
    page.goto(f"{address}{folder}/{PAGE}.html")
    press(page)
    # Contrast is measured below, in both schemes.
    rules = {"color-contrast": {"enabled": False}}
    found = Axe().run(page, options={"resultTypes": ["violations"], "rules": rules})
    assert found.response["violations"] == []
    labels = page.locator(".claim-sign").evaluate_all(
        "signs => signs.map((sign) => sign.getAttribute('aria-label'))"
    )
    assert labels
    assert all(labels)
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        assert not probe(page, "contrast")["faults"]
        colours = {
            name: page.locator(f".proofs .claim-{name}").evaluate(
                "each => getComputedStyle(each).textDecorationLine"
            )
            for name in ("proved", "shown", "advice")
        }
        assert set(colours.values()) == {"underline"}


def test_paper_has_no_marks(reader: Reader, address: str) -> None:
    page = reader()
    page.goto(f"{address}en/{PAGE}.html")
    press(page)
    page.emulate_media(media="print")
    expect(page.locator(".proofs")).to_be_hidden()
    expect(page.locator(".claim-sign").first).to_be_hidden()
    expect(page.locator("article .claim-proved").first).to_have_css("text-decoration-line", "none")


def test_no_page_grows_by_more_than_a_tenth(site: Path) -> None:
    pages = [file for folder in FOLDERS for file in site.joinpath(folder).rglob("*.html")]
    grown = 0
    for file in pages:
        html = file.read_text("utf-8")
        if 'class="proofs"' not in html:
            continue
        grown += 1
        without = re.sub(
            r'<div class="proofs".*?</div>\n|<script[^>]*proofs\.js[^>]*></script>', "", html
        )
        assert without.count("proofs") < html.count("proofs")
        sizes = [len(gzip.compress(text.encode())) for text in (html, without)]
        assert sizes[0] <= 1.1 * sizes[1], (file, sizes)
    assert grown >= 2 * 28
