"""A reader pastes a file of an application and sees which of its names are gone, line by line."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from proven.claims.proofs import proves
from tests.browser.reader import Reader
from tests.site.releases.test_upgrade import GONE, TUTORIAL

CHECK = "history/check.html"
GONE_TEXT = {
    "en": (
        "Your code",
        "Line 1",
        "Removed in Flask 3.0. Deprecated since Flask 2.3.1. Write markupsafe.Markup.",
    ),
    "zh-cn": (
        "你的代码",
        "第 1 行",
        "已在 Flask 3.0 中移除。自 Flask 2.3.1 起弃用。改用 markupsafe.Markup。",
    ),
}


def paste(page: Page, code: str) -> None:
    """Paste code and wait for what is said of it; the data are loaded with the first."""
    page.locator(".upgrade-check textarea").fill(code)
    expect(page.locator(".upgrade-check [role=status]")).not_to_be_empty()


@proves(
    "history/check",
    "The list under the box names each line with a name that a release removed or deprecated,"
    " with what to write today.",
)
@pytest.mark.parametrize("folder", GONE_TEXT)
def test_each_name_has_its_line_its_release_and_what_to_write(
    reader: Reader, origin: str, folder: str
) -> None:
    label, line, text = GONE_TEXT[folder]
    page = reader()
    page.goto(f"{origin}{folder}/{CHECK}")
    expect(page.get_by_label(label)).to_be_visible()
    paste(page, "from flask import Flask, Markup\n")
    (item,) = page.locator(".upgrade-check li").all()
    assert item.get_by_role("button").inner_text() == line
    assert item.locator("p").nth(1).inner_text() == text
    item.get_by_role("link").click()
    expect(page.locator("#name-flask-Markup")).to_be_in_viewport()


def test_every_line_of_a_tutorial_that_fails_today_is_on_the_list(
    reader: Reader, origin: str
) -> None:
    page = reader()
    page.goto(f"{origin}en/{CHECK}")
    paste(page, TUTORIAL)
    items = page.locator(".upgrade-check li", has_text="Removed in")
    lines = {int(text.split()[1]) for text in items.get_by_role("button").all_inner_texts()}
    assert sorted(lines) == GONE
    expect(page.get_by_role("status")).to_contain_text(f"Gone: {items.count()}.")


@proves(
    "history/check",
    "The code stays in your browser: this page sends it nowhere, and does not put it into its address.",
)
def test_the_code_stays_on_the_page(reader: Reader, origin: str) -> None:
    page = reader()
    page.goto(f"{origin}en/{CHECK}")
    page.locator(".upgrade-check textarea").focus()
    page.wait_for_function("globalThis.provenUpgrade")
    paste(page, "from flask import Flask\n")
    before, address = len(reader.requests), page.url
    paste(page, "from flask import Markup\nsecret_of_mine = 1\n")
    expect(page.locator(".upgrade-check li")).to_have_count(1)
    assert reader.requests[before:] == []
    assert page.url == address
    kept = page.evaluate(
        "JSON.stringify([{...localStorage}, {...sessionStorage}, document.cookie])"
    )
    assert "secret_of_mine" not in kept


def test_the_keyboard_leads_to_a_line_and_to_what_is_said_of_it(
    reader: Reader, origin: str
) -> None:
    page = reader()
    page.goto(f"{origin}en/{CHECK}")
    paste(page, "import flask\n\nflask.escape('x')\n")
    page.locator(".upgrade-check textarea").focus()
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Line 3")).to_be_focused()
    page.keyboard.press("Enter")
    chosen = "(e => e.value.slice(e.selectionStart, e.selectionEnd))(document.activeElement)"
    assert page.evaluate(chosen) == "flask.escape('x')"


def test_code_without_such_a_name_and_an_empty_box(reader: Reader, origin: str) -> None:
    page = reader()
    page.goto(f"{origin}en/{CHECK}")
    paste(page, "from flask import Flask\n")
    expect(page.get_by_role("status")).to_have_text("No name that is gone was found.")
    page.locator(".upgrade-check textarea").fill("")
    expect(page.get_by_role("status")).to_have_text("")


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("folder", GONE_TEXT)
def test_a_full_list_is_accessible_and_fits(
    reader: Reader, address: str, folder: str, width: int
) -> None:
    page = reader(width)
    page.goto(f"{address}{folder}/{CHECK}")
    paste(page, TUTORIAL)
    expect(page.locator(".upgrade-check li").nth(10)).to_be_visible()
    found = Axe().run(page, options={"rules": {"color-contrast": {"enabled": True}}})
    assert found.response["violations"] == [], found.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
