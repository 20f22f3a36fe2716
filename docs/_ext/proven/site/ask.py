"""``{ask}``: a box for the search and one for the error look-up, on a page that readers begin with.

::

    ```{ask}
    ```

Both are forms that open the page of the search or of the look-up with what was typed, so that they need no script here.
"""

from __future__ import annotations

from html import escape

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.locale import _
from sphinx.util.docutils import SphinxDirective
from sphinx.util.typing import ExtensionMetadata
from sphinx.writers.html5 import HTML5Translator

from proven.base.html_node import register

SEARCH, LOOK_UP = "search", "reference/errors"


class ask(nodes.General, nodes.Element):  # noqa: N801  docutils writes node names so
    """The two boxes."""


class Ask(SphinxDirective):
    """Show the two boxes."""

    def run(self) -> list[nodes.Node]:
        """Return the boxes."""
        return [ask()]


def visit(visitor: HTML5Translator, node: ask) -> None:
    """Write the forms, with addresses for the page that they stand on."""
    link = visitor.builder.get_relative_uri
    forms = [
        (SEARCH, "q", _("A word, a name, a question, an error message"), _("Search")),
        (LOOK_UP, "message", _("The last line of a traceback"), _("Look up the error")),
    ]
    visitor.body.append(visitor.starttag(node, "div", CLASS="ask"))
    for page, name, hint, button in forms:
        address = link(visitor.docnames[0], page)
        visitor.body.append(
            f'<form action="{escape(address)}"><input type="search" name="{name}" '
            f'placeholder="{escape(hint)}" aria-label="{escape(hint)}"> '
            f"<button>{escape(button)}</button></form>\n"
        )
    visitor.body.append("</div>\n")
    raise nodes.SkipNode


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register the directive."""
    app.add_directive("ask", Ask)
    register(app, ask, visit, content_elsewhere=False, styles=["home.css"])
    return {"parallel_read_safe": True, "parallel_write_safe": True}
