"""``llms.txt`` of each language: every page once, under the captions of the navigation, with its description."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from lxml import html

from proven.base.project import ROOT
from proven.translation.languages import LANGUAGES, Language, base_url

LINK = re.compile(r"- \[(?P<title>.+?)\]\((?P<address>[^)]+)\): (?P<about>.+)")


@pytest.mark.parametrize("language", LANGUAGES, ids=lambda language: language.folder)
def test_each_page_is_listed_once_with_its_title_and_description(
    site: Path, language: Language
) -> None:
    folder = site / language.folder
    found = [
        match
        for line in folder.joinpath("llms.txt").read_text("utf-8").splitlines()
        if (match := LINK.fullmatch(line))
    ]
    base = f"{base_url(os.environ)}{language.folder}/" if base_url(os.environ) else ""
    sources = {
        p.relative_to(ROOT / "docs").with_suffix(".html").as_posix()
        for p in ROOT.glob("docs/**/*.md")
    }
    assert sorted(base + name for name in sources - {"index.html"}) == sorted(
        m["address"] for m in found
    )
    for match in found:
        tree = html.parse(str(folder / match["address"].removeprefix(base))).getroot()
        (about,) = tree.xpath("//meta[@name='description']/@content")
        assert match["about"] == about
        assert tree.xpath("string(//h1)").removesuffix("¶") == match["title"]


@pytest.mark.parametrize("language", LANGUAGES, ids=lambda language: language.folder)
def test_the_groups_are_those_of_the_navigation(site: Path, language: Language) -> None:
    text = site.joinpath(language.folder, "llms.txt").read_text("utf-8")
    tree = html.parse(str(site / language.folder / "index.html")).getroot()
    captions = tree.xpath("//div[@class='sidebar-tree']//span[@class='caption-text']/text()")
    assert re.findall("^## (.+)$", text, re.MULTILINE) == captions
    assert text.startswith(f"# {tree.xpath('string(//h1)').removesuffix('¶')}\n\n> ")
