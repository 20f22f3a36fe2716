"""Finds and replaces the comments and one-line docstrings of Python code, and nothing else.

A reader of a translation reads the comments in her language; the code around them stays as it was tested.
"""

from __future__ import annotations

import ast
import io
import json
import tokenize
import unicodedata
from collections.abc import Mapping
from functools import cache
from typing import NamedTuple

# Comments that speak to tools, not to readers.
TOOL_COMMENTS = ("type:", "noqa", "pragma:", "!", "fmt:", "mypy:")
# Columns a whole-line comment may take once it is translated; a Han character takes two.
WIDTH = 92


class Text(NamedTuple):
    """A comment or docstring: what it says and where it stands.

    Attributes:
        text: What it says, on one line, without quotes or ``#``.
        first: Its first line, counted from 0.
        last: Its last line.
        start: The column where it begins in its first line.
        end: The column where it ends in its last line.
        quote: The quotes of a docstring, ``""`` for a comment.
    """

    text: str
    first: int
    last: int
    start: int
    end: int
    quote: str


@cache
def texts(code: str) -> tuple[Text, ...]:
    r"""Return the comments and one-line docstrings of ``code`` in order, none if it is not Python.

    Whole-line comments on lines that follow each other are one text.

    >>> [text.text for text in texts('x = 1  # one\n# two\n# lines\n')]
    ['one', 'two lines']
    """
    try:
        tokens = list(tokenize.generate_tokens(io.StringIO(code).readline))
        found = _docstrings(ast.parse(code))
    except (tokenize.TokenError, SyntaxError):
        return ()
    for token in tokens:
        if token.type != tokenize.COMMENT:
            continue
        text = token.string.lstrip("#").strip()
        if not text or text.startswith(TOOL_COMMENTS):
            continue
        row, column = token.start[0] - 1, token.start[1]
        alone = not token.line[:column].strip()
        before = found[-1] if found else None
        if alone and before and (before.quote, before.last + 1, before.start) == ("#", row, column):
            found[-1] = Text(f"{before.text} {text}", before.first, row, column, token.end[1], "#")
        else:
            # "#" marks a comment that the next line may continue; it is cleared below.
            found.append(Text(text, row, row, column, token.end[1], "#" if alone else ""))
    return tuple(
        sorted(
            (text._replace(quote="" if text.quote == "#" else text.quote) for text in found),
            key=lambda text: (text.first, text.start),
        )
    )


class Original(NamedTuple):
    """What stands in the source where translated code has a translation.

    Attributes:
        line: The first line of the translation in the translated code, counted from 0.
        lines: How many lines the translation has.
        text: The comment or docstring of the source, with its ``#`` or quotes, and its lines as they stand there.
    """

    line: int
    lines: int
    text: str


def replace(code: str, translations: Mapping[str, str]) -> str:
    r"""Return ``code`` with the translation of each comment and docstring that has one.

    >>> replace('x = 1  # one\n', {'one': '一'})
    'x = 1  # 一\n'
    """
    return _translate(code, translations)[0]


def originals(code: str, translations: Mapping[str, str]) -> str:
    r"""Return the :class:`Original` of each translation in ``code``, for a script, ``""`` if it has none.

    Args:
        code: The code of the source.
        translations: What :func:`replace` was called with.

    >>> originals('# one\n# two\nx = 1  # three\n', {'one two': '一二', 'three': '三'})
    '[[0,1,"# one\\n# two"],[1,1,"# three"]]'
    """
    found = _translate(code, translations)[1]
    return json.dumps(found, ensure_ascii=False, separators=(",", ":")) if found else ""


def _translate(code: str, translations: Mapping[str, str]) -> tuple[str, list[Original]]:
    """Return translated code, and what its translations stand for."""
    source = code.split("\n")
    lines, found = source.copy(), []
    for text in reversed(texts(code)):
        new = translations.get(text.text)
        if new is None or new == text.text:
            continue
        before, after = lines[text.first][: text.start], lines[text.last][text.end :]
        if text.quote:
            written = [f"{before}{text.quote}{new}{text.quote}{after}"]
        elif before.strip():
            written = [f"{before}# {new}"]
        else:
            written = [f"{before}# {part}" for part in _fold(new, WIDTH - len(before) - 2)]
        lines[text.first : text.last + 1] = written
        said = source[text.first : text.last + 1]
        said[-1] = said[-1][: text.end]
        said[0] = said[0][text.start :]
        found.append((text, len(written), "\n".join(said)))
    made, moved = [], 0
    for text, height, original in reversed(found):
        made.append(Original(text.first + moved, height, original))
        moved += height - (text.last - text.first + 1)
    return "\n".join(lines), made


def _docstrings(tree: ast.Module) -> list[Text]:
    found = []
    for node in ast.walk(tree):
        if not isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        match node.body[0] if node.body else None:
            case ast.Expr(ast.Constant(str(said)) as value) if value.lineno == value.end_lineno:
                # Columns of the syntax tree are bytes; a docstring begins its line, so only its end differs.
                row, end = value.lineno - 1, value.end_col_offset or 0
                end -= len(said.encode()) - len(said)
                found.append(Text(said.strip(), row, row, value.col_offset, end, '"""'))
    return found


def _fold(text: str, width: int) -> list[str]:
    """Split ``text`` into lines of at most ``width`` columns, never before closing punctuation."""
    lines, current, columns = [], "", 0
    for index, character in enumerate(text):
        wide = 2 if unicodedata.east_asian_width(character) in "WF" else 1
        breakable = character not in "，。；：！？、）”’ " and (
            wide == 2 or text[index - 1 : index] == " "
        )
        if columns + wide > width and breakable:
            lines.append(current.rstrip())
            current, columns = "", 0
        current += character
        columns += wide
    return [*lines, current.rstrip()]
