"""The floor under every room: complaints, memory, shared nodes, shortcuts of the build, and where things lie."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    # Not needed to load the package: `nox -s history` has no Sphinx.
    from sphinx.application import Sphinx
    from sphinx.util.typing import ExtensionMetadata

EXTENSIONS = (
    "proven.base.complaints",
    "proven.base.disclosure",
    "proven.base.memory",
    "proven.base.shortcuts",
    "proven.base.site_files",
)


def setup(app: Sphinx) -> ExtensionMetadata:
    """Set up what the room has."""
    for name in EXTENSIONS:
        app.setup_extension(name)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
