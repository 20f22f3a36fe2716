"""What the releases of the libraries say about a name: the data of docs/history, looked up.

The data files are written by ``nox -s history``; what replaces a name that is gone is written by hand in
``docs/history/replacements.toml``. This module knows neither Sphinx nor languages.
"""

from __future__ import annotations

import difflib
import pkgutil
import re
import sys
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property, partial
from itertools import pairwise
from pathlib import Path
from typing import TypeVar

from proven.base.project import DOCS
from proven.releases.records import Dated, LibraryHistory, NameHistory, Note, load

FOLDER = DOCS / "history"
T = TypeVar("T")


class UnknownNameError(LookupError):
    """The data does not know a name."""

    def __init__(self, name: str, nearest: Iterable[str]) -> None:
        super().__init__(name)
        self.name = name
        self.nearest = list(nearest)

    def __str__(self) -> str:
        near = ", ".join(self.nearest)
        return f"no release has the name {self.name!r}" + (f"; nearest: {near}" if near else "")


def short(version: str) -> str:
    """``2.3`` for ``2.3.0``: how people speak of a release."""
    return re.sub(r"\A(\d+\.\d+)\.0\Z", r"\1", version)


@dataclass(frozen=True)
class Change:
    """A value that became another one."""

    version: str
    before: str
    after: str


@dataclass(frozen=True, kw_only=True)
class Entry:
    """The history of one name."""

    name: str
    library: str
    kind: str
    #: The oldest release that was read: what it has may be older.
    oldest: str
    events: tuple[Dated, ...]
    signatures: tuple[Dated, ...] = ()
    values: tuple[Dated, ...] = ()
    defaults: tuple[Dated, ...] = ()
    readers: tuple[str, ...] = ()
    replacement: str | None = None
    #: The release that made a property of a method.
    property_since: str | None = None

    @property
    def removed(self) -> str | None:
        """The release that removed it, if it is gone."""
        version, event = self.events[-1]
        return version if event == "removed" else None

    @property
    def deprecated(self) -> str | None:
        """The release that deprecated it; of a removed name the last deprecation before that."""
        found = None
        for version, event in self.events:
            if event == "deprecated":
                found = version
            elif event == "restored":
                found = None
        return found

    @property
    def added(self) -> str | None:
        """The release that added it, or None where the first release that was read has it."""
        version = self.events[0][0]
        return None if version == self.oldest else version

    @property
    def current(self) -> bool:
        """Whether the newest release still has it."""
        return self.removed is None

    @property
    def key(self) -> str:
        """The name of a configuration key, without that of its library."""
        return self.name.partition(":")[2]

    def default_at(self, version: str) -> str | None:
        """Its default in a release."""
        found = None
        for since, text in self.defaults:
            if order(since) <= order(version):
                found = text
        return found

    def present_at(self, version: str) -> bool:
        """Whether a release has it."""
        state = False
        for since, event in self.events:
            if order(since) <= order(version):
                state = event != "removed"
        return state


def changes(items: Iterable[Dated]) -> list[Change]:
    """Return where a value, default or signature became another."""
    return [Change(version, before, after) for (_, before), (version, after) in pairwise(items)]


def order(version: str) -> tuple[int, ...]:
    """Return the sort key of a final release; ``2.0`` is ``2.0.0`` and a post release follows its release."""
    numbers = [int(part) for part in re.findall(r"\d+", version)]
    return tuple(numbers + [0] * (4 - len(numbers)))


