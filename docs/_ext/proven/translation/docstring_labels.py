"""Leaves the labels of a docstring's fields to Sphinx: “Parameters”, “Raises” and the like.

It has no markup. Sphinx writes these labels in the language of the build by itself. Left alone, it would also put them
into the catalog of each page, and then look there for a translation of what is translated already.
"""

from __future__ import annotations

from typing import Any

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.transforms import SphinxTransform
from sphinx.util.typing import ExtensionMetadata


class KeepLabels(SphinxTransform):
    """Take the labels out of what is translatable."""

    # Before Sphinx (10) and catalog_gate (15) collect the texts of the page.
    default_priority = 5

    def apply(self, **kwargs: Any) -> None:
        """Mark the labels in the descriptions of classes and functions."""
        for content in self.document.findall(addnodes.desc_content):
            for label in content.findall(nodes.field_name):
                label["translatable"] = False


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register the transform."""
    app.add_transform(KeepLabels)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
