"""``{literalinclude}`` of a snippet, with what a reader needs to trust and try it.

::

    ```{literalinclude} ../../snippets/routing/trailing_slashes.py
    :pyobject: create_app
    ```

Under the code stand the command that runs the module, the complete file where only a part is shown, and the tests
that prove it. Comments and one-line docstrings are translated through the page's catalog; the code is not.
A file or object that does not exist stops the build and names the nearest one that does. Files outside
``snippets/`` are included as Sphinx does it.
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

import code_comments
from complaints import complain_of_snippet
from disclosure import disclosure
from snippet_modules import (
    SnippetError,
    check_import,
    file_of,
    modules,
    name_of,
    objects,
    runnable,
    suggestion,
    tests_of,
)


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
        self["translations"] = {}
        messages = [text.text for code in self["originals"] for text in code_comments.texts(code)]
        self["messages"] = list(dict.fromkeys(messages))

    def apply_translated_message(self, original_message: str, translated_message: str) -> None:
        """Write one translated comment into the code, beside those before it."""
        self["translations"][original_message] = translated_message
        for block, original in zip(self.code(), self["originals"], strict=True):
            code = code_comments.replace(original, self["translations"])
            # Sphinx highlights a block only if its raw source is its text.
            block.rawsource = code
            block[:] = [nodes.Text(code)]

    def extract_original_messages(self) -> Sequence[str]:
        """Return the comments for the catalog."""
        return list(self["messages"])


class SnippetInclude(LiteralInclude):
    """``literalinclude`` with a footer for modules of ``snippets/``."""

    def run(self) -> list[nodes.Node]:
        """Return the code and its footer."""
        root = Path(self.env.srcdir).parent
        file = Path(self.env.relfn2path(self.arguments[0])[1])
        name = name_of(root, file)
        try:
            self.check(root, file)
            footer = self.footer(root, name, file) if name else []
        except SnippetError as error:
            complain_of_snippet(error, "literalinclude", self.env.docname, self.lineno)
            return []
        if name is None:
            return super().run()
        self.options.setdefault("language", "python")
        box = snippet()
        self.set_source_info(box)
        box += super().run()
        box += footer
        self.env.metadata[self.env.docname].setdefault("proven_with", "snippet")
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

    def footer(self, root: Path, name: str, file: Path) -> list[nodes.Node]:
        """Return the run command, the complete file and the tests."""
        parts: list[nodes.Node] = []
        if runnable(file):
            command = f"$ flask --app {name} run"
            run = nodes.literal_block(command, command, language="console", classes=["snippet-run"])
            parts.append(run)
        if "pyobject" in self.options:
            source = file.read_text(encoding="utf-8")
            whole = disclosure(summary=_("Complete file"), classes=["snippet-whole"])
            whole += nodes.literal_block(source, source, language="python")
            whole.insert(0, self.file_name(root, file))
            parts.append(whole)
        tests = tests_of(root, name)
        for test_file in tests:
            self.env.note_dependency(str(root / test_file))
        if tests:
            parts.append(self.tests(tests))
        footer = nodes.container("", *parts, classes=["snippet-footer"])
        for node in footer.findall(nodes.Element):
            self.set_source_info(node)
        return [footer] if parts else []

    def file_name(self, root: Path, file: Path) -> nodes.Element:
        """Return the path of the file, as a line of its own."""
        path = file.relative_to(root).as_posix()
        return nodes.paragraph("", "", nodes.literal(path, path), translatable=False)

    def tests(self, tests: dict[str, list[str]]) -> nodes.Element:
        """Return the tests that use the module, by file."""
        fold = disclosure(summary=_("Its tests"), classes=["snippet-tests"])
        entries = nodes.bullet_list()
        for file, functions in tests.items():
            for address in [f"{file}::{function}" for function in functions] or [file]:
                line = nodes.paragraph("", "", nodes.literal(address, address), translatable=False)
                entries += nodes.list_item("", line)
        fold += entries
        return fold


def visit_html(visitor: HTML5Translator, node: snippet) -> None:
    """Open the box."""
    visitor.body.append(visitor.starttag(node, "div", CLASS="snippet"))


def depart_html(visitor: HTML5Translator, node: snippet) -> None:
    """Close the box."""
    visitor.body.append("</div>\n")


def visit_plain(visitor: HTML5Translator, node: snippet) -> None:
    """Other formats show the content as it is."""


def setup(app: Sphinx) -> ExtensionMetadata:
    """Put the directive in the place of Sphinx's own."""
    plain = (visit_plain, visit_plain)
    app.add_node(
        snippet,
        html=(visit_html, depart_html),
        latex=plain,
        text=plain,
        man=plain,
        texinfo=plain,
    )
    app.add_directive("literalinclude", SnippetInclude, override=True)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
