"""Writes ``@proves(...)`` above a test, or adds sentences to the one that stands there."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
import textwrap
from collections.abc import Iterable, Sequence
from pathlib import Path

from proven.claims.quotes import MODULE, NAME, Tested

# How long a piece of a sentence may be, so that its line is not too long.
WIDTH = 84


class DecorateError(Exception):
    """A test that cannot be decorated; the message says why."""


def decorate(file: Path, test: str, page: str, sentences: Sequence[str]) -> None:
    """Let a test quote sentences of a page; the file is to be tidied afterwards.

    Args:
        file: The test file.
        test: ``test_x``, ``TestX`` or ``TestX::test_y``.
        page: The name of the page.
        sentences: What it is to quote.

    Raises:
        DecorateError: if there is no such file or test.
    """
    if not file.is_file():
        raise DecorateError(f"there is no file {file}")
    source = file.read_text(encoding="utf-8")
    tree = ast.parse(source)
    node = _find(tree, test)
    lines = source.splitlines(keepends=True)
    quoted = [_written(text) for text in sentences]
    if there := _decorator(node, page):
        last = there.args[-1]
        row, column = (last.end_lineno or 1) - 1, last.end_col_offset or 0
        line = lines[row].encode()
        added = ", " + ", ".join(quoted)
        lines[row] = (line[:column] + added.encode() + line[column:]).decode()
    else:
        above = min([node.lineno, *(each.lineno for each in node.decorator_list)]) - 1
        arguments = ", ".join([json.dumps(page), *quoted])
        lines.insert(above, f"{' ' * node.col_offset}@{NAME}({arguments})\n")
    if not _imports(tree):
        lines.insert(_after_docstring(tree), f"from {MODULE} import {NAME}\n")
    file.write_text("".join(lines), encoding="utf-8")


def tidy(files: Iterable[Path]) -> None:
    """Put imports in order and format, as ``nox -s lint`` wants it."""
    names = [str(file) for file in files]
    ruff = [sys.executable, "-m", "ruff"]
    subprocess.run([*ruff, "check", "--quiet", "--select", "I", "--fix", *names], check=True)
    subprocess.run([*ruff, "format", "--quiet", *names], check=True)


def _find(tree: ast.Module, test: str) -> Tested:
    body: list[ast.stmt] = tree.body
    found: Tested | None = None
    for part in test.split("::"):
        known = {node.name: node for node in body if isinstance(node, Tested)}
        if part not in known:
            near = ", ".join(name for name in known if name.lower().startswith("test")) or "none"
            raise DecorateError(f"there is no test {part!r}; there is {near}")
        found = known[part]
        body = found.body
    assert found is not None  # noqa: S101  a text has at least one part
    return found


def _decorator(node: Tested, page: str) -> ast.Call | None:
    for each in node.decorator_list:
        if (
            isinstance(each, ast.Call)
            and ast.unparse(each.func) == NAME
            and isinstance(each.args[0], ast.Constant)
            and each.args[0].value == page
        ):
            return each
    return None


def _imports(tree: ast.Module) -> bool:
    return any(
        isinstance(node, ast.ImportFrom)
        and node.module == MODULE
        and any(each.name == NAME and each.asname is None for each in node.names)
        for node in tree.body
    )


def _after_docstring(tree: ast.Module) -> int:
    """Return the index of the line before which an import may stand."""
    last = 0
    for node in tree.body:
        is_future = isinstance(node, ast.ImportFrom) and node.module == "__future__"
        is_docstring = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        if not is_future and not is_docstring:
            break
        last = node.end_lineno or 0
    return last


def _written(text: str) -> str:
    """Return a sentence as Python has it: pieces between quotes, so that no line is too long."""
    pieces = textwrap.wrap(text, WIDTH, break_long_words=False, break_on_hyphens=False)
    # What JSON writes of a text is a string of Python too.
    ends = [*(f"{piece} " for piece in pieces[:-1]), pieces[-1]]
    return " ".join(json.dumps(piece, ensure_ascii=False) for piece in ends)
