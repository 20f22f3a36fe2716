"""The files of a snippet as the browser gets them: its modules, and what lies beside them, such as templates."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from proven.snippets.files import file_of
from proven.snippets.imports import dependencies


def files_of(root: Path, name: str) -> dict[str, Any]:
    """Return the files of a snippet by their path: text, or what is no text as ``{"base64": …}``."""
    return {path.relative_to(root).as_posix(): content(path) for path in paths_of(root, name)}


def paths_of(root: Path, name: str) -> list[Path]:
    """Return the files that a snippet is made of, its own first."""
    own = file_of(root, name)
    modules = dependencies(root, name)
    found = set(modules)
    for file in modules:
        found.update(_packages(root, file))
        found.update(_beside(file))
    return sorted(found, key=lambda path: (path != own, path))


def content(path: Path) -> Any:
    """Return what is in a file."""
    data = path.read_bytes()
    try:
        return data.decode()
    except UnicodeDecodeError:
        return {"base64": base64.b64encode(data).decode()}


def _packages(root: Path, file: Path) -> Iterator[Path]:
    """Yield the ``__init__.py`` of the packages around a module, without which it cannot be imported."""
    folder = file.parent
    while folder != root:
        if (above := folder / "__init__.py").is_file():
            yield above
        folder = folder.parent


def _beside(module: Path) -> Iterator[Path]:
    """Yield what lies in the folder of a module and is none."""
    for path in module.parent.rglob("*"):
        if path.is_file() and path.suffix not in {".py", ".pyc"}:
            yield path
