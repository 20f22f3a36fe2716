"""Translates what furo writes in English only, and names what it leaves nameless for a screen reader.

The theme marks some of its strings for translation; those stand in ``sphinx.po`` like our own. The others are literals
in its templates: ``page.html`` passes the theme's output through the filter ``localize_theme``, which replaces each
of them. A literal that is no longer there stops the build, so that a new furo cannot bring English back
unseen. So does the script that the theme writes into each page, which a content security policy would refuse: a file
of ours stands in its place.
"""

from __future__ import annotations

from markupsafe import Markup, escape
from sphinx.application import Sphinx
from sphinx.builders.html import StandaloneHTMLBuilder
from sphinx.errors import ThemeError
from sphinx.locale import _
from sphinx.util.typing import ExtensionMetadata

# What the theme has in line.
SCRIPT = """<script>
      document.body.dataset.theme = localStorage.getItem("theme") || "auto";
    </script>"""


def replacements(settings: str) -> dict[str, str]:
    """Return each literal of the theme with what stands in its place, ``settings`` in that of its script."""
    switch_theme = _("Toggle light, dark or automatic colours")
    navigation = _attribute("aria-label", _("Site navigation"))
    contents = _attribute("aria-label", _("On this page"))
    return {
        'aria-label="Toggle site navigation sidebar"': _attribute(
            "aria-label", _("Toggle the site navigation")
        ),
        'aria-label="Toggle table of contents sidebar"': _attribute(
            "aria-label", _("Toggle the table of contents")
        ),
        'aria-label="Toggle Light / Dark / Auto color theme"': _attribute(
            "aria-label", switch_theme
        ),
        "<title>Contents</title>": _title(_("Contents")),
        "<title>Menu</title>": _title(_("Menu")),
        "<title>Expand</title>": _title(_("Expand")),
        "<title>Light mode</title>": _title(_("Light mode")),
        "<title>Dark mode</title>": _title(_("Dark mode")),
        "<title>Auto light/dark, in light mode</title>": _title(_("Automatic, now light")),
        "<title>Auto light/dark, in dark mode</title>": _title(_("Automatic, now dark")),
        SCRIPT: settings,
        # Landmarks of the same kind need names to be told apart (WCAG 2.2, 1.3.1).
        '<aside class="sidebar-drawer"': f'<aside {navigation} class="sidebar-drawer"',
        '<aside class="toc-drawer': f'<aside {contents} class="toc-drawer',
    }


def localize_theme(html: str, settings: str) -> Markup:
    """Return the theme's HTML in the reader's language.

    Args:
        html: What the theme writes.
        settings: The tag of the script that sets the colours before anything is drawn.

    Raises:
        ThemeError: if the theme no longer writes one of the literals.
    """
    text = str(html)
    for literal, replacement in replacements(settings).items():
        if literal not in text:
            raise ThemeError(
                f"furo no longer writes {literal!r}: adapt docs/_ext/proven/site/theme_strings.py to the new theme"
            )
        text = text.replace(literal, replacement)
    return Markup(text)  # noqa: S704  the theme's own output, which is HTML already


def _attribute(name: str, value: str) -> str:
    return f'{name}="{escape(value)}"'


def _title(value: str) -> str:
    return f"<title>{escape(value)}</title>"


def add_filter(app: Sphinx) -> None:
    """Give the templates the filter."""
    if isinstance(app.builder, StandaloneHTMLBuilder):
        app.builder.templates.environment.filters["localize_theme"] = localize_theme


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register the filter."""
    app.connect("builder-inited", add_filter)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
