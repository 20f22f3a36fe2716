"""Lighter pages: no element of its own for code that looks like the code around it.

It has no markup. A third of the elements of a page of code were names, brackets and blanks in the colour of plain
text, and a word of inline code had two elements where one holds the same style. Scripts of Sphinx that serve its own
search are not loaded either, and style sheets and scripts are sent without their comments.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from docutils.nodes import Element, Text
from pygments.formatters import HtmlFormatter
from pygments.token import Name, Operator, Punctuation, Token, Whitespace, _TokenType
from sphinx.application import Sphinx
from sphinx.highlighting import PygmentsBridge
from sphinx.util.typing import ExtensionMetadata
from sphinx.writers.html5 import HTML5Translator

# What both styles of the theme show as plain text, and operators, which only the light one colours.
PLAIN = frozenset({Name, Name.Other, Operator, Punctuation, Punctuation.Marker, Whitespace})

# They mark words of a search that is not ours, listen for keys that are switched off, and translate for the two.
UNUSED = ("_static/doctools.js", "_static/sphinx_highlight.js", "_static/translations.js")

# A text in a style sheet, which stays; a comment; blanks beside what parts its rules, or at the beginning.
UNSEEN = re.compile(r"""("[^"]*"|'[^']*')|/\*.*?\*/|(?<=[{};,])\s+|\s+(?=[{}])|^\s+""", re.DOTALL)

# Lines of a script that are comments; not what begins with "/*!", which is a licence.
SILENT = re.compile(r"^[ \t]*(?://[^\n]*|/\*\*(?:(?!\*/).)*\*/[ \t]*)\n", re.DOTALL | re.MULTILINE)

# A word in which no line ends, by the classes of UAX #14: letters, digits, brackets that open or are round, and commas.
WHOLE = re.compile(r'<span class="pre">([\w.,:;=()\[\]{]+)</span>', re.ASCII)


class Formatter(HtmlFormatter[str]):
    """Writes code of the colour of plain text as text."""

    def format(self, tokensource: Iterable[tuple[_TokenType, str]], outfile: Any) -> None:
        """Write the tokens, those of :data:`PLAIN` without an element."""
        plain = ((Token.Text if kind in PLAIN else kind, text) for kind, text in tokensource)
        super().format(plain, outfile)


class Translator(HTML5Translator):
    """Writes inline code of one word as one element, and of more words no element that keeps nothing together."""

    def visit_Text(self, node: Text) -> None:  # noqa: N802  docutils names it so
        """Write text; in inline code, a word needs an element only if a line could end in it."""
        begin = len(self.body)
        super().visit_Text(node)
        if self.protect_literal_text:
            self.body[begin:] = [WHOLE.sub(r"\1", part) for part in self.body[begin:]]

    def visit_literal(self, node: Element) -> None:
        """Begin inline code: a single word needs no element to be kept whole."""
        super().visit_literal(node)
        if self.protect_literal_text and _is_word(node):
            self.protect_literal_text -= 1
            self.body[-1] = self.body[-1].replace('class="', 'class="pre ', 1)

    def depart_literal(self, node: Element) -> None:
        """End inline code."""
        if "kbd" not in node["classes"] and _is_word(node):
            self.protect_literal_text += 1
        super().depart_literal(node)


def _is_word(node: Element) -> bool:
    """Say whether a node holds one word and nothing else."""
    return (
        len(node) == 1
        and isinstance(node[0], Text)
        and not any(letter.isspace() for letter in node.astext())
    )


def _leave_out(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: object
) -> None:
    """Take the scripts that nothing here uses off a page."""
    context["script_files"] = [
        script for script in context["script_files"] if script.filename not in UNUSED
    ]


def _shorten(app: Sphinx, exception: Exception | None) -> None:
    """Take out of the style sheets and the scripts that are sent what no browser needs."""
    if exception is None:
        static = Path(app.outdir, "_static")
        for sheet in static.glob("*.css"):
            sheet.write_text(compact(sheet.read_text("utf-8")), encoding="utf-8")
        for script in static.rglob("*.js"):
            script.write_text(SILENT.sub("", script.read_text("utf-8")), encoding="utf-8")


def compact(sheet: str) -> str:
    r"""Return a style sheet without comments and without the blanks that nothing needs.

    >>> compact('/* a */ a {\n  color: red; content: "; }";\n}\n\nb, i { margin: 0 }\n')
    'a{color: red;content: "; }";}b,i{margin: 0}'
    """
    # A comment may stand between blanks, which are beside each other without it.
    return UNSEEN.sub(r"\1", UNSEEN.sub(r"\1", sheet))


def setup(app: Sphinx) -> ExtensionMetadata:
    """Take the place of Sphinx's formatter and translator."""
    # After those that add scripts to a page.
    app.connect("html-page-context", _leave_out, priority=900)
    app.connect("build-finished", _shorten)
    PygmentsBridge.html_formatter = Formatter
    app.set_translator("html", Translator)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
