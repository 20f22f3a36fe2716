"""The menu in which a reader sets colours, size of code and language of comments, kept in the browser.

It has no markup. The template ``components/settings.html`` writes the menu. ``settings.js`` stands at the beginning of
the body and blocks, so that what is set holds before anything is drawn.
"""

from __future__ import annotations

from typing import Any

from sphinx.application import Sphinx
from sphinx.util.typing import ExtensionMetadata

from proven.translation.languages import SOURCE, by_code

SCRIPT = "settings.js"


def add_to_context(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: object
) -> None:
    """Give the templates the script, and the languages in which comments can be read."""
    scripts = context["script_files"]
    (context["settings_script"],) = (
        each for each in scripts if each.filename == f"_static/{SCRIPT}"
    )
    context["script_files"] = [each for each in scripts if each != context["settings_script"]]
    own = by_code(app.config.language)
    context["comment_languages"] = [] if own == SOURCE else [own, SOURCE]


def setup(app: Sphinx) -> ExtensionMetadata:
    """Give each page its script and its menu."""
    app.add_js_file(SCRIPT)
    app.connect("html-page-context", add_to_context)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
