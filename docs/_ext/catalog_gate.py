"""Holds a translated build to its catalogs: a page is complete in both languages or the build stops.

It has no markup. While a page is read in a language other than the source's, each of its texts is looked up in the
page's catalog; what is missing, fuzzy or no longer in the page, and what a translation drops (a role, a link, inline
code) or writes against the rules (:mod:`catalog_rules`), is one warning that names file and line.
"""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path
from typing import Any

import polib
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.transforms import SphinxTransform
from sphinx.util import logging
from sphinx.util.nodes import extract_messages
from sphinx.util.typing import ExtensionMetadata

from catalog_rules import faults
from languages import SOURCE

logger = logging.getLogger(__name__)


@cache
def read(file: Path, changed: int) -> polib.POFile:
    """Return a catalog; ``changed`` (its time stamp) keeps the cache honest."""
    return polib.pofile(str(file), encoding="utf-8")


def excerpt(text: str) -> str:
    """Return the beginning of ``text`` for a message."""
    return text if len(text) <= 60 else f"{text[:57]}..."


class CheckCatalog(SphinxTransform):
    """Compare the texts of a page with its catalog, before Sphinx translates them."""

    # After PreserveTranslatableMessages (10), before Locale (20).
    default_priority = 15

    def apply(self, **kwargs: Any) -> None:
        """Warn about each text that the reader would see in the wrong language or not at all."""
        if self.config.language == SOURCE.code or self.env._builder_cls.name == "gettext":
            return
        docname = self.env.current_document.docname
        folder = Path(self.env.srcdir, self.config.locale_dirs[0]).resolve()
        file = folder / self.config.language / "LC_MESSAGES" / f"{docname}.po"
        shown = file.relative_to(folder.parent).as_posix()
        if not file.is_file():
            self.warn(
                f"the page has no catalog {shown}: run 'nox -s translations' and fill it",
                (docname, 1),
            )
            return
        catalog = read(file, file.stat().st_mtime_ns)
        entries = {entry.msgid: entry for entry in catalog if not entry.obsolete}
        seen: set[str] = set()
        complete = True
        for node, message in extract_messages(self.document):
            if message in seen:
                continue
            seen.add(message)
            entry = entries.get(message)
            if entry is None:
                complete = False
                self.warn(
                    f"not translated: {excerpt(message)!r}; run 'nox -s translations' "
                    f"and fill it in {shown}",
                    (docname, node.line or 1),
                )
            elif entry.fuzzy:
                self.warn(
                    f"fuzzy: {excerpt(message)!r}; read the translation, mend it, remove the flag",
                    f"{shown}:{entry.linenum}",
                )
            elif not entry.msgstr.strip():
                self.warn(
                    f"not translated: {excerpt(message)!r}; fill in its msgstr",
                    f"{shown}:{entry.linenum}",
                )
            else:
                for fault in faults(message, entry.msgstr):
                    self.warn(f"{fault} ({excerpt(message)!r})", f"{shown}:{entry.linenum}")
        # What is left over of a text that changed is no second fault.
        for entry in catalog if complete else ():
            if entry.obsolete or entry.msgid not in seen:
                self.warn(
                    f"the page no longer says {excerpt(entry.msgid)!r}; run 'nox -s translations'",
                    f"{shown}:{entry.linenum}",
                )

    def warn(self, message: str, location: str | tuple[str, int]) -> None:
        """Stop the build (its warnings are errors)."""
        logger.warning("%s", message, location=location, type="proven", subtype="catalog")


def suppress_twin(app: Sphinx, config: Config) -> None:
    """Keep Sphinx from saying again, less exactly, that a translation drops a role or link."""
    config.suppress_warnings.append("i18n.inconsistent_references")


def note_interface_texts(app: Sphinx, config: Config) -> None:
    """Let a change of ``sphinx.po``, whose texts are on every page, make every page anew."""
    folder = Path(app.confdir, config.locale_dirs[0], config.language, "LC_MESSAGES")
    file = folder / "sphinx.po"
    if file.is_file():
        config.interface_texts = hashlib.sha256(file.read_bytes()).hexdigest()


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register the transform."""
    app.setup_extension("complaints")
    app.add_config_value("interface_texts", "", "env", types=frozenset({str}))
    app.connect("config-inited", suppress_twin)
    app.connect("config-inited", note_interface_texts)
    app.add_transform(CheckCatalog)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
