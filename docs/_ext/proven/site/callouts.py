"""Two boxes that every page uses.

A pitfall names a mistake, with the exact error text where there is one::

    :::{pitfall} 404 for a URL that is plainly there
    The rule is `/about`, the link says `/about/`.
    :::

Then and now says what old posts get wrong::

    :::{then-and-now}
    Early Werkzeug answered 301 here: {since}`werkzeug.routing.RequestRedirect`.
    :::

The kind of box is said by a label of its own, so that the title stays what the page says. A pitfall has an id, so that
others can lead to it: :mod:`proven.site.errors` lists them all.
"""

from __future__ import annotations

from itertools import chain, count
from typing import ClassVar

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.locale import _
from sphinx.util.docutils import SphinxDirective
from sphinx.util.typing import ExtensionMetadata


class Callout(SphinxDirective):
    """An admonition with a fixed kind and an optional title."""

    has_content = True
    optional_arguments = 1
    final_argument_whitespace = True
    kind: ClassVar[str]

    def label(self) -> str:
        """Return the kind of box in the reader's language."""
        raise NotImplementedError

    def run(self) -> list[nodes.Node]:
        """Return the box: its kind, its title and its content."""
        self.assert_has_content()
        box = nodes.admonition(classes=[self.kind])
        self.set_source_info(box)
        if self.arguments:
            text = self.arguments[0]
            box["written"] = text
            self.identify(box)
            children, messages = self.state.inline_text(text, self.lineno)
            title = nodes.title(text, "", *children)
            self.set_source_info(title)
            box += title
            # Its own paragraph, because a title with markup in it must stay one translatable text.
            box += nodes.paragraph("", self.label(), classes=["callout-kind"], translatable=False)
            box += messages
        else:
            box += nodes.title("", self.label(), translatable=False)
        box += self.parse_content_to_nodes()
        return [box]

    def identify(self, box: nodes.admonition) -> None:
        """Give the box an id of its kind and the first words of its title, which are English in every language."""
        words = nodes.make_id(f"{self.kind}-{box['written']}")[:60].strip("-")
        taken = self.state.document.ids
        candidates = chain([words], (f"{words}-{number}" for number in count(2)))
        box["ids"] = [next(each for each in candidates if each not in taken)]
        taken[box["ids"][0]] = box


class Pitfall(Callout):
    """``{pitfall}``: a mistake readers make, its cause and its fix."""

    kind = "pitfall"

    def label(self) -> str:
        """Return “Pitfall”, translated."""
        return _("Pitfall")


class ThenAndNow(Callout):
    """``{then-and-now}``: what was true once and what is true now."""

    kind = "then-and-now"

    def label(self) -> str:
        """Return “Then and now”, translated."""
        return _("Then and now")


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register both directives."""
    app.add_directive("pitfall", Pitfall)
    app.add_directive("then-and-now", ThenAndNow)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
