"""The sites of older releases of Flask beside the newest, and the links between the same page of each.

A site is archived as a whole, in ``archive/3.1/``, named after the release series of Flask that proved it, and
published as ``/3.1/`` beside the newest at the root. What a page says of the other sites is not kept in it: each build
writes it anew, into the pages of every site alike, between marks that the templates leave. So an old page names the
sites that came after it, a link leads to a page that is there, and a reader needs neither a script nor a request for
it. ``language-switch.js`` adds query and anchor to the links.

Addresses last (``docs/_published.txt``), so the canonical address of an archived page is that of the page in the
newest site, or where it has moved to; its own, if the newest site has none. A link that is shared leads there too, with
the picture of the page that was shared. As the page is not canonical, it tells search engines neither of other
languages nor of its place in a site.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cached_property
from html import escape
from importlib.metadata import version
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from jinja2 import Environment, FileSystemLoader
from jinja2.environment import TemplateModule

from proven.site import cards, moved
from proven.site.language_switch import UNLISTED, address
from proven.site.root_pages import Own
from proven.translation import catalogs
from proven.translation.languages import LANGUAGES, SOURCE

#: The folder of the project that has the archived sites; git does not know it.
FOLDER = "archive"
#: What an archived site leaves behind, since search engines are told of the newest alone.
FOR_CRAWLERS = {"robots.txt", "sitemap.xml"}
SERIES = re.compile(r"[0-9]+\.[0-9]+")
MARKED = re.compile(r"<!--(versions|archived)-->.*?<!--/\1-->", re.DOTALL)
CANONICAL = re.compile(r'<link rel="canonical" href="[^"]*"\s*/?>')
ALTERNATE = re.compile(r'<link rel="alternate" hreflang="[^"]*" href="[^"]*">\n?')
LINKED_DATA = re.compile(r'<script type="application/ld\+json">.*?</script>\n?', re.DOTALL)
OG_URL = re.compile(r'(?<=<meta property="og:url" content=")[^"]*')
OG_IMAGE = re.compile(
    rf'(?<=<meta property="og:image" content=")[^"]*/([^/"]+/{cards.FOLDER}/[^"]*)'
)
LEADS_ON = '<meta name="robots" content="noindex">'


class Link(NamedTuple):
    """What a page leads to in another site.

    Attributes:
        version: The release series of that site.
        href: The address, relative to the page.
        same: Whether it is the same page; else it is the front page.
    """

    version: str
    href: str
    same: bool


def series(release: str = "") -> str:
    """Return the series of a release of Flask, by default the installed one.

    >>> series("3.1.2")
    '3.1'
    """
    found = SERIES.match(release or version("flask"))
    return found.group() if found else release


def order(name: str) -> tuple[int, ...]:
    """Return what sorts series: 3.9 before 3.10."""
    return tuple(map(int, name.split(".")))


def archived(root: Path) -> list[Path]:
    """Return the folders of the archived sites; what git or an interrupted copy left there is hidden."""
    folder = root / FOLDER
    found = sorted(folder.iterdir()) if folder.is_dir() else []
    return [each for each in found if each.is_dir() and not each.name.startswith(".")]


def faults(root: Path) -> Iterator[str]:
    """Yield what is wrong with the archived sites, a line each."""
    for each in archived(root):
        if not SERIES.fullmatch(each.name):
            reason = "this is no release series of Flask: name it after one, such as 3.1"
        elif not each.joinpath("index.html").is_file():
            reason = "this is no whole site: archive it anew, or remove it"
        else:
            continue
        yield f"{FOLDER}/{each.name}: {reason}"


def older(root: Path) -> dict[str, Path]:
    """Return the archived sites that belong beside the newest, those of older releases, the newest of them first."""
    named = {each.name: each for each in archived(root) if SERIES.fullmatch(each.name)}
    newest = order(series())
    return {
        name: named[name] for name in sorted(named, key=order, reverse=True) if order(name) < newest
    }


def alone(html: str) -> str:
    """Return a page without what it says of other sites."""
    return MARKED.sub(r"<!--\1--><!--/\1-->", html)


def content(file: Path) -> bytes:
    """Return what is in a file of a built site, of a page without what it says of other sites."""
    found = file.read_bytes()
    return alone(found.decode()).encode() if file.suffix == ".html" else found


class Versions:
    """The newest site and the archived ones, as they will stand beside each other."""

    def __init__(self, root: Path, newest: Mapping[str, Path], base: str) -> None:
        """Note where the sites are.

        Args:
            root: The folder of the project.
            newest: The folder of each language's pages, by the name that it has in the newest site.
            base: The address of the published site, or ``""``.
        """
        self.root, self.newest, self.base = root, newest, base
        self.archives = older(root)
        self.names = [series(), *self.archives]

    def page(self, path: str, html: str) -> str:
        """Return a page of one of the sites with what it says of the others.

        Args:
            path: Where it will stand, relative to the root of the published site.
            html: The page.
        """
        own, place = self._split(path)
        if own != self.names[0]:
            html = self._for_crawlers(path, place, html)
        if "<!--versions-->" not in html:
            return html
        links = [self.link(own, name, place) for name in self.names]
        texts = self._texts.get(place.parts[0]) or self._texts[SOURCE.folder]
        said = {
            "versions": texts.switch(own, links),  # type: ignore[attr-defined]
            "archived": texts.notice(own, links[0]) if own != self.names[0] else "",  # type: ignore[attr-defined]
        }
        return MARKED.sub(lambda mark: f"<!--{mark[1]}-->{said[mark[1]]}<!--/{mark[1]}-->", html)

    def link(self, own: str, other: str, place: PurePosixPath) -> Link:
        """Return what a page leads to in another site: the page, its front page, or the page that picks a language.

        Args:
            own: The series of the site that the page is in.
            other: The series of the other one.
            place: The page, relative to its site.
        """
        up = "../" * (len(place.parts) - (own == self.names[0]))
        into = "" if other == self.names[0] else f"{other}/"
        for target in (place, PurePosixPath(place.parts[0], "index.html")):
            if self._has(other, target):
                return Link(other, f"{up}{into}{target}", target == place)
        return Link(other, f"{up}{into}index.html", same=False)

    def _split(self, path: str) -> tuple[str, PurePosixPath]:
        """Return the series of the site that a page is in, and its place there."""
        first, _, rest = path.partition("/")
        if first in self.archives:
            return first, PurePosixPath(rest)
        return self.names[0], PurePosixPath(path)

    def _has(self, name: str, place: PurePosixPath) -> bool:
        if name in self.archives:
            return self.archives[name].joinpath(place).is_file()
        folder = self.newest.get(place.parts[0])
        return folder is not None and folder.joinpath(*place.parts[1:]).is_file()

    def _for_crawlers(self, path: str, place: PurePosixPath, html: str) -> str:
        """Return an archived page with its canonical address, without alternates and linked data."""
        html = LINKED_DATA.sub("", ALTERNATE.sub("", html))
        language, _, page = place.with_suffix("").as_posix().partition("/")
        if not self.base or LEADS_ON in html or page in {*UNLISTED, ""}:
            return html
        page = self._moved.get(page, page)
        stands = self._has(self.names[0], PurePosixPath(language, f"{page}.html"))
        canonical = address(self.base, language, page) if stands else self.base + path
        tag = f'<link rel="canonical" href="{escape(canonical)}">'
        html = OG_URL.sub(lambda _: escape(canonical), html)
        site = self.base + path.removesuffix(place.as_posix())
        html = OG_IMAGE.sub(lambda image: f"{escape(site)}{image[1]}", html)
        html, known = CANONICAL.subn(lambda _: tag, html)
        return html if known else html.replace("</title>", f"</title>\n{tag}", 1)

    @cached_property
    def _moved(self) -> dict[str, str]:
        """Where the pages have gone that the newest site has no more."""
        moves = moved.read(self.root / "docs")
        return {move.old: move.new.partition("#")[0] for move in moves if "#" not in move.old}

    @cached_property
    def _texts(self) -> dict[str, TemplateModule]:
        """What the pages say, by the folder of their language."""
        places = FileSystemLoader(self.root / "docs" / "_templates")
        template = Environment(loader=places, autoescape=True).get_template("versions.html")
        return {
            language.folder: template.make_module(
                {"_": Own(catalogs.interface(self.root, language)).__getitem__}
            )
            for language in LANGUAGES
        }
