"""What the releases of the libraries say about a name: the data of docs/history, looked up.

The data files are written by ``nox -s history``; what replaces a name that is gone is written by hand in
``docs/history/replacements.toml``. This module knows neither Sphinx nor languages.
"""

from __future__ import annotations

import difflib
import json
import pkgutil
import re
import sys
import tomllib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).resolve().parents[1] / "history"


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


@dataclass
class Entry:
    """The history of one name."""

    name: str
    library: str
    kind: str
    #: The oldest release that was read: what it has may be older.
    oldest: str
    events: list[tuple[str, str]]
    signatures: list[tuple[str, str]] = field(default_factory=list)
    values: list[tuple[str, str]] = field(default_factory=list)
    defaults: list[tuple[str, str]] = field(default_factory=list)
    readers: list[str] = field(default_factory=list)
    replacement: str | None = None
    #: The name in a class of another library, if its class has it from there today.
    inherited: str | None = None

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
    def default_changes(self) -> list[Change]:
        """The releases in which its default became another."""
        return _pairs(self.defaults)

    @property
    def value_changes(self) -> list[Change]:
        """The releases in which its value became another."""
        return _pairs(self.values)

    @property
    def signature_changes(self) -> list[Change]:
        """The releases in which its parameters became others."""
        return _pairs(self.signatures)

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


def _pairs(items: list[tuple[str, str]]) -> list[Change]:
    return [Change(version, before, after) for (_, before), (version, after) in pairwise(items)]


def order(version: str) -> tuple[int, ...]:
    """Return the sort key of a final release; ``2.0`` is ``2.0.0`` and a post release follows its release."""
    numbers = [int(part) for part in re.findall(r"\d+", version)]
    return tuple(numbers + [0] * (4 - len(numbers)))


