"""The site without a mouse."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.reader import Reader

PAGE = "guide/routing.html"


def tab_to(page: Page, selector: str) -> None:
    """Press Tab until the focus is on ``selector``."""
    # The navigation has a link for each page.
    for _ in range(120):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"120 times Tab do not lead to {selector}")


@pytest.mark.parametrize(("folder", "text"), [("en", "Skip to content"), ("zh-cn", "跳到正文")])
@pytest.mark.parametrize("width", [390, 1280])
def test_the_skip_link_comes_first_is_seen_and_leads_to_the_text(
    reader: Reader, address: str, folder: str, text: str, width: int
) -> None:
    page = reader(width)
    page.goto(f"{address}{folder}/{PAGE}")
    link = page.get_by_role("link", name=text)
    expect(link).not_to_be_in_viewport()
    page.keyboard.press("Tab")
    expect(link).to_be_focused()
    expect(link).to_be_in_viewport(ratio=1)
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("#furo-main-content$"))
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('article') !== null")


def test_what_is_folded_opens_and_closes_by_key(reader: Reader, address: str) -> None:
    page = reader()
    page.goto(f"{address}en/{PAGE}#furo-main-content")
    fold = page.locator("details.exchange-curl").first
    tab_to(page, "details.exchange-curl > summary")
    content = fold.locator("code, pre").first
    expect(content).to_be_hidden()
    page.keyboard.press("Enter")
    expect(content).to_be_visible()
    page.keyboard.press("Space")
    expect(content).to_be_hidden()


def test_what_scrolls_inside_a_fold_can_be_focused_only_while_it_is_open(
    reader: Reader, address: str
) -> None:
    page = reader(390)
    page.goto(f"{address}en/{PAGE}")
    # A line that is longer than a telephone is wide.
    fold = page.locator("details.exchange-curl", has_text=re.compile(".{70}")).first
    summary, code = fold.locator("summary"), fold.locator("pre")
    summary.focus()
    page.keyboard.press("Tab")
    expect(code).not_to_be_focused()
    summary.focus()
    page.keyboard.press("Enter")
    expect(code).to_have_attribute("tabindex", "0")
    page.keyboard.press("Tab")
    expect(code).to_be_focused()


def test_the_tests_of_a_snippet_are_two_keys_away(reader: Reader, address: str) -> None:
    page = reader()
    page.goto(f"{address}en/{PAGE}#furo-main-content")
    tab_to(page, ".snippet-footer > .module-link[href$='#its-tests']")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/en/code/.+\.html#its-tests$"))
    expect(page.locator("#its-tests li").first).to_be_in_viewport()


def test_what_no_longer_scrolls_is_no_stop_for_the_keyboard(reader: Reader, address: str) -> None:
    page = reader(390)
    page.goto(f"{address}en/{PAGE}")
    stops = page.locator(".highlight pre[tabindex='0']")
    narrow = stops.count()
    page.set_viewport_size({"width": 1280, "height": 900})
    expect(stops).not_to_have_count(narrow)
    assert 0 < stops.count() < narrow


def test_the_language_is_switched_by_key(reader: Reader, address: str) -> None:
    page = reader()
    page.goto(f"{address}en/{PAGE}")
    tab_to(page, "a.language-link")
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{address}zh-cn/{PAGE}")


def test_on_a_telephone_the_drawers_come_in_with_the_focus(reader: Reader, address: str) -> None:
    page = reader(390)
    page.goto(f"{address}en/{PAGE}")
    search = page.get_by_role("textbox", name="Search")
    expect(search).not_to_be_in_viewport()
    tab_to(page, ".sidebar-search")
    expect(search).to_be_in_viewport(ratio=1)


def test_the_focus_is_seen(reader: Reader, address: str) -> None:
    page = reader()
    page.goto(f"{address}en/{PAGE}")
    page.locator("button.copybtn").first.wait_for(state="attached")
    for selector in ("a.language-link", ".sidebar-search", "button.copybtn", "summary", "pre"):
        tab_to(page, selector)
        style = page.evaluate(
            "(({outlineStyle, outlineWidth}) => [outlineStyle, parseFloat(outlineWidth)])"
            "(getComputedStyle(document.activeElement))"
        )
        assert style[0] != "none", selector
        assert style[1] >= 1, selector
