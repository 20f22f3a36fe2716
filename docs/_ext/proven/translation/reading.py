"""Which translations somebody has read beside their originals: ``locale/<language>/read/<page>.txt``.

A line is the digest of a pair, original and translation, so that a pair that changes on either side is unread again.
The lines are sorted, and git takes those of both sides when two branches add some (``.gitattributes``). A language
whose pairs were never marked has no such folder and is not held to it. One that has is held to the facts of its
originals too (:mod:`proven.translation.facts`): a pair that breaks a rule cannot be marked.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from pathlib import Path

import polib

from proven.translation import catalogs
from proven.translation.facts import Words, exceptions, faults
from proven.translation.languages import Language
from proven.translation.rules import NAME, TITLE, has_words, prose

COMMAND = "nox -s translations -- read"


def folder(root: Path, language: Language) -> Path:
    """Return where the marks of a language lie."""
    return root / "locale" / language.code / "read"


def path(root: Path, language: Language, name: str) -> Path:
    """Return the file with the marks of a page."""
    return folder(root, language) / f"{name}.txt"


def held(root: Path, language: Language) -> bool:
    """Say whether the pairs of a language have to be read."""
    return language.complete and folder(root, language).is_dir()


def digest(entry: polib.POEntry) -> str:
    """Return what stands for a pair of original and translation."""
    return hashlib.sha256(f"{entry.msgid}\0{entry.msgstr}".encode()).hexdigest()[:16]


def marked(root: Path, language: Language, name: str) -> frozenset[str]:
    """Return the digests of the pairs of a page that were read."""
    file = path(root, language, name)
    return _marked(file, file.stat().st_mtime_ns) if file.is_file() else frozenset()


@cache
def _marked(file: Path, changed: int) -> frozenset[str]:
    """Return the lines of a file; ``changed`` (its time stamp) keeps the cache honest."""
    return frozenset(file.read_text(encoding="utf-8").split())


def fact_faults(entry: polib.POEntry, language: Language) -> Iterator[str]:
    """Yield what a translation says otherwise than its original, but for exceptions with a reason."""
    if not has_words(entry.msgid):
        return
    words: tuple[Words, ...] = ()
    if language.rules:
        words = import_module(f"proven.translation.rules.{language.rules}").WORDS
    left_aside = exceptions(entry.tcomment)
    sides = prose(entry.msgid), prose(entry.msgstr)
    for rule, fault in faults(entry.msgid, entry.msgstr, *sides, words):
        if rule not in left_aside:
            clause = fault.replace(NAME, "`…`").replace(TITLE, "…")
            yield f"{clause}; mend it, or note the reason as '# facts: {rule}, ...'"


def reading_faults(
    root: Path, language: Language, name: str, entry: polib.POEntry
) -> Iterator[str]:
    """Yield what keeps a translated entry from being one that was read.

    Args:
        root: The folder of the project.
        language: A language that is :func:`held` to it.
        name: The page, or the catalog of the interface.
        entry: A translated entry of its catalog.
    """
    yield from fact_faults(entry, language)
    if digest(entry) not in marked(root, language, name):
        yield f"unread: {entry.msgid!r} / {entry.msgstr!r}; read both, then run '{COMMAND} {name}'"


def mark(root: Path, language: Language, name: str) -> tuple[list[polib.POEntry], list[str]]:
    """Mark the translated pairs of a page as read, those that keep the facts; marks of pairs that are gone go.

    Returns:
        The pairs that were not marked before, and a line for each fault that keeps one from being marked.
    """
    before, read = marked(root, language, name), list[polib.POEntry]()
    shown = catalogs.path(root, language, name).relative_to(root).as_posix()
    refused = []
    for entry in catalogs.read(root, language, name):
        if catalogs.state(entry):
            continue
        found = [f"{shown}:{entry.linenum}: {fault}" for fault in fact_faults(entry, language)]
        refused += found
        if not found:
            read.append(entry)
    file = path(root, language, name)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("".join(f"{each}\n" for each in sorted(set(map(digest, read)))), "utf-8")
    _marked.cache_clear()
    return [entry for entry in read if digest(entry) not in before], refused
