"""An address that was published leads to its text for ever, in every language."""

from __future__ import annotations

from pathlib import Path

import pytest
from sphinx.errors import ExtensionError

from proven.base.project import DOCS
from proven.commands.addresses import published, standing
from proven.site import moved
from proven.translation.languages import LANGUAGES
from tests.site.tiny_site import TinySite


@pytest.mark.parametrize("folder", [language.folder for language in LANGUAGES])
def test_every_published_address_stands_or_leads_on(site: Path, folder: str) -> None:
    stands = standing(site / folder)
    moves = {move.old: move.new for move in moved.read(DOCS)}
    lost = sorted(published() - stands - moves.keys())
    assert lost == [], "write a line for each into docs/_moved.txt: the old address, the new one"
    astray = sorted(f"{old} {new}" for old, new in moves.items() if new not in stands)
    assert astray == [], "lines of docs/_moved.txt that lead nowhere"
    assert sorted(moves.keys() & stands) == [], "lines of docs/_moved.txt whose old address stands"


def test_what_stands_is_published(site: Path) -> None:
    new = standing(site / LANGUAGES[0].folder) - published()
    assert sorted(new) == [], "run: nox -s addresses"


def moving(site: TinySite, text: str) -> str:
    site.write("docs/_moved.txt", text)
    built = site.build()
    assert built.code
    return built.complaints[0]


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("guide/a\n", "1: write the old address, a space, the new one"),
        ("a index\na index\n", "2: a has moved in line 1 already; keep one of the two"),
        ("a index\nb a\n", "2: a has moved itself; name the address where it is now"),
        ("% why\na guide/nothing#x\n", "2: there is no page guide/nothing; mend the new address"),
        (
            "guide/visitors index\n",
            "1: guide/visitors is still a page; take out the line, or move single ids of it",
        ),
    ],
    ids=["half", "twice", "chain", "nowhere", "still"],
)
def test_a_line_that_leads_nowhere_stops_the_build(
    tiny_site: TinySite, text: str, fault: str
) -> None:
    assert f"docs/_moved.txt:{fault}" in moving(tiny_site, text)


def test_a_page_that_is_gone_sends_the_reader_on(tiny_site: TinySite) -> None:
    tiny_site.write(
        "docs/_moved.txt", "old/guests guide/visitors\nold/guests#two guide/greeting#x\n"
    )
    html = tiny_site.build().html
    page = html.joinpath("old/guests.html").read_text("utf-8")
    assert '<meta http-equiv="refresh" content="0; url=../guide/visitors.html">' in page
    assert '{"": "../guide/visitors.html", "two": "../guide/greeting.html#x"}' in page
    assert 'src="../_static/moved.js"' in page
    assert html.joinpath("_static/moved.js").is_file()


def test_an_id_that_has_left_a_page_is_known_to_it_alone(tiny_site: TinySite) -> None:
    tiny_site.build()
    tiny_site.write("docs/_moved.txt", "guide/visitors#gone guide/greeting#here\n")
    html = tiny_site.build().html
    page = html.joinpath("guide/visitors.html").read_text("utf-8")
    assert 'id="moved">{"gone": "greeting.html#here"}</script>' in page
    assert "moved.js" in page
    assert "moved.js" not in html.joinpath("guide/greeting.html").read_text("utf-8")


def test_an_address_moves_once(tmp_path: Path) -> None:
    assert moved.read(tmp_path) == []
    tmp_path.joinpath(moved.NAME).write_text("a b\n% c d\n\ne#f g#h\n", encoding="utf-8")
    assert moved.read(tmp_path) == [("a", "b", 1), ("e#f", "g#h", 4)]
    tmp_path.joinpath(moved.NAME).write_text("a a\n", encoding="utf-8")
    with pytest.raises(ExtensionError, match="a has moved itself"):
        moved.read(tmp_path)
