"""What the site knows of a module under ``snippets/``: its file, what it imports, which tests prove it.

Everything but :func:`load` is read from the syntax tree, so that asking costs no import.
"""

from __future__ import annotations

import ast
import difflib
import importlib
import sys
import traceback
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from pathlib import Path
from types import ModuleType

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
        name = name_of(root, file)
        if name and not (file.name == "__init__.py" and len(_parse(file).body) <= 1):
            names.append(name)
    return sorted(names)


def objects(file: Path) -> list[str]:
    """Return what ``:pyobject:`` can name in ``file``: functions, classes, and their methods."""
    return list(_definitions(_parse(file)))


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
    for node in _parse(file).body:
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
            waiting += following(_parse(file), _package(current, file))
    return reached


def _left_alone(root: Path, package: str, names: list[str]) -> Iterator[str]:
    """Yield the modules that ``package`` imports for type checkers only and that ``names`` come from."""
    file = file_of(root, package)
    if file is None:
        return
    for node in _parse(file).body:
        if isinstance(node, ast.If) and _is_for_type_checkers(node):
            for module, provided in _statements(node, _package(package, file), inside=True):
                if set(names) & set(provided):
                    yield module


def _is_for_type_checkers(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and ast.unparse(node.test).endswith("TYPE_CHECKING")


def _package(name: str, file: Path) -> str:
    """Return the package that the relative imports of a module start from."""
    return name if file.name == "__init__.py" else name.rpartition(".")[0]


def _statements(
    tree: ast.AST, package: str, *, inside: bool = False
) -> Iterator[tuple[str, list[str]]]:
    """Yield what is imported below ``tree``: module and names, but what only type checkers see unless ``inside``."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name, []) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield _base(node, package), [alias.name for alias in node.names]
        elif inside or not _is_for_type_checkers(node):
            yield from _statements(node, package, inside=inside)


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
    known = _imported(_parse(file), _package(name, file))
    found = {module for module in known if file_of(root, module)}
    # A package that is only the way to its modules is not what is imported.
    return sorted(
        module for module in found if not any(other.startswith(f"{module}.") for other in found)
    )


def load(root: Path, name: str) -> ModuleType:
    """Import the snippet ``name`` afresh, so that no state of an earlier use is left in it.

    Raises:
        SnippetError: if there is no such module, or if importing it raises.
    """
    file = file_of(root, name)
    if file is None:
        raise SnippetError(f"there is no snippet {name!r}: {suggestion(name, modules(root))}")
    own = [module for module in sys.modules if module == name or module.startswith(f"{name}.")]
    for module in own:
        del sys.modules[module]
    try:
        return importlib.import_module(name)
    except Exception as error:
        raise at_fault(error, root, f"importing {name}", file) from error


@cache
def check_import(root: Path, name: str) -> None:
    """Import the snippet ``name``, once a build.

    Raises:
        SnippetError: as :func:`load` does.
    """
    if name not in sys.modules:
        load(root, name)


def tests_of(root: Path, name: str) -> dict[str, list[str]]:
    """Return the tests that use the snippet ``name``: test file to the test functions in it."""
    found: dict[str, list[str]] = {}
    for file, shown in test_files(root):
        changed = file.stat().st_mtime_ns
        used = _uses(root, file, changed).get(name) if _may_use(file, changed, name) else None
        if used is not None:
            found[shown] = used
    return found


@cache
def test_files(root: Path) -> list[tuple[Path, str]]:
    """Return the test files, each with what it is called on a page."""
    files = sorted(root.joinpath("tests").rglob("test_*.py"))
    return [(file, file.relative_to(root).as_posix()) for file in files]


def _may_use(file: Path, changed: int, name: str) -> bool:
    """Say whether a test file may use the snippet ``name``; most need not be parsed to know that they do not."""
    text, part = _text(file, changed), name.split(".")[1]
    return f"{PACKAGE}.{part}" in text or (f"from {PACKAGE} import" in text and part in text)


@cache
def _text(file: Path, changed: int) -> str:
    return file.read_text(encoding="utf-8")


@cache
def _uses(root: Path, file: Path, changed: int) -> dict[str, list[str]]:
    """Return what a test file uses: snippet module to names of its test functions."""
    tree = _parse(file)
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


def _imported(tree: ast.Module, package: str) -> Iterator[str]:
    """Yield the snippet modules that a module in ``package`` may import, existing or not."""
    for module, names in _statements(tree, package, inside=True):
        if module.partition(".")[0] == PACKAGE:
            yield from (module, *(f"{module}.{each}" for each in names))


@cache
def _parse_text(text: str, name: str) -> ast.Module:
    return ast.parse(text, name)


def _parse(file: Path) -> ast.Module:
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


def at_fault(error: Exception, root: Path, doing: str, file: Path) -> SnippetError:
    """Return what to say of a snippet that raised: at its innermost line that ``error`` came through."""
    place = str(file)
    for frame in traceback.extract_tb(error.__traceback__):
        if Path(frame.filename).is_relative_to(root / PACKAGE):
            place = f"{frame.filename}:{frame.lineno}"
    text = " ".join(str(error).split())
    return SnippetError(f"{doing} raises {type(error).__name__}: {text}; mend the snippet", place)
