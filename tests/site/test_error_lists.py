"""Every pitfall of the site is in a list of reference/errors, under what it is found by, and its link leads to it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from lxml import html
from lxml.html import HtmlElement

from proven.claims.proofs import proves
from proven.site.errors import KINDS, kind_of
from proven.translation.languages import LANGUAGES
from tests.pitfalls import written
from tests.site.tiny_site import TinySite

FOLDERS = [language.folder for language in LANGUAGES]
LOOK_UP = "reference/errors.html"


def said(element: HtmlElement) -> str:
    return " ".join(element.text_content().split())


def entries(site: Path, folder: str) -> list[tuple[str, str, str]]:
    """Return the page, the id and the title of each entry of the lists."""
    tree = html.parse(str(site / folder / LOOK_UP)).getroot()
    found = []
    for link in tree.xpath("//ul[contains(@class, 'errors')]/li/p[1]/a"):
        path, _, place = link.get("href").partition("#")
        page = (site / folder / "reference" / path).resolve().relative_to(site / folder)
        found.append((page.with_suffix("").as_posix(), place, said(link)))
    return found


@proves(
    "about/adding-a-page",
    "A pitfall is in the Error look-up too, with its first paragraph: let that say cause "
    "and remedy.",
)
@proves(
    "reference/errors",
    "Below is the whole list.",
    "Each message is followed by the beginning of its explanation, and links to the rest.",
)
@pytest.mark.parametrize("folder", FOLDERS)
def test_each_pitfall_is_listed_once_and_its_link_leads_to_its_box(site: Path, folder: str) -> None:
    listed = entries(site, folder)
    assert len(listed) == len(set(listed)) == len(written()) > 250
    assert sorted(page for page, _, _ in listed) == sorted(page for page, _ in written())
    trees: dict[str, HtmlElement] = {}
    for page, place, title in listed:
        if page not in trees:
            trees[page] = html.parse(str(site / folder / f"{page}.html")).getroot()
        (box,) = trees[page].xpath(f"//*[@id='{place}']")
        assert "pitfall" in box.get("class").split()
        (shown,) = box.xpath("./p[contains(@class, 'admonition-title')]")
        assert said(shown) == title


@proves(
    "about/adding-a-page",
    "A pitfall is in the Error look-up too, with its first paragraph: let that say cause "
    "and remedy.",
)
@proves(
    "reference/errors",
    "Each message is followed by the beginning of its explanation, and links to the rest.",
)
@pytest.mark.parametrize("folder", FOLDERS)
def test_under_a_title_stands_the_first_paragraph_of_its_box(site: Path, folder: str) -> None:
    tree = html.parse(str(site / folder / LOOK_UP)).getroot()
    trees: dict[str, HtmlElement] = {}
    found = 0
    for entry in tree.xpath("//ul[contains(@class, 'errors')]/li"):
        (link,) = entry.xpath("./p[1]/a/@href")
        page, _, place = link.partition("#")
        if page not in trees:
            trees[page] = html.parse(str((site / folder / LOOK_UP).parent / page)).getroot()
        # After the title and the kind of box.
        first = trees[page].xpath(f"//*[@id='{place}']/p[3]")
        assert [said(answer) for answer in entry.xpath("./p[2]")] == [said(each) for each in first]
        found += len(first)
    assert found > 250


def test_a_place_is_the_same_in_every_language(site: Path) -> None:
    source, *others = (
        sorted((page, place) for page, place, _ in entries(site, folder)) for folder in FOLDERS
    )
    assert others == [source] * len(others)


def test_messages_stay_as_they_are_raised_and_the_rest_is_chinese(site: Path) -> None:
    english = {(page, place): title for page, place, title in entries(site, "en")}
    kept = translated = 0
    for page, place, title in entries(site, "zh-cn"):
        if title == english[page, place]:
            kept += 1
        else:
            assert re.search("[\u4e00-\u9fff]", title), title
            translated += 1
    assert kept > 150
    assert translated > 50


@proves("reference/errors", "These problems have no message, or not always the same one.")
@pytest.mark.parametrize(
    ("title", "kind", "key"),
    [
        ("`KeyError: 'int:nid'`", "exceptions", "KeyError"),
        ("`UnicodeDecodeError` while loading JSON, or 书店 turns into 涔﹀簵", "exceptions", "UnicodeDecodeError"),
        ("`` TypeError: use `open('foo.toml', 'rb')` ``", "exceptions", "TypeError"),
        ("`(sqlite3.OperationalError) database is locked`", "exceptions", "OperationalError"),
        ("`Error: No such command 'add'.`", "exceptions", "Error"),
        ("`415 Unsupported Media Type: Did not attempt to load JSON`", "answers", "415"),
        ("404 where another rule would have fitted", "answers", "404"),
        ("`ERR_TOO_MANY_REDIRECTS`", "messages", ""),
        ("`Incorrect string value: 'x'`", "messages", ""),
        ("`(2006, 'gone away')` and `(2013, 'lost')`", "messages", ""),
        ("`type=bool` is true for `?draft=false`", "symptoms", ""),
        ("Status 500 although view and handlers did well", "symptoms", ""),
        ("413 is no year", "answers", "413"),
        ("200 OK and nothing else", "symptoms", ""),
    ],
)  # fmt: skip
def test_a_pitfall_is_found_by_its_exception_its_status_its_message_or_none(
    title: str, kind: str, key: str
) -> None:
    assert kind_of(title) == (kind, key)


def test_each_kind_has_entries_and_a_list(site: Path) -> None:
    assert {kind_of(title)[0] for _, title in written()} == set(KINDS)
    tree = html.parse(str(site / "en" / LOOK_UP)).getroot()
    headings = [said(heading) for heading in tree.xpath("//*[contains(@class, 'error-class')]")]
    wanted = {key for _, title in written() for kind, key in [kind_of(title)] if kind == KINDS[0]}
    assert headings == sorted(wanted, key=str.lower)


PITFALL = """
:::{pitfall} `KeyError: 'visitor'`
There is none.
:::

