"""The modules under ``snippets/``: where each lies, what it is called, what is defined in it.

Everything is read from the syntax tree, so that asking costs no import.
"""

from __future__ import annotations

import ast
import difflib
from functools import cache
from pathlib import Path

PACKAGE = "snippets"
Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


class SnippetError(Exception):
    """A snippet cannot be used; the message says why and what to do, in one line.

    Attributes:
        place: ``file:line`` of the snippet where it is at fault, ``""`` where the page is that names it.
    """

    def __init__(self, message: str, place: str = "") -> None:
        super().__init__(message)
        self.place = place


def file_of(root: Path, name: str) -> Path | None:
    """Return the file of the dotted module ``name`` below ``root``, ``None`` if there is none."""
    path = root.joinpath(*name.split("."))
    for candidate in (path.with_suffix(".py"), path / "__init__.py"):
        if candidate.is_file():
            return candidate
    return None


def name_of(root: Path, file: Path) -> str | None:
    """Return the dotted name of ``file``, ``None`` if it is not a module of the snippets."""
    try:
        parts = file.resolve().relative_to(root.resolve()).with_suffix("").parts
    except ValueError:
        return None
    if file.suffix != ".py" or not parts or parts[0] != PACKAGE:
        return None
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def modules(root: Path) -> list[str]:
    """Return the names of all modules with content, sorted; a package's bare docstring is none."""
    names = []
    for file in root.joinpath(PACKAGE).rglob("*.py"):
        parts = file.relative_to(root).with_suffix("").parts
        if parts[-1] != "__init__":
            names.append(".".join(parts))
        elif len(parse(file).body) > 1:
            names.append(".".join(parts[:-1]))
    return sorted(names)


def objects(file: Path) -> list[str]:
    """Return what ``:pyobject:`` can name in ``file``: functions, classes, and their methods."""
    return list(_definitions(parse(file)))


def definitions(code: str) -> dict[str, int]:
    """Return what :func:`objects` names in ``code``, with the line where each begins, counted from 1."""
    return {
        name: min([node.lineno, *(each.lineno for each in node.decorator_list)])
        for name, node in _definitions(ast.parse(code)).items()
    }


def _definitions(tree: ast.Module) -> dict[str, Definition]:
    found: dict[str, Definition] = {}
    for node in tree.body:
        if isinstance(node, Definition):
            found[node.name] = node
        if isinstance(node, ast.ClassDef):
            found |= {
                f"{node.name}.{child.name}": child
                for child in node.body
                if isinstance(child, Definition)
            }
    return found


def runnable(file: Path) -> bool:
    """Say whether ``flask --app`` finds an ``app`` or a ``create_app`` in ``file``."""
    names: set[str] = set()
    for node in parse(file).body:
        if isinstance(node, ast.FunctionDef):
            names.add(node.name)
        elif isinstance(node, ast.Assign):
            names |= {target.id for target in node.targets if isinstance(target, ast.Name)}
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            names.add(node.target.id)
    return not names.isdisjoint({"app", "create_app"})


def suggestion(wanted: str, known: list[str]) -> str:
    """Return a remedy for an unknown name: the nearest known one, or all of them."""
    near = difflib.get_close_matches(wanted, known, n=1)
    if near:
        return f"did you mean {near[0]!r}?"
    return f"there is {', '.join(known)}" if known else "there is none"


@cache
def _parse_text(text: str, name: str) -> ast.Module:
    return ast.parse(text, name)


def parse(file: Path) -> ast.Module:
    """Return the syntax tree of ``file``.

    Raises:
        SnippetError: if the file is not Python.
    """
    try:
        return _parse_text(file.read_text(encoding="utf-8"), str(file))
    except SyntaxError as error:
        raise SnippetError(
            f"this is not Python: {error.msg}; mend it", f"{file}:{error.lineno}"
        ) from error
