"""What the releases of the libraries say about a name: read, kept as data, looked up, shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    # Not needed to load the package: `nox -s history` has no Sphinx.
    from sphinx.application import Sphinx
    from sphinx.util.typing import ExtensionMetadata

EXTENSIONS = (
    "proven.releases.downloads",
    "proven.releases.history_table",
    "proven.releases.key_tables",
    "proven.releases.library_tables",
    "proven.releases.name_tables",
    "proven.releases.notebook_table",
    "proven.releases.old_code",
    "proven.releases.old_lines_directive",
    "proven.releases.pairs_table",
    "proven.releases.run_notes",
    "proven.releases.since",
    "proven.releases.typed_versions",
    "proven.releases.upcoming",
    "proven.releases.upgrade_box",
)


def setup(app: Sphinx) -> ExtensionMetadata:
    """Set up what the room has."""
    for name in EXTENSIONS:
        app.setup_extension(name)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
