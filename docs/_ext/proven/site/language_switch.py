"""The links to the same page in the other languages, and what tells search engines of them.

It has no markup. The template ``components/language-switch.html`` writes the links: one, or a list that opens. Beside
it ``page.html`` writes the ``hreflang`` and canonical tags, and ``language-switch.js`` keeps query and anchor, which a
plain link cannot. When the address of the published site is known (:func:`languages.base_url`), a ``sitemap.xml`` is
written too.
"""

from __future__ import annotations

from typing import Any
from xml.sax.saxutils import escape, quoteattr

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.locale import _
from sphinx.util.typing import ExtensionMetadata

from proven.base.site_files import made
from proven.site.moved import gone
from proven.translation.languages import LANGUAGES, SOURCE, by_code

# Pages that exist in every language but are no use to a search engine.
UNLISTED = {"search"}


def address(base: str, folder: str, pagename: str) -> str:
    """Return the published address of a page; the front page is its folder."""
    return f"{base}{folder}/{'' if pagename == 'index' else f'{pagename}.html'}"


def alternates(base: str, pagename: str) -> list[dict[str, str]]:
    """Return ``hreflang`` and ``href`` of a page in each language, and of the default one.

    The default of the front page is the address that picks a language.
    """
    links = [
        {"hreflang": language.tag, "href": address(base, language.folder, pagename)}
        for language in LANGUAGES
    ]
    default = base if pagename == "index" else address(base, SOURCE.folder, pagename)
    return [*links, {"hreflang": "x-default", "href": default}]


def add_to_context(
    app: Sphinx,
    pagename: str,
    templatename: str,
    context: dict[str, Any],
    doctree: nodes.document | None,
) -> None:
    """Give the templates the links of one page."""
    own = by_code(app.config.language)
    # Relative, so that a copy on disk works as the hosted site does.
    up = "../" * (pagename.count("/") + 1)
    # furo writes nothing but `lang` on <html>; left to right is what a browser takes for granted.
    context["language"] = own.tag + ('" dir="rtl' if own.direction == "rtl" else "")
    context["language_name"] = own.name
    context["other_languages"] = [
        {
            "tag": language.tag,
            "name": language.name,
            "href": f"{up}{language.folder}/{pagename}.html",
        }
        for language in LANGUAGES
        if language != own
    ]
    base = app.config.html_baseurl
    listed = pagename not in UNLISTED
    context["alternates"] = alternates(base or up, pagename) if listed else []
    if not base:
        # On disk a folder has no page; name the file.
        for link in context["alternates"]:
            if link["href"].endswith("/") or not link["href"]:
                link["href"] += "index.html"
    context["pageurl"] = address(base, own.folder, pagename) if base and listed else None


def prepare(app: Sphinx, config: Config) -> None:
    """Refuse a language that the site does not have; name and search the site in the one it has."""
    config.html_title = _("Proven Flask")


def write_sitemap(app: Sphinx, exception: Exception | None) -> None:
    """List every page of this language with its alternates, if the site's address is known."""
    base = app.config.html_baseurl
    if exception or not base or app.builder.format != "html":
        return
    own = by_code(app.config.language)
    entries = []
    own_pages = {file.removesuffix(".html") for file in made(app) if file.endswith(".html")}
    # What has moved is found at its new address.
    own_pages -= UNLISTED | gone(app)
    for pagename in sorted(own_pages.union(app.env.all_docs)):
        location = escape(address(base, own.folder, pagename))
        links = "".join(
            f'<xhtml:link rel="alternate" hreflang={quoteattr(link["hreflang"])}'
            f" href={quoteattr(link['href'])}/>"
            for link in alternates(base, pagename)
        )
        entries.append(f"<url><loc>{location}</loc>{links}</url>\n")
    app.outdir.joinpath("sitemap.xml").write_text(
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
        ' xmlns:xhtml="http://www.w3.org/1999/xhtml">\n'
        f"{''.join(entries)}</urlset>\n",
        encoding="utf-8",
    )


def sitemap(app: Sphinx) -> set[str]:
    """Return the file of the sitemap where one is written."""
    return {"sitemap.xml"} if app.config.html_baseurl else set()


def setup(app: Sphinx) -> ExtensionMetadata:
    """Connect the context and the sitemap."""
    app.setup_extension("proven.base.site_files")
    app.connect("site-files", sitemap)
    app.connect("config-inited", prepare)
    app.connect("html-page-context", add_to_context)
    app.connect("build-finished", write_sitemap)
    app.add_js_file("language-switch.js", loading_method="defer")
    return {"parallel_read_safe": True, "parallel_write_safe": True}
