"""The Markdown twin of each page, and ``llms-full.txt`` with all of them, for whoever hands a page to an assistant.

It has no markup. Beside ``guide/routing.html`` stands ``guide/routing.md`` with the same text, the code of its snippets
and what was recorded of them. ``page.html`` links it, and ``copy-markdown.js`` copies it.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.typing import ExtensionMetadata
from sphinx_markdown_builder.translator import MarkdownTranslator  # type: ignore[import-untyped]

from proven.site.assistants import groups

FILE = "llms-full.txt"


class Twin(MarkdownTranslator):  # type: ignore[misc]
    """Writes a page as Markdown; what has no Markdown of its own is its content."""

    def unknown_visit(self, node: nodes.Node) -> None:
        """Go on with the content."""

    def _add_anchor(self, anchor: str) -> None:
        """Leave it out: links lead to the page itself, which has it."""

    def unknown_departure(self, node: nodes.Node) -> None:
        """Have written nothing."""


def twin(app: Sphinx, doctree: nodes.document) -> str:
    """Return a page as Markdown."""
    translator = Twin(doctree, app.builder)
    for name, (visit, depart) in app.registry.translation_handlers["markdown"].items():
        setattr(translator, f"visit_{name}", visit.__get__(translator))
        if depart:
            setattr(translator, f"depart_{name}", depart.__get__(translator))
    doctree.walkabout(translator)
    return str(translator.astext())


def write(
    app: Sphinx,
    pagename: str,
    templatename: str,
    context: dict[str, Any],
    doctree: nodes.document | None,
) -> None:
    """Write the twin of a page, and let the template link it."""
    if doctree is None:
        return
    file = Path(app.outdir, f"{pagename}.md")
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(twin(app, doctree), encoding="utf-8")
    context["twin"] = file.name


def whole(app: Sphinx) -> Iterator[str]:
    """Yield the twins in the order of the navigation."""
    for page in [app.config.root_doc, *(page for _, pages in groups(app) for page in pages)]:
        yield Path(app.outdir, f"{page}.md").read_text(encoding="utf-8")


def write_whole(app: Sphinx, exception: Exception | None) -> None:
    """Write all twins into one file."""
    if exception is None and app.builder.format == "html":
        Path(app.outdir, FILE).write_text("\n---\n\n".join(whole(app)), encoding="utf-8")


def files(app: Sphinx) -> set[str]:
    """Return what is written beside the pages."""
    return {FILE, *(f"{page}.md" for page in app.env.found_docs)}


def setup(app: Sphinx) -> ExtensionMetadata:
    """Write the twins with the pages."""
    app.setup_extension("sphinx_markdown_builder")
    app.connect("html-page-context", write)
    app.add_js_file("copy-markdown.js", loading_method="defer")
    app.connect("build-finished", write_whole)
    app.connect("site-files", files)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
