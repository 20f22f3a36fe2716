"""Stops the build for a statement about a version of a library that somebody typed by hand.

What a library had in which release is data, read from the releases and shown by the role ``since``. A figure typed
into a page goes stale, and nobody can prove it. Pages, catalogs and the docstrings and comments of the snippets that a
page shows are searched; code is not. A line that must name a version carries its permission in the line before it::

    % version-statement: the release that the notes were written for
    The notes were written for Flask 0.12.

The same words are then allowed in the catalog of that page.
"""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

import polib
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.typing import ExtensionMetadata

from proven.base.complaints import complain
from proven.base.project import ROOT
from proven.releases.libraries import LIBRARIES
from proven.translation import catalogs
from proven.translation.languages import SOURCE, by_code

REMEDY = "write {since}`name` instead, or allow it in the line before: % version-statement: why"

# Every extension of Flask, and whatever has a history here.
_LIBRARIES = (
    rf"(?:Flask(?:-[A-Z]\w+)?|Jinja2|{'|'.join(re.escape(each.title) for each in LIBRARIES)})"
)
_NUMBER = r"v?\d+(?:\.\d+)*\.(?:\d+|x)\b"
_NO_UNIT = r"(?!\s?(?:%|ms\b|s\b|秒|毫秒|微秒|倍|[kKMG]i?B\b|seconds?\b|times\b|pixels?\b|px\b))"
_PATTERNS = [
    # Flask 0.12, Werkzeug >= 2.0, Flask 3
    re.compile(
        rf"\b{_LIBRARIES}\s?(?:[<>=]=?\s?|version\s|版本\s?)?(?:{_NUMBER}|v?\d\b(?![.\d])){_NO_UNIT}"
    ),
    # since 2.2, removed in 2.3, before version 1.0
    re.compile(
        r"\b(?:since|until|before|after|as of|up to|from|(?:added|removed|deprecated|changed|new|gone|renamed"
        r"|introduced|dropped|moved|came|went|left) (?:in|with|by|from))\s+(?:version\s|release\s)?"
        rf"{_NUMBER}{_NO_UNIT}",
        re.IGNORECASE,
    ),
    re.compile(rf"\bversions?\s(?:of\s)?(?:[<>=]=?\s?)?{_NUMBER}", re.IGNORECASE),
    # 2.2 起, 2.3 移除, 1.0 以前
    re.compile(
        rf"(?<![\w.]){_NUMBER}\s?(?:版本|版)?\s?(?:中|里)?\s?"
        r"(?:起|开始|以来|以前|之前|以后|之后|移除|删除|去掉|弃用|废弃|加入|新增|引入|增加|改名)"
    ),
    # 自 2.2 起, 从 1.0 开始
    re.compile(rf"[自从]\s?(?:版本\s?)?{_NUMBER}{_NO_UNIT}"),
]
_ALLOW = re.compile(r"\s*(?:%|<!--)\s*version-statement:\s*\S")


class Statement(NamedTuple):
    """A statement about a version, and the line where it stands."""

    line: int
    text: str


def find(text: str) -> list[str]:
    """The statements in a text; what is marked as code is not looked at."""
    plain = re.sub(r"(`+)(?:(?!\1).)*\1", "`…`", text)
    found: list[tuple[int, int, str]] = []
    for pattern in _PATTERNS:
        for match in pattern.finditer(plain):
            if not any(start < match.end() and match.start() < end for start, end, _ in found):
                found.append((match.start(), match.end(), match[0]))
    return [statement for _, _, statement in sorted(found)]


def in_page(source: str) -> tuple[list[Statement], set[str]]:
    """The statements of a page that are not allowed, and the words of those that are."""
    found: list[Statement] = []
    allowed: set[str] = set()
    fence = ""
    permitted = False
    for number, line in enumerate(source.splitlines(), 1):
        opening = re.match(r"\s*(`{3,}|~{3,})", line)
        if fence:
            if opening and opening[1].startswith(fence):
                fence = ""
            continue
        if opening:
            fence = opening[1]
            continue
        if _ALLOW.match(line):
            permitted = True
            continue
        for statement in find(line):
            if permitted:
                allowed.add(statement)
            else:
                found.append(Statement(number, statement))
        # A permission holds for the paragraph that follows it.
        permitted = permitted and bool(line.strip())
    return found, allowed


def in_catalog(path: Path, allowed: set[str]) -> Iterator[Statement]:
    """The statements of the translations in a catalog, but for the words that its page is allowed."""
    known = {_words(word) for word in allowed}
    for entry in polib.pofile(str(path)):
        for statement in find(entry.msgstr):
            if _words(statement) not in known:
                yield Statement(entry.linenum or 1, statement)


def _words(statement: str) -> str:
    return re.sub(r"\s", "", statement)


def in_source(source: str) -> Iterator[Statement]:
    """The statements in the docstrings and the comments of a module."""
    if not find(source):
        # Most modules say nothing that looks like one, code included.
        return
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            docstring = ast.get_docstring(node, clean=False) or ""
            for line, text in enumerate(docstring.splitlines(), node.body[0].lineno):
                yield from (Statement(line, statement) for statement in find(text))
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.COMMENT:
            yield from (Statement(token.start[0], statement) for statement in find(token.string))


def check_page(app: Sphinx, docname: str, source: list[str]) -> None:
    """Complain of a page in the source's language, in another one of its catalog."""
    if app.builder.name == "gettext":
        return
    found, allowed = in_page(source[0])
    if app.config.language == SOURCE.code:
        report(Path(app.env.doc2path(docname)), found)
        return
    catalog = catalogs.path(ROOT, by_code(app.config.language), docname)
    # The gate of translations tells of one that is missing.
    if catalog.is_file():
        report(catalog, in_catalog(catalog, allowed))


def check_snippets(app: Sphinx, _doctree: nodes.document) -> None:
    """Complain of the snippets that a page shows; their translations are in its catalog."""
    if app.builder.name == "gettext" or app.config.language != SOURCE.code:
        return
    for dependency in sorted(app.env.dependencies[app.env.current_document.docname]):
        file = Path(app.srcdir, dependency).resolve()
        if file.suffix == ".py" and file.is_relative_to(ROOT / "snippets"):
            report(file, in_module(file, file.stat().st_mtime_ns))


@cache
def in_module(file: Path, changed: int) -> list[Statement]:
    """The statements in a file; ``changed`` (its time stamp) keeps the cache honest."""
    return list(in_source(file.read_text(encoding="utf-8")))


def report(file: Path, statements: Iterable[Statement]) -> None:
    """Stop the build (its warnings are errors)."""
    shown = file.relative_to(ROOT).as_posix()
    for line, text in statements:
        complain(f"version typed by hand: {text!r}; {REMEDY}", f"{shown}:{line}", "version")


def setup(app: Sphinx) -> ExtensionMetadata:
    """Look at each page that is read."""
    app.connect("source-read", check_page)
    app.connect("doctree-read", check_snippets)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
