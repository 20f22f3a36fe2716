"""A line under the title of every page with snippets: which versions this build ran them with.

It has no markup; a page gets it by showing a snippet or an exchange.
"""

from __future__ import annotations

import platform
from importlib.metadata import version

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.locale import _
from sphinx.util.typing import ExtensionMetadata


def versions() -> dict[str, str]:
    """Return what the snippets run on, as installed."""
    return {
        "Python": platform.python_version(),
        "Flask": version("flask"),
        "Werkzeug": version("werkzeug"),
    }


def line_of(versions: dict[str, str]) -> str:
    """Return what the line says."""
    names = " · ".join(f"{name} {number}" for name, number in versions.items())
    return _("Every snippet on this page ran in this build: %(versions)s") % {"versions": names}


def add_line(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Put the line under the page's title."""
    if app.builder.format != "html" or "proven_with" not in app.env.metadata[docname]:
        return
    title = doctree.next_node(nodes.title)
    if title is None:
        return
    text = line_of(app.config.proven_with)
    line = nodes.paragraph(text, text, classes=["proven-with"])
    title.parent.insert(title.parent.index(title) + 1, line)


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register the line; a page is written anew when a version changes."""
    app.add_config_value("proven_with", versions(), "env", types=frozenset({dict}))
    app.connect("doctree-resolved", add_line)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
