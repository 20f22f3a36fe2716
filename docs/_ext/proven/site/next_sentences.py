"""``{next-sentences}``: the sentences of this site whose tests fail with the next release, page by page.

::

    ```{next-sentences}
    ```

takes no content. ``nox -s next`` records which tests fail (:mod:`proven.releases.upcoming`); the tests say which
sentences they prove. So the list is in step with the pages, and a page shows each sentence in its own language. The
same is data beside the page, ``history/next.json``.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from html import escape
from itertools import groupby
from pathlib import Path
from typing import Any, NamedTuple

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.builders.html import StandaloneHTMLBuilder
from sphinx.environment import BuildEnvironment
from sphinx.locale import _
from sphinx.util.docutils import SphinxDirective
from sphinx.util.typing import ExtensionMetadata

from proven.base.complaints import complain
from proven.base.evidence import evidence
from proven.base.html_node import register
from proven.base.memory import memory
from proven.claims.marks import bound, place_of, said
from proven.claims.quotes import Quote
from proven.releases import upcoming

PAGE = "history/next"
FILE = f"{PAGE}.json"


class next_sentences(nodes.General, nodes.Element):  # noqa: N801  docutils writes node names so
    """The place of the table, whose ``heads`` are in the reader's language."""


class Concerned(NamedTuple):
    """A sentence whose test fails with the next release.

    Attributes:
        page: The page that says it.
        section: The id of its section.
        text: The sentence in the source.
        quotes: The tests that prove it and fail.
        failure: How the first of them fails.
    """

    page: str
    section: str
    text: str
    quotes: list[Quote]
    failure: str


class NextSentences(SphinxDirective):
    """The place of the table."""

    def run(self) -> list[nodes.Node]:
        """Return it; what stands in it is known when every page is read."""
        self.env.note_dependency(str(upcoming.FILE))
        try:
            upcoming.read()
        except (OSError, ValueError) as error:
            place = (self.env.docname, self.lineno)
            complain(f"{self.name}: {error}; run nox -s next", place, "next")
            return []
        heads = [_("Sentence"), _("Test"), _("How it fails")]
        return [evidence(next_sentences(heads=heads, downloads=_("Download the data:")))]


def concerned(app: Sphinx) -> Iterator[Concerned]:
    """Yield the sentences in the order of the pages."""
    failures = upcoming.read().tests
    for page, its in bound(app).items():
        for sentence in its.sentences:
            failing = [
                quote
                for quote in its.proofs.get(sentence.text, ())
                if f"{quote.file}::{quote.test}" in failures
            ]
            if failing:
                first = f"{failing[0].file}::{failing[0].test}"
                yield Concerned(page, sentence.section, sentence.text, failing, failures[first])


def offered(app: Sphinx) -> bool:
    """Say whether the site has the page."""
    return PAGE in app.env.all_docs


def pages_to_write(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Return the page where its table changed."""
    if not offered(app):
        return []
    return [PAGE] if memory(app).differs("next_sentences", list(concerned(app))) else []


def know_texts(app: Sphinx, doctree: nodes.document, page: str) -> None:
    """See to it that what the pages say is known which are written after this one."""
    if next(doctree.findall(next_sentences), None) is None:
        return
    known = memory(app).recall("said", {})
    for other in dict.fromkeys(each.page for each in concerned(app)):
        if other > page or other not in known:
            app.env.get_and_resolve_doctree(other, app.builder)


def visit_html(translator: Any, node: next_sentences) -> None:
    """Write a fold for each page, with a table of its sentences."""
    builder: StandaloneHTMLBuilder = translator.builder
    heads = "".join(f'<th class="head">{escape(head)}</th>' for head in node["heads"])
    for page, its in groupby(concerned(builder.app), key=lambda each: each.page):
        rows = [_row(builder, each) for each in its]
        title = escape(builder.env.titles[page].astext())
        translator.body.append(
            f'<details class="sentences"><summary>{title} ({len(rows)})</summary>'
            '<div class="table-wrapper docutils container"><table class="docutils history history-sentences">'
            f"<thead><tr>{heads}</tr></thead><tbody>\n{''.join(rows)}</tbody></table></div></details>\n"
        )
    file = f"{_up(builder.current_docname)}{FILE}"
    translator.body.append(
        f"<p>{escape(node['downloads'])} "
        f'<a class="reference internal" href="{file}" download>JSON</a></p>\n'
    )
    raise nodes.SkipNode


def _row(builder: StandaloneHTMLBuilder, each: Concerned) -> str:
    here = builder.current_docname
    section = f"{builder.get_relative_uri(here, each.page)}#{each.section}"
    links = " · ".join(
        f'<a class="reference internal" href="{_up(here)}{place_of(quote)}">{_("Test")}</a>'
        for quote in each.quotes
    )
    text = said(builder.app, each.page, each.text)
    name = escape(builder.env.titles[each.page].astext())
    return (
        f'<tr><td><a class="reference internal" href="{section}" aria-label="{name}">¶</a> {text}</td>'
        f"<td>{links}</td><td><code>{escape(each.failure)}</code></td></tr>\n"
    )


def _up(page: str) -> str:
    return "../" * page.count("/")


def write(app: Sphinx, exception: Exception | None) -> None:
    """Write the data beside the page."""
    if exception or app.builder.name != "html" or not offered(app):
        return
    content = [
        {
            "page": each.page,
            "section": each.section,
            "sentence": each.text,
            "tests": [f"{quote.file}::{quote.test}" for quote in each.quotes],
            "failure": each.failure,
        }
        for each in concerned(app)
    ]
    text = json.dumps(content, ensure_ascii=False, indent=1)
    Path(app.outdir, FILE).write_text(text + "\n", encoding="utf-8")


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register the directive and its node, and write the data at the end."""
    app.setup_extension("proven.claims.marks")
    app.add_directive("next-sentences", NextSentences)
    register(app, next_sentences, visit_html, content_elsewhere=False)
    # When the sentences are weighed.
    app.connect("env-updated", pages_to_write, priority=600)
    app.connect("doctree-resolved", know_texts)
    app.connect("build-finished", write)
    app.connect("site-files", lambda app: {FILE} if offered(app) else set())
    return {"parallel_read_safe": True, "parallel_write_safe": True}
