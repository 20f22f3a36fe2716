"""What the check of somebody's code knows, for the page that does it in the browser.

The same data as the command's (:mod:`proven.releases.upgrade`), with every name looked up beforehand: a name can be
imported from several modules, and a class has what its bases have. This module knows nothing of Sphinx.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

from proven.releases import upgrade, upgrade_facts
from proven.releases.timeline import Entry, History, parameters


def names(history: History) -> set[str]:
    """Return every name that code can write, in each spelling."""
    own = {
        name: item for library in history.libraries.values() for name, item in library.names.items()
    }
    members: dict[str, set[str]] = {}
    for name in own:
        owner, _, member = name.rpartition(".")
        members.setdefault(owner, set()).add(member)

    @cache
    def inherited(owner: str) -> frozenset[str]:
        """Return the members of a class, its own and those of its bases."""
        entry = history.get(owner) if "." in owner else None
        item = own.get(entry.name) if entry else None
        found = set(members.get(entry.name if entry else owner, ()))
        for base in item.bases if item is not None and item.kind == "class" else ():
            found |= inherited(base)
        return frozenset(found)

    found = set(own)
    for name, item in own.items():
        if item.kind == "class":
            found |= {f"{name}.{member}" for member in inherited(name)}
    for library in history.libraries.values():
        for alias, target in library.aliases.items():
            beneath = {name for name in found if name.startswith(f"{target}.")} | {target}
            found |= {alias + name.removeprefix(target) for name in beneath}
    return found


def with_parameters(history: History, found: set[str]) -> Iterator[tuple[str, Entry]]:
    """Yield names with what became of them, and the parameters that each ever had."""
    for name in sorted(found):
        entry = history.get(name)
        if entry is None:
            continue
        yield name, entry
        for parameter in sorted({p for _, text in entry.signatures for p in parameters(text)}):
            if one := history.get(f"{name}({parameter})"):
                yield f"{name}({parameter})", one


def data(history: History) -> dict[str, Any]:
    """Return what the page needs: names that are gone or going, and the classes there are."""
    keys = {
        f"{project}:{key}"
        for project in upgrade_facts.KEY_PROJECTS
        for key in history.libraries[project].keys
    }
    known = list(with_parameters(history, names(history) | keys))
    entries: dict[str, list[str]] = {}
    spelled: dict[str, str] = {}
    called: dict[str, list[object]] = {}
    for name, entry in known:
        if entry.property_since:
            called[name] = [entry.name, entry.library, entry.property_since]
        elif found := upgrade_facts.must_be_named(entry):
            called[name] = [entry.name, entry.library, *found]
        if (entry.removed or entry.deprecated) and not upgrade_facts.taken_over(history, entry):
            entries[entry.name] = [
                entry.library,
                entry.deprecated or "",
                entry.removed or "",
                entry.replacement or "",
                upgrade.page_of(entry.name, history),
            ]
            spelled[name] = entry.name
    return {
        "entries": entries,
        "names": {name: target for name, target in spelled.items() if name != target},
        "classes": sorted(name for name, entry in known if entry.kind == "class"),
        "proxies": upgrade_facts.PROXIES,
        "objects": sorted(name for name, entry in known if upgrade_facts.is_object(entry)),
        "holds": upgrade_facts.HOLDS,
        "fluent": upgrade_facts.FLUENT,
        "looksIn": upgrade_facts.LOOKS_IN,
        "answers": upgrade_facts.ANSWERS,
        "ext": upgrade_facts.EXT,
        "packages": upgrade_facts.unfit(),
        # A property with the release that made it one; a function with how many arguments need no name, and the first
        # that does, since when.
        "called": called,
        "pages": {name: upgrade.page_of(str(name), history) for name, *_rest in called.values()},
        "config": upgrade_facts.CONFIG,
        "keys": upgrade_facts.KEY_PROJECTS,
    }
