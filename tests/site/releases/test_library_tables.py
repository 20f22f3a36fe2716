"""The tables of the libraries: every name and every replacement is shown, on the built site, in each language."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from lxml import html

from proven.base.project import DOCS
from proven.base.tables import row_id
from proven.claims.proofs import proves
from proven.releases import groups
from proven.releases.timeline import History
from proven.translation.languages import LANGUAGES

FOLDERS = [language.folder for language in LANGUAGES]


@cache
def history() -> History:
    return History()


@cache
def tree(file: Path) -> Any:
    return html.parse(str(file)).getroot()


def page(site: Path, folder: str, name: str) -> Any:
    return tree(site / folder / f"{name}.html")


@proves("history/index", "Below it, the names of each other library have a page of their own.")
def test_each_library_has_a_page() -> None:
    for project in history().libraries:
        name = groups.page_of_library(project)
        text = DOCS.joinpath(f"{name}.md").read_text(encoding="utf-8")
        assert f"```{{library-names}} {project}\n" in text
    listed = DOCS.joinpath("history/api.md").read_text(encoding="utf-8")
    (toctree,) = re.findall(r"```\{toctree\}\n:maxdepth: 1\n\n(.+?)\n```", listed, re.DOTALL)
    assert sorted(toctree.split()) == sorted(set(history().libraries) - {"flask"})


@pytest.mark.parametrize("folder", FOLDERS)
def test_each_name_of_each_release_is_shown(site: Path, folder: str) -> None:
    """All that was collected: thousands of names."""
    places = groups.places(history())
    assert len(places) > 4_800
    ids: dict[str, set[str]] = {}
    for name, place in places.items():
        file, _, anchor = place.partition("#")
        if file not in ids:
            root = page(site, folder, file.removesuffix(".html"))
            ids[file] = {str(each) for each in root.xpath("//article//@id")}
        assert anchor in ids[file], name


@pytest.mark.parametrize("folder", FOLDERS)
def test_each_replacement_that_is_written_is_shown(site: Path, folder: str) -> None:
    uses = {name: note.use for name, note in history().notes.items() if note.use}
    assert len(uses) > 170
    missing = []
    for name, use in uses.items():
        entry = history().find(name)
        place = groups.places(history()).get(entry.name.partition("(")[0], "")
        if ":" in name:
            place = f"history/configuration.html#{row_id(name)}"
        file, _, anchor = place.partition("#")
        root = page(site, folder, file.removesuffix(".html"))
        rows = root.xpath(f"//tr[@id='{anchor}' or td/@id='{anchor}']")
        if not rows or use not in " ".join(rows[0].text_content().split()):
            missing.append(name)
    assert missing == []


@proves(
    "history/index",
    "Under a table stand the names to which nothing happened: each release that was read has them "
    "with the same parameters.",
)
def test_under_a_table_stand_the_names_to_which_nothing_happened(site: Path) -> None:
    root = page(site, "en", "history/werkzeug")
    listed = [str(each) for each in root.xpath("//*[@class='history-same']//li/@id")]
    by_id = {row_id(e.name): e for its in groups.rest(history(), "werkzeug").values() for e in its}
    assert len(listed) > 200
    for each in listed:
        entry = by_id[each]
        assert [event.text for event in entry.events] == ["added"]
        assert (entry.added, entry.removed, entry.replacement) == (None, None, None)
        assert len(entry.signatures) <= 1


@proves("history/index", "The search does not know the names of the other libraries.")
@pytest.mark.parametrize("folder", FOLDERS)
def test_the_search_does_not_know_the_names_of_other_libraries(site: Path, folder: str) -> None:
    index = (site / folder / "search-index.js").read_text(encoding="utf-8").lower()
    assert "before_first_request" in index
    for name in ("cookie_date", "evalcontextfunction", "iterio"):
        assert name not in index


def test_a_heading_is_the_module_and_a_name_is_told_without_it(site: Path) -> None:
    root = page(site, "en", "history/werkzeug")
    (section,) = root.xpath("//section[@id='module-werkzeug-urls']")
    assert section[0].text_content().startswith("werkzeug.urls")
    (row,) = section.xpath(".//tr[td/@id='name-werkzeug-urls-url-quote']")
    cells = [" ".join(cell.text_content().split()) for cell in row]
    assert cells[0] == "url_quote"
    assert cells[3] == "3.0"
    assert cells[5] == "urllib.parse.quote"