class History:
    """The data files and the replacements, looked up by name."""

    def __init__(self, folder: Path = FOLDER) -> None:
        self.folder = folder
        self.data: dict[str, dict[str, Any]] = {
            path.stem: _read(path, json.loads) for path in sorted((folder / "data").glob("*.json"))
        }
        self.by_package = {content["package"]: content for content in self.data.values()}
        self.notes: dict[str, dict[str, Any]] = _read(folder / "replacements.toml", tomllib.loads)

    @property
    def files(self) -> list[Path]:
        """What a page that asks depends on."""
        return [*sorted((self.folder / "data").glob("*.json")), self.folder / "replacements.toml"]

    def releases(self, project: str) -> list[str]:
        """The releases of a library that were read, oldest first."""
        return list(self.data[project]["releases"])

    def keys(self, project: str) -> Iterator[Entry]:
        """Every configuration key of a library."""
        for key in self.data[project]["keys"]:
            yield self.find(f"{project}:{key}")

    def names(self, project: str) -> Iterator[Entry]:
        """Every name of a library."""
        for name in self.data[project]["names"]:
            yield self.find(name)

    @cached_property
    def everything(self) -> list[str]:
        """All names, for suggestions."""
        found = []
        for project, content in self.data.items():
            found += content["names"]
            found += [f"{project}:{key}" for key in content["keys"]]
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
        if entry is not None:
            note = self.notes.get(name) or self.notes.get(entry.name) or {}
            entry.replacement = note.get("use")
        return entry

    def beneath(self, owner: str) -> Iterator[Entry]:
        """Return ``owner`` and what lies directly in it."""
        content = self.by_package[owner.partition(".")[0]]
        if owner in content["names"]:
            yield self.find(owner)
        for name in content["names"]:
            if name.rpartition(".")[0] == owner:
                yield self.find(name)

    def _nearest(self, name: str) -> list[str]:
        near = difflib.get_close_matches(name, self.everything, n=3, cutoff=0.6)
        tail = re.split(r"[.:]", name)[-1].partition("(")[0]
        same = [other for other in self.everything if re.split(r"[.:]", other)[-1] == tail]
        return list(dict.fromkeys([*same[:2], *near]))[:3]

    def _key(self, name: str) -> Entry | None:
        project, _, key = name.partition(":")
        content = self.data.get(project)
        if content is None or key not in content["keys"]:
            return None
        item = content["keys"][key]
        return Entry(
            name=name,
            library=content["library"],
            kind="key",
            oldest=next(iter(content["releases"])),
            events=_tuples(item["events"]),
            defaults=_tuples(item.get("defaults", ())),
            readers=item.get("readers", []),
        )

    def _name(self, name: str) -> Entry | None:
        plain, _, parameter = name.removesuffix(")").partition("(")
        content = self.by_package.get(plain.partition(".")[0])
        if content is None:
            return None
        plain = self._canonical(content, plain)
        item = content["names"].get(plain)
        outside = self._inherited(content, plain)
        if item is None:
            if outside is None or outside.partition(".")[0] not in self.by_package:
                return None
            return self._name(outside + name.removeprefix(name.partition("(")[0]))
        events = _tuples(item["events"])
        if events[-1][1] == "removed" and outside is not None:
            # It went into a base class; who uses it sees no difference.
            events.pop()
        else:
            outside = None
        entry = Entry(
            name=plain,
            library=content["library"],
            kind=item["kind"],
            oldest=next(iter(content["releases"])),
            events=events,
            inherited=outside,
            signatures=_tuples(item.get("signatures", ())),
            values=_tuples(item.get("values", ())),
        )
        return _parameter(entry, parameter, item) if parameter else entry

    @staticmethod
    def _canonical(content: dict[str, Any], name: str) -> str:
        """``flask.url_for`` for ``flask.helpers.url_for``."""
        pieces = name.split(".")
        for length in range(len(pieces), 1, -1):
            target = content["aliases"].get(".".join(pieces[:length]))
            if target is not None:
                return ".".join([target, *pieces[length:]])
        return name

    def _inherited(self, content: dict[str, Any], name: str) -> str | None:
        """The name in the base class, if the class has it from another class."""
        owner, _, member = name.rpartition(".")
        item = content["names"].get(owner)
        if item is None or item["kind"] != "class":
            return None
        for base in item.get("bases", ()):
            other = f"{base}.{member}"
            if self._provides(base, member):
                return other
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


def _read(path: Path, parse: Callable[[str], Any]) -> Any:
    try:
        return parse(path.read_text("utf-8"))
    except ValueError as error:
        # JSON and TOML that does not parse; its own message does not name the file.
        raise ValueError(f"{path.name}: {error}") from None


def nearest(name: str, known: Iterable[str]) -> list[str]:
    """Return the known names that look most like ``name``."""
    return difflib.get_close_matches(name, list(known), n=3, cutoff=0.5)


def _tuples(items: Iterable[Iterable[str]]) -> list[tuple[str, str]]:
    return [(version, text) for version, text in items]


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


def _parameter(owner: Entry, parameter: str, item: dict[str, Any]) -> Entry | None:
    events: list[tuple[str, str]] = []
    defaults: list[tuple[str, str]] = []
    present = False
    for version, signature in owner.signatures:
        known = parameters(signature)
        if (parameter in known) is not present:
            present = not present
            events.append((version, "added" if present else "removed"))
        default = known.get(parameter)
        if default is not None and (not defaults or defaults[-1][1] != default):
            defaults.append((version, default))
    if not events:
        return None
    for version, event in item.get("parameters", {}).get(parameter, ()):
        if event == "restored" and (version, "removed") in events:
            continue
        events.append((version, event))
    if owner.removed and present:
        events.append((owner.removed, "removed"))
    rank = {"added": 0, "restored": 1, "deprecated": 2, "removed": 3}
    events.sort(key=lambda event: (order(event[0]), rank[event[1]]))
    return Entry(
        name=f"{owner.name}({parameter})",
        library=owner.library,
        kind="parameter",
        oldest=owner.oldest,
        events=events,
        defaults=defaults,
    )
