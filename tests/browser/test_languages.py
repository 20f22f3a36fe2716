"""A reader gets the language she reads, and changes it without losing her place."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from proven.claims.proofs import proves
from proven.translation.languages import LANGUAGES
from tests.browser.reader import Reader, switch

PAGE = "about/testing.html"
HERE = "about-testing-exchanges"
LONG_PAGE = "guide/routing.html"


def at_rest(page: Page) -> None:
    """Wait until the page is loaded and has glided to where it was sent."""
    page.wait_for_load_state("load")
    page.evaluate(
        """async () => {
          const frame = () => new Promise(requestAnimationFrame);
          for (let still = 0, last = -1; still < 10; still = scrollY === last ? still + 1 : 0) {
            last = scrollY;
            await frame();
          }
        }"""
    )


@pytest.mark.parametrize(
    ("preference", "folder"),
    [("zh-CN", "zh-cn"), ("zh-TW", "zh-cn"), ("zh", "zh-cn"), ("en-GB", "en"), ("fr", "en")],
)
def test_the_root_page_goes_by_the_preference_of_the_browser(
    reader: Reader, origin: str, preference: str, folder: str
) -> None:
    page = reader(locale=preference)
    page.goto(f"{origin}index.html")
    page.wait_for_url(f"{origin}{folder}/index.html")


def test_the_root_page_takes_the_first_language_that_the_site_has(
    reader: Reader, address: str
) -> None:
    page = reader()
    languages = "Object.defineProperty(navigator, 'languages', {value: ['fr', 'zh-HK', 'en']})"
    page.add_init_script(languages)
    page.goto(address)
    page.wait_for_url(f"{address}zh-cn/index.html")


@pytest.mark.parametrize("preference", ["zh-CN", "en-GB"])
def test_the_root_page_remembers_the_language_chosen_before(
    reader: Reader, origin: str, preference: str
) -> None:
    page = reader(locale=preference)
    page.goto(f"{origin}index.html")
    page.wait_for_url("**/*/index.html")
    own = page.url
    switch(page).click()
    page.wait_for_url(lambda url: url != own)
    chosen = page.url
    for _ in range(20):
        page.goto(f"{origin}index.html")
        page.wait_for_url("**/*/index.html")
        # Chromium tells another process of what a page has stored in its own time.
        if page.url == chosen:
            return
    pytest.fail(f"{page.url} instead of {chosen}")


def test_the_root_page_keeps_query_and_anchor(reader: Reader, address: str) -> None:
    page = reader(locale="en")
    page.goto(f"{address}?from=mail#welcome")
    page.wait_for_url(f"{address}en/index.html?from=mail#welcome")


def test_without_javascript_the_root_page_offers_every_language(
    reader: Reader, origin: str
) -> None:
    page = reader(java_script_enabled=False)
    for language in LANGUAGES:
        page.goto(f"{origin}index.html")
        page.get_by_role("link", name=language.name).click()
        expect(page).to_have_url(f"{origin}{language.folder}/index.html")


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize(("folder", "other"), [("en", "zh-cn"), ("zh-cn", "en")])
def test_the_switch_keeps_page_query_and_anchor(
    reader: Reader, origin: str, width: int, folder: str, other: str
) -> None:
    page = reader(width)
    page.goto(f"{origin}{folder}/{PAGE}?q=slash#{HERE}")
    switch(page).click()
    expect(page).to_have_url(f"{origin}{other}/{PAGE}?q=slash#{HERE}")
    expect(page.locator("html")).to_have_attribute("lang", "zh-CN" if other == "zh-cn" else "en")
    expect(
        page.locator(f"[id='{HERE}']").locator("xpath=ancestor-or-self::section").last
    ).to_be_in_viewport()


@pytest.mark.parametrize("width", [390, 1280])
def test_the_switch_keeps_an_anchor_that_was_clicked_on_the_page(
    reader: Reader, origin: str, width: int
) -> None:
    page = reader(width)
    page.goto(f"{origin}en/{LONG_PAGE}#routing")
    page.locator("article a.reference.internal[href^='#']").nth(3).click()
    anchor = page.url.partition("#")[2]
    assert anchor not in {"", "routing"}
    switch(page).click()
    expect(page).to_have_url(f"{origin}zh-cn/{LONG_PAGE}#{anchor}")


def test_the_address_of_the_switch_is_right_for_a_new_tab_too(reader: Reader, origin: str) -> None:
    page = reader()
    page.goto(f"{origin}en/{PAGE}?q=slash")
    page.evaluate("location.hash = 'about-testing'")
    page.wait_for_function("document.querySelector('a.language-link').hash === '#about-testing'")
    with page.context.expect_page() as opened:
        switch(page).click(modifiers=["Control"])
    expect(opened.value).to_have_url(f"{origin}zh-cn/{PAGE}?q=slash#about-testing")
    expect(page).to_have_url(f"{origin}en/{PAGE}?q=slash#about-testing")


@proves("index", "The link at the top of a page leads to the same place in the other language.")
@pytest.mark.parametrize("width", [390, 1280])
def test_the_other_language_opens_on_the_paragraph_being_read(
    reader: Reader, origin: str, width: int
) -> None:
    page = reader(width)
    page.goto(f"{origin}en/{LONG_PAGE}#routing")
    at_rest(page)
    heading = page.locator("h2").nth(5)
    heading.evaluate("element => scrollBy(0, element.getBoundingClientRect().top - 200)")
    at_rest(page)
    assert heading.bounding_box()["y"] == pytest.approx(200, abs=2)  # type: ignore[index]
    switch(page).click()
    expect(page).to_have_url(f"{origin}zh-cn/{LONG_PAGE}#routing")
    at_rest(page)
    # The paragraph above it is as long in both languages, or nearly.
    assert heading.bounding_box()["y"] == pytest.approx(200, abs=120)  # type: ignore[index]


@pytest.mark.parametrize("width", [390, 1280])
def test_without_javascript_the_switch_keeps_the_page(
    reader: Reader, origin: str, width: int
) -> None:
    page = reader(width, java_script_enabled=False)
    page.goto(f"{origin}en/{PAGE}#{HERE}")
    switch(page).click()
    expect(page).to_have_url(f"{origin}zh-cn/{PAGE}")
    switch(page).click()
    expect(page).to_have_url(f"{origin}en/{PAGE}")


def test_the_switch_speaks_the_language_that_it_leads_to(reader: Reader, address: str) -> None:
    page = reader()
    for folder, name, tag in (("en", "简体中文", "zh-CN"), ("zh-cn", "English", "en")):
        page.goto(f"{address}{folder}/{PAGE}")
        link = switch(page)
        expect(link).to_have_text(name)
        expect(link).to_have_attribute("lang", tag)
        expect(link).to_have_attribute("hreflang", tag)


def test_forbidden_storage_breaks_neither_the_root_page_nor_the_switch(
    reader: Reader, address: str
) -> None:
    page = reader(locale="en")
    page.add_init_script(
        "for (const name of ['getItem', 'setItem', 'removeItem']) {"
        "  const kept = Storage.prototype[name];"
        "  Storage.prototype[name] = function (key, ...rest) {"
        "    if (key.startsWith('proven-')) throw new DOMException('forbidden', 'SecurityError');"
        "    return kept.call(this, key, ...rest);"
        "  };"
        "}"
    )
    page.goto(address)
    page.wait_for_url(f"{address}en/index.html")
    page.goto(f"{address}en/{PAGE}#{HERE}")
    switch(page).click()
    expect(page).to_have_url(f"{address}zh-cn/{PAGE}#{HERE}")


def test_every_page_leads_to_its_twins(site: Path) -> None:
    names = [
        {file.relative_to(site / language.folder) for file in folder.rglob("*.html")}
        for language in LANGUAGES
        for folder in [site / language.folder]
    ]
    assert names == [names[0]] * len(LANGUAGES)
