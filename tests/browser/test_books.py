"""What Chromium makes and opens of what readers take with them: the PDF and the unpacked zip."""

from __future__ import annotations

import zipfile
from base64 import b64encode
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont
from pikepdf import Dictionary, Name, Pdf
from playwright.sync_api import Browser

from proven.base import fonts
from proven.commands.books import archive, chapters, checks, epub, pdf
from proven.commands.build import Screen, build_languages
from proven.translation.languages import LANGUAGES, SOURCE, TRANSLATED
from tests import needs
from tests.site.tiny_site import TinySite

CHINESE = TRANSLATED[0]


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of the pages of the tiny site, in every language."""
    needs.programs("apt-get install poppler-utils", "pdfinfo", "pdftotext", "pdftoppm")
    needs.face()
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("LC_ALL", "C.UTF-8")
        site = TinySite(tmp_path_factory.mktemp("tiny"))
        made = build_languages(LANGUAGES, site.root, site.root / "build", Screen())
    assert [fault for each in made for fault in each.faults] == []
    return site.root / "build" / "pages"


@pytest.mark.parametrize("language", LANGUAGES, ids=[each.folder for each in LANGUAGES])
def test_a_printed_book_has_its_fonts_its_outline_and_its_code(
    tiny: Path, chromium: Browser, tmp_path: Path, language: object
) -> None:
    book = chapters.read(tiny, language, "")  # type: ignore[arg-type]
    file = tmp_path / "tiny.pdf"
    pdf.write(book, "", chromium, file)
    checked = checks.pdf(file, book)
    assert checked.faults == []
    # The group, two pages, and their two sections.
    assert checked.figures["outline"] == 4
    assert checked.figures["blocks of code"] > 4
    assert [each.name for each in tmp_path.iterdir()] == ["tiny.pdf"]


@pytest.mark.parametrize(
    ("style", "said"),
    [
        ("pre { display: none }", "is not whole"),
        ("pre { height: 1em; overflow: hidden }", "is not whole"),
        ("h2 { display: none }", "is not in the outline"),
        (".chapter p { display: none }", "are lost"),
    ],
)
def test_what_a_style_hides_is_a_fault(
    tiny: Path, chromium: Browser, tmp_path: Path, style: str, said: str
) -> None:
    book, file = chapters.read(tiny, CHINESE, ""), tmp_path / "tiny.pdf"
    pdf.write(book, style, chromium, file)
    assert any(said in fault for fault in checks.pdf(file, book).faults)


def one_character(font: TTFont) -> None:
    """Let every character be the same one."""
    for table in font["cmap"].tables:
        table.cmap = dict.fromkeys(table.cmap, font.getBestCmap()[ord("实")])


def one_picture(font: TTFont) -> None:
    """Let every character look the same."""
    drawings = font["CFF "].cff[0].CharStrings
    for name in drawings.keys():  # noqa: SIM118  it is no dictionary
        drawings[name] = drawings[font.getBestCmap()[ord("实")]]


@pytest.mark.parametrize("spoil", [one_character, one_picture])
def test_boxes_in_the_place_of_characters_are_a_fault(
    tiny: Path, chromium: Browser, tmp_path: Path, spoil: Callable[[TTFont], None]
) -> None:
    book = chapters.read(tiny, CHINESE, "")
    font = TTFont(BytesIO(epub.excerpt(fonts.face(), fonts.han(f"实{pdf.document(book, '')}"))))
    spoil(font)
    spoiled = BytesIO()
    font.save(spoiled)
    packed = b64encode(spoiled.getvalue()).decode()
    style = f"@font-face {{ font-family: Boxes; src: url(data:font/otf;base64,{packed}) }}"
    file = tmp_path / "tiny.pdf"
    pdf.write(book, f"{style} * {{ font-family: Boxes !important }}", chromium, file)
    assert any("are no pictures" in fault for fault in checks.pdf(file, book).faults)


def test_a_font_that_is_not_embedded_is_a_fault(
    tiny: Path, chromium: Browser, tmp_path: Path
) -> None:
    book, file = chapters.read(tiny, SOURCE, ""), tmp_path / "tiny.pdf"
    pdf.write(book, "", chromium, file)
    with Pdf.open(file, allow_overwriting_input=True) as printed:
        font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
        printed.pages[0].Resources.Font["/Own"] = printed.make_indirect(font)
        printed.save(file)
    assert "tiny.pdf: the font Helvetica is not embedded" in checks.pdf(file, book).faults


def test_the_zip_opens_from_a_disk_in_every_language(
    tiny: Path, chromium: Browser, tmp_path: Path
) -> None:
    file = tmp_path / "tiny.zip"
    archive.write(tiny, file)
    checked = checks.archive(file, chromium)
    assert checked.faults == []
    assert checked.figures["files"] == len([each for each in tiny.rglob("*") if each.is_file()])


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("en/_static/search/box.js", b"throw new Error('broken')", "broken"),
        ("en/_static/proven.css", None, "cannot be loaded"),
        ("en/index.html", None, "en/index.html is missing"),
        ("en/_static/keyboard.js", b"fetch('https://flask.example/')", "flask.example"),
    ],
)
def test_a_zip_that_does_not_work_is_a_fault(
    tiny: Path, chromium: Browser, tmp_path: Path, name: str, content: bytes | None, said: str
) -> None:
    file, broken = tmp_path / "tiny.zip", tmp_path / "broken.zip"
    archive.write(tiny, file)
    names = {f"{archive.FOLDER}/{name}"}
    with zipfile.ZipFile(file) as whole, zipfile.ZipFile(broken, "w") as packed:
        assert names <= set(whole.namelist())
        for info in whole.infolist():
            if info.filename not in names:
                packed.writestr(info, whole.read(info))
            elif content is not None:
                packed.writestr(info, content)
    faults = checks.archive(broken, chromium, 3_000).faults
    assert any(said in fault for fault in faults), faults
