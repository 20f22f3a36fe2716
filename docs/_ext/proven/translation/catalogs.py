"""The catalogs of a language: where they lie, what is in them, and what is wrong with one entry.

gettext's own readers guess what a broken catalog may have meant and go on without what they did not understand. Here
such a file is refused with the line that is wrong.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

import polib

from proven.base.memory import kept
from proven.translation.languages import SOURCE, Language
from proven.translation.rules import faults, term_faults

GLOSSARY = "reference/glossary"
# What extensions, templates and the theme say, on every page.
INTERFACE = "sphinx"

LINE = re.compile(
    r'(?:(?:#~ ?)?(?:(?:msgid|msgstr|msgctxt|msgid_plural|msgstr\[\d+\])\s+)?"(?:[^"\\]|\\.)*"|#.*)?'
)
CONFLICT = re.compile(r"(?:<{7}|\|{7}|={7}|>{7})(?: |$)")
POLIB_PLACE = re.compile(r"\(line (\d+)\)")


class CatalogError(Exception):
    """A catalog cannot be read.

    Attributes:
        place: The file, from the project's root, and the line.
        fault: What is wrong there, with its remedy.
    """

    def __init__(self, place: str, fault: str) -> None:
        super().__init__(f"{place}: {fault}")
        self.place, self.fault = place, fault


def folder(root: Path, language: Language) -> Path:
    """Return where the catalogs of a language lie."""
    return root / "locale" / language.code / "LC_MESSAGES"


def names(root: Path, language: Language) -> list[str]:
    """Return the names of all catalogs of a language, such as ``guide/routing``."""
    base = folder(root, language)
    return sorted(f.relative_to(base).with_suffix("").as_posix() for f in base.rglob("*.po"))


def path(root: Path, language: Language, name: str) -> Path:
    """Return the file of a catalog."""
    return folder(root, language) / f"{name}.po"


def read(root: Path, language: Language, name: str) -> polib.POFile:
    """Return a catalog.

    Raises:
        CatalogError: if it is no catalog.
        FileNotFoundError: if it is not there.
    """
    file = path(root, language, name)
    return _read(file, file.stat().st_mtime_ns, file.relative_to(root).as_posix())


@cache
def _read(file: Path, changed: int, shown: str) -> polib.POFile:
    """Return a catalog; ``changed`` (its time stamp) keeps the cache honest."""
    content = file.read_bytes()
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        number = content.count(b"\n", 0, error.start) + 1
        raise CatalogError(
            f"{shown}:{number}", "this is not UTF-8: save the file as UTF-8"
        ) from None
    for number, line in enumerate(text.split("\n"), 1):
        if CONFLICT.match(line):
            fault = "a conflict of two versions: keep one of them, and take out the marks"
        elif LINE.fullmatch(line.strip()):
            continue
        else:
            fault = (
                "this is no line of a catalog: a text stands between two quotes, a comment after #"
            )
        raise CatalogError(f"{shown}:{number}", fault)
    try:
        return polib.pofile(text, encoding="utf-8", wrapwidth=0)
    except OSError as error:
        place = POLIB_PLACE.search(str(error))
        fault = "a msgid and a msgstr belong together: put back what is missing"
        raise CatalogError(f"{shown}:{place[1] if place else 1}", fault) from None


def unreadable(root: Path, language: Language) -> Iterator[CatalogError]:
    """Yield what is wrong with each catalog of a language that cannot be read."""
    for name in names(root, language):
        try:
            read(root, language, name)
        except CatalogError as error:
            yield error


def interface(root: Path, language: Language) -> dict[str, str]:
    """Return the translations of what is said on every page."""
    if not path(root, language, INTERFACE).is_file():
        return {}
    return {e.msgid: e.msgstr for e in read(root, language, INTERFACE) if e.translated()}


def glossary(root: Path, language: Language) -> dict[str, str]:
    """Return the terms of the glossary page with their renderings; none while there is no such page.

    A rendering may have the original behind it, in full-width parentheses, so that a reader finds the term by either.
    """
    source = root / "docs" / f"{GLOSSARY}.md"
    if not path(root, language, GLOSSARY).is_file() or not source.is_file():
        return {}
    lines = source.read_text(encoding="utf-8").splitlines()
    inside = lines[lines.index("```{glossary}") + 1 :] if "```{glossary}" in lines else []
    terms = {line for line in inside if line and not line[0].isspace() and not line.startswith("`")}
    catalog = read(root, language, GLOSSARY)
    return {
        e.msgid: e.msgstr.removesuffix(f"（{e.msgid}）")
        for e in catalog
        if e.msgid in terms and e.msgstr
    }


def state(entry: polib.POEntry) -> str:
    """Return why a reader does not see the translation of an entry and what to do, ``""`` where she does."""
    if entry.obsolete:
        return "obsolete: no page says this any more; run 'nox -s translations'"
    if entry.fuzzy:
        before = f" of {entry.previous_msgid!r}" if entry.previous_msgid else ""
        return f"fuzzy: read the translation{before}, mend it, remove the flag"
    return "" if entry.msgstr.strip() else "not translated: fill in its msgstr"


def entry_faults(
    entry: polib.POEntry, language: Language, terms: Mapping[str, str]
) -> Iterator[str]:
    """Yield what is wrong with the translation that an entry has."""
    yield from faults(entry.msgid, entry.msgstr, language)
    marks = entry.tcomment.splitlines()
    free = {m.partition(":")[2].strip() for m in marks if m.startswith("not-a-term:")}
    wanted = {term: text for term, text in terms.items() if term not in free}
    yield from term_faults(entry.msgid, entry.msgstr, wanted)


def excerpt(text: str) -> str:
    """Return the beginning of ``text`` for a message."""
    return repr(text if len(text) <= 60 else f"{text[:57]}...")


def progress(root: Path, doctrees: Path, language: Language) -> str:
    """Return how much is translated of what the pages said in the last build, whatever catalogs there are."""
    if language == SOURCE:
        return "the source"
    pages = kept(doctrees).recall("translated", {}).values()
    said = (
        list(read(root, language, INTERFACE)) if path(root, language, INTERFACE).is_file() else []
    )
    done = sum(page[0] for page in pages) + sum(not state(entry) for entry in said)
    total = sum(page[1] for page in pages) + len(said)
    return f"{100 * done // total} % ({done} of {total} texts)" + (
        "" if language.complete else f", {language.state}"
    )
