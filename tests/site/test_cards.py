"""The pictures that links to the pages are shown with: what is drawn, when, and what the head of a page says."""

from __future__ import annotations

import re
from io import BytesIO
from itertools import pairwise
from pathlib import Path

import pytest
from lxml import html
from PIL import Image, ImageChops

from proven.base import fonts
from proven.commands.books import archive
from proven.commands.books.epub import excerpt
from proven.commands.build import Screen, build_languages
from proven.site.cards import FOLDER, picture
from proven.site.cards.lines import breaks, lines, parts
from proven.site.cards.picture import Card, CardError, Faces, draw, faces
from proven.translation.languages import LANGUAGES
from tests import needs
from tests.site.tiny_site import TinySite

BASE = "https://flask.example/docs/"
ENGLISH = Card("Proven Flask", "Guide", "Greeting", "A page that greets.")
CHINESE = Card("实证 Flask", "指南", "打招呼", "一个打招呼的页面。")
FACES = {"en": "words", "zh-cn": "han"}
NOWHERE = "<fontconfig><dir>/nowhere</dir></fontconfig>"


@pytest.fixture(scope="module", autouse=True)
def font() -> None:
    """Ask for what every picture is drawn with."""
    needs.face()


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> TinySite:
    """Return the tiny site, built in every language with an address."""
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("PROVEN_BASE_URL", BASE)
        site = TinySite(tmp_path_factory.mktemp("cards"))
        made = build_languages(LANGUAGES, site.root, site.root / "build", Screen())
    assert [fault for each in made for fault in each.faults] == []
    return site


def told(file: Path) -> dict[str, str]:
    """Return what the head of a page says of its picture."""
    tree = html.fromstring(file.read_bytes())
    found = {
        each.get("property") or each.get("name"): each.get("content")
        for each in tree.xpath("//meta")
    }
    return {
        name: text for name, text in found.items() if name and re.match("og:image|twitter", name)
    }


def opened(content: bytes) -> Image.Image:
    return Image.open(BytesIO(content)).convert("RGB")


def pictures(pages: Path) -> dict[str, int]:
    """Return the pictures of a language by page, with the times at which they were drawn."""
    return {
        file.relative_to(pages / FOLDER).as_posix().rpartition("-")[0]: file.stat().st_mtime_ns
        for file in pages.joinpath(FOLDER).rglob("*.png")
    }


@pytest.mark.parametrize(("folder", "card"), [("en", ENGLISH), ("zh-cn", CHINESE)])
def test_the_head_of_a_page_names_its_picture_in_its_language(
    built: TinySite, folder: str, card: Card
) -> None:
    pages = built.root / "build" / "pages"
    head = told(pages / folder / "guide/greeting.html")
    address = head.pop("og:image")
    assert address.startswith(f"{BASE}{folder}/{FOLDER}/guide/greeting-")
    assert head == {
        "og:image:width": "1200",
        "og:image:height": "630",
        "og:image:alt": f"{card.site} · {card.group} · {card.title}",
        "twitter:card": "summary_large_image",
    }
    content = pages.joinpath(address.removeprefix(BASE)).read_bytes()
    assert content == draw(card, faces(FACES[folder]))
    assert Image.open(BytesIO(content)).format == "PNG"
    assert opened(content).size == (1200, 630)
    assert len(content) < 30_000


def test_each_page_of_the_sources_has_a_picture_and_the_others_have_that_of_the_front_page(
    built: TinySite,
) -> None:
    for language in LANGUAGES:
        pages = built.root / "build" / "pages" / language.folder
        assert pictures(pages).keys() == {"index", "guide/greeting", "guide/visitors"}
        every = {told(pages / f"{page}.html")["og:image"] for page in pictures(pages)}
        assert len(every) == 3
        (module,) = pages.glob("code/**/hello.html")
        assert told(module) == told(pages / "index.html")
        assert told(module)["og:image:alt"].endswith(("Tiny site", "小站"))


def test_the_zip_for_a_disk_leaves_the_pictures_out(built: TinySite, tmp_path: Path) -> None:
    archive.write(built.root / "build" / "pages", tmp_path / "it.zip")
    packed = (tmp_path / "it.zip").read_bytes()
    assert b"guide/greeting.html" in packed
    assert FOLDER.encode() not in packed


