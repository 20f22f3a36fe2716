"""Reads one release of a library statically: names, signatures, values, configuration keys, deprecations.

Griffe gives names and signatures; the syntax tree gives ``default_config``, every place where a configuration key is
read, and every ``DeprecationWarning`` that is sure to reach who uses the name.
"""

from __future__ import annotations

import ast
import logging
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import griffe

from proven.releases.libraries import Library
from proven.releases.reader.deprecations import Marks
from proven.releases.reader.keys import read_keys
from proven.releases.reader.names import Names
from proven.releases.reader.trees import Trees, bound, calls, functions
from proven.releases.records import HistoryError, ReadKey, Snapshot

logging.getLogger("griffe").setLevel(logging.CRITICAL)


def read(library: Library, source: Path, label: str) -> Snapshot:
    """Return what a release offers.

    Args:
        library: What is read of it.
        source: The folder of its unpacked files, which stays as it is.
        label: What messages call the release.

    Raises:
        HistoryError: The package is not in the folder, or a file of it does not parse.
    """
    with _copy(library, _search_path(library.package, source, label)) as root:
        trees = _parse(root, label)
        _close_gaps(root / library.package)
        loader = griffe.GriffeLoader(
            search_paths=[root], allow_inspection=False, store_source=False
        )
        try:
            loader.load(library.package, try_relative_path=False)
        except (griffe.GriffeError, ImportError, SyntaxError) as error:
            raise HistoryError(f"{label}: {library.package} cannot be read ({error})") from None
        loader.resolve_aliases(external=False)
        marks = Marks(trees)
        names = Names(library, loader.modules_collection, trees, marks.lazy)
    keys = _keys(library, trees, names) if library.keys else {}
    deprecated = names.deprecated.union(*map(names.public, marks.deprecated))
    deprecated |= {
        name
        for name, entry in names.offered.items()
        if name.rpartition(".")[0] in marks.modules and not entry.imported
    }
    deprecated |= {f":{key}" for key in marks.deprecated_keys & keys.keys()}
    return Snapshot(
        names=names.offered,
        keys=keys,
        deprecated=tuple(sorted(deprecated)),
        modules=tuple(module for module in sorted(trees) if _is_public(module, trees[module])),
    )


def _search_path(package: str, source: Path, label: str) -> Path:
    for folder in (source, source / "src", source / "lib"):
        if (folder / package / "__init__.py").is_file() or (folder / f"{package}.py").is_file():
            return folder
    raise HistoryError(f"{label}: no package {package!r} in its files")


@contextmanager
def _copy(library: Library, root: Path) -> Iterator[Path]:
    """A folder with the package alone, without what is never looked at."""

    def skipped(folder: str, names: list[str]) -> set[str]:
        package = ".".join(Path(folder).relative_to(root).parts)
        return {name for name in names if f"{package}.{name}".removesuffix(".py") in library.skip}

    with tempfile.TemporaryDirectory() as name:
        copy = Path(name)
        if (root / library.package).is_dir():
            shutil.copytree(root / library.package, copy / library.package, ignore=skipped)
        else:
            shutil.copy(root / f"{library.package}.py", copy)
        yield copy


def _close_gaps(package: Path) -> None:
    """Griffe does not enter a folder of modules that has no ``__init__.py`` (``flask.sansio``)."""
    for path in list(package.rglob("*.py")):
        if path.parent != package and not (path.parent / "__init__.py").exists():
            (path.parent / "__init__.py").touch()


def _parse(root: Path, label: str) -> Trees:
    """The syntax tree of each module, by dotted name."""
    trees = {}
    for path in sorted(root.rglob("*.py")):
        parts = path.relative_to(root).with_suffix("").parts
        name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
        try:
            trees[name] = ast.parse(path.read_bytes())
        except (SyntaxError, ValueError) as error:
            where = f"{path.relative_to(root)}:{getattr(error, 'lineno', None) or 1}"
            raise HistoryError(f"{label}: {where} does not parse ({error.args[0]})") from None
    return trees


def _is_public(module: str, tree: ast.Module) -> bool:
    """Whether users may import a module: a package that only holds modules has no names to import."""
    private = any(part.startswith("_") for part in module.split("."))
    return not private and any(not name.startswith("_") for name in bound(tree))


def _keys(library: Library, trees: Trees, names: Names) -> dict[str, ReadKey]:
    """The keys of a library, each with the public names of the places that read it."""
    found = {}
    for key, entry in read_keys(trees).items():
        if key not in library.not_keys:
            places = {place for path in entry.readers for place in _callers(trees, path)}
            readers = sorted({names.shortest(place) for place in places})
            found[key] = replace(entry, readers=tuple(readers))
    return found


def _callers(trees: Trees, path: str) -> set[str]:
    """The function at ``path``, or if it is private the functions of its module that call it."""
    module, _, name = path.rpartition(".")
    if not name.startswith("_") or name.startswith("__") or module not in trees:
        return {path}
    callers = {
        caller
        for node, caller in functions(trees[module], module)
        for call in calls(node.body)
        if isinstance(call.func, ast.Name) and call.func.id == name and caller != path
    }
    return callers or {path}
