"""Whoever searches in Chinese, in English or in code finds the section, from any page, by keyboard or by touch."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from proven.claims.proofs import proves
from tests.browser.reader import Reader, probe, switch

SEARCHES = [
    ("zh-cn", "请求上下文", "guide/contexts"),
    ("zh-cn", "会话接口", "reference/sessions"),
    ("zh-cn", "转换器", "guide/converters"),
    ("zh-cn", "结尾的斜杠", "guide/url-matching"),
    ("zh-cn", "实例文件夹", "guide/configuration"),
    ("zh-cn", "strict_slashes", "guide/routing"),
    ("zh-cn", "strict_slashes 斜杠", "guide/routing"),
    ("zh-cn", "正则转换器RegexConverter", "guide/converters"),
    ("zh-cn", "SECRET_KEY_FALLBACKS 密钥", "guide/secrets"),
    ("zh-cn", "反向代理 https url_for", "guide/proxy-fix"),
    # Traditional, a common misspelling, a synonym.
    ("zh-cn", "會話", "guide/sessions"),
    ("zh-cn", "模版继承", "guide/templates"),
    ("zh-cn", "登陆", "guide/login"),
    ("en", "trailing slash", "guide/url-matching"),
    ("en", "strict_slashes", "guide/routing"),
    ("en", "URL converters", "guide/converters"),
    ("en", "instance folder", "guide/configuration"),
    ("en", "from_prefixed_env", "guide/environment-variables"),
    ("en", "sesion", "guide/sessions"),
    ("en", "blueprnt", "guide/blueprints"),
    ("en", "SAMESITE", "reference/configuration"),
    # The other language's words, on the pages of the reader's.
    ("en", "请求上下文", "guide/contexts"),
    ("zh-cn", "trailing slash", "guide/url-matching"),
]
DIALOG = ".search-dialog"
FIELD = f"{DIALOG} input"


def results(page: Page, within: str = "") -> list[str]:
    """Return the addresses found, best first, once the search is done."""
    page.locator(f"{within} [data-search-state=done]").wait_for()
    links = page.locator(f"{within} a.search-result")
    return [link.get_attribute("href") or "" for link in links.all()]


def pages(addresses: list[str]) -> list[str]:
    """Return the pages of results, without the places on them, each once."""
    return list(dict.fromkeys(address.partition(".html")[0] for address in addresses))


def open_dialog(page: Page, key: str = "/") -> None:
    page.keyboard.press(key)
    page.locator(FIELD).wait_for()


@pytest.mark.parametrize(("folder", "query", "wanted"), SEARCHES)
def test_a_search_finds_its_page_among_the_first_three(
    window: tuple[Page, Reader], address: str, folder: str, query: str, wanted: str
) -> None:
    page, reader = window
    page.goto(f"{address}{folder}/search.html?q={quote(query)}")
    assert f"./{wanted}" in [
        each if each[0] == "." else f"./{each}" for each in pages(results(page))[:3]
    ]
    assert reader.faults == []
    assert reader.abroad(address) == []


@pytest.mark.parametrize(
    ("folder", "query", "title"),
    [
        ("en", "session", "Sessions"),
        ("en", "template", "Templates (Jinja)"),
        ("zh-cn", "钩子", "请求钩子"),
    ],
)
def test_the_page_on_a_subject_comes_first(
    reader: Reader, address: str, folder: str, query: str, title: str
) -> None:
    page = reader()
    page.goto(f"{address}{folder}/search.html?q={quote(query)}")
    results(page)
    expect(page.locator(".search-title").first).to_have_text(title)


@pytest.mark.parametrize(("folder", "query"), [("en", "trailing slash"), ("zh-cn", "结尾的斜杠")])
def test_a_downloaded_copy_can_be_searched(
    reader: Reader, site: Path, folder: str, query: str
) -> None:
    home = f"{site.resolve().as_uri()}/"
    page = reader()
    page.goto(f"{home}{folder}/search.html?q={quote(query)}")
    assert any(
        result.endswith("guide/url-matching.html#trailing-slashes") for result in results(page)[:1]
    )
    assert reader.faults == []
    assert reader.abroad(home) == []


@pytest.mark.parametrize(("folder", "query"), [("en", "zzyzx"), ("zh-cn", "zzyzx")])
def test_where_nothing_is_found_there_is_a_way_on(
    reader: Reader, address: str, folder: str, query: str
) -> None:
    page = reader()
    page.goto(f"{address}{folder}/search.html?q={quote(query)}")
    assert results(page) == []
    ways = page.locator(".search-more a")
    expect(ways.last).to_have_attribute("href", f"./reference/errors.html?message={query}")


@proves("index", "You are looking for something. Use the search: / opens it on every page.")
@pytest.mark.parametrize("key", ["/", "Control+k", "Meta+k"])
def test_a_key_opens_the_dialog_on_any_page_and_escape_closes_it(
    reader: Reader, address: str, key: str
) -> None:
    page = reader()
    page.goto(f"{address}en/guide/routing.html")
    before = len(reader.requests)
    assert not any("search-index" in request for request in reader.requests)
    open_dialog(page, key)
    expect(page.locator(FIELD)).to_be_focused()
    page.keyboard.type("trailing slash")
    found = results(page, DIALOG)
    assert found[0].endswith("guide/url-matching.html#trailing-slashes")
    # One index, once, and no page.
    loaded = [request for request in reader.requests[before:] if request.endswith((".js", ".html"))]
    assert sum("search-index" in request for request in loaded) == 1
    assert not any(request.endswith(".html") for request in loaded)
    page.keyboard.press("Escape")
    expect(page.locator(DIALOG)).to_be_hidden()
    assert reader.faults == []


@pytest.mark.parametrize(
    "pasted",
    [
        "RuntimeError: Working outside of request context.",
        "Traceback (most recent call last):\n  File app.py\nKeyError: 'name'",
        "'Flask' object has no attribute 'before_first_request'",
    ],
)
def test_what_was_pasted_is_looked_up_among_the_messages_first(
    reader: Reader, address: str, pasted: str
) -> None:
    page = reader()
    page.goto(f"{address}en/index.html")
    open_dialog(page)
    page.locator(FIELD).fill(pasted)
    assert results(page, DIALOG)
    first = page.locator(f"{DIALOG} [role=option]").first
    expect(first).to_have_class("search-lookup")
    expect(first).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Enter")
    page.wait_for_url("**/en/reference/errors.html?message=**")
    expect(page.locator(".error-look-up textarea")).not_to_have_value("")


def test_a_question_about_an_exception_is_no_message(reader: Reader, address: str) -> None:
    page = reader()
    page.goto(f"{address}en/index.html")
    open_dialog(page)
    page.locator(FIELD).fill("CSRFError handler")
    assert results(page, DIALOG)
    expect(page.locator(f"{DIALOG} .search-lookup")).to_have_count(0)


def test_arrows_choose_and_enter_opens_the_place(reader: Reader, address: str) -> None:
    page = reader()
    page.goto(f"{address}en/index.html")
    open_dialog(page)
    page.keyboard.type("blueprint")
    results(page, DIALOG)
    options = page.locator(f"{DIALOG} [role=option]")
    expect(options.first).to_have_attribute("aria-selected", "true")
    page.keyboard.press("ArrowDown")
    expect(options.nth(1)).to_have_attribute("aria-selected", "true")
    expect(page.locator(FIELD)).to_have_attribute(
        "aria-activedescendant", str(options.nth(1).get_attribute("id"))
    )
    page.keyboard.press("ArrowUp")
    href = str(options.first.get_attribute("href"))
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/{href.removeprefix('./')}")


def test_recent_searches_stay_in_the_browser(reader: Reader, address: str) -> None:
    page = reader()
    page.goto(f"{address}en/index.html")
    open_dialog(page)
    page.keyboard.type("middleware")
    results(page, DIALOG)
    page.keyboard.press("Enter")
    page.wait_for_url("**/guide/middleware.html")
    open_dialog(page)
    expect(page.locator(f"{DIALOG} .search-recent")).to_have_text("middleware")


def test_a_slash_in_a_field_is_a_slash(reader: Reader, address: str) -> None:
    page = reader()
    page.goto(f"{address}en/reference/errors.html")
    page.locator(".error-look-up textarea").press_sequentially("a/b")
    expect(page.locator(DIALOG)).to_have_count(0)


@pytest.mark.parametrize(("folder", "query"), [("en", "trailing slash"), ("zh-cn", "斜杠")])
@pytest.mark.parametrize("width", [390, 1280])
def test_a_reader_types_a_search_and_reaches_the_place(
    reader: Reader, address: str, folder: str, query: str, width: int
) -> None:
    page = reader(width)
    page.goto(f"{address}{folder}/index.html")
    if width == 390:
        page.locator("label.nav-overlay-icon").click()
    page.locator(".sidebar-search").click()
    page.locator(FIELD).fill(query)
    assert results(page, DIALOG)
    if width == 390:
        box = page.locator(DIALOG).bounding_box()
        assert box is not None
        assert (box["x"], box["width"]) == (0, 390)
    page.locator(f"{DIALOG} a.search-result[href*='guide/url-matching.html']").first.click()
    page.wait_for_url("**/guide/url-matching.html**")


def test_without_a_script_the_field_leads_to_a_page_that_says_what_to_do(
    reader: Reader, address: str
) -> None:
    page = reader(java_script_enabled=False)
    page.goto(f"{address}en/index.html")
    page.locator(".sidebar-search").fill("routing")
    page.locator(".sidebar-search").press("Enter")
    page.wait_for_url("**/en/search.html?**")
    expect(page.locator("noscript p")).to_contain_text("needs JavaScript")


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("folder", ["en", "zh-cn"])
def test_the_dialog_is_readable_in_both_schemes_and_to_a_screen_reader(
    reader: Reader, address: str, folder: str, width: int
) -> None:
    page = reader(width)
    page.goto(f"{address}{folder}/guide/routing.html")
    open_dialog(page)
    page.keyboard.type("url_for")
    found = results(page, DIALOG)
    expect(page.locator(f"{DIALOG} [role=status]")).to_contain_text(str(len(found)))
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        axe = Axe().run(page, context=DIALOG, options={"resultTypes": ["violations"]})
        assert axe.violations_count == 0, axe.generate_report()


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("folder", ["en", "zh-cn"])
def test_the_list_of_results_is_readable_in_both_schemes(
    reader: Reader, address: str, folder: str, width: int
) -> None:
    page = reader(width)
    page.goto(f"{address}{folder}/search.html?q=url_for")
    assert results(page)
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        assert probe(page, "contrast")["faults"] == []
    assert probe(page, "structure") == []
    if width == 390:
        assert probe(page, "overflow") == []


def test_the_switch_repeats_the_search_in_the_other_language(reader: Reader, address: str) -> None:
    page = reader()
    page.goto(f"{address}en/search.html?q=strict_slashes")
    results(page)
    switch(page, "zh-CN").click()
    expect(page).to_have_url(f"{address}zh-cn/search.html?q=strict_slashes")
    assert any("guide/routing" in result for result in results(page))


def test_the_page_of_the_search_loads_its_index_at_the_first_sign_of_a_question(
    reader: Reader, address: str
) -> None:
    page = reader()

    def index() -> list[str]:
        return [each for each in reader.requests if each.endswith("search-index.js")]

    page.goto(f"{address}en/search.html")
    expect(page.get_by_role("combobox")).to_be_focused()
    assert index() == []
    page.keyboard.type("cookie")
    expect(page.get_by_role("option").first).to_be_visible()
    assert index() == [f"{address}en/search-index.js"]
