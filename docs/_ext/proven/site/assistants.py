"""``llms.txt``: the pages of a language with their descriptions, for programs that answer questions (llmstxt.org).

It has no markup. The groups are those of the navigation, so that a page is listed when it is in a toctree of the root.
"""

from __future__ import annotations

from collections.abc import Iterator
from weakref import WeakKeyDictionary

from docutils import nodes
from sphinx.addnodes import toctree
from sphinx.application import Sphinx
from sphinx.util.typing import ExtensionMetadata

from proven.site.description import description_of
from proven.site.language_switch import address
from proven.translation.languages import by_code

FILE = "llms.txt"


def remember(app: Sphinx, doctree: nodes.document) -> None:
    """Keep the description of a page with the page."""
    app.env.metadata[app.env.current_document.docname]["description"] = description_of(doctree)


_groups: WeakKeyDictionary[Sphinx, list[tuple[str, list[str]]]] = WeakKeyDictionary()


def groups(app: Sphinx) -> list[tuple[str, list[str]]]:
    """Return the captions of the navigation, each with its pages; read once a build, when all pages are."""
    if app not in _groups:
        _groups[app] = list(_read(app))
    return _groups[app]


def _read(app: Sphinx) -> Iterator[tuple[str, list[str]]]:
    for tree in app.env.get_doctree(app.config.root_doc).findall(toctree):
        pages = (each for page in tree["includefiles"] for each in with_children(app, page))
        # Sphinx has said which of them there are not.
        yield tree["caption"], [page for page in pages if page in app.env.titles]


def with_children(app: Sphinx, page: str) -> Iterator[str]:
    """Yield a page and those in its own table of contents."""
    yield page
    for child in app.env.toctree_includes.get(page, ()):
        yield from with_children(app, child)


def lines(app: Sphinx) -> Iterator[str]:
    """Yield the lines of the file; the addresses are whole where that of the published site is known."""
    env, root = app.env, app.config.root_doc
    folder = by_code(app.config.language).folder
    base = app.config.html_baseurl
    yield f"# {env.titles[root].astext()}"
    yield f"\n> {env.metadata[root]['description']}"
    for caption, pages in groups(app):
        yield f"\n## {caption}\n"
        for page in pages:
            where = address(base, folder, page) if base else app.builder.get_target_uri(page)
            title, about = env.titles[page].astext(), env.metadata[page]["description"]
            yield f"- [{title}]({where}): {about}"


def write(app: Sphinx, exception: Exception | None) -> None:
    """Write the file beside the pages."""
    if exception is None and app.builder.format == "html":
        text = "\n".join(lines(app))
        app.outdir.joinpath(FILE).write_text(f"{text}\n", encoding="utf-8")


def setup(app: Sphinx) -> ExtensionMetadata:
    """Write the file with each build."""
    app.connect("doctree-read", remember)
    app.connect("build-finished", write)
    app.connect("site-files", lambda app: {FILE})
    return {"env_version": 1, "parallel_read_safe": True, "parallel_write_safe": True}
