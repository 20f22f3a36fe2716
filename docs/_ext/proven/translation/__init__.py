"""Languages as data, the catalogs and the rules that they are held to."""

from __future__ import annotations

from sphinx.application import Sphinx
from sphinx.util.typing import ExtensionMetadata

EXTENSIONS = (
    "proven.translation.docstring_labels",
    "proven.translation.gate",
)


def setup(app: Sphinx) -> ExtensionMetadata:
    """Set up what the room has."""
    for name in EXTENSIONS:
        app.setup_extension(name)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