# What is drawn


def same_where_one_character_differs(card: Card, drawn_with: Faces) -> list[str]:
    """Return the characters of a title in whose place another one looks the same, as boxes do."""
    first = opened(draw(card, drawn_with))
    alike = []
    for at, character in enumerate(card.title):
        other = "题" if character > "\u2e80" else "Q"
        title = card.title[:at] + other + card.title[at + 1 :]
        changed = opened(draw(card._replace(title=title), drawn_with))
        if ImageChops.difference(first, changed).getbbox() is None:
            alike.append(character)
    return alike


@pytest.mark.parametrize(("folder", "card"), [("en", ENGLISH), ("zh-cn", CHINESE)])
def test_each_character_of_a_title_is_drawn(folder: str, card: Card) -> None:
    assert same_where_one_character_differs(card, faces(FACES[folder])) == []


def test_boxes_in_the_place_of_characters_are_seen(tmp_path: Path) -> None:
    # A font that says it has all characters, and has none that is Chinese.
    latin = latin_only(tmp_path)
    boxes = Faces(latin, latin)
    assert same_where_one_character_differs(CHINESE, boxes) == [*CHINESE.title]
    assert same_where_one_character_differs(ENGLISH, boxes) == []


def latin_only(folder: Path) -> fonts.Face:
    """Make a font with Latin letters of the Chinese one; it says that it has all characters."""
    whole = needs.face()
    file = folder / "latin.otf"
    file.write_bytes(excerpt(whole, "".join(map(chr, range(32, 127)))))
    return fonts.Face(str(file), 0, "20-fffff")


@pytest.mark.parametrize("place", ["site", "group", "title", "about"])
@pytest.mark.parametrize("character", ["\U0001f600", "\ue000"])
def test_a_character_that_the_font_does_not_have_is_a_fault(place: str, character: str) -> None:
    card = ENGLISH._replace(**{place: f"Say {character}"})
    with pytest.raises(CardError, match=f"not have {re.escape(repr(character))}"):
        draw(card, faces("words"))


def test_text_stays_within_its_margins_and_above_the_name_of_the_site() -> None:
    long = "What the application of a factory is called where several of them are mounted"
    about = (
        "Constraints and foreign keys, sequences, identity and computed columns with SQLAlchemy "
        * 2
    )
    for card, kind in (
        (ENGLISH._replace(title=long, about=about[:170]), "words"),
        (CHINESE, "han"),
    ):
        with_text = draw(card, faces(kind))
        title, text = picture.fitted(card, faces(kind))
        assert title.size > text.size >= 28
        empty = picture.ground(card.site, faces(kind).bold)
        changed = (
            ImageChops.difference(opened(with_text), empty)
            .convert("L")
            .point(lambda v: 255 * (v > 40))
        )
        left, top, right, foot = changed.getbbox() or (0, 0, 0, 0)
        assert left >= picture.MARGIN - 4
        assert top >= picture.MARGIN - 4
        assert right <= picture.WIDTH - picture.MARGIN + 4
        assert foot <= picture.HEIGHT - picture.MARGIN - 56


def test_a_long_title_is_shrunk_and_one_that_is_too_long_is_a_fault() -> None:
    sizes = []
    for times in (1, 3, 6):
        title = " ".join(["Configuration"] * times)
        block, _ = picture.fitted(ENGLISH._replace(title=title), faces("words"))
        assert " ".join(block.lines) == title
        sizes.append(block.size)
    assert sizes == sorted(sizes, reverse=True)
    assert len({*sizes}) > 1
    for title in ("Configuration " * 20, "W" * 60):
        with pytest.raises(CardError, match="is too long for its picture: shorten it"):
            draw(ENGLISH._replace(title=title.strip()), faces("words"))


# Lines


