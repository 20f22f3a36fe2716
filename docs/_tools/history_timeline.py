"""Turns what each release offers into what changed from one to the next.

The result is one small file a library: for each name the releases that added, deprecated and
removed it, and those in which its signature, its value or its default became another.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from typing import Any

from history_read import Library

Snapshots = list[tuple[str, dict[str, Any]]]


def timeline(library: Library, snapshots: Snapshots) -> dict[str, Any]:
    """The data file of ``library``; ``snapshots`` has one item a release, oldest first."""
    elsewhere = {
        name
        for _, shot in snapshots
        for name, entry in shot["names"].items()
        if entry.get("imported") or entry["kind"] == "alias"
    }
    _forget_imports(snapshots)
    aliases, dropped = _aliases(snapshots)
    entries: dict[str, Any] = {}
    for name in sorted({name for _, shot in snapshots for name in shot["names"]}):
        if name in dropped or _beneath(name, dropped):
            continue
        entries[name] = _name(name, snapshots)
    _inherit(entries)
    _bury(entries)
    for name in [name for name in entries if name.rpartition(".")[0] in elsewhere]:
        # The members of a class are told where it lives.
        del entries[name]
    for name, item in _parameters(snapshots).items():
        owner, _, parameter = name.rstrip(")").partition("(")
        if "signatures" in entries.get(owner, {}):
            entries[owner].setdefault("parameters", {})[parameter] = item
    keys = {
        key: _key(key, snapshots)
        for key in sorted({key for _, shot in snapshots for key in shot["keys"]})
    }
    return {
        "library": library.title,
        "package": library.package,
        "releases": [version for version, _ in snapshots],
        "aliases": aliases,
        "keys": keys,
        "names": entries,
    }


def dump(data: dict[str, Any]) -> str:
    """JSON with one line an entry: small, sorted, and a change is a changed line."""
    lines = ["{"]
    for index, (section, content) in enumerate(data.items()):
        end = "" if index == len(data) - 1 else ","
        if not isinstance(content, dict) or not content:
            lines.append(f"  {_line(section)}: {_line(content)}{end}")
            continue
        lines.append(f"  {_line(section)}: {{")
        items = list(content.items())
        for number, (name, value) in enumerate(items):
            comma = "" if number == len(items) - 1 else ","
            lines.append(f"    {_line(name)}: {_line(value)}{comma}")
        lines.append(f"  }}{end}")
    lines.append("}")
    return "\n".join(lines) + "\n"


def _line(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _aliases(snapshots: Snapshots) -> tuple[dict[str, str], set[str]]:
    """Other names of one object, and the names that are no name of their own in any release."""
    aliases: dict[str, str] = {}
    own: set[str] = set()
    seen: set[str] = set()
    for _, shot in snapshots:
        for name, entry in shot["names"].items():
            seen.add(name)
            if "same" in entry:
                aliases[name] = entry["same"]
            if not entry.get("imported"):
                own.add(name)
    dropped = (seen - own) | aliases.keys()
    # Only the topmost alias is worth a line; what is beneath it follows.
    top = {
        name: target
        for name, target in sorted(aliases.items())
        if name in own and not _beneath(name, aliases.keys())
    }
    return top, dropped


def _forget_imports(snapshots: Snapshots) -> None:
    """A mere import counts only next to a release that defines the name in that module.

    So a name that moved and is still to be had at its old place is there, and one that a module happens to
    import is not.
    """
    names = {
        name
        for _, shot in snapshots
        for name, entry in shot["names"].items()
        if entry.get("imported")
    }
    for name in names:
        run: list[dict[str, Any]] = []
        touches = False
        for _, shot in [*snapshots, ("", {"names": {}})]:
            entry = shot["names"].get(name)
            if entry is None:
                if not touches:
                    for earlier in run:
                        del earlier["names"][name]
                run, touches = [], False
                continue
            if entry.get("imported"):
                run.append(shot)
            else:
                touches = True


def _bury(entries: dict[str, Any]) -> None:
    """Leave out the members that went together with their class: its own line says it."""
    gone = {
        name: entry["events"][-1][0]
        for name, entry in entries.items()
        if entry["kind"] == "class" and entry["events"][-1][1] == "removed"
    }
    for name in list(entries):
        owner = name.rpartition(".")[0]
        if owner in gone and entries[name]["events"][-1] == [gone[owner], "removed"]:
            del entries[name]


def _inherit(entries: dict[str, Any]) -> None:
    """Leave out of a class what its base class says in the same words."""
    for name in sorted(entries):
        owner, _, member = name.rpartition(".")
        bases = entries.get(owner, {}).get("bases", ())
        for base in bases:
            if entries.get(f"{base}.{member}") == entries[name]:
                entries[name] = entries[name] | {"inherited": True}
                break
    for name in [name for name, entry in entries.items() if entry.get("inherited")]:
        del entries[name]
    for name, entry in entries.items():
        # A base that is neither recorded nor of another library leads nowhere.
        inside = name.partition(".")[0]
        bases = [
            base
            for base in entry.pop("bases", ())
            if base in entries or base.partition(".")[0] != inside
        ]
        if bases:
            entry["bases"] = bases


def _beneath(name: str, parents: Iterable[str]) -> bool:
    pieces = name.split(".")
    known = parents if isinstance(parents, set | dict) else set(parents)
    return any(".".join(pieces[:length]) in known for length in range(2, len(pieces)))


def _name(name: str, snapshots: Snapshots) -> dict[str, Any]:
    shots = [shot["names"].get(name) for _, shot in snapshots]
    newest = next(entry for entry in reversed(shots) if entry is not None)
    entry: dict[str, Any] = {
        "kind": newest["kind"],
        "events": _events(
            snapshots,
            lambda shot: name in shot["names"],
            lambda shot: name in shot["deprecated"],
            lambda shot: _hidden(name, shot, newest["kind"] == "method"),
        ),
    }
    signatures = _changes(snapshots, lambda shot: shot["names"].get(name, {}).get("signature"))
    if signatures:
        entry["signatures"] = signatures
    values = _changes(snapshots, lambda shot: shot["names"].get(name, {}).get("value"))
    if values:
        entry["values"] = values
    if newest.get("bases"):
        entry["bases"] = newest["bases"]
    return entry


def _key(key: str, snapshots: Snapshots) -> dict[str, Any]:
    entry: dict[str, Any] = {
        "events": _events(
            snapshots,
            lambda shot: key in shot["keys"],
            lambda shot: f":{key}" in shot["deprecated"],
        )
    }

    def default(shot: dict[str, Any]) -> str | None:
        found = shot["keys"].get(key, {})
        text = found.get("default", found.get("fallback"))
        return str(text) if text is not None else None

    defaults = _changes(snapshots, default)
    if defaults:
        entry["defaults"] = defaults
    for _, shot in reversed(snapshots):
        if key in shot["keys"]:
            entry["readers"] = shot["keys"][key].get("readers", [])
            break
    return entry


def _hidden(name: str, shot: dict[str, Any], method: bool) -> bool:
    """Whether a release may have a member that cannot be seen: no claim then that it is gone.

    Its class is made on demand, or answers for members by `__getattr__`.
    """
    owner = shot["names"].get(name.rpartition(".")[0])
    if owner is None:
        return False
    return owner["kind"] == "attribute" or (owner.get("dynamic", False) and not method)


def _parameters(snapshots: Snapshots) -> dict[str, list[list[str]]]:
    """Deprecations of single parameters."""
    names = sorted({name for _, shot in snapshots for name in shot["deprecated"] if "(" in name})
    found = {}
    for name in names:

        def deprecated(shot: dict[str, Any], name: str = name) -> bool:
            return name in shot["deprecated"]

        events = _events(snapshots, lambda _shot: True, deprecated)
        found[name] = [event for event in events if event[1] != "added"]
    return found


def _events(
    snapshots: Snapshots,
    present: Callable[[dict[str, Any]], bool],
    deprecated: Callable[[dict[str, Any]], bool],
    hidden: Callable[[dict[str, Any]], bool] = lambda _shot: False,
) -> list[list[str]]:
    events: list[list[str]] = []
    state = "absent"
    for version, shot in snapshots:
        if state != "absent" and not present(shot) and hidden(shot):
            continue
        new = "absent" if not present(shot) else "deprecated" if deprecated(shot) else "present"
        if new == state:
            continue
        if new == "absent":
            events.append([version, "removed"])
        else:
            if state == "absent":
                events.append([version, "added"])
            if new == "deprecated":
                events.append([version, "deprecated"])
            elif state == "deprecated":
                events.append([version, "restored"])
        state = new
    return events


def _changes(
    snapshots: Snapshots, value: Callable[[dict[str, Any]], str | None]
) -> list[list[str]]:
    """The values in turn; releases that have none in between do not count."""
    changes: list[list[str]] = []
    for version, shot in snapshots:
        text = value(shot)
        if text is not None and (not changes or changes[-1][1] != text):
            changes.append([version, text])
    return changes
