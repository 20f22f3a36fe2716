"""Stops the build for a sentence that rests on nothing, and for a quote that no page says any more.

It has no markup. While a page is read, its sentences are kept with what else Sphinx keeps of it, as the source says
them, whatever the language of the build; when all pages are read, they are held against the quotes of the tests and the
lists (:mod:`proven.claims.binding`), in every build, for a test may have changed and no page. What is wrong is said by
the build of the source.
"""

from __future__ import annotations

from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.transforms import SphinxTransform
from sphinx.util.typing import ExtensionMetadata

from proven.base.complaints import complain, complained
from proven.base.memory import memory
from proven.base.project import ROOT
from proven.claims.binding import faults
from proven.claims.sentences import Sentence, units, with_titles
from proven.translation.languages import SOURCE

KEPT = "sentences"
# The attribute of a text with what its sentences say in the source.
CLAIMS = "claims"
# The attribute of a section, and what is kept of a page: titles in the source, by the ids of their sections.
TITLES = "source_titles"


class KeepSentences(SphinxTransform):
    """Keep the sentences of a page, before Sphinx translates and moves anything."""

    # As the gate of translations: after PreserveTranslatableMessages (10), before Locale (20).
    default_priority = 15

    def apply(self, **kwargs: Any) -> None:
        """Read them off the tree."""
        page = self.env.current_document.docname
        found: list[Sentence] = []
        for node, its in units(self.document, page, ROOT):
            node[CLAIMS] = [sentence.text for sentence in its]
            found += its
        self.env.metadata[page][KEPT] = found
        for section in self.document.findall(nodes.section):
            title = section.next_node(nodes.title)
            section[TITLES] = "" if title is None else title.astext()


def keep_titles(app: Sphinx, doctree: nodes.document) -> None:
    """Keep what the sections are called in the source, now that they have the ids of their labels."""
    app.env.metadata[app.env.current_document.docname][TITLES] = {
        each: section[TITLES]
        for section in doctree.findall(nodes.section)
        for each in section["ids"]
    }


def all_sentences(env: BuildEnvironment) -> dict[str, list[Sentence]]:
    """Return the sentences of every page, with the titles of what they link to."""
    return {
        page: [
            sentence._replace(text=source_text(env, sentence.text))
            for sentence in env.metadata[page].get(KEPT, ())
        ]
        for page in sorted(env.found_docs)
    }


def source_text(env: BuildEnvironment, text: str) -> str:
    """Return a kept sentence with the titles, as the source has them, of what it links to."""

    def title(kind: str, target: str) -> str:
        if kind == "doc":
            name = target.lstrip("/")
            titles = env.metadata[name].get(TITLES) if name in env.titles else None
            return str(next(iter(titles.values()))) if titles else name
        page, place, shown = env.domains.standard_domain.labels.get(target, ("", "", target))
        return str(env.metadata[page].get(TITLES, {}).get(place, shown) if page else shown)

    return with_titles(text, title)


def kept_quotes(app: Sphinx) -> dict[str, Any]:
    """Return what the builds keep of the quotes of the tests, by file."""
    found: dict[str, Any] = memory(app).recall("quotes", {})
    memory(app).keep("quotes", found)
    return found


def check(app: Sphinx, env: BuildEnvironment) -> None:
    """Complain of what is wrong with the claims."""
    if app.config.language != SOURCE.code or app.builder.format != "html":
        return
    pages = all_sentences(env)
    memory(app).keep(KEPT, pages)
    # What a broken page says is not known before it is mended.
    skip, kept = complained(), kept_quotes(app)
    for fault in faults(ROOT, pages, skip, kept=kept, whole=app.config.whole_claims):
        complain(fault.message, fault.place, "claim")


def setup(app: Sphinx) -> ExtensionMetadata:
    """Keep and check."""
    app.setup_extension("proven.base.memory")
    # A site of a test has pages that say nothing of Flask.
    app.add_config_value("whole_claims", True, "", bool)
    app.add_transform(KeepSentences)
    app.connect("doctree-read", keep_titles)
    app.connect("env-updated", check)
    # Counted up when what is kept of a page changes.
    return {"env_version": 2, "parallel_read_safe": True, "parallel_write_safe": True}