def test_a_break_is_between_words_and_never_before_a_closing_mark() -> None:
    text = "清理（teardown）：用“g”关闭打开的资源，it’s 3.2、from_prefixed_env、app.run()。"
    found = list(parts(text))
    assert "".join(found) == text
    for one in ("（teardown）：", "资源，", "it’s ", "from_prefixed_env、", "app.run()。"):
        assert one in found
    for before, after in pairwise(found):
        assert breaks(before[-1], after[0])
        assert after[0] not in "，。、；：？！）》」』】”’…"
        assert before[-1] not in "（《「『【“‘"


@pytest.mark.parametrize(
    ("text", "room", "wanted"),
    [
        ("Greeting", 8, ["Greeting"]),
        ("Greeting", 7, []),
        # As even as can be.
        ("one two three four", 14, ["one two", "three four"]),
        # After a mark rather than in the middle.
        ("转义：转义什么，何时转义", 8, ["转义：转义什么，", "何时转义"]),
        ("过滤器、测试器与全局变量", 11, ["过滤器、", "测试器与全局变量"]),
        ("一二三四五六七八九十" * 4, 10, []),
    ],
)
def test_lines_are_few_and_even(text: str, room: int, wanted: list[str]) -> None:
    assert lines(text, len, room, 3) == wanted


# When it is drawn


def test_a_picture_is_drawn_once_and_goes_with_what_it_said(
    built: TinySite, monkeypatch: pytest.MonkeyPatch
) -> None:
    pages = built.root / "build" / "pages" / "en"
    before, address = pictures(pages), told(pages / "guide/greeting.html")["og:image"]
    monkeypatch.setenv("PROVEN_BASE_URL", BASE)
    built.edit("docs/guide/greeting.md", "A page that greets.", "A page that says hello.")
    assert built.build().complaints == []
    after = pictures(pages)
    assert after.keys() == before.keys()
    assert {page for page in after if after[page] != before[page]} == {"guide/greeting"}
    assert len([*pages.joinpath(FOLDER).rglob("*.png")]) == len(after)
    assert told(pages / "guide/greeting.html")["og:image"] != address
    # What a caption says is on the pages below it.
    built.edit("docs/index.md", ":caption: Guide", ":caption: Manual")
    assert built.build().complaints == []
    assert "Manual" in told(pages / "guide/visitors.html")["og:image:alt"]
    for page in after:
        assert pages.parent.joinpath(
            told(pages / f"{page}.html")["og:image"].removeprefix(BASE)
        ).is_file()
    monkeypatch.delenv("PROVEN_BASE_URL")
    assert built.build().complaints == []
    assert not pages.joinpath(FOLDER).exists()
    assert [told(file) for file in pages.rglob("*.html") if told(file)] == []


def test_a_page_whose_picture_cannot_be_drawn_is_named_until_it_is_mended(
    tiny_site: TinySite, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PROVEN_BASE_URL", BASE)
    tiny_site.edit("docs/guide/greeting.md", "# Greeting\n", "# Greeting \U0001f600\n")
    long = "Visitors and " * 30
    tiny_site.edit("docs/guide/visitors.md", "# Visitors\n", f"# {long}others\n")
    first = tiny_site.build().complaints
    assert len(first) == 2, first
    greeting, visitors = first
    assert "docs/guide/greeting.md:1: WARNING: the font of its picture does not have" in greeting
    assert "\U0001f600" in greeting
    assert "docs/guide/visitors.md:1: WARNING: the title" in visitors
    assert tiny_site.build().complaints == first


def test_without_a_chinese_font_one_line_says_so(
    tiny_site: TinySite,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    configuration = tmp_path / "fonts.conf"
    configuration.write_text(NOWHERE, encoding="utf-8")
    monkeypatch.setenv("FONTCONFIG_FILE", str(configuration))
    monkeypatch.setenv("PROVEN_BASE_URL", BASE)
    assert fonts.found() == []
    made = tiny_site.build()
    assert made.complaints == []
    assert [line for line in capsys.readouterr().out.splitlines() if "picture" in line] == [
        "the pages have no pictures for link previews: no font here has Chinese characters; "
        f"install one with: {fonts.INSTALL}"
    ]
    assert [told(file) for file in made.html.rglob("*.html") if told(file)] == []
    assert not made.html.joinpath(FOLDER).exists()
