"""The chapters of a book: what the pages of the built site say, without what only a site can do.

They are read off the pages themselves, in the order of the navigation, so that a book costs no second build and says
what the site says.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterator
from copy import deepcopy
from datetime import date
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from lxml import html
from lxml.html import HtmlElement

from proven.base.days import last_changed
from proven.base.project import ROOT
from proven.releases.downloads import DOWNLOADS
from proven.site.root_pages import Own
from proven.translation import catalogs
from proven.translation.languages import SOURCE, Language

# Tables in which one types to find a row, and the box that reads the reader's own code.
LEFT_OUT = {"history/check", *(f"history/{page}" for page in DOWNLOADS if page != "configuration")}
# What serves a screen, a script or a pointer; the curl line of an exchange says what the exchange says.
_INTERFACE = " | ".join(
    [
        *(f"//{tag}" for tag in ("script", "button", "form", "input", "dialog", "template")),
        *(
            f"//*[contains(concat(' ', @class, ' '), ' {name} ')]"
            for name in (
                *("headerlink", "proofs", "run", "run-not", "exchange-curl", "history-filter"),
                *("error-look-up", "upgrade-check"),
            )
        ),
        "//*[@hidden]",
    ]
)


class Chapter(NamedTuple):
    """A page of the site in a book.

    Attributes:
        page: Its name, such as ``guide/routing``.
        group: What the navigation has it under.
        title: Its heading.
        content: Its text, whose links are still those of the site.
    """

    page: str
    group: str
    title: str
    content: HtmlElement


class Book(NamedTuple):
    """The pages of a language.

    Attributes:
        language: The language.
        title: The name of the site.
        about: What it is, in a sentence.
        proven: The releases that its snippets ran with.
        chapters: The pages, in the order of the navigation.
        base: The address of the published site, ``""`` where it is not known.
    """

    language: Language
    title: str
    about: str
    proven: str
    chapters: list[Chapter]
    base: str

    def colophon(self) -> list[str]:
        """Return what the first page says below the title."""
        said = texts(self.language)["Text and code are under the MIT License."]
        return [line for line in (self.about, self.proven, said, day(), self.base) if line]

    def groups(self) -> Iterator[tuple[str, list[Chapter]]]:
        """Yield the headings of the navigation, each with its chapters."""
        for name in dict.fromkeys(chapter.group for chapter in self.chapters):
            yield name, [chapter for chapter in self.chapters if chapter.group == name]


def read(site: Path, language: Language, base: str) -> Book:
    """Read the book of a language off the built site."""
    folder = site / language.folder
    home = _parsed(folder / "index.html")
    title = _text(home, "//meta[@property='og:title']/@content")
    chapters = [_chapter(folder, page, group) for page, group in _navigation(home)]
    return Book(
        language,
        title,
        _text(home, "//meta[@property='og:description']/@content"),
        _releases(chapters),
        chapters,
        base,
    )


def _releases(chapters: list[Chapter]) -> str:
    """Return what the first page says that its snippets ran with, without the words before it."""
    said = (_text(each.content, ".//p[@class='proven-with']") for each in chapters)
    return re.split("[:：] ?", next(filter(None, said), ""), maxsplit=1)[-1]


def _parsed(file: Path) -> HtmlElement:
    return html.document_fromstring(file.read_bytes(), parser=html.HTMLParser(encoding="utf-8"))


def _text(element: HtmlElement, path: str) -> str:
    for found in element.xpath(path):
        return " ".join((found if isinstance(found, str) else found.text_content()).split())
    return ""


def _navigation(home: HtmlElement) -> Iterator[tuple[str, str]]:
    """Yield each page of the navigation with the caption above it."""
    group = ""
    for item in home.xpath("//div[@class='sidebar-tree']//*[self::p or self::a]"):
        if item.tag == "p":
            group = item.text_content().strip()
            continue
        page = item.get("href").removesuffix(".html")
        if page not in LEFT_OUT and "#" not in page:
            yield page, group


def _chapter(folder: Path, page: str, group: str) -> Chapter:
    """Read a page and leave out what a book cannot use."""
    (article,) = _parsed(folder / f"{page}.html").xpath("//article")
    content = html.fragment_fromstring(html.tostring(article, encoding="unicode"), "div")
    for element in content.xpath(_INTERFACE):
        if element.getparent() is not None:
            element.drop_tree()
    for fold in content.iter("details", "summary"):
        # There is nothing to open, so it is open.
        fold.set("class", f"{fold.get('class', '')} {fold.tag}".strip())
        fold.tag = "div"
        fold.attrib.pop("open", None)
    for element in content.iter():
        for name in [name for name in element.attrib if name.startswith(("data-", "aria-"))]:
            del element.attrib[name]
        element.attrib.pop("role", None)
    (article,) = content.xpath("./article")
    article.tag = "div"
    article.attrib.clear()
    return Chapter(page, group, _text(article, ".//h1"), article)


def linked(book: Book, place: Callable[[str, str, str], str]) -> list[Chapter]:
    """Return the chapters with links to each other, and to the published site where its address is known.

    Args:
        book: The book, which is not changed.
        place: Returns the address in the book, seen from a page, of a page and an anchor.
    """
    pages = {chapter.page for chapter in book.chapters}
    found = []
    for chapter in book.chapters:
        content = deepcopy(chapter.content)
        for link in content.xpath(".//a[@href]"):
            target = urlsplit(link.get("href"))
            if target.scheme or target.netloc:
                continue
            path = posixpath.join(posixpath.dirname(chapter.page), unquote(target.path))
            file = posixpath.normpath(path) if target.path else f"{chapter.page}.html"
            page = file.removesuffix(".html")
            if page in pages:
                link.set("href", place(chapter.page, page, unquote(target.fragment)))
            elif book.base:
                anchor = f"#{target.fragment}" if target.fragment else ""
                link.set("href", f"{book.base}{book.language.folder}/{file}{anchor}")
            elif "module-link" in link.get("class", ""):
                link.drop_tree()
            else:
                # The page is not in the book, and nobody knows where else it is.
                link.drop_tag()
        found.append(chapter._replace(content=content))
    return found


def texts(language: Language) -> Own:
    """Return what the interface of the site says in a language."""
    return Own(catalogs.interface(ROOT, language) if language != SOURCE else {})


def day() -> str:
    """Return when the sources last changed, as git knows it; without git, today."""
    return max(last_changed(ROOT).values(), default=date.today().isoformat())
