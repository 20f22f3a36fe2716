"""The modules under snippets/: their files, imports and tests, how a page shows them, the page of each."""

from __future__ import annotations

from sphinx.application import Sphinx
from sphinx.util.typing import ExtensionMetadata

EXTENSIONS = (
    "proven.snippets.include",
    "proven.snippets.module_pages",
    "proven.snippets.proven_with",
)


def setup(app: Sphinx) -> ExtensionMetadata:
    """Set up what the room has."""
    for name in EXTENSIONS:
        app.setup_extension(name)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
