"""The sentences that no test quotes, as data: ``docs/_claims/<page>.toml``.

::

    # docs/_claims/guide/hooks.toml
    shown = [
        "The second response has the header.",
    ]
    advice = [
        "Keep hooks short.",
    ]
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

FOLDER = Path("docs", "_claims")
# Changes of facts that make no difference: proven.commands.doubt.
EQUAL = FOLDER / "equal.toml"
# Why a sentence that no test quotes may stand.
REASONS = ("shown", "advice")
HEAD = "# The sentences of this page that no test quotes; docs/about/testing.md says which belong here.\n"


class ListError(Exception):
    """A list cannot be read.

    Attributes:
        place: The file, from the root of the project, and a line.
    """

    def __init__(self, place: str, message: str) -> None:
        super().__init__(message)
        self.place = place


class Listed(NamedTuple):
    """A sentence of a list: its text, why it is there, and where."""

    text: str
    reason: str
    place: str


def path(page: str) -> Path:
    """Return the file of a page's lists, from the root of the project."""
    return FOLDER / f"{page}.toml"


def listed(root: Path, page: str) -> list[Listed]:
    """Return the lists of a page.

    Raises:
        ListError: if the file is not what it should be.
    """
    file = path(page)
    data = _data(root, file)
    if unknown := sorted(set(data) - set(REASONS)):
        raise ListError(f"{file.as_posix()}:1", f"{unknown[0]!r} is no list: write shown or advice")
    if not data:
        return []
    lines = root.joinpath(file).read_text(encoding="utf-8").splitlines()
    found = []
    for reason in REASONS:
        for text in _texts(file, data, reason):
            written = json.dumps(text, ensure_ascii=False)
            line = next((n for n, line in enumerate(lines, 1) if written in line), 1)
            found.append(Listed(" ".join(text.split()), reason, f"{file.as_posix()}:{line}"))
    return found


def pages_with_lists(root: Path) -> list[str]:
    """Return the pages that have lists."""
    folder = root / FOLDER
    files = (file for file in folder.rglob("*.toml") if file != root / EQUAL)
    return sorted(file.relative_to(folder).with_suffix("").as_posix() for file in files)


def write(root: Path, page: str, texts: Mapping[str, Sequence[str]]) -> None:
    """Write the lists of a page, a sentence a line; without any sentence there is no file."""
    file = root / path(page)
    if not any(texts.values()):
        file.unlink(missing_ok=True)
        return
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text_of(texts), encoding="utf-8")


def text_of(texts: Mapping[str, Sequence[str]]) -> str:
    """Return the file for these lists."""
    blocks = [_block(reason, texts[reason]) for reason in REASONS if texts.get(reason)]
    return HEAD + "\n" + "\n".join(blocks)


def _block(name: str, texts: Sequence[str]) -> str:
    # What JSON writes of a text is a string of TOML too.
    lines = "".join(f"    {json.dumps(text, ensure_ascii=False)},\n" for text in texts)
    return f"{name} = [\n{lines}]\n"


def _data(root: Path, file: Path) -> dict[str, object]:
    full = root / file
    if not full.is_file():
        return {}
    try:
        return tomllib.loads(full.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise ListError(f"{file.as_posix()}:1", f"this is not TOML: {error}; mend it") from None


def _texts(file: Path, data: Mapping[str, object], name: str) -> list[str]:
    value = data.get(name, [])
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        raise ListError(f"{file.as_posix()}:1", f"{name} is no list of texts: write {name} = [...]")
    return value
