"""A page that is not there offers the search and the front page, at any depth and below any path."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from proven.commands.chromium import serving
from tests.browser.hosting import Hosting


@pytest.fixture(scope="module", params=["", "docs/3/"])
def hosted(
    request: pytest.FixtureRequest, site: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """Return the address of the site below a path."""
    folder = site
    if request.param:
        folder = tmp_path_factory.mktemp("hosted")
        place = folder / request.param
        place.parent.mkdir(parents=True)
        place.symlink_to(site)
        shutil.copy(site / "404.html", folder)
    with serving(folder, Hosting) as address:
        yield f"{address}{request.param}"


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    """Open a page in a window of its own; that an address is not there is an error to Chromium."""
    with chromium.new_context(viewport={"width": 390, "height": 900}) as context:
        yield context.new_page()


@pytest.mark.parametrize(
    ("path", "first", "words"),
    [
        ("zh-cn/guide/no-such_page.html", "zh-CN", "guide no such page"),
        ("en/blueprints", "en", "blueprints"),
        ("nothing/at/all", "en", ""),
    ],
)
def test_it_leads_on_in_the_language_of_the_address(
    page: Page, hosted: str, path: str, first: str, words: str
) -> None:
    assert page.goto(hosted + path).status == 404  # type: ignore[union-attr]
    section = page.locator("section").first
    expect(section).to_have_attribute("lang", first)
    expect(section.get_by_role("searchbox")).to_have_value(words)
    folder = section.get_attribute("data-folder")
    if words:
        section.get_by_role("link").click()
        expect(page).to_have_url(f"{hosted}{folder}/index.html")
        page.go_back()
        page.locator("section").first.get_by_role("button").click()
        expect(page).to_have_url(f"{hosted}{folder}/search.html?q={words.replace(' ', '+')}")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_is_readable(page: Page, hosted: str, scheme: Literal["light", "dark"]) -> None:
    page.emulate_media(color_scheme=scheme)
    page.goto(f"{hosted}en/nothing")
    assert Axe().run(page).response["violations"] == []
