"""Old lines, each a function: what it gave in the release of its time, and what it gives today.

``docs/history/old/lines/<environment>/<page>.py`` has a function for each old line. ``nox -s releases -- --old`` calls
it in that environment and in today's, and writes ``docs/history/data/runs/lines.json``. A build only reads that. This
module knows nothing of Sphinx.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from textwrap import dedent

from proven.base.project import DOCS
from proven.exchange.blocks import blocks
from proven.releases import notebook
from proven.releases.environments import FLASK, NEIGHBOURS, Environment
from proven.releases.jobs import pages
from proven.releases.notebook import Measured, Measurements
from proven.releases.records import load
from proven.releases.runs import FOLDER

DIRECTIVE = "then-lines"
CODE = DOCS / "history" / "old" / "lines"
FILE = FOLDER / "lines.json"
ENVIRONMENTS = {each.name: each for each in (*FLASK, *NEIGHBOURS)}
CLAIM = re.compile(r"^(?P<function>\w+) -> (?P<now>\S.*?) *$")


class OldLineError(ValueError):
    """A block cannot be read, or is not as it was recorded; ``line`` counts from 0 in its content."""

    def __init__(self, line: int, message: str) -> None:
        super().__init__(message)
        self.line = line


@dataclass(frozen=True)
class Shown:
    """An old line as a page shows it."""

    code: str
    measured: Measured


@dataclass(frozen=True)
class Block:
    """A block of a page: a file of old lines, and what is claimed of them today, in order."""

    name: str
    claims: tuple[tuple[str, str], ...]

    @property
    def file(self) -> Path:
        """The file with the functions."""
        return CODE / f"{self.name}.py"

    @property
    def environment(self) -> Environment:
        """The environment of their time."""
        return ENVIRONMENTS[self.name.partition("/")[0]]

    def shown(self, found: Measurements) -> list[Shown]:
        """Return what to show of each line.

        Raises:
            OldLineError: One was not recorded, is newer than its record, or gives something else today.
        """
        if found.code.get(self.name) != notebook.digest(self.file):
            raise OldLineError(
                0, f"{self.name} is newer than its record; run nox -s releases -- --old"
            )
        known = sources(self.file)
        rows = []
        for line, (function, claim) in enumerate(self.claims):
            if function not in known:
                raise OldLineError(line, f"{self.name} has no function {function!r}")
            measured = found.measured[f"{self.name}.{function}"]
            if not measured.now.startswith(claim):
                raise OldLineError(line, f"{function} gives {measured.now!r} today; mend the page")
            rows.append(Shown(known[function], measured))
        return rows


def read_block(argument: str, lines: Sequence[str]) -> Block:
    """Read a block.

    Raises:
        OldLineError: It cannot be read.
    """
    environment, _, page = argument.partition("/")
    if environment not in ENVIRONMENTS or not (CODE / environment / f"{page}.py").is_file():
        raise OldLineError(0, f"there are no old lines {argument!r} in docs/history/old/lines")
    claims = []
    for number, line in enumerate(lines):
        claim = CLAIM.match(line)
        if claim is None:
            raise OldLineError(number, f"{line!r} is not <function> -> <what it gives today>")
        claims.append((claim["function"], claim["now"]))
    return Block(argument, tuple(claims))


def written() -> Iterator[Block]:
    """Yield the blocks of all pages."""
    for path in pages():
        for block in blocks(path.read_text(encoding="utf-8"), (DIRECTIVE,)):
            yield read_block(block.argument, block.lines)


def sources(file: Path) -> dict[str, str]:
    """Return the code of each old line: the body of its function, with what it returns as its last line."""
    text = file.read_text(encoding="utf-8")
    lines = text.splitlines()
    names = {name.rpartition(".")[2] for name in notebook.functions(file)}
    found = {}
    for node in ast.parse(text).body:
        if isinstance(node, ast.FunctionDef) and node.name in names:
            body = lines[node.body[0].lineno - 1 : node.end_lineno]
            code = dedent("\n".join(line for line in body if line))
            found[node.name] = re.sub(r"^( *)return ", r"\1", code, flags=re.MULTILINE)
    return found


def names() -> list[str]:
    """Return the files of old lines, as a block names them."""
    return sorted(path.relative_to(CODE).with_suffix("").as_posix() for path in CODE.glob("*/*.py"))


def read() -> Measurements:
    """Return the data as committed."""
    return load(Measurements, FILE.read_text(encoding="utf-8"))
