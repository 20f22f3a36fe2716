"""What a page is, for search engines, as JSON-LD in its head.

It has no markup; ``page.html`` writes it. The terms are those of schema.org. An address there has to be whole, so that
of the page, its place below the front page and its site are told only where the address of the published site is known.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from docutils import nodes
from markupsafe import Markup
from sphinx.application import Sphinx
from sphinx.util.typing import ExtensionMetadata

from proven.site.assistants import groups
from proven.site.language_switch import address
from proven.translation.languages import by_code

LICENSE = "https://opensource.org/license/mit"


def described(app: Sphinx, page: str, context: dict[str, Any]) -> dict[str, Any]:
    """Return what a page of the sources is."""
    language, base = by_code(app.config.language), app.config.html_baseurl
    found: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "WebSite" if page == app.config.root_doc else "TechArticle",
        "name" if page == app.config.root_doc else "headline": app.env.titles[page].astext(),
        "description": context["description"],
        "inLanguage": language.tag,
        "license": LICENSE,
    }
    if context.get("last_changed"):
        found["dateModified"] = context["last_changed"]
    if base:
        found["url"] = address(base, language.folder, page)
        if page != app.config.root_doc:
            home = address(base, language.folder, app.config.root_doc)
            found["isPartOf"] = {"@type": "WebSite", "name": app.config.html_title, "url": home}
            found["breadcrumb"] = {
                "@type": "BreadcrumbList",
                "itemListElement": [
                    {"@type": "ListItem", "position": number, **place}
                    for number, place in enumerate(places(app, page), 1)
                ],
            }
    return found


def places(app: Sphinx, page: str) -> Iterator[dict[str, str]]:
    """Yield the places above a page in the navigation, from the front page on, and its own."""
    base, folder = app.config.html_baseurl, by_code(app.config.language).folder
    yield {"name": app.config.html_title, "item": address(base, folder, app.config.root_doc)}
    for caption, pages in groups(app):
        if caption and page in pages:
            # A group of the navigation has no page of its own.
            yield {"name": caption}
    yield {"name": app.env.titles[page].astext(), "item": address(base, folder, page)}


def script(data: dict[str, Any]) -> Markup:
    """Return data as it can stand in a ``script`` element: no text in it ends the element."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return Markup(text.replace("<", r"\u003c"))  # noqa: S704  escaped in the way of JSON


def add_to_context(
    app: Sphinx,
    pagename: str,
    templatename: str,
    context: dict[str, Any],
    doctree: nodes.document | None,
) -> None:
    """Give the template what a page of the sources is."""
    if doctree is not None:
        context["linked_data"] = script(described(app, pagename, context))


def setup(app: Sphinx) -> ExtensionMetadata:
    """Add to the context, when the description and the day are there."""
    for name in ("assistants", "colophon", "description"):
        app.setup_extension(f"proven.site.{name}")
    app.connect("html-page-context", add_to_context, priority=600)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
