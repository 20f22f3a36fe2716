"""``{literalinclude}`` of a snippet, with what a reader needs to trust and try it.

::

    ```{literalinclude} ../../snippets/routing/trailing_slashes.py
    :pyobject: create_app
    ```

Under the code stand the command that runs the module, and links to the page that :mod:`proven.snippets.module_pages`
makes for it, with the complete file and the tests that prove it. Comments and one-line docstrings are translated
through the page's catalog, those of the complete file too; the code is not. A file or object that does not exist stops
the build and names the nearest one that does. Files outside ``snippets/`` are included as Sphinx does it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.directives.code import LiteralInclude
from sphinx.locale import _
from sphinx.util.typing import ExtensionMetadata
from sphinx.writers.html5 import HTML5Translator

from proven.base.evidence import evidence
from proven.base.html_node import register
from proven.base.project import ROOT
from proven.snippets import code_comments
from proven.snippets.files import (
    SnippetError,
    file_of,
    modules,
    name_of,
    objects,
    runnable,
    suggestion,
)
from proven.snippets.loading import check_import, complain_of
from proven.snippets.module_pages import Use, module_link
from proven.snippets.proven_with import note


class snippet(nodes.General, nodes.Element, addnodes.translatable):  # noqa: N801
    """Included code with its footer; the comments in it are its translatable messages."""

    def code(self) -> Iterator[nodes.literal_block]:
        """Yield the Python blocks in it."""
        for block in self.findall(nodes.literal_block):
            if block.get("language") == "python":
                yield block

    def preserve_original_messages(self) -> None:
        """Keep the comments, and the code with them, as they are in the source language."""
        self["originals"] = [block.astext() for block in self.code()]

    def apply_translated_message(self, original_message: str, translated_message: str) -> None:
        """Write one translated comment into the code, beside those before it."""
        self["translations"][original_message] = translated_message
        for block, original in zip(self.code(), self["originals"], strict=True):
            code = code_comments.replace(original, self["translations"])
            # Sphinx highlights a block only if its raw source is its text.
            block.rawsource = code
            block[:] = [nodes.Text(code)]

    def extract_original_messages(self) -> Sequence[str]:
        """Return the comments for the catalog, those of the complete file too."""
        codes = [*self["originals"], self["whole"]]
        messages = [text.text for code in codes for text in code_comments.texts(code)]
        return list(dict.fromkeys(messages))


class SnippetInclude(LiteralInclude):
    """``literalinclude`` with a footer for modules of ``snippets/``."""

    def run(self) -> list[nodes.Node]:
        """Return the code and its footer."""
        file = Path(self.env.relfn2path(self.arguments[0])[1])
        name = name_of(ROOT, file)
        try:
            self.check(ROOT, file)
            footer = self.footer(name, file) if name else []
        except SnippetError as error:
            complain_of(error, "literalinclude", self.env.docname, self.lineno)
            return []
        if name is None:
            return super().run()
        self.options.setdefault("language", "python")
        part = "pyobject" in self.options
        whole = file.read_text(encoding="utf-8") if part else ""
        box = evidence(snippet(module=name, whole=whole, translations={}))
        self.set_source_info(box)
        box += super().run()
        box += footer
        note(self.env, name)
        return [box]

    def check(self, root: Path, file: Path) -> None:
        """Raise SnippetError if the file, or the object in it, is not there."""
        if not file.is_file():
            known = [
                path.relative_to(root).as_posix()
                for module in modules(root)
                if (path := file_of(root, module))
            ]
            wanted = Path(self.arguments[0]).as_posix().lstrip("./")
            raise SnippetError(f"there is no file {wanted!r}: {suggestion(wanted, known)}")
        wanted_object: str | None = self.options.get("pyobject")
        if wanted_object and wanted_object not in objects(file):
            shown = file.relative_to(root).as_posix()
            raise SnippetError(
                f"there is no object {wanted_object!r} in {shown}: "
                f"{suggestion(wanted_object, objects(file))}"
            )
        name = name_of(root, file)
        if name:
            # A page never shows code that does not even import.
            check_import(root, name)

    def footer(self, name: str, file: Path) -> list[nodes.Node]:
        """Return the run command and the links to the page of the module."""
        parts: list[nodes.Node] = []
        if runnable(file):
            command = f"$ flask --app {name} run"
            run = nodes.literal_block(command, command, language="console", classes=["snippet-run"])
            parts.append(run)
        for text, place in (
            (_("Complete file"), self.options.get("pyobject", "")),
            (_("Its tests"), "its-tests"),
        ):
            parts.append(module_link("", text, module=name, place=place))
        footer = nodes.container("", *parts, classes=["snippet-footer"])
        for node in footer.findall(nodes.Element):
            self.set_source_info(node)
        return [footer]


def note_uses(app: Sphinx, doctree: nodes.document) -> None:
    """Keep which modules a page shows, and where, with the translations of their comments."""
    uses = []
    for box in doctree.findall(snippet):
        section = box.parent
        while section.parent and not isinstance(section, nodes.section):
            section = section.parent
        title = section.next_node(nodes.title)
        place = section["ids"][0] if section["ids"] else ""
        uses.append(Use(box["module"], place, title.astext() if title else "", box["translations"]))
    if uses:
        app.env.metadata[app.env.current_document.docname]["modules"] = uses


def visit_html(visitor: HTML5Translator, node: snippet) -> None:
    """Open the box, with what the translated comments say in the source for the reader who wants to see that."""
    (code,) = node["originals"] or [""]
    said = code_comments.originals(code, node["translations"])
    kept = {"data-originals": said} if said else {}
    visitor.body.append(visitor.starttag(node, "div", empty=False, CLASS="snippet", **kept))


def depart_html(visitor: HTML5Translator, node: snippet) -> None:
    """Close the box."""
    visitor.body.append("</div>\n")


def setup(app: Sphinx) -> ExtensionMetadata:
    """Put the directive in the place of Sphinx's own."""
    register(app, snippet, visit_html, depart_html, content_elsewhere=True)
    app.setup_extension("proven.snippets.module_pages")
    app.add_directive("literalinclude", SnippetInclude, override=True)
    app.connect("doctree-read", note_uses)
    # Counted up when what a page keeps between two builds changes.
    return {"env_version": 3, "parallel_read_safe": True, "parallel_write_safe": True}
