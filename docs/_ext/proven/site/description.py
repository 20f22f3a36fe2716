"""The page's description, from its front matter, for search engines and link previews.

::

    ---
    description: What Flask does with a URL, and how to write rules.
    ---

It becomes ``<meta name="description">``, is translated through the page's catalog like any paragraph,
and a page without one stops the build.
"""

from __future__ import annotations

from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.transforms import SphinxTransform
from sphinx.util.typing import ExtensionMetadata

from proven.base.complaints import complain

# Search engines cut what is longer; a Chinese character takes the room of two letters.
LIMIT = 170


def description_of(doctree: nodes.document) -> str:
    """Return the (translated) description of a page, ``""`` if it has none."""
    for meta in doctree.findall(nodes.meta):
        if meta.get("name") == "description":
            return str(meta["content"])
    return ""


class FrontMatter(SphinxTransform):
    """Turn the ``description`` field of the front matter into a translatable ``meta`` node."""

    # Before PreserveTranslatableMessages (10) and Locale (20).
    default_priority = 5

    def apply(self, **kwargs: Any) -> None:
        """Put the node in the place of the front matter, or say that it is missing."""
        matter = self.document.children[0] if self.document.children else None
        if isinstance(matter, nodes.field_list):
            for field in matter.findall(nodes.field):
                name, body = field.children
                if name.astext() == "description":
                    meta = nodes.meta(name="description", content=body.astext())
                    meta.source, meta.line = self.document["source"], 2
                    self.document.replace(matter, meta)
                    break
        text, page = description_of(self.document), self.env.current_document.docname
        # A message in its place says already that it cannot be read.
        if not text and not isinstance(matter, nodes.system_message):
            complain(
                "this page has no description: begin it with front matter, "
                "'---', 'description: one sentence', '---'",
                (page, 1),
                "description",
            )
        elif len(text) > LIMIT:
            complain(
                f"the description has {len(text)} characters: shorten it to {LIMIT} at most",
                (page, 2),
                "description",
            )


def add_to_context(
    app: Sphinx,
    pagename: str,
    templatename: str,
    context: dict[str, Any],
    doctree: nodes.document | None,
) -> None:
    """Let the template write the Open Graph tags, and the description itself of a page that an extension makes."""
    context.setdefault("description", description_of(doctree) if doctree else "")


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register the transform and the template value."""
    app.add_transform(FrontMatter)
    app.connect("html-page-context", add_to_context)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
