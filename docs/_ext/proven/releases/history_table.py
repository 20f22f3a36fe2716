"""How a table of the history looks: its cells, and its rows as cards on a narrow screen."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.locale import _
from sphinx.util.nodes import make_refnode
from sphinx.util.typing import ExtensionMetadata

from proven.base.tables import cell, code, row, row_id, table
from proven.releases.records import Dated
from proven.releases.timeline import Entry, short

# What ``history.css`` gives a look to.
STYLED = re.compile(
    r'class="[^"]*\b(?:history(?:-[a-z]+)?|unsearched|key-facts|sentences|line-proof)\b'
)


def history_table(name: str, head: Sequence[str], rows: Iterable[nodes.row]) -> nodes.table:
    """Return a table with the class ``history-<name>``, whose cells say what they are where a row is a card."""
    rows = list(rows)
    for item in rows:
        for title, entry in zip(head[1:], list(item.children)[1:], strict=True):
            if entry.astext():
                label = nodes.inline("", title, classes=["cell-label"])
                next(entry.findall(nodes.paragraph)).insert(0, label)
    classes = ["history", f"history-{name}", "colwidths-auto"]
    return table(row(*map(cell, head)), rows, classes)


def filled(text: str | None, *classes: str) -> nodes.entry:
    """Return a cell with a text, or one that a card leaves out."""
    return cell(text, classes=classes) if text else cell(classes=["empty", *classes])


def figures(entry: Entry) -> tuple[str, str, str]:
    """Return when a name came, was deprecated and went: the same in each language."""
    oldest = f"≤ {short(entry.oldest)}"
    came = short(entry.added) if entry.added else oldest
    deprecated = oldest if entry.deprecated == entry.oldest else short(entry.deprecated or "")
    return came, deprecated, short(entry.removed or "")


def entry_row(link: nodes.Node, entry: Entry, changes: str) -> nodes.row:
    """Return the row of a name or key: when it came, was deprecated and went, what changed, what to use."""
    use = entry.replacement
    return row(
        cell(link),
        *(filled(text, "release") for text in figures(entry)),
        filled(changes),
        cell(code(use)) if use else filled(None),
        classes=[] if entry.current else ["gone"],
        # The search leads here.
        ids=[row_id(entry.name)],
    )


def by_release(items: Iterable[Dated]) -> str:
    """``0.10 `True`, 1.0 `False``` for the values that a name had."""
    return _(", ").join(f"{short(version)} `{text}`" for version, text in items)


def object_reference(name: str, shown: nodes.Node | None = None) -> nodes.Node:
    """Return ``name`` as code, or what is shown for it, linked into its library's documentation where that has it."""
    return addnodes.pending_xref(
        "",
        shown or code(name),
        refdomain="py",
        reftype="obj",
        reftarget=name,
        refexplicit=True,
        proven_optional=True,
    )


def key_label(key: str) -> str:
    """Return the label of the section of reference/configuration that explains ``key``."""
    return "key-" + key.lower().replace("_", "-")


def key_reference(key: str) -> nodes.Node:
    """Return ``key`` as code, linked to its explanation where there is one."""
    return addnodes.pending_xref(
        "",
        code(key),
        refdomain="",
        reftype="configuration-key",
        reftarget=key_label(key),
        refexplicit=True,
    )


def resolve(
    app: Sphinx, env: BuildEnvironment, node: addnodes.pending_xref, content: nodes.TextElement
) -> nodes.Node | None:
    """Resolve the links of the tables; those that lead nowhere become their text."""
    if node.get("reftype") != "configuration-key":
        return content if node.get("proven_optional") else None
    page, identifier = env.domains.standard_domain.anonlabels.get(node["reftarget"], ("", ""))
    if not page or app.builder is None:
        return content
    return make_refnode(app.builder, node["refdoc"], page, identifier, content)


def add_style(
    app: Sphinx,
    _page: str,
    _template: str,
    context: dict[str, Any],
    doctree: nodes.document | None,
) -> None:
    """Give the style to the pages that need it."""
    if doctree is not None and STYLED.search(context["body"]):
        app.add_css_file("history.css")


def setup(app: Sphinx) -> ExtensionMetadata:
    """Resolve the links, and register the style."""
    app.connect("missing-reference", resolve, priority=900)
    app.connect("html-page-context", add_style)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
