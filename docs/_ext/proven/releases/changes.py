"""Turns what each release offers into what changed from one to the next.

The result is one small file a library: for each name the releases that added, deprecated and removed it, and those in
which its signature, its value or its default became another.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from proven.releases.libraries import Library
from proven.releases.records import (
    Dated,
    KeyHistory,
    LibraryHistory,
    NameHistory,
    Offered,
    Snapshot,
)

Snapshots = Sequence[tuple[str, Snapshot]]


def compare(library: Library, snapshots: Snapshots) -> LibraryHistory:
    """Return the data file of ``library``; ``snapshots`` has one item a release, oldest first."""
    elsewhere = {
        name for name, entry in _offers(snapshots) if entry.imported or entry.kind == "alias"
    }
    snapshots = _without_imports(snapshots)
    aliases, dropped = _aliases(snapshots)
    offered = {name for name, _ in _offers(snapshots)}
    names = {
        name: _name(name, snapshots)
        for name in sorted(offered - dropped)
        if not _beneath(name, dropped)
    }
    names = _without_inherited(names)
    names = _without_buried(names)
    # The members of a class are told where it lives.
    names = {name: item for name, item in names.items() if _owner(name) not in elsewhere}
    for parameter, events in _parameters(snapshots).items():
        name, _, plain = parameter.rstrip(")").partition("(")
        if name in names and names[name].signatures:
            told = {**names[name].parameters, plain: events}
            names[name] = replace(names[name], parameters=told)
    return LibraryHistory(
        library=library.title,
        package=library.package,
        releases=tuple(version for version, _ in snapshots),
        aliases=aliases,
        keys={
            key: _key(key, snapshots) for key in sorted({k for _, s in snapshots for k in s.keys})
        },
        names=names,
    )


def _offers(snapshots: Snapshots) -> Iterator[tuple[str, Offered]]:
    for _, shot in snapshots:
        yield from shot.names.items()


def _owner(name: str) -> str:
    return name.rpartition(".")[0]


def _aliases(snapshots: Snapshots) -> tuple[dict[str, str], set[str]]:
    """Other names of one object, and the names that are no name of their own in any release."""
    aliases = {name: entry.same for name, entry in _offers(snapshots) if entry.same is not None}
    own = {name for name, entry in _offers(snapshots) if not entry.imported}
    dropped = {name for name, _ in _offers(snapshots)} - own | aliases.keys()
    # Only the topmost alias is worth a line; what is beneath it follows.
    top = {
        name: target
        for name, target in sorted(aliases.items())
        if name in own and not _beneath(name, aliases)
    }
    return top, dropped


def _without_imports(snapshots: Snapshots) -> Snapshots:
    """A mere import counts only next to a release that defines the name in that module.

    So a name that moved and is still to be had at its old place is there, and one that a module happens to
    import is not.
    """
    stray: dict[str, set[str]] = {version: set() for version, _ in snapshots}
    for name in {name for name, entry in _offers(snapshots) if entry.imported}:
        run: list[str] = []
        touches = False
        for version, entry in [*((v, shot.names.get(name)) for v, shot in snapshots), ("", None)]:
            if entry is None:
                for earlier in run if not touches else ():
                    stray[earlier].add(name)
                run, touches = [], False
            elif entry.imported:
                run.append(version)
            else:
                touches = True
    return [
        (
            version,
            replace(shot, names={n: e for n, e in shot.names.items() if n not in stray[version]}),
        )
        for version, shot in snapshots
    ]


def _without_buried(names: dict[str, NameHistory]) -> dict[str, NameHistory]:
    """Leave out the members that went together with their class: its own line says it."""
    gone = {
        name: item.events[-1]
        for name, item in names.items()
        if item.kind == "class" and item.events[-1].text == "removed"
    }
    return {name: item for name, item in names.items() if item.events[-1] != gone.get(_owner(name))}


def _without_inherited(names: dict[str, NameHistory]) -> dict[str, NameHistory]:
    """Leave out of a class what its base class says in the same words."""
    told = dict(names)
    for name, item in names.items():
        owner, _, member = name.rpartition(".")
        bases = names[owner].bases if owner in names else ()
        if any(told.get(f"{base}.{member}") == item for base in bases):
            del told[name]
    # A base that is neither recorded nor of another library leads nowhere.
    return {
        name: replace(
            item,
            bases=tuple(
                base
                for base in item.bases
                if base in told or base.partition(".")[0] != name.partition(".")[0]
            ),
        )
        for name, item in told.items()
    }


def _beneath(name: str, parents: Collection[str]) -> bool:
    pieces = name.split(".")
    return any(".".join(pieces[:length]) in parents for length in range(2, len(pieces)))


def _name(name: str, snapshots: Snapshots) -> NameHistory:
    entries = [(version, shot.names.get(name)) for version, shot in snapshots]
    newest = next(entry for _, entry in reversed(entries) if entry is not None)
    return NameHistory(
        kind=newest.kind,
        events=_events(
            snapshots,
            lambda shot: name in shot.names,
            name,
            lambda shot: _hidden(name, shot, newest.kind == "method"),
        ),
        signatures=_changes(
            (version, entry.signature if entry else None) for version, entry in entries
        ),
        values=_changes((version, entry.value if entry else None) for version, entry in entries),
        bases=newest.bases,
        property_since=_property_since([(v, entry.kind) for v, entry in entries if entry]),
    )


def _property_since(kinds: Sequence[tuple[str, str]]) -> str | None:
    """The release that made a property of a method, if it is one to the end."""
    since = None
    for (_, before), (version, after) in pairwise(kinds):
        if (before, after) == ("method", "property"):
            since = version
        elif after != "property":
            since = None
    return since


def _key(key: str, snapshots: Snapshots) -> KeyHistory:
    entries = [(version, shot.keys.get(key)) for version, shot in snapshots]
    newest = next(entry for _, entry in reversed(entries) if entry is not None)
    return KeyHistory(
        events=_events(snapshots, lambda shot: key in shot.keys, f":{key}"),
        defaults=_changes(
            (version, entry.default if entry else None) for version, entry in entries
        ),
        readers=newest.readers,
    )


def _hidden(name: str, shot: Snapshot, method: bool) -> bool:
    """Whether a release may have a member that cannot be seen: no claim then that it is gone.

    Its class is made on demand, or answers for members by `__getattr__`.
    """
    owner = shot.names.get(_owner(name))
    return owner is not None and (owner.kind == "attribute" or (owner.dynamic and not method))


def _parameters(snapshots: Snapshots) -> dict[str, tuple[Dated, ...]]:
    """Deprecations of single parameters."""
    names = sorted({name for _, shot in snapshots for name in shot.deprecated if "(" in name})
    return {
        name: tuple(
            event for event in _events(snapshots, lambda _shot: True, name) if event.text != "added"
        )
        for name in names
    }


def _events(
    snapshots: Snapshots,
    present: Callable[[Snapshot], bool],
    name: str,
    hidden: Callable[[Snapshot], bool] = lambda _shot: False,
) -> tuple[Dated, ...]:
    """When a name came, was deprecated, restored and removed; ``name`` is what the deprecated are called."""
    events: list[Dated] = []
    state = "removed"
    for version, shot in snapshots:
        if state != "removed" and not present(shot) and hidden(shot):
            continue
        new = "removed"
        if present(shot):
            new = "deprecated" if name in shot.deprecated else "present"
        if new == state:
            continue
        if state == "removed":
            events.append(Dated(version, "added"))
        elif new == "present":
            events.append(Dated(version, "restored"))
        if new != "present":
            events.append(Dated(version, new))
        state = new
    return tuple(events)


def _changes(texts: Iterator[tuple[str, str | None]]) -> tuple[Dated, ...]:
    """The values in turn; releases that have none in between do not count."""
    changes: list[Dated] = []
    for version, text in texts:
        if text is not None and (not changes or changes[-1].text != text):
            changes.append(Dated(version, text))
    return tuple(changes)