class History:
    """The data files and the replacements of a folder, looked up by name.

    Raises:
        OSError: A file is missing.
        ValueError: A file is no JSON or TOML, or is not of its form; the message names it.
    """

    def __init__(self, folder: Path = FOLDER) -> None:
        data = sorted((folder / "data").glob("*.json"))
        #: What a page that asks depends on.
        self.files = (*data, folder / "replacements.toml")
        self.libraries = {path.stem: _read(path, partial(load, LibraryHistory)) for path in data}
        self.by_package = {library.package: library for library in self.libraries.values()}
        self.notes = _read(self.files[-1], _notes)

    def keys(self, project: str) -> Iterator[Entry]:
        """Every configuration key of a library."""
        for key in self.libraries[project].keys:
            yield self.find(f"{project}:{key}")

    @cached_property
    def everything(self) -> list[str]:
        """All names, for suggestions."""
        found: list[str] = []
        for project, library in self.libraries.items():
            found += library.names
            found += [f"{project}:{key}" for key in library.keys]
        return found

    def find(self, name: str) -> Entry:
        """Return the history of ``name`` or raise `UnknownNameError`."""
        entry = self.get(name)
        if entry is None:
            raise UnknownNameError(name, self._nearest(name))
        return entry

    def get(self, name: str) -> Entry | None:
        """Return the history of ``name``, if there is one."""
        entry = self._key(name) if ":" in name else self._name(name)
        if entry is None:
            return None
        note = self.notes.get(name) or self.notes.get(entry.name) or Note()
        return replace(entry, replacement=note.use)

    def beneath(self, owner: str) -> Iterator[Entry]:
        """Return ``owner`` and what lies directly in it."""
        names = self.by_package[owner.partition(".")[0]].names
        if owner in names:
            yield self.find(owner)
        for name in names:
            if name.rpartition(".")[0] == owner:
                yield self.find(name)

    def _nearest(self, name: str) -> list[str]:
        near = difflib.get_close_matches(name, self.everything, n=3, cutoff=0.6)
        tail = re.split(r"[.:]", name)[-1].partition("(")[0]
        same = [other for other in self.everything if re.split(r"[.:]", other)[-1] == tail]
        return list(dict.fromkeys([*same[:2], *near]))[:3]

    def _key(self, name: str) -> Entry | None:
        project, _, key = name.partition(":")
        library = self.libraries.get(project)
        if library is None or key not in library.keys:
            return None
        item = library.keys[key]
        return Entry(
            name=name,
            library=library.library,
            kind="key",
            oldest=library.releases[0],
            events=item.events,
            defaults=item.defaults,
            readers=item.readers,
        )

    def _name(self, name: str) -> Entry | None:
        plain, _, parameter = name.removesuffix(")").partition("(")
        library = self.by_package.get(plain.partition(".")[0])
        if library is None:
            return None
        plain = _canonical(library.aliases, plain)
        item = library.names.get(plain)
        outside = self._inherited(library, plain)
        if item is None:
            if outside is None or outside.partition(".")[0] not in self.by_package:
                return None
            return self._name(outside + name.removeprefix(name.partition("(")[0]))
        events = item.events
        if events[-1].text == "removed" and outside is not None:
            # It went into a base class; who uses it sees no difference.
            events = events[:-1]
        entry = Entry(
            name=plain,
            library=library.library,
            kind=item.kind,
            oldest=library.releases[0],
            events=events,
            signatures=item.signatures,
            values=item.values,
            property_since=item.property_since,
        )
        return _parameter(entry, parameter, item) if parameter else entry

    def _inherited(self, library: LibraryHistory, name: str) -> str | None:
        """The name in the base class, if the class has it from another class."""
        owner, _, member = name.rpartition(".")
        item = library.names.get(owner)
        for base in item.bases if item is not None and item.kind == "class" else ():
            if self._provides(base, member):
                return f"{base}.{member}"
        return None

    def _provides(self, base: str, member: str) -> bool:
        """Whether a base class has a member today."""
        package = base.partition(".")[0]
        if package in self.by_package:
            found = self._name(f"{base}.{member}")
            return found is not None and found.current
        if "." in base and package not in sys.stdlib_module_names:
            # Of a library that nobody read, nothing is claimed.
            return True
        try:
            return hasattr(
                pkgutil.resolve_name(base if "." in base else f"builtins.{base}"), member
            )
        except (ImportError, AttributeError):
            return False


def _read(path: Path, parse: Callable[[str], T]) -> T:
    try:
        return parse(path.read_text("utf-8"))
    except ValueError as error:
        # JSON and TOML that does not parse; its own message does not name the file.
        raise ValueError(f"{path.name}: {error}") from None


def _notes(text: str) -> dict[str, Note]:
    try:
        return {name: Note(**note) for name, note in tomllib.loads(text).items()}
    except TypeError as error:
        raise ValueError(error) from None


def _canonical(aliases: Mapping[str, str], name: str) -> str:
    """``flask.url_for`` for ``flask.helpers.url_for``."""
    pieces = name.split(".")
    for length in range(len(pieces), 1, -1):
        target = aliases.get(".".join(pieces[:length]))
        if target is not None:
            return ".".join([target, *pieces[length:]])
    return name


def nearest(name: str, known: Iterable[str]) -> list[str]:
    """Return the known names that look most like ``name``."""
    return difflib.get_close_matches(name, list(known), n=3, cutoff=0.5)


def parameters(signature: str) -> dict[str, str | None]:
    """The parameters of a recorded signature with their defaults."""
    found: dict[str, str | None] = {}
    depth = 0
    piece = ""
    for character in signature[1:-1] + ",":
        if character == "," and depth == 0:
            name, equals, default = piece.strip().partition("=")
            if name.strip("*/ "):
                found[name.lstrip("*")] = default if equals else None
            piece = ""
            continue
        depth += (character in "([{") - (character in ")]}")
        piece += character
    return found


def difference(before: str, after: str) -> list[str]:
    """Return what one signature has and the other has not: ``+added``, ``-gone``, ``default=new``."""
    old, new = parameters(before), parameters(after)
    found = [f"-{name}" for name in old if name not in new]
    found += [f"+{name}" for name in new if name not in old]
    found += [
        f"{name}={new[name]}"
        for name in new
        if name in old and new[name] is not None and old[name] != new[name]
    ]
    return found


def _parameter(owner: Entry, parameter: str, item: NameHistory) -> Entry | None:
    events: list[Dated] = []
    defaults: list[Dated] = []
    present = False
    for version, signature in owner.signatures:
        known = parameters(signature)
        # What passes everything on takes what it took before.
        if present and re.fullmatch(r"\(\*\w+, \*\*\w+\)", signature):
            continue
        if (parameter in known) is not present:
            present = not present
            events.append(Dated(version, "added" if present else "removed"))
        default = known.get(parameter)
        if default is not None and (not defaults or defaults[-1].text != default):
            defaults.append(Dated(version, default))
    if not events:
        return None
    events += [
        event
        for event in item.parameters.get(parameter, ())
        if event.text != "restored" or Dated(event.version, "removed") not in events
    ]
    if owner.removed and present:
        events.append(Dated(owner.removed, "removed"))
    rank = {"added": 0, "restored": 1, "deprecated": 2, "removed": 3}
    events.sort(key=lambda event: (order(event.version), rank[event.text]))
    return Entry(
        name=f"{owner.name}({parameter})",
        library=owner.library,
        kind="parameter",
        oldest=owner.oldest,
        events=tuple(events),
        defaults=tuple(defaults),
    )
