"""What a module under ``snippets/`` imports: other snippets, and the libraries that come with it."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from pathlib import Path

from proven.snippets.files import PACKAGE, file_of, parse


def dependencies(root: Path, name: str) -> list[Path]:
    """Return the files that ``name`` is made of: its own and those of the snippets it imports."""
    return sorted(_reached(root, name, _imported).values())


def libraries(root: Path, name: str) -> set[str]:
    """Return the packages outside the snippets that importing ``name`` brings in.

    A package of snippets can leave a module alone until one of its names is asked for (PEP 562). It then imports them
    for type checkers only, and who imports a name from it brings in the module of that name.
    """
    found: set[str] = set()

    def brought_in(tree: ast.Module, package: str) -> Iterator[str]:
        for module, names in _statements(tree, package):
            if module.partition(".")[0] == PACKAGE:
                yield from (module, *(f"{module}.{each}" for each in names))
                yield from _left_alone(root, module, names)
            else:
                found.add(module.partition(".")[0])

    _reached(root, name, brought_in)
    return found


def _reached(
    root: Path, name: str, following: Callable[[ast.Module, str], Iterable[str]]
) -> dict[str, Path]:
    """Return ``name`` and the snippets that lead on from it, with their files.

    Args:
        root: The folder of the project.
        name: The snippet to begin with.
        following: What leads on from the tree of a module in a package; what is no module ends there.
    """
    reached: dict[str, Path] = {}
    waiting = [name]
    while waiting:
        current = waiting.pop()
        file = file_of(root, current)
        if file is not None and current not in reached:
            reached[current] = file
            waiting += following(parse(file), _package(current, file))
    return reached


def _left_alone(root: Path, package: str, names: list[str]) -> Iterator[str]:
    """Yield the modules that ``package`` imports for type checkers only and that ``names`` come from."""
    file = file_of(root, package)
    if file is None:
        return
    for node in parse(file).body:
        if isinstance(node, ast.If) and _is_for_type_checkers(node):
            for module, provided in _statements(node, _package(package, file), inside=True):
                if set(names) & set(provided):
                    yield module


def _is_for_type_checkers(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and ast.unparse(node.test).endswith("TYPE_CHECKING")


def _package(name: str, file: Path) -> str:
    """Return the package that the relative imports of a module start from."""
    return name if file.name == "__init__.py" else name.rpartition(".")[0]


@cache
def _statements(
    tree: ast.AST, package: str, *, inside: bool = False
) -> tuple[tuple[str, list[str]], ...]:
    """Return what is imported below ``tree``: module and names, but what only type checkers see unless ``inside``.

    A tree is asked by each page that shows its module, and again by each module that leads to it.
    """
    return tuple(_found(tree, package, inside))


def _found(tree: ast.AST, package: str, inside: bool) -> Iterator[tuple[str, list[str]]]:
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name, []) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield _base(node, package), [alias.name for alias in node.names]
        elif isinstance(node, ast.expr):
            continue  # No statement stands in an expression.
        elif inside or not _is_for_type_checkers(node):
            yield from _found(node, package, inside)


def _base(node: ast.ImportFrom, package: str) -> str:
    """Return the absolute name of the module that names are imported from."""
    if not node.level:
        return node.module or ""
    above = package.split(".")[: 1 - node.level or None]
    return ".".join([*above, *([node.module] if node.module else [])])


def imports(root: Path, name: str) -> list[str]:
    """Return the snippets that ``name`` itself imports, or imports from, sorted."""
    file = file_of(root, name)
    if file is None:
        return []
    known = _imported(parse(file), _package(name, file))
    found = {module for module in known if file_of(root, module)}
    # A package that is only the way to its modules is not what is imported.
    return sorted(
        module for module in found if not any(other.startswith(f"{module}.") for other in found)
    )


def imported_by(root: Path, tree: ast.Module) -> Iterator[tuple[str, bool]]:
    """Yield what a piece of code imports that belongs to no module, and whether it is a snippet."""
    for module, names in _statements(tree, "", inside=True):
        if module.partition(".")[0] != PACKAGE:
            yield module, False
            continue
        for name in (module, *(f"{module}.{each}" for each in names)):
            if file_of(root, name) is not None:
                yield name, True


def _imported(tree: ast.Module, package: str) -> Iterator[str]:
    """Yield the snippet modules that a module in ``package`` may import, existing or not."""
    for module, names in _statements(tree, package, inside=True):
        if module.partition(".")[0] == PACKAGE:
            yield from (module, *(f"{module}.{each}" for each in names))
