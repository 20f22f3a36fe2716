"""A node that folds its content under a summary: ``<details>`` in HTML, plain content elsewhere.

Other extensions use it; it has no markup of its own::

    node = disclosure(summary=_("Send it with curl"), classes=["exchange-curl"])
    node += nodes.literal_block(line, line)
"""

from __future__ import annotations

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.typing import ExtensionMetadata
from sphinx.writers.html5 import HTML5Translator

from proven.base.html_node import register


class disclosure(nodes.General, nodes.Element):  # noqa: N801  docutils writes node names so
    """Content that opens with one click on ``summary``, without JavaScript."""


def visit_html(visitor: HTML5Translator, node: disclosure) -> None:
    """Open ``<details>`` and write its summary."""
    visitor.body.append(visitor.starttag(node, "details"))
    visitor.body.append(f"<summary>{visitor.encode(node['summary'])}</summary>\n")


def depart_html(visitor: HTML5Translator, node: disclosure) -> None:
    """Close ``<details>``."""
    visitor.body.append("</details>\n")


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register the node with every builder."""
    register(app, disclosure, visit_html, depart_html, content_elsewhere=True)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
