"""The tables of the history can be filtered, read and downloaded, in each language."""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import Page, expect

from proven.claims.proofs import proves
from proven.translation.languages import LANGUAGES
from tests.browser.reader import Reader

API = "history/api.html"
WERKZEUG = "history/werkzeug.html"
KEYS = "history/configuration.html"


def rows(page: Page) -> list[str]:
    """The first cells of the rows on the screen."""
    return page.locator("table.history tbody tr:visible td:first-child").all_inner_texts()


@proves(
    "history/configuration",
    "If you type several words, the table shows the rows that contain all of them.",
)
@proves(
    "history/api", "If you type several words, the table shows the rows that contain all of them."
)
@pytest.mark.parametrize(
    ("language", "label", "count"),
    [
        ("en", "Filter the tables", "1 of {} rows"),
        ("zh-cn", "筛选表格", "共 {} 行，显示 1 行"),
    ],
)
def test_typing_filters_the_tables(
    reader: Reader, origin: str, language: str, label: str, count: str
) -> None:
    page = reader()
    page.goto(f"{origin}{language}/{KEYS}")
    every = len(rows(page))
    assert every > 60
    page.get_by_label(label).fill("JSON ascii")
    assert rows(page) == ["JSON_AS_ASCII"]
    expect(page.locator(".history-filter output")).to_have_text(count.format(every))
    page.get_by_label(label).fill("")
    assert len(rows(page)) == every


def test_the_heads_of_columns_do_not_count(reader: Reader, origin: str) -> None:
    page = reader()
    page.goto(f"{origin}en/{KEYS}")
    page.get_by_label("Filter the tables").fill("Deprecated")
    assert rows(page) == []
    assert page.locator("table.history:visible").count() == 0


def test_the_filter_is_in_the_address_and_survives_a_change_of_language(
    reader: Reader, address: str
) -> None:
    page = reader()
    page.goto(f"{address}en/{API}?filter=before_first_request")
    expect(page.get_by_label("Filter the tables")).to_have_value("before_first_request")
    found = rows(page)
    assert "flask.Flask.before_first_request" in found
    page.locator("a.language-link:visible").first.click()
    page.wait_for_url("**/zh-cn/**")
    expect(page.get_by_label("筛选表格")).to_have_value("before_first_request")
    assert rows(page) == found


def test_without_a_script_everything_is_there(reader: Reader, origin: str) -> None:
    page = reader(java_script_enabled=False)
    page.goto(f"{origin}en/{API}")
    assert "flask.Flask.before_first_request" in rows(page)
    assert page.locator(".history-filter input").count() == 0
    expect(page.locator(".history-filter a[download]").first).to_be_visible()


@pytest.mark.parametrize("kind", ["csv", "json"])
def test_the_data_can_be_downloaded(reader: Reader, address: str, kind: str) -> None:
    page = reader(accept_downloads=True)
    page.goto(f"{address}en/{KEYS}")
    with page.expect_download() as download:
        page.locator(".history-filter").get_by_text(kind.upper(), exact=True).click()
    assert download.value.suggested_filename == f"configuration.{kind}"
    text = download.value.path().read_text("utf-8")
    found = [row["key"] for row in json.loads(text)] if kind == "json" else text
    assert "JSON_AS_ASCII" in found


@pytest.mark.parametrize(
    "page_name",
    [
        *(API, KEYS, WERKZEUG, "history/sqlalchemy.html", "history/index.html"),
        *("history/next.html", "reference/configuration.html"),
    ],
)
@pytest.mark.parametrize("language", [language.folder for language in LANGUAGES])
def test_nothing_sticks_out_of_a_small_screen(
    reader: Reader, address: str, language: str, page_name: str
) -> None:
    page = reader(390)
    page.goto(f"{address}{language}/{page_name}")
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    # A row is a card: its cells stand one below the other, each with the head of its column.
    if page_name == KEYS:
        cells = page.locator("table.history tbody tr").first.locator("td:visible")
        boxes = [cell.bounding_box() for cell in cells.all()]
        tops = [box["y"] for box in boxes if box]
        assert tops == sorted(set(tops))
        expect(cells.nth(1).locator(".cell-label")).to_be_visible()


@pytest.mark.parametrize("language", [language.folder for language in LANGUAGES])
def test_headings_without_a_row_go(reader: Reader, address: str, language: str) -> None:
    page = reader()
    page.goto(f"{address}{language}/{WERKZEUG}")
    headings = page.locator("article h2:visible")
    assert headings.count() > 30
    page.locator(".history-filter input").fill("werkzeug.urls.url_quote")
    expect(headings).to_have_count(1)
    expect(headings).to_contain_text("werkzeug.urls")
    assert rows(page) == ["url_quote", "url_quote_plus"]
    # A name to which nothing happened is found in its list.
    page.locator(".history-filter input").fill("gen_salt")
    assert page.locator(".history-same li:visible").all_inner_texts() == ["gen_salt"]
    page.locator(".history-filter input").fill("")
    assert headings.count() > 30


@pytest.mark.parametrize("width", [390, 1280, 1600])
@pytest.mark.parametrize("page_name", [API, WERKZEUG, "history/wtforms.html"])
def test_no_name_is_cut_in_two(reader: Reader, address: str, page_name: str, width: int) -> None:
    page = reader(width)
    page.goto(f"{address}en/{page_name}")
    cut = page.evaluate(
        """[...document.querySelectorAll('table.history td:first-child code, .history-same code')]
        .filter((code) => code.getClientRects().length > 1).map((code) => code.textContent)"""
    )
    assert cut == []
    assert page.evaluate("document.documentElement.scrollWidth") == width


def test_a_wide_screen_is_used(reader: Reader, address: str) -> None:
    page = reader(1600)
    page.goto(f"{address}en/{WERKZEUG}")
    box = page.locator("table.history").first.bounding_box()
    assert box is not None
    assert box["width"] > 950


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_filter_is_readable_in_each_scheme(reader: Reader, address: str, scheme: str) -> None:
    page = reader(color_scheme=scheme)
    page.goto(f"{address}en/{KEYS}")
    ink, paper = page.locator(".history-filter input").evaluate(
        "e => { const s = getComputedStyle(e); return [s.color, s.backgroundColor]; }"
    )
    assert contrast(ink, paper) > 7


def contrast(one: str, other: str) -> float:
    """The ratio of contrast of two colours, as WCAG reckons it."""

    def luminance(colour: str) -> float:
        channels = [int(part) / 255 for part in colour[colour.index("(") + 1 : -1].split(",")[:3]]
        linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)
