"""Says whether a site is still what its sources make, so that a build after no change has nothing to do.

What a build depends on is read whole, whatever the times of the files. Of the site, the names, sizes and times of its
files are compared, since nothing but a build writes there.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from proven.base.days import last_changed
from proven.commands.output import machinery

# What a build reads beside the files of the root: pages, snippets, catalogs, the tests that quote sentences, the locks.
FOLDERS = ("docs", "snippets", "locale", "tests", ".lock")
# What it writes, or leaves to Python, among them.
MADE = {".mo", ".pyc"}
# Variables of the environment that begin so are settings of the site.
SETTINGS = ("PROVEN_", "READTHEDOCS")


class Record(NamedTuple):
    """What a finished build was made of and what it made.

    Attributes:
        sources: Changes with whatever the site depends on, see :func:`whole`.
        site: Changes with each file of the site.
        said: What the build told its reader beside its faults.
        beside: What the site has beside its pages, as :func:`whole` takes it.
    """

    sources: str
    site: str
    said: list[str]
    beside: list[str]


def sources(root: Path) -> str:
    """Return a text that changes with whatever the pages of ``root`` depend on."""
    state = hashlib.sha256(machinery().encode())
    settings = {name: text for name, text in os.environ.items() if name.startswith(SETTINGS)}
    state.update(json.dumps([settings, last_changed(root)], sort_keys=True).encode())
    for file in sorted(_read(root)):
        state.update(f"{file}\0".encode() + root.joinpath(file).read_bytes() + b"\0")
    return state.hexdigest()


def whole(of_pages: str, beside: Sequence[str]) -> str:
    """Return a text that changes with whatever a site depends on.

    Args:
        of_pages: What :func:`sources` returned.
        beside: Texts that change with what the site has beside its pages, such as what Run loads.
    """
    return hashlib.sha256(json.dumps([of_pages, *beside]).encode()).hexdigest()


def _read(root: Path) -> Iterator[str]:
    yield from (file.name for file in root.iterdir() if file.is_file())
    for folder in FOLDERS:
        for place, _, names in os.walk(root / folder):
            for name in names:
                if os.path.splitext(name)[1] not in MADE:
                    yield os.path.relpath(os.path.join(place, name), root)


def site(html: Path) -> str:
    """Return a text that changes with each file of a site."""
    found = []
    for place, _, names in os.walk(html):
        for name in names:
            file = os.path.join(place, name)
            status = os.stat(file)
            found.append([os.path.relpath(file, html), status.st_size, status.st_mtime_ns])
    return hashlib.sha256(json.dumps(sorted(found)).encode()).hexdigest()


def read(file: Path) -> Record | None:
    """Return what the last build wrote down, ``None`` if there is nothing that can be read."""
    with suppress(OSError, ValueError, TypeError):
        return Record(*json.loads(file.read_text(encoding="utf-8")))
    return None


def write(file: Path, record: Record) -> None:
    """Write down what a finished build was made of."""
    file.write_text(json.dumps(record), encoding="utf-8")
