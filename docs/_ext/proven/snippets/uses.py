"""Which tests use a module under ``snippets/``, read from their syntax trees."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from proven.snippets.files import PACKAGE, file_of, parse


def tests_of(root: Path, name: str) -> dict[str, list[str]]:
    """Return the tests that use the snippet ``name``: test file to the test functions in it."""
    found: dict[str, list[str]] = {}
    for file, shown in test_files(root):
        changed = file.stat().st_mtime_ns
        used = _uses(root, file, changed).get(name) if _may_use(file, changed, name) else None
        if used is not None:
            found[shown] = used
    return found


def used_by(root: Path, file: Path) -> set[str]:
    """Return the snippets that a file of the tests uses."""
    return {name for name in _uses(root, file, file.stat().st_mtime_ns) if file_of(root, name)}


@cache
def test_files(root: Path) -> list[tuple[Path, str]]:
    """Return the test files, each with what it is called on a page."""
    files = sorted(root.joinpath("tests").rglob("test_*.py"))
    return [(file, file.relative_to(root).as_posix()) for file in files]


def _may_use(file: Path, changed: int, name: str) -> bool:
    """Say whether a test file may use the snippet ``name``; most need not be parsed to know that they do not."""
    text, part = text_of(file, changed), name.split(".")[1]
    return f"{PACKAGE}.{part}" in text or (f"from {PACKAGE} import" in text and part in text)


@cache
def text_of(file: Path, changed: int) -> str:
    """Return the text of a test file; ``changed`` (its time stamp) keeps the cache honest."""
    return file.read_text(encoding="utf-8")


@cache
def _uses(root: Path, file: Path, changed: int) -> dict[str, list[str]]:
    """Return what a test file uses: snippet module to names of its test functions."""
    tree = parse(file)
    aliases = dict(_aliases(tree, root))
    used: dict[str, list[str]] = {module: [] for module in aliases.values()}
    inside_classes = [
        node for group in tree.body if isinstance(group, ast.ClassDef) for node in group.body
    ]
    for statement in [*tree.body, *inside_classes]:
        # A snippet is named by its module, by an object of it, by a fixture's argument or as text.
        found = {aliases.get(name, name) for name in _names(statement)}
        for module in {name for name in found if name in used or name.startswith(f"{PACKAGE}.")}:
            tests = used.setdefault(module, [])
            if isinstance(statement, ast.FunctionDef) and statement.name.startswith("test_"):
                tests.append(statement.name)
    return used


def _names(statement: ast.stmt) -> Iterator[str]:
    """Yield the names, arguments and texts in a statement."""
    for node in ast.walk(statement):
        if isinstance(node, ast.Name):
            yield node.id
        elif isinstance(node, ast.arg):
            yield node.arg
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def _aliases(tree: ast.Module, root: Path) -> Iterator[tuple[str, str]]:
    """Yield each local name that stands for a snippet module, or for an object of one."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module and not node.level:
            if node.module.split(".")[0] != PACKAGE:
                continue
            for alias in node.names:
                module = f"{node.module}.{alias.name}"
                # What is no module is an object of one.
                yield alias.asname or alias.name, module if file_of(root, module) else node.module
        elif isinstance(node, ast.Import):
            for alias in node.names:
                if alias.name.startswith(f"{PACKAGE}.") and alias.asname:
                    yield alias.asname, alias.name
