"""What readers move with: search, error look-up, language switch, settings, navigation, callouts, the theme's texts."""

from __future__ import annotations

from sphinx.application import Sphinx
from sphinx.util.typing import ExtensionMetadata

EXTENSIONS = (
    "proven.site.ask",
    "proven.site.assistants",
    "proven.site.books",
    "proven.site.callouts",
    "proven.site.cards",
    "proven.site.colophon",
    "proven.site.description",
    "proven.site.errors",
    "proven.site.language_switch",
    "proven.site.lean",
    "proven.site.linked_data",
    "proven.site.look_up",
    "proven.site.markdown",
    "proven.site.moved",
    "proven.site.navigation",
    "proven.site.next_sentences",
    "proven.site.search",
    "proven.site.settings",
    "proven.site.theme_strings",
)


def setup(app: Sphinx) -> ExtensionMetadata:
    """Set up what the room has."""
    for name in EXTENSIONS:
        app.setup_extension(name)
    app.add_js_file("keyboard.js", loading_method="defer")
    return {"parallel_read_safe": True, "parallel_write_safe": True}
