"""The search: one index a language, made of what the pages say, and read by ``_static/search/``.

It has no markup. While a page is read its records are kept with it, so that a build that reads one page anew writes the
same index as one that reads all. The words by which a place is asked for and which it does not say itself are data, see
:mod:`proven.site.search.asked`. Sphinx's own index is left out.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import opencc
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.builders.html import StandaloneHTMLBuilder
from sphinx.environment import BuildEnvironment
from sphinx.locale import _
from sphinx.util import logging
from sphinx.util.typing import ExtensionMetadata

from proven.base.memory import digest, memory
from proven.base.project import ROOT
from proven.site.search.asked import AskedError, files, read
from proven.site.search.index import Asked, Page, by_name, cut_phrases, index
from proven.site.search.records import Record, records
from proven.site.search.words import HAN, dictionary, nothing
from proven.translation import catalogs
from proven.translation.languages import LANGUAGES, Language, by_code

logger = logging.getLogger(__name__)

Cut = Callable[[str], Iterable[str]]

FILE = "search-index.js"
SYNONYMS = Path(__file__).with_name("synonyms.toml")


def note_records(app: Sphinx, doctree: nodes.document) -> None:
    """Keep what a page has for the search."""
    page = app.env.current_document.docname
    found = list(records(doctree))
    app.env.metadata[page].update({"search": found, "search_state": digest(found)})


def leave_out_own_index(app: Sphinx) -> None:
    """Let Sphinx make neither its index nor its page."""
    if isinstance(app.builder, StandaloneHTMLBuilder):
        app.builder.search = False


def add_page(app: Sphinx) -> Iterator[tuple[str, dict[str, Any], str]]:
    """Yield the page that searches, for readers who come with an address."""
    description = _(
        "Search all of Proven Flask: sections, pitfalls, terms, names, and error messages as they are printed."
    )
    yield "search", {"title": _("Search"), "description": description}, "search.html"


def add_to_context(
    app: Sphinx,
    pagename: str,
    templatename: str,
    context: dict[str, Any],
    doctree: nodes.document | None,
) -> None:
    """Say to the scripts which index is that of this page, and which others there are."""
    own = by_code(app.config.language)
    context["language_folder"] = own.folder
    context["other_folders"] = " ".join(each.folder for each in LANGUAGES if each != own)
    context["language_han"] = own.search == "han"


def pages(env: BuildEnvironment) -> dict[str, Page]:
    """Return every page with its records."""
    found = {}
    for name in env.found_docs:
        own: list[Record] = env.metadata[name].get("search", [])
        state = str(env.metadata[name].get("search_state", ""))
        found[name] = Page(name, env.titles[name].astext(), own, state)
    return found


@cache
def simplifier() -> opencc.OpenCC:
    """Return what turns traditional characters into simplified ones."""
    return opencc.OpenCC("t2s")


def asked(
    app: Sphinx, language: Language, cut: Cut, terms: list[str]
) -> dict[str, list[list[str]]]:
    """Return the phrases by which readers of a language ask for a place; none where they cannot be read."""
    source = next(each.code for each in LANGUAGES if each.state == "source")
    docs = Path(app.srcdir)
    made_of = [[file.as_posix(), file.read_text(encoding="utf-8")] for file in files(docs)]
    try:
        found: dict[str, list[list[str]]] = memory(app).made(
            "asked",
            [made_of, terms],
            lambda: {
                place: cut_phrases(phrases, cut)
                for place, phrases in read(docs, dict.fromkeys([language.code, source])).items()
            },
        )
        return found
    except AskedError as error:
        logger.warning("%s", error, type="proven", subtype="asked")
        return {}


def write(app: Sphinx, exception: Exception | None) -> None:
    """Write the index of this language."""
    if exception or not isinstance(app.builder, StandaloneHTMLBuilder):
        return
    synonyms = tomllib.loads(SYNONYMS.read_text(encoding="utf-8"))
    groups: list[list[str]] = synonyms["same"]
    read_as: dict[str, str] = synonyms["read_as"]
    language = by_code(app.config.language)
    terms: list[str] = []
    if language.search == "han":
        terms = list(catalogs.glossary(ROOT, language).values())
        cut, simplified = dictionary(terms), simplifier().convert
    else:
        cut, simplified = nothing, None
        # What is asked in Chinese is looked for in the Chinese index.
        groups = [
            [phrase for phrase in group if not re.search(f"[{HAN}]", phrase)] for group in groups
        ]
        groups = [group for group in groups if len(group) > 1]
        read_as = {}
    words = Asked(groups, read_as, asked(app, language, cut, terms))

    def recall(page: Page, make: Callable[[], list[list[str]]]) -> list[list[str]]:
        found: list[list[str]] = memory(app).made(
            f"words of {page.name}", [page.state, terms], make
        )
        return found

    script = index(by_name(pages(app.env)), cut, words, simplified, recall)
    app.outdir.joinpath(FILE).write_text(script, encoding="utf-8")


def setup(app: Sphinx) -> ExtensionMetadata:
    """Collect while pages are read, write when the build is done."""
    app.connect("builder-inited", leave_out_own_index)
    app.connect("doctree-read", note_records)
    app.connect("html-collect-pages", add_page)
    app.connect("html-page-context", add_to_context)
    app.add_js_file("search/search.js", loading_method="defer")
    app.connect("build-finished", write)
    app.connect("site-files", lambda app: {FILE, "search.html"})
    return {"env_version": 9, "parallel_read_safe": True, "parallel_write_safe": True}
