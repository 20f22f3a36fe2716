"""What the syntax tree of a module says of itself: its functions, its calls, what it binds, and to whom."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator

Function = ast.FunctionDef | ast.AsyncFunctionDef
Trees = dict[str, ast.Module]


def functions(tree: ast.AST, path: str) -> Iterator[tuple[Function, str]]:
    """The functions of a module with their dotted names; those inside functions are left out."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, Function):
            yield node, f"{path}.{node.name}"
        elif isinstance(node, ast.ClassDef):
            yield from functions(node, f"{path}.{node.name}")
        elif isinstance(node, ast.If | ast.Try | ast.With | ast.ExceptHandler):
            yield from functions(node, path)


def calls(body: Iterable[ast.stmt]) -> Iterator[ast.Call]:
    """The calls in ``body``, however deep."""
    for statement in body:
        for node in ast.walk(statement):
            if isinstance(node, ast.Call):
                yield node


def bound(tree: ast.Module | None) -> dict[str, ast.stmt]:
    """What a module binds last to each of its names, as far as it says so at its own level."""
    found: dict[str, ast.stmt] = {}
    for statement in tree.body if tree else ():
        if isinstance(statement, ast.ImportFrom):
            found |= {alias.asname or alias.name: statement for alias in statement.names}
        elif isinstance(statement, Function | ast.ClassDef):
            found[statement.name] = statement
        elif isinstance(statement, ast.Assign):
            for target in statement.targets:
                if isinstance(target, ast.Name):
                    found[target.id] = statement
    return found


def lines_for_type_checkers(tree: ast.Module | None) -> set[int]:
    """The lines below ``if TYPE_CHECKING:``, without those below its ``else``."""
    lines: set[int] = set()
    for node in ast.walk(tree) if tree else ():
        if isinstance(node, ast.If) and re.fullmatch(
            r"([\w.]+\.)?TYPE_CHECKING", ast.unparse(node.test)
        ):
            # From the condition on: a decorator stands above the line of its function.
            lines.update(range(node.lineno, (node.body[-1].end_lineno or 0) + 1))
    return lines


def imported_by_table(tree: ast.Module) -> dict[str, list[str]]:
    """``all_by_module = {"tea.pots": ["brew"]}``, from which Werkzeug imported on demand: names by module."""
    table = bound(tree).get("all_by_module")
    if not isinstance(table, ast.Assign):
        return {}
    try:
        return dict(ast.literal_eval(table.value))
    except ValueError:
        return {}


def deprecated_imports(tree: ast.Module) -> dict[str, list[str]]:
    """``_DeprecatedImportModule(__name__, {".utils": ["escape"]}, "1.0")``, as Werkzeug wrote it."""
    found: dict[str, list[str]] = {}
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or len(node.args) < 2:
            continue
        names = node.args[1]
        if "DeprecatedImportModule" in ast.unparse(node.func) and isinstance(names, ast.Dict):
            found |= ast.literal_eval(names)
    return found
