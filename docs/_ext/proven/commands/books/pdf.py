"""Prints the PDF of a language: all pages as one document in Chromium, which embeds fonts and writes the outline."""

from __future__ import annotations

from html import escape
from pathlib import Path

from lxml import html
from pikepdf import ObjectStreamMode, Pdf
from playwright.sync_api import Browser

from proven.base.project import DOCS
from proven.commands.books.chapters import Book, Chapter, linked, texts

HERE = Path(__file__).parent
#: Milliseconds that the layout of a thousand pages may take on a busy machine.
PATIENCE = 900_000


def write(book: Book, style: str, browser: Browser, file: Path) -> None:
    """Print the PDF.

    Args:
        book: The book.
        style: The style sheet of code, as the site has it.
        browser: What prints.
        file: Where it goes.
    """
    source = file.with_suffix(".print.html")
    source.write_text(document(book, style), encoding="utf-8")
    page = browser.new_page()
    page.set_default_timeout(PATIENCE)
    try:
        page.goto(source.resolve().as_uri())
        page.pdf(
            path=file, prefer_css_page_size=True, print_background=True, outline=True, tagged=True
        )
    finally:
        page.close()
        source.unlink()
    # Chromium describes the structure of the text, for those who have it read to them, in plain objects; packed, the
    # file is a third of that.
    with Pdf.open(file, allow_overwriting_input=True) as printed:
        printed.save(file, object_stream_mode=ObjectStreamMode.generate)


def place(_source: str, page: str, anchor: str) -> str:
    """Return the address of a page and an anchor in the one document."""
    return f"#{name(page, anchor)}"


def name(page: str, anchor: str = "") -> str:
    """Return an id that no other page has."""
    return f"{page}--{anchor}" if anchor else page


def document(book: Book, style: str) -> str:
    """Return the whole book as one page of HTML."""
    title = escape(texts(book.language)["Contents"])
    sheets = [HERE.joinpath(sheet).read_text("utf-8") for sheet in ("book.css", "paper.css")]
    about = "".join(f"<p>{escape(line)}</p>" for line in book.colophon())
    icon = DOCS.joinpath("_static", "icon.svg").read_text(encoding="utf-8")
    contents, chapters = [], []
    own = {chapter.page: chapter for chapter in linked(book, place)}
    for group, pages in book.groups():
        entries = "".join(
            f'<li><a href="#{escape(each.page)}">{escape(each.title)}</a></li>' for each in pages
        )
        contents.append(f"<p>{escape(group)}</p><ul>{entries}</ul>")
        # A level of the outline of its own.
        chapters.append(f'<h1 class="group">{escape(group)}</h1>')
        chapters += [_chapter(own[each.page]) for each in pages]
    return (
        f'<!doctype html><html lang="{book.language.tag}"><head><meta charset="utf-8">'
        f"<title>{escape(book.title)}</title><style>{''.join(sheets)}{style}</style></head><body>"
        # Not headings: the outline begins with the first group.
        f'<div class="title-page">{icon}<p class="title">{escape(book.title)}</p>{about}</div>'
        f'<div class="contents"><p class="title">{title}</p>{"".join(contents)}</div>'
        f"{''.join(chapters)}</body></html>"
    )


def _chapter(chapter: Chapter) -> str:
    """Return a chapter whose ids no other has, one level below its group."""
    content = chapter.content
    for element in content.xpath(".//*[@id]"):
        element.set("id", name(chapter.page, element.get("id")))
    for heading in content.xpath(".//h1 | .//h2 | .//h3 | .//h4 | .//h5"):
        heading.tag = f"h{int(heading.tag[1]) + 1}"
    content.set("id", chapter.page)
    content.set("class", "chapter")
    return str(html.tostring(content, encoding="unicode", with_tail=False))
