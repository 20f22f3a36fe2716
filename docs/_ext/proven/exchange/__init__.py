"""HTTP exchanges: parsed, recorded while the site is built, shown; the life of one request; shell sessions."""

from __future__ import annotations

from sphinx.application import Sphinx
from sphinx.util.typing import ExtensionMetadata

EXTENSIONS = (
    "proven.exchange.directive",
    "proven.exchange.life",
    "proven.exchange.shell",
)


def setup(app: Sphinx) -> ExtensionMetadata:
    """Set up what the room has."""
    for name in EXTENSIONS:
        app.setup_extension(name)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
