"""What readers take with them: the chapters of a book, the ePub, and the links at the foot of the pages."""

from __future__ import annotations

import json
import zipfile
from io import BytesIO
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont
from lxml import html

from proven.base import fonts
from proven.base.project import ROOT
from proven.commands.books import __main__ as command
from proven.commands.books import chapters, checks, epub, pdf
from proven.commands.build import Screen, build_languages
from proven.site import books
from proven.translation.languages import LANGUAGES, SOURCE, Language
from tests import needs
from tests.site.tiny_site import TinySite

BASE = "https://flask.example/docs/"
EVERY = pytest.mark.parametrize("language", LANGUAGES, ids=[each.folder for each in LANGUAGES])


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of the pages of the tiny site, in every language."""
    site = TinySite(tmp_path_factory.mktemp("tiny"))
    made = build_languages(LANGUAGES, site.root, site.root / "build", Screen())
    assert [fault for each in made for fault in each.faults] == []
    return site.root / "build" / "pages"


@pytest.fixture
def face() -> fonts.Face:
    """Return the Chinese font of this machine."""
    return needs.face()


@EVERY
def test_every_page_of_the_navigation_is_a_chapter(site: Path, language: Language) -> None:
    book = chapters.read(site, language, "")
    sources = {
        file.relative_to(ROOT / "docs").with_suffix("").as_posix()
        for room in ("start", "guide", "reference", "history", "about")
        for file in ROOT.joinpath("docs", room).rglob("*.md")
        if "_" not in file.name
    }
    pages = [chapter.page for chapter in book.chapters]
    assert len(pages) == len(set(pages))
    assert set(pages) == sources - chapters.LEFT_OUT
    assert sources >= chapters.LEFT_OUT
    assert pages[0].startswith("start/")
    assert all(chapter.title and chapter.group for chapter in book.chapters)
    assert "Flask" in book.title
    assert book.about
    assert book.proven.startswith("Python 3.")


@EVERY
def test_a_chapter_has_nothing_to_press_and_all_of_its_code(site: Path, language: Language) -> None:
    for chapter in chapters.read(site, language, "").chapters:
        content = chapter.content
        assert not content.xpath(".//button | .//script | .//form | .//input | .//details"), chapter
        assert not content.xpath(".//*[@role or @data-run or @class='headerlink']"), chapter
        page = html.fromstring(
            site.joinpath(language.folder, f"{chapter.page}.html").read_bytes().decode()
        )
        # The curl line of an exchange says what the exchange says.
        told = page.xpath("//article//pre[not(ancestor::details[contains(@class, 'curl')])]")
        assert [each.text_content() for each in told] == [
            each.text_content() for each in content.iter("pre")
        ], chapter


@EVERY
@pytest.mark.parametrize("base", ["", BASE])
def test_every_link_of_a_printed_book_leads_to_something(
    site: Path, language: Language, base: str
) -> None:
    book = chapters.read(site, language, base)
    printed = html.document_fromstring(pdf.document(book, ""))
    ids = printed.xpath("//@id")
    assert len(ids) == len(set(ids))
    addresses = printed.xpath("//a/@href")
    inside = {each.removeprefix("#") for each in addresses if each.startswith("#")}
    assert len(inside) > 500
    assert inside - set(ids) == set()
    outside = {each for each in addresses if not each.startswith(("#", "http"))}
    assert outside == set()
    modules = [each for each in addresses if "/code/" in each and each.startswith(BASE)]
    assert bool(modules) == bool(base)
    assert all((site / each.removeprefix(BASE).split("#")[0]).is_file() for each in modules)


@EVERY
def test_epubcheck_finds_nothing_in_an_epub_and_the_font_has_its_characters(
    tiny: Path, language: Language, face: fonts.Face, tmp_path: Path
) -> None:
    needs.programs("apt-get install default-jre-headless", "java")
    book, file = chapters.read(tiny, language, BASE), tmp_path / "tiny.epub"
    epub.write(book, ".k { color: red }", face, file)
    checked = checks.epub(file)
    assert checked.faults == []
    assert checked.figures["files"] == 2 + len(book.chapters) == 4
    with zipfile.ZipFile(file) as archive:
        assert archive.infolist()[0].filename == "mimetype"
        text = "".join(
            archive.read(name).decode() for name in archive.namelist() if name.endswith(".xhtml")
        )
        if language == SOURCE:
            assert checked.figures["fonts"] == bool(fonts.han(text))
            return
        font = TTFont(BytesIO(archive.read("book/han.otf")))
    assert "目录" in text
    assert set(map(ord, fonts.han(text))) <= font.getBestCmap().keys()
    # No others: the whole font has 20 MB.
    assert len(font.getBestCmap()) < len(text)


def test_two_epubs_of_one_source_are_the_same(tiny: Path, face: fonts.Face, tmp_path: Path) -> None:
    written = []
    for name in ("one.epub", "other.epub"):
        epub.write(chapters.read(tiny, SOURCE, ""), "", face, tmp_path / name)
        with zipfile.ZipFile(tmp_path / name) as archive:
            written.append({each: archive.read(each) for each in archive.namelist()})
    # The font says when it was written.
    for each in written:
        each.pop("book/han.otf", None)
    assert written[0] == written[1]


def test_epubcheck_finds_a_fault(tiny: Path, face: fonts.Face, tmp_path: Path) -> None:
    needs.programs("apt-get install default-jre-headless", "java")
    file, broken = tmp_path / "tiny.epub", tmp_path / "broken.epub"
    epub.write(chapters.read(tiny, SOURCE, ""), "", face, file)
    faults = {
        "RSC-012": ("greeting.xhtml", "visitors.xhtml#visitors", "visitors.xhtml#nobody"),
        "RSC-005": ("greeting.xhtml", "<h1>", '<h1 align="left">'),
        "RSC-007": ("greeting.xhtml", "</h1>", '</h1><p><a href="nobody.xhtml">nobody</a></p>'),
        # Nothing more is read of that one.
        "RSC-016": ("title.xhtml", "</h1>", "</h1><p>"),
    }
    with zipfile.ZipFile(file) as whole, zipfile.ZipFile(broken, "w") as archive:
        for info in whole.infolist():
            content = whole.read(info).decode("latin-1")
            for name, old, new in faults.values():
                if info.filename.endswith(f"/{name}"):
                    assert old in content
                    content = content.replace(old, new, 1)
            archive.writestr(info, content.encode("latin-1"))
    found = checks.epub(broken).faults
    assert {each.split()[2].rstrip(":") for each in found} == faults.keys()


def test_a_page_links_the_books_that_are_there_and_no_other(
    tiny_site: TinySite, tmp_path: Path
) -> None:
    def foot(**beside: Path) -> list[tuple[str, str]]:
        (made,) = build_languages(
            [tiny_site.language("en")], tiny_site.root, tiny_site.root / "build", Screen(), **beside
        )
        assert made.faults == []
        page = html.fromstring((made.place.pages / "guide/visitors.html").read_text("utf-8"))
        return [
            (link.get("href"), link.text_content())
            for link in page.xpath("//ul[@class='colophon']//a[@download]")
        ]

    assert foot() == []
    for name in ("proven-flask-en.epub", "proven-flask-zh-cn.pdf", books.ARCHIVE):
        (tmp_path / name).write_bytes(b"." * 2_340_000)
    assert foot(books=tmp_path) == [
        ("../../_books/proven-flask-en.epub", "ePub (2.3 MB)"),
        ("../../_books/proven-flask.zip", "ZIP (2.3 MB)"),
    ]
    assert foot() == []


def test_books_of_other_sources_are_not_linked(tmp_path: Path) -> None:
    assert books.ready(tmp_path, "now") is None
    (tmp_path / books.STAMP).write_text("now", encoding="utf-8")
    assert books.ready(tmp_path, "now") == tmp_path / "books"
    assert books.ready(tmp_path, "later") is None


def test_the_record_has_every_file_and_what_was_counted_in_it() -> None:
    record = json.loads(command.RECORD.read_text(encoding="utf-8"))
    assert set(record["checked with"]) == {"epubcheck", "poppler"}
    files = record["files"]
    names = {name for each in LANGUAGES for name in books.names(each.folder).values()}
    assert files.keys() == {*names, books.ARCHIVE}
    assert files[books.ARCHIVE]["bytes"] < 40_000_000
    for language in LANGUAGES:
        own = books.names(language.folder)
        book, printed = files[own["ePub"]], files[own["PDF"]]
        assert (book["files"] > 80, book["fonts"], book["bytes"] < 3_000_000) == (True, 1, True)
        assert printed["pages"] > 500
        assert printed["outline"] > printed["pages"] // 2
        assert printed["blocks of code"] > 2_000
        assert printed["bytes"] < 15_000_000
