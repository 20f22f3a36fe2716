"""The Markdown twins of the pages: what they say, where they are linked, and the file of all of them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from lxml import html

from proven.base.project import DOCS, ROOT
from proven.translation.languages import LANGUAGES, Language

PAGES = sorted(file.relative_to(DOCS).with_suffix("").as_posix() for file in DOCS.rglob("*.md"))
FENCE = re.compile(r"^```[\w-]*\n(.*?)^```$", re.MULTILINE | re.DOTALL)
in_each_language = pytest.mark.parametrize("language", LANGUAGES, ids=lambda it: it.folder)


def letters(text: str) -> str:
    return re.sub(r"\s", "", text)


def plain(text: str) -> str:
    """Return a text without the marks of Markdown, which a title may have as characters too."""
    return re.sub(r"[`*\\_]", "", text)


@in_each_language
def test_every_page_links_its_twin_which_has_its_title(site: Path, language: Language) -> None:
    for page in PAGES:
        file = site / language.folder / f"{page}.html"
        tree = html.parse(str(file)).getroot()
        (link,) = tree.xpath("//link[@rel='alternate'][@type='text/markdown']/@href")
        (button,) = tree.xpath("//a[contains(@class, 'copy-markdown')]/@href")
        assert link == button
        twin = (file.parent / link).read_text("utf-8")
        title = tree.xpath("string(//h1)").removesuffix("¶")
        heading = next(line for line in twin.splitlines() if line.startswith("# "))
        assert plain(heading.removeprefix("# ")) == plain(title), page


@in_each_language
@pytest.mark.parametrize("page", ["guide/uploads", "guide/testing"])
def test_a_twin_has_every_block_of_code_and_every_paragraph(
    site: Path, language: Language, page: str
) -> None:
    tree = html.parse(str(site / language.folder / f"{page}.html")).getroot()
    twin = site.joinpath(language.folder, f"{page}.md").read_text("utf-8")
    blocks = [letters(each) for each in FENCE.findall(twin)]
    for pre in tree.xpath("//article//div[contains(@class, 'highlight')]/pre"):
        assert letters(pre.text_content()) in blocks
    # Without its blocks, marks of emphasis and addresses it is what a reader reads.
    prose = letters(re.sub(r"\]\([^)]*\)|[`*\[\]_\\]", "", FENCE.sub("", twin)))
    paragraphs = tree.xpath("//article//section/p")
    assert len(paragraphs) > 10
    for paragraph in paragraphs:
        assert letters(re.sub(r"[`*\[\]_]", "", paragraph.text_content())) in prose


@in_each_language
def test_one_file_has_all_of_them(site: Path, language: Language) -> None:
    folder = site / language.folder
    whole = folder.joinpath("llms-full.txt").read_text("utf-8")
    for page in PAGES:
        assert folder.joinpath(f"{page}.md").read_text("utf-8") in whole, page


def test_a_twin_of_a_page_that_is_gone_goes_too(site: Path) -> None:
    for language in LANGUAGES:
        folder = site / language.folder
        found = {
            file.relative_to(folder).with_suffix("").as_posix() for file in folder.rglob("*.md")
        }
        assert found == set(PAGES), ROOT
