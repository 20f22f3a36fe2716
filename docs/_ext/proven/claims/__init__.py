"""What proves a statement: the sentences of the pages, the tests that quote them, the recorded figures."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    # Not needed to load the package: a test imports its decorator, and nothing of Sphinx.
    from sphinx.application import Sphinx
    from sphinx.util.typing import ExtensionMetadata

EXTENSIONS = (
    "proven.claims.figures",
    "proven.claims.gate",
    "proven.claims.marks",
    "proven.claims.proof_figures",
    "proven.claims.proof_pages",
)


def setup(app: Sphinx) -> ExtensionMetadata:
    """Set up what the room has."""
    for name in EXTENSIONS:
        app.setup_extension(name)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
