"""Writes the ePub of a language: a file of XHTML a page, the contents, and the Han characters that it needs as a font.

A reading device without a Chinese font shows boxes; so the characters that the book has are taken out of the font that
this machine has, and go with it.
"""

from __future__ import annotations

import posixpath
import uuid
import zipfile
from collections.abc import Iterable, Iterator
from html import escape
from io import BytesIO
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont
from lxml import etree
from lxml.html import HtmlElement

from proven.base.fonts import Face, han
from proven.commands.books.chapters import Book, Chapter, day, linked, texts

# What a parser of HTML writes in small letters, and XML has to have as it is.
SVG_ATTRIBUTES = {"viewbox": "viewBox"}
TYPES = {"xhtml": "application/xhtml+xml", "css": "text/css", "otf": "font/otf"}
STYLE = "book.css"
FONT = "han.otf"
HERE = Path(__file__).parent
# One date for all files in the archive, so that two books of one source are the same.
EPOCH = (1980, 1, 1, 0, 0, 0)
CONTAINER = """<?xml version="1.0" encoding="UTF-8"?>
<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container">
<rootfiles><rootfile full-path="book/package.opf" media-type="application/oebps-package+xml"/></rootfiles>
</container>
"""
PAGE = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE html>
<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops" lang="{tag}" xml:lang="{tag}">
<head><title>{title}</title><link rel="stylesheet" type="text/css" href="{style}"/></head>
<body>{body}</body>
</html>
"""


def write(book: Book, style: str, face: Face, file: Path) -> None:
    """Write the ePub.

    Args:
        book: The book.
        style: The style sheet of code, as the site has it.
        face: The font for Han characters.
        file: Where it goes.
    """
    pages = {f"{chapter.page}.xhtml": _page(book, chapter) for chapter in linked(book, _place)}
    files: dict[str, str | bytes] = {
        "title.xhtml": _title(book),
        "contents.xhtml": _contents(book),
        **pages,
    }
    needed = han("".join(map(str, files.values())))
    sheet = f"{HERE.joinpath(STYLE).read_text('utf-8')}\n{style}"
    if needed:
        files[FONT] = excerpt(face, needed)
        sheet = f'@font-face {{ font-family: "Han"; src: url("{FONT}"); }}\n{sheet}'
    files[STYLE] = sheet
    files["package.opf"] = _package(book, files)
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        # It is what tells an ePub from other archives, so it is first, and not packed.
        _put(archive, "mimetype", "application/epub+zip", zipfile.ZIP_STORED)
        _put(archive, "META-INF/container.xml", CONTAINER)
        for name, content in files.items():
            _put(archive, f"book/{name}", content)


def _put(
    archive: zipfile.ZipFile, name: str, content: str | bytes, method: int = zipfile.ZIP_DEFLATED
) -> None:
    archive.writestr(zipfile.ZipInfo(name, EPOCH), content, method)


def _place(source: str, page: str, anchor: str) -> str:
    """Return the address of a page and an anchor, seen from another page."""
    path = posixpath.relpath(f"{page}.xhtml", posixpath.dirname(source) or ".")
    return f"{path}#{anchor}" if anchor else path


def _page(book: Book, chapter: Chapter) -> str:
    depth = chapter.page.count("/")
    return _whole(book, chapter.title, xml(chapter.content), "../" * depth)


def _whole(book: Book, title: str, body: str, up: str = "") -> str:
    return PAGE.format(tag=book.language.tag, title=escape(title), style=f"{up}{STYLE}", body=body)


def xml(content: HtmlElement) -> str:
    """Return an element of HTML as XHTML; the element is changed."""
    for picture in content.iter("svg"):
        for element in picture.iter(etree.Element):
            for name, right in SVG_ATTRIBUTES.items():
                if name in element.attrib:
                    element.set(right, element.attrib.pop(name))
            # HTML's attribute has no meaning in SVG.
            element.attrib.pop("translate", None)
    return str(etree.tostring(content, encoding="unicode", with_tail=False))


def _title(book: Book) -> str:
    lines = "".join(f"<p>{escape(line)}</p>" for line in book.colophon())
    body = f'<div class="title-page"><h1>{escape(book.title)}</h1>{lines}</div>'
    return _whole(book, book.title, body)


def sections(chapter: Chapter) -> Iterator[tuple[str, str]]:
    """Yield the anchors and titles of the sections of a chapter."""
    for heading in chapter.content.xpath(".//section[@id]/h2"):
        yield heading.getparent().get("id"), " ".join(heading.text_content().split())


def _contents(book: Book) -> str:
    title = escape(texts(book.language)["Contents"])
    groups = "".join(
        f"<li><span>{escape(group)}</span><ol>{''.join(map(_entry, chapters))}</ol></li>"
        for group, chapters in book.groups()
    )
    nav = f'<nav epub:type="toc"><h1>{title}</h1><ol>{groups}</ol></nav>'
    return _whole(book, title, nav)


def _entry(chapter: Chapter) -> str:
    file = escape(f"{chapter.page}.xhtml")
    below = "".join(
        f'<li><a href="{file}#{escape(anchor)}">{escape(title)}</a></li>'
        for anchor, title in sections(chapter)
    )
    below = f"<ol>{below}</ol>" if below else ""
    return f'<li><a href="{file}">{escape(chapter.title)}</a>{below}</li>'


def _package(book: Book, files: Iterable[str]) -> str:
    name = uuid.uuid5(uuid.NAMESPACE_URL, f"proven-flask/{book.language.tag}")
    properties = {f"{c.page}.xhtml": "svg" for c in book.chapters if c.content.xpath(".//svg")}
    properties["contents.xhtml"] = "nav"
    items, spine = [], []
    for number, file in enumerate(files):
        kind = TYPES[file.rpartition(".")[2]]
        extra = f' properties="{properties[file]}"' if file in properties else ""
        items.append(f'<item id="f{number}" href="{escape(file)}" media-type="{kind}"{extra}/>')
        if kind == TYPES["xhtml"]:
            spine.append(f'<itemref idref="f{number}"/>')
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<package xmlns="http://www.idpf.org/2007/opf" version="3.0" unique-identifier="id" xml:lang="{book.language.tag}">
<metadata xmlns:dc="http://purl.org/dc/elements/1.1/">
<dc:identifier id="id">urn:uuid:{name}</dc:identifier>
<dc:title>{escape(book.title)}</dc:title>
<dc:language>{book.language.tag}</dc:language>
<dc:creator>The Proven Flask contributors</dc:creator>
<dc:description>{escape(book.about)}</dc:description>
<dc:rights>MIT</dc:rights>
<meta property="dcterms:modified">{day()}T00:00:00Z</meta>
</metadata>
<manifest>{"".join(items)}</manifest>
<spine>{"".join(spine)}</spine>
</package>
"""


def excerpt(face: Face, characters: str) -> bytes:
    """Return a font with some characters of another."""
    options = subset.Options()
    options.hinting = False
    options.layout_features = []
    options.notdef_outline = True
    cut = subset.Subsetter(options)
    cut.populate(text=characters)
    written = BytesIO()
    with TTFont(face.file, fontNumber=face.number, lazy=True) as font:
        cut.subset(font)
        font.save(written)
    return written.getvalue()
