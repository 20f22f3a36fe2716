"""The page that readers begin with: its two boxes, its figures, and all of it beside one another."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from proven.translation.languages import LANGUAGES
from tests.browser.reader import Reader

FOLDERS = [language.folder for language in LANGUAGES]


@pytest.mark.parametrize("folder", FOLDERS)
def test_the_search_opens_with_what_was_typed(reader: Reader, address: str, folder: str) -> None:
    page = reader()
    page.goto(f"{address}{folder}/index.html")
    page.locator(".ask input[name=q]").fill("before_request")
    page.keyboard.press("Enter")
    page.wait_for_url(f"{address}{folder}/search.html?q=before_request")
    expect(page.locator("article a[href*='guide/hooks']").first).to_be_visible()


@pytest.mark.parametrize("folder", FOLDERS)
def test_the_look_up_opens_with_what_was_pasted(reader: Reader, address: str, folder: str) -> None:
    page = reader()
    page.goto(f"{address}{folder}/index.html")
    page.locator(".ask input[name=message]").fill("Working outside of request context.")
    page.locator(".ask form:last-of-type button").click()
    page.wait_for_url(re.compile(rf"/{folder}/reference/errors\.html\?message=Working"))
    expect(page.locator(".error-look-up a[href*='guide/contexts']").first).to_be_visible()


@pytest.mark.parametrize("folder", FOLDERS)
def test_the_figures_are_those_of_the_table(reader: Reader, address: str, folder: str) -> None:
    page = reader()
    page.goto(f"{address}{folder}/about/testing.html")
    # The first table that counts; below it stands that of Run.
    table = page.locator("table", has=page.locator("td.text-right")).first
    row = table.locator("tbody tr").first.locator("td.text-right").all_inner_texts()
    page.goto(f"{address}{folder}/index.html")
    assert page.locator(".home-figures strong").all_inner_texts() == row[:3]
    assert int(row[0].replace(",", "")) > 3_000


@pytest.mark.parametrize("folder", FOLDERS)
def test_code_and_response_stand_side_by_side_where_there_is_room(
    reader: Reader, address: str, folder: str
) -> None:
    for width, beside in ((1280, True), (390, False)):
        page = reader(width)
        page.goto(f"{address}{folder}/index.html")
        code = page.locator(".home-example > .snippet").bounding_box()
        answer = page.locator(".home-example > .exchange").bounding_box()
        assert code
        assert answer
        assert (answer["x"] >= code["x"] + code["width"]) is beside
        assert (answer["y"] < code["y"] + code["height"]) is beside
