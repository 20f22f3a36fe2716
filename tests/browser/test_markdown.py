"""The button at the foot of a page copies its Markdown twin; without JavaScript it leads there."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import expect

from proven.translation.languages import LANGUAGES
from tests.browser.reader import Reader

PAGE = "guide/uploads"
FOLDERS = [language.folder for language in LANGUAGES]
DONE = {"en": "Copied", "zh-cn": "已复制"}


@pytest.mark.parametrize("folder", FOLDERS)
def test_the_twin_is_copied(reader: Reader, address: str, site: Path, folder: str) -> None:
    page = reader(permissions=["clipboard-read", "clipboard-write"])
    page.goto(f"{address}{folder}/{PAGE}.html")
    button = page.locator(".copy-markdown")
    button.click()
    expect(button).to_have_text(DONE[folder])
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == site.joinpath(folder, f"{PAGE}.md").read_text("utf-8")


@pytest.mark.parametrize("folder", FOLDERS)
def test_without_javascript_it_opens(reader: Reader, address: str, folder: str) -> None:
    page = reader(java_script_enabled=False)
    page.goto(f"{address}{folder}/{PAGE}.html")
    target = page.locator(".copy-markdown").evaluate("link => link.href")
    assert target == f"{address}{folder}/{PAGE}.md"


@pytest.mark.parametrize(("width", "beside"), [(1279, False), (1280, True), (1920, True)])
def test_the_contents_stand_beside_the_page_from_1280_pixels(
    reader: Reader, address: str, width: int, beside: bool
) -> None:
    page = reader(width)
    page.goto(f"{address}en/{PAGE}.html")
    box = page.locator(".toc-tree").bounding_box()
    assert box
    assert (box["x"] + box["width"] <= width) == beside
    assert page.evaluate("document.documentElement.scrollWidth") == width
