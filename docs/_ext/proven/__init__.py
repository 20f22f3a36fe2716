"""All that turns docs/ into the site, a room a capability; ``docs/about/house.md`` draws it.

Sphinx loads this package as one extension, which sets up the rooms.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    # Not needed to load the package: `nox -s history` has no Sphinx.
    from sphinx.application import Sphinx
    from sphinx.util.typing import ExtensionMetadata

ROOMS = ("base", "snippets", "exchange", "claims", "releases", "translation", "run", "site")


def setup(app: Sphinx) -> ExtensionMetadata:
    """Set up every room that has directives, nodes or hooks."""
    for room in ROOMS:
        app.setup_extension(f"{__name__}.{room}")
    return {"parallel_read_safe": True, "parallel_write_safe": True}
