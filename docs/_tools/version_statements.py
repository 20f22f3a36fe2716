"""Finds statements about versions of the libraries that somebody typed by hand.

What a library had in which release is data, read from the releases and shown by the role ``since``. A figure typed
into a page goes stale, and nobody can prove it. Pages, catalogs and the docstrings and comments of the snippets
are searched; code is not. A line that must name a version carries its permission in the line before it::

    % version-statement: the release that the notes were written for
    The notes were written for Flask 0.12.

The same words are then allowed in the catalog of that page.
"""

from __future__ import annotations

import ast
import io
import re
import sys
import tokenize
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import polib

ROOT = Path(__file__).resolve().parents[2]
REMEDY = "write {since}`name` instead, or allow it in the line before: % version-statement: why"

_LIBRARIES = r"(?:Flask(?:-[A-Z]\w+)?|Werkzeug|Jinja2?|ItsDangerous|WTForms|SQLAlchemy)"
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


@dataclass(frozen=True)
class Statement:
    """A statement about a version, where it stands."""

    path: Path
    line: int
    text: str

    def message(self, root: Path = ROOT) -> str:
        """One line that says what to do."""
        path = self.path.relative_to(root) if self.path.is_relative_to(root) else self.path
        return f"{path}:{self.line}: version typed by hand: {self.text!r}; {REMEDY}"


def find(text: str) -> list[str]:
    """The statements in a text; what is marked as code is not looked at."""
    plain = re.sub(r"(`+)(?:(?!\1).)*\1", "`…`", text)
    found: list[tuple[int, int, str]] = []
    for pattern in _PATTERNS:
        for match in pattern.finditer(plain):
            if not any(start < match.end() and match.start() < end for start, end, _ in found):
                found.append((match.start(), match.end(), match[0]))
    return [statement for _, _, statement in sorted(found)]


def in_page(path: Path) -> tuple[list[Statement], set[str]]:
    """The statements of a page that are not allowed, and the words of those that are."""
    found: list[Statement] = []
    allowed: set[str] = set()
    fence = ""
    permitted = False
    for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
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
                found.append(Statement(path, number, statement))
        # A permission holds for the paragraph that follows it.
        permitted = permitted and bool(line.strip())
    return found, allowed


def in_catalog(path: Path, allowed: set[str]) -> Iterator[Statement]:
    """The statements of the translations in a catalog."""
    for entry in polib.pofile(str(path)):
        for statement in find(entry.msgstr):
            if statement not in allowed and _words(statement) not in {
                _words(word) for word in allowed
            }:
                yield Statement(path, entry.linenum or 1, statement)


def _words(statement: str) -> str:
    return re.sub(r"\s", "", statement)


def in_source(path: Path) -> Iterator[Statement]:
    """The statements in the docstrings and the comments of a module."""
    text = path.read_text("utf-8")
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            docstring = ast.get_docstring(node, clean=False)
            if docstring is None:
                continue
            start = node.body[0].lineno
            for offset, line in enumerate(docstring.splitlines()):
                for statement in find(line):
                    yield Statement(path, start + offset, statement)
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type == tokenize.COMMENT:
            for statement in find(token.string):
                yield Statement(path, token.start[0], statement)


def check(root: Path = ROOT) -> list[Statement]:
    """All statements of the project that nobody allowed."""
    found: list[Statement] = []
    docs = root / "docs"
    catalogs = root / "locale" / "zh_CN" / "LC_MESSAGES"
    for page in sorted(docs.rglob("*.md")):
        if any(part.startswith("_") for part in page.relative_to(docs).parts):
            continue
        statements, allowed = in_page(page)
        found += statements
        catalog = catalogs / page.relative_to(docs).with_suffix(".po")
        if catalog.is_file():
            found += in_catalog(catalog, allowed)
    for source in sorted((root / "snippets").rglob("*.py")):
        found += in_source(source)
    return found


def main(arguments: Iterable[str] = ()) -> int:
    """Print what was found."""
    found = check(*(Path(argument).resolve() for argument in arguments))
    for statement in found:
        print(statement.message())
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
