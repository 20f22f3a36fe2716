"""Whoever searches in Chinese, in English or in code finds the page."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote

import pytest
from playwright.sync_api import Page, expect

from tests.browser.reader import Reader, probe

SEARCHES = [
    ("zh-cn", "请求上下文", "guide/contexts.html"),
    ("zh-cn", "会话接口", "reference/sessions.html"),
    ("zh-cn", "转换器", "guide/converters.html"),
    ("zh-cn", "结尾的斜杠", "guide/routing.html"),
    ("zh-cn", "实例文件夹", "guide/configuration.html"),
    ("zh-cn", "strict_slashes", "guide/routing.html"),
    ("zh-cn", "url_for", "guide/routing.html"),
    # Chinese and code in one query, with a space and without.
    ("zh-cn", "strict_slashes 斜杠", "guide/routing.html"),
    ("zh-cn", "正则转换器RegexConverter", "guide/converters.html"),
    ("zh-cn", "SECRET_KEY_FALLBACKS 密钥", "guide/configuration.html"),
    ("en", "trailing slash", "guide/routing.html"),
    ("en", "strict_slashes", "guide/routing.html"),
    ("en", "URL converters", "guide/converters.html"),
    ("en", "instance folder", "guide/configuration.html"),
    ("en", "from_prefixed_env", "guide/configuration.html"),
]


def results(page: Page) -> list[str]:
    """Return the addresses found, best first, once the search is done."""
    # Sphinx writes the number of pages when it has shown the last one.
    page.locator("#search-results .search-summary").wait_for()
    page.wait_for_function(
        """async () => {
          const count = () => document.querySelectorAll("ul.search > li").length;
          const before = count();
          await new Promise((done) => setTimeout(done, 100));
          return count() === before;
        }"""
    )
    links = page.locator("ul.search > li > a")
    return [link.get_attribute("href") or "" for link in links.all()]


def pages(addresses: list[str]) -> list[str]:
    """Return the pages of results, without the places on them, each once."""
    return list(dict.fromkeys(address.partition("#")[0] for address in addresses))


@pytest.mark.parametrize(("folder", "query", "wanted"), SEARCHES)
def test_a_search_finds_its_page_among_the_first_three(
    reader: Reader, address: str, folder: str, query: str, wanted: str
) -> None:
    page = reader()
    page.goto(f"{address}{folder}/search.html?q={quote(query)}")
    assert wanted in pages(results(page))[:3]
    # A stock Chinese search of Sphinx 9.0 throws "ChineseStemmer is not defined".
    assert reader.faults == []
    assert reader.abroad(address) == []


@pytest.mark.parametrize(("folder", "query"), [("en", "trailing slash"), ("zh-cn", "结尾的斜杠")])
def test_a_downloaded_copy_can_be_searched(
    reader: Reader, site: Path, folder: str, query: str
) -> None:
    home = f"{site.resolve().as_uri()}/"
    page = reader()
    page.goto(f"{home}{folder}/search.html?q={quote(query)}")
    assert "guide/routing.html" in pages(results(page))[:3]
    assert reader.faults == []
    assert reader.abroad(home) == []


@pytest.mark.parametrize(("folder", "query"), [("en", "zebra"), ("zh-cn", "斑马线上的长颈鹿")])
def test_what_no_page_says_is_not_found(
    reader: Reader, address: str, folder: str, query: str
) -> None:
    page = reader()
    page.goto(f"{address}{folder}/search.html?q={quote(query)}")
    assert results(page) == []


@pytest.mark.parametrize(("folder", "query"), [("en", "trailing slash"), ("zh-cn", "斜杠")])
@pytest.mark.parametrize("width", [390, 1280])
def test_a_reader_types_a_search_and_reaches_the_place(
    reader: Reader, address: str, folder: str, query: str, width: int
) -> None:
    page = reader(width, reduced_motion="reduce")
    page.goto(f"{address}{folder}/index.html")
    if width == 390:
        page.locator("label.nav-overlay-icon").click()
    page.locator(".sidebar-search").fill(query)
    page.keyboard.press("Enter")
    results(page)
    page.locator("ul.search > li > a[href*='guide/routing.html']").first.click()
    page.wait_for_url("**/guide/routing.html**")


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
    page.locator(".sidebar-drawer a.language-link").click()
    expect(page).to_have_url(f"{address}zh-cn/search.html?q=strict_slashes")
    assert "guide/routing.html" in pages(results(page))
