"""Writes what the releases know of each name in few bytes: ``look-up/names.js`` reads it.

A line is a name below its package, what happened to it, what to use today, and the classes that it inherits from, with
tabs between them; what is empty at the end is left out. Lines are sorted, and each begins with one letter for how many
characters it has in common with the name before. An event is a sign and a release: ``+`` added, ``~`` deprecated, ``-``
removed, ``^`` restored; that the oldest release has a name is not said. A parameter is a name too, as in
``send_file(max_age)``; one that was always there is left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import takewhile

from proven.releases.records import LibraryHistory
from proven.releases.timeline import Entry, History, parameters, short

ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
SIGNS = {"added": "+", "deprecated": "~", "removed": "-", "restored": "^"}


@dataclass(frozen=True)
class Known:
    """What the look-up is given of one library.

    Attributes:
        title: Its name for readers.
        package: What is imported.
        oldest: The oldest release that was read.
        newest: The newest.
        aliases: Other names of an object, and the one that is told.
        names: A line for each name.
    """

    title: str
    package: str
    oldest: str
    newest: str
    aliases: Mapping[str, str]
    names: str


def events(entry: Entry) -> str:
    """Return what happened to a name; nothing, where every release has it."""
    told = [item for item in entry.events if item != (entry.oldest, "added")]
    return "".join(f"{SIGNS[event]}{short(version)}" for version, event in told)


def rows(history: History, library: LibraryHistory) -> Iterator[tuple[str, ...]]:
    """Yield the names of a library, and those of its parameters that came or went."""
    for name, item in library.names.items():
        entry = history.find(name)
        yield name, events(entry), entry.replacement or "", " ".join(item.bases)
        seen = {key for _version, signature in item.signatures for key in parameters(signature)}
        for parameter in sorted(seen):
            told = history.get(f"{name}({parameter})")
            # The parameters of what is gone went with it.
            if told and events(told) and not (entry.removed and told.removed == entry.removed):
                yield f"{name}({parameter})", events(told), told.replacement or "", ""


def fronted(lines: list[str]) -> str:
    r"""Return sorted lines, each with a letter for how much of the name before it repeats.

    >>> fronted(["Flask", "Flask.env", "Flask.run"])
    'AFlask\nF.env\nGrun'
    """
    made, before = [], ""
    for line in lines:
        name = line.partition("\t")[0]
        pairs = zip(before, name, strict=False)
        same = min(sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs)), 63)
        made.append(ALPHABET[same] + line[same:])
        before = name
    return "\n".join(made)


def known(history: History) -> list[Known]:
    """Return all libraries whose releases were read."""
    found = []
    for library in history.libraries.values():
        start = len(library.package) + 1
        lines = sorted(
            "\t".join((name[start:], *rest)).rstrip("\t") for name, *rest in rows(history, library)
        )
        found.append(
            Known(
                library.library,
                library.package,
                short(library.releases[0]),
                short(library.releases[-1]),
                library.aliases,
                fronted(lines),
            )
        )
    return found
