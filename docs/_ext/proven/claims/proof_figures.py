"""``{proof-figures}``: how many sentences the site has, and what they rest on.

::

    ```{proof-figures}
    ```

shows a table with a row for the whole site and one for each page, as this build has weighed them. A page that is not
bound yet says so in the last column. With the option ``:total:`` it shows the figures of the whole site, in one line.
"""

from __future__ import annotations

from typing import Any, ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.locale import _
from sphinx.util.docutils import SphinxDirective
from sphinx.util.typing import ExtensionMetadata

from proven.base import tables
from proven.base.evidence import evidence
from proven.base.memory import memory
from proven.base.tables import cell, row
from proven.claims.binding import Bound
from proven.claims.marks import bound

COUNTED = ("sentences", "proved", "shown", "advice", "unbound")


class proof_figures(nodes.General, nodes.Element):  # noqa: N801  docutils writes node names so
    """Stands where the table comes when all pages are read."""


class ProofFigures(SphinxDirective):
    """Show the figures of this build."""

    option_spec: ClassVar[dict[str, Any]] = {"total": directives.flag}

    def run(self) -> list[nodes.Node]:
        """Return what stands for the table."""
        self.env.metadata[self.env.docname]["proof_figures"] = True
        node = evidence(proof_figures(total="total" in self.options))
        self.set_source_info(node)
        return [node]


def total(pages: dict[str, Bound]) -> dict[str, int]:
    """Return the figures of the whole site."""
    each = [its.figures() for its in pages.values()]
    return {name: sum(figures[name] for figures in each) for name in COUNTED}


def table(app: Sphinx, within: str) -> nodes.container:
    """Return the table, with links for the page that it stands on, in a box that scrolls on a telephone.

    The theme has made such boxes when this table comes.
    """
    pages = {page: its for page, its in bound(app).items() if its.sentences}
    titles = [_("Page"), _("Sentences"), _("Proved"), _("Shown"), _("Advice"), _("Not bound yet")]
    head = row(cell(titles[0]), *(cell(each, classes=["text-right"]) for each in titles[1:]))
    rows = [_row(cell(_("The whole site")), total(pages))]
    for page, its in sorted(pages.items()):
        uri = app.builder.get_relative_uri(within, page)
        link = nodes.reference("", app.env.titles[page].astext(), internal=True, refuri=uri)
        rows.append(_row(cell(link), its.figures()))
    return nodes.container("", tables.table(head, rows), classes=["table-wrapper"])


def line(app: Sphinx) -> nodes.bullet_list:
    """Return the figures of the whole site as a list in one line."""
    figures = total(bound(app))
    said = {"sentences": _("Sentences"), "proved": _("Proved"), "shown": _("Shown")}
    items = nodes.bullet_list(classes=["home-figures"])
    for name, title in said.items():
        figure = nodes.strong("", f"{figures[name]:,}")
        items += nodes.list_item("", nodes.paragraph("", "", figure, nodes.Text(f" {title}")))
    return items


def _row(name: nodes.entry, figures: dict[str, int]) -> nodes.row:
    return row(name, *(cell(f"{figures[each]:,}", classes=["text-right"]) for each in COUNTED))


def written_anew(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Return the pages with the table, if a figure has changed."""
    figures = {page: list(its.figures().values()) for page, its in bound(app).items()}
    changed = memory(app).differs("proof_figures", figures)
    return [page for page in env.found_docs if changed and env.metadata[page].get("proof_figures")]


def fill(app: Sphinx, doctree: nodes.document, page: str) -> None:
    """Put the table in its place."""
    for node in list(doctree.findall(proof_figures)):
        made = line(app) if node["total"] else table(app, page)
        node.replace_self(made if app.builder.format == "html" else [])


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register the directive."""
    app.setup_extension("proven.claims.marks")
    app.add_directive("proof-figures", ProofFigures)
    # After the sentences are weighed, which makes no difference to a build that fails.
    app.connect("env-updated", written_anew, priority=600)
    app.connect("doctree-resolved", fill)
    return {"env_version": 2, "parallel_read_safe": True, "parallel_write_safe": True}