:::{pitfall} `KeyError: 'visitor'`
There is none here either.
:::
"""
LISTS = """---
description: Errors of visitors.
---
# Errors

```{errors} exceptions
```
"""


@pytest.fixture
def listing(tiny_site: TinySite) -> TinySite:
    """Return the tiny site with two pitfalls of one title, and a page that lists them."""
    page = tiny_site.read("docs/guide/visitors.md")
    tiny_site.write("docs/guide/visitors.md", page + PITFALL)
    tiny_site.write("docs/guide/errors.md", LISTS)
    tiny_site.edit("docs/index.md", "guide/visitors\n", "guide/visitors\nguide/errors\n")
    return tiny_site


def listed(site: TinySite) -> list[tuple[str, str]]:
    built = site.build()
    assert (built.code, built.complaints) == (0, [])
    tree = html.parse(str(built.html / "guide/errors.html")).getroot()
    links = tree.xpath("//ul[contains(@class, 'errors')]/li/p[1]/a")
    return [(link.get("href"), link.text_content()) for link in links]


def test_two_pitfalls_of_one_title_have_places_of_their_own(listing: TinySite) -> None:
    assert listed(listing) == [
        ("visitors.html#pitfall-keyerror-visitor", "KeyError: 'visitor'"),
        ("visitors.html#pitfall-keyerror-visitor-2", "KeyError: 'visitor'"),
    ]


def test_a_list_is_written_again_when_a_pitfall_changes(listing: TinySite) -> None:
    assert len(listed(listing)) == 2
    text = listing.read("docs/guide/visitors.md").replace("KeyError", "LookupError", 1)
    listing.write("docs/guide/visitors.md", text)
    assert [title for _, title in listed(listing)] == [
        "KeyError: 'visitor'",
        "LookupError: 'visitor'",
    ]


def test_an_unknown_kind_stops_the_build_with_the_known_ones(listing: TinySite) -> None:
    listing.edit("docs/guide/errors.md", "{errors} exceptions", "{errors} exception")
    built = listing.build()
    assert built.code
    (complaint,) = built.complaints
    assert complaint.startswith("docs/guide/errors.md:6: ")
    assert (
        "there is no kind 'exception': write exceptions, answers, messages, symptoms, passages"
        in complaint
    )
