"""The notebook that the site grew from, line by line, with what each line does in its release and today.

``docs/history/notes.toml`` has the lines, a verdict and what to write; ``docs/history/old/notes/`` has a function
for each measurement, and ``nox -s releases`` calls it in the release of the notebook and in today's. This module
knows nothing of Sphinx.
"""

from __future__ import annotations

import ast
import hashlib
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from proven.base.project import DOCS
from proven.releases.environments import FLASK, NEIGHBOURS, Environment
from proven.releases.records import dump, load
from proven.releases.runs import FOLDER

LINES = DOCS / "history" / "notes.toml"
MEASURES = DOCS / "history" / "old" / "notes"
FILE = FOLDER / "notes.json"
VERDICTS = ("true", "half", "changed", "wrong", "dead")
#: The release of the notebook's time in which the functions of a file are called.
THEN = {
    "flask": FLASK[0],
    **{each.library.replace("-", "_"): each for each in reversed(NEIGHBOURS)},
}


@dataclass(frozen=True, kw_only=True)
class Line:
    """A line of the notebook.

    Attributes:
        section: The section that it stands in.
        line: What it says.
        verdict: One of :data:`VERDICTS`.
        measure: The function that measures it, such as ``flask.config_keys``; ``""`` where there is nothing to run.
        write: What to write today, in MyST.
        page: The page that says so, ``""`` where none does.
        test: The test that this page quotes for it, as pytest names it.
    """

    section: str
    line: str
    verdict: str
    measure: str
    write: str
    page: str = ""
    test: str = ""


@dataclass(frozen=True, kw_only=True)
class Measured:
    """What a function returned or raised, in the release of the notebook and today."""

    then: str
    now: str


@dataclass(frozen=True, kw_only=True)
class Measurements:
    """The data file: the digest of each file of functions, and what they gave."""

    code: dict[str, str] = field(default_factory=dict)
    measured: dict[str, Measured] = field(default_factory=dict)


def lines() -> tuple[Line, ...]:
    """Return the lines of the notebook, in order.

    Raises:
        ValueError: The file is no TOML, or has a verdict or a measurement that there is not.
    """
    found = tuple(Line(**item) for item in tomllib.loads(LINES.read_text("utf-8"))["lines"])
    known = {"", *(name for file in MEASURES.glob("*.py") for name in functions(file))}
    for line in found:
        if line.verdict not in VERDICTS or line.measure not in known:
            raise ValueError(
                f"{line.line!r}: no verdict {line.verdict!r} or no measure {line.measure!r}"
            )
    return found


def functions(file: Path) -> list[str]:
    """Return the names of the functions of a file that take no argument."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    return [
        f"{file.stem}.{node.name}"
        for node in tree.body
        if isinstance(node, ast.FunctionDef) and not (node.args.args or node.args.kwarg)
    ]


def digest(file: Path) -> str:
    """Return the digest of a file of functions."""
    return hashlib.sha256(file.read_bytes()).hexdigest()[:16]


def jobs_of(file: Path, names: Sequence[str]) -> list[dict[str, Any]]:
    """Return what the runner does with a file."""
    return [
        {
            "does": "measure",
            "module": f"notes_{file.stem}",
            "file": str(file),
            "function": name.partition(".")[2],
        }
        for name in names
    ]


def environments(file: Path) -> tuple[Environment, Environment]:
    """Return the environment of the notebook's time for a file, and today's."""
    return THEN[file.stem], FLASK[-1]


def read() -> Measurements:
    """Return the data as committed; none if there is no file."""
    return (
        load(Measurements, FILE.read_text(encoding="utf-8")) if FILE.is_file() else Measurements()
    )


def text_of(found: Measurements) -> str:
    """Return the text of the data file, a line a measurement."""
    listed = ",\n".join(f"    {dump(name)}: {dump(one)}" for name, one in found.measured.items())
    return f'{{\n  "code": {dump(found.code)},\n  "measured": {{\n{listed}\n  }}\n}}\n'


def stale(found: Measurements) -> list[str]:
    """Return the files of functions that are newer than the data."""
    files = sorted(MEASURES.glob("*.py"))
    return [file.name for file in files if found.code.get(file.stem) != digest(file)]
