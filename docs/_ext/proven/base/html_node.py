"""Registers the nodes of ours that only HTML shows as they are meant.

Other extensions use it; it has no markup.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx

FORMATS = ("latex", "text", "man", "texinfo", "markdown")
Visitor = Callable[[Any, Any], None]


def register(
    app: Sphinx,
    node: type[nodes.Element],
    visit: Visitor,
    depart: Visitor | None = None,
    *,
    content_elsewhere: bool,
    scripts: Sequence[str] = (),
    styles: Sequence[str] = (),
) -> None:
    """Register a node with every builder.

    Args:
        app: The application.
        node: The class of the node.
        visit: What opens it in HTML.
        depart: What closes it, ``None`` where ``visit`` writes all of it.
        content_elsewhere: Whether the other formats show its content; if not, they leave it out.
        scripts: Files that the pages with such a node load, in this order, and no other.
        styles: Style sheets that they load.
    """
    elsewhere: Any = (pass_by, pass_by) if content_elsewhere else (skip, None)
    app.add_node(node, html=(visit, depart), **dict.fromkeys(FORMATS, elsewhere))

    def add_files(
        app: Sphinx, _page: str, _template: str, _context: Any, doctree: nodes.document | None
    ) -> None:
        if doctree is not None and next(doctree.findall(node), None) is not None:
            for script in scripts:
                app.add_js_file(script, loading_method="defer")
            for style in styles:
                app.add_css_file(style)

    if scripts or styles:
        app.connect("html-page-context", add_files)


def pass_by(visitor: Any, node: nodes.Node) -> None:
    """Write nothing of the node itself."""


def skip(visitor: Any, node: nodes.Node) -> None:
    """Leave out the node and its content."""
    raise nodes.SkipNode
