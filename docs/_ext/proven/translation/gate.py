"""Holds a translated build to its catalogs: a page of a complete language is translated whole, or the build stops.

It has no markup. While a page is read in a language other than the source's, each of its texts is looked up in the
page's catalog; what is missing, fuzzy or no longer in the page, and what a translation drops (a role, a link, inline
code) or writes against the rules (:mod:`proven.translation.rules`), is one warning that names file and line.

In a language that is in progress, what is not translated yet stays English, is marked as such, and the page says how
much of it is translated; its translations are held to the same rules.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polib
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.transforms import SphinxTransform
from sphinx.util.nodes import extract_messages
from sphinx.util.typing import ExtensionMetadata

from proven.base.complaints import complain, complained
from proven.base.memory import memory
from proven.base.project import ROOT
from proven.translation import catalogs, reading
from proven.translation.languages import LANGUAGES, SOURCE, Language, by_code


class CheckCatalog(SphinxTransform):
    """Compare the texts of a page with its catalog, before Sphinx translates them."""

    # After PreserveTranslatableMessages (10), before Locale (20).
    default_priority = 15

    def apply(self, **kwargs: Any) -> None:
        """Warn about each text that the reader would see in the wrong language or not at all."""
        language, page = by_code(self.config.language), self.env.current_document.docname
        if language == SOURCE:
            return
        # What a broken page no longer says, it will say again.
        whole = language.complete and page not in complained()
        catalog = read(language, page, (page, 1))
        if catalog is None:
            return
        entries = {entry.msgid: entry for entry in catalog if not entry.obsolete}
        shown = catalogs.path(ROOT, language, page).relative_to(ROOT).as_posix()
        done: dict[str, bool] = {}
        for node, message in extract_messages(self.document):
            entry = entries.get(message)
            translated = entry is not None and not catalogs.state(entry)
            if not translated:
                mark(node)
            if message in done:
                continue
            done[message] = translated
            if entry:
                for fault, place in faults(entry, language, page):
                    warn(fault, place)
            elif language.complete:
                whole = False
                warn(
                    f"not translated: {catalogs.excerpt(message)}; run 'nox -s translations' "
                    f"and fill it in {shown}",
                    (page, node.line or 1),
                )
        self.env.metadata[page]["translated"] = sum(done.values()), len(done)
        # What is left over of a text that changed is no second fault.
        for entry in catalog if whole else ():
            if entry.obsolete or entry.msgid not in done:
                warn(
                    f"the page no longer says {catalogs.excerpt(entry.msgid)}; "
                    "run 'nox -s translations'",
                    f"{shown}:{entry.linenum}",
                )


def read(language: Language, name: str, location: str | tuple[str, int]) -> polib.POFile | None:
    """Return a catalog, an empty one where a language in progress has none; ``None`` after a warning."""
    try:
        return catalogs.read(ROOT, language, name)
    except catalogs.CatalogError as error:
        warn(error.fault, error.place)
    except FileNotFoundError as error:
        if not language.complete:
            return polib.POFile()
        shown = Path(error.filename).relative_to(ROOT).as_posix()
        warn(f"there is no catalog {shown}: run 'nox -s translations' and fill it", location)
    return None


def faults(entry: polib.POEntry, language: Language, name: str) -> Iterator[tuple[str, str]]:
    """Yield what is wrong with an entry that is not whole or was not read, where it must be, or badly translated."""
    shown = catalogs.path(ROOT, language, name).relative_to(ROOT).as_posix()
    place = f"{shown}:{entry.linenum}"
    state = catalogs.state(entry)
    found = [state] * language.complete if state else catalogs.entry_faults(entry, language, {})
    for fault in found:
        yield f"{fault} ({catalogs.excerpt(entry.msgid)})", place
    if not state and reading.held(ROOT, language):
        for fault in reading.reading_faults(ROOT, language, name, entry):
            yield fault, place


def mark(node: nodes.Element) -> None:
    """Mark a text as one of the source language: for a screen reader, and for the style sheet."""
    if isinstance(node, nodes.TextElement) and not isinstance(node, nodes.FixedTextElement):
        # docutils writes the attribute `lang` for such a class.
        node["classes"] += [f"language-{SOURCE.tag}", "untranslated"]


def warn(message: str, location: str | tuple[str, int]) -> None:
    """Stop the build (its warnings are errors)."""
    complain(message, location, "catalog")


def prepare(app: Sphinx, config: Config) -> None:
    """Look at what is the same for every page: the list of languages, and the texts of the interface.

    A change of either makes every page anew.
    """
    # Sphinx would say again, less exactly, that a translation drops a role or link.
    config.suppress_warnings.append("i18n.inconsistent_references")
    language = by_code(config.language)
    config.languages = repr(LANGUAGES)
    if language == SOURCE:
        return
    # Sphinx would go on with the compiled copy of a catalog that is gone.
    for compiled in catalogs.folder(ROOT, language).rglob("*.mo"):
        if not compiled.with_suffix(".po").exists():
            compiled.unlink()
    file = catalogs.path(ROOT, language, catalogs.INTERFACE)
    shown = file.relative_to(ROOT).as_posix()
    its = read(language, catalogs.INTERFACE, f"{shown}:1") or ()
    if file.is_file():
        config.interface_texts = hashlib.sha256(file.read_bytes()).hexdigest()
    held, read_ones = (
        reading.held(ROOT, language),
        reading.marked(ROOT, language, catalogs.INTERFACE),
    )
    found = memory(app).made(
        "interface",
        [config.interface_texts, config.languages, held, sorted(read_ones)],
        lambda: [fault for entry in its for fault in faults(entry, language, catalogs.INTERFACE)],
    )
    for fault, place in found:
        warn(fault, place)


def keep_progress(app: Sphinx, exception: Exception | None) -> None:
    """Keep how many of the texts of each page are translated, for the command that builds the site."""
    if not exception:
        pages = {page: data.get("translated", (0, 0)) for page, data in app.env.metadata.items()}
        memory(app).keep("translated", pages)


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register the transform."""
    app.setup_extension("proven.base.complaints")
    app.setup_extension("proven.base.memory")
    for value in ("interface_texts", "languages"):
        app.add_config_value(value, "", "env", types=frozenset({str}))
    app.connect("config-inited", prepare)
    app.connect("build-finished", keep_progress)
    app.add_transform(CheckCatalog)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
