"""Bring the catalogs in step with the pages, and say what there is to do: ``nox -s translations``.

::

    python -m proven.commands.translations update            # every page
    python -m proven.commands.translations update guide/routing
    python -m proven.commands.translations check [page ...]
    python -m proven.commands.translations read guide/routing
    python -m proven.commands.translations read --all

``update`` extracts the texts of the pages with Sphinx's gettext builder and merges them into the catalogs of each
language, which it makes if there are none: new texts come in untranslated, changed ones fuzzy and with the English
that was translated, and those that no page has any more go. A translation that goes is kept in
``.cache/translations/``, from where it comes back with its text, on whatever page. What a page does not say because of
a fault in it stays in its catalog.

``check`` prints every fault with file and line and fails if there is one.

``read`` prints the pairs of original and translation that nobody has marked as read, and marks them
(:mod:`proven.translation.reading`): run it when you have read them. It fails for those that say a number, a name or a
“not” otherwise than their original, and does not mark them.
"""

from __future__ import annotations

import argparse
import difflib
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence, Set
from pathlib import Path

import polib
from babel.messages.extract import extract_from_dir

from proven.base.memory import kept
from proven.base.project import ROOT
from proven.translation import catalogs, reading
from proven.translation.languages import TRANSLATED, Language

HEAD = {
    "MIME-Version": "1.0",
    "Content-Type": "text/plain; charset=utf-8",
    "Content-Transfer-Encoding": "8bit",
}
# How much of a text must have stayed for its translation to be of use.
ALIKE = 0.6


def extract(root: Path) -> tuple[dict[str, list[str]], set[str]]:
    """Return the texts of each page and of the interface, and the names of the pages that have a fault.

    Raises:
        SystemExit: if Sphinx fails; its own message has been printed.
    """
    # What was read stays for the next time, so that a change of one page costs the reading of one.
    doctrees = root / "build" / "doctrees" / "gettext"
    with tempfile.TemporaryDirectory() as temporary:
        output = Path(temporary)
        command = [sys.executable, "-m", "sphinx", "-q", "-b", "gettext"]
        command += ["-d", str(doctrees), str(root / "docs"), str(output)]
        environment = {**os.environ, "PYTHONUTF8": "1"}
        if subprocess.run(command, cwd=root, check=False, env=environment).returncode:
            raise SystemExit("the texts could not be extracted; the lines above say why")
        texts = {
            file.relative_to(output).with_suffix("").as_posix(): [
                entry.msgid for entry in polib.pofile(str(file))
            ]
            for file in output.rglob("*.pot")
        }
    # Sphinx extracts what templates say; this is what the extensions say in the reader's language.
    said = extract_from_dir(
        root / "docs" / "_ext", method_map=[("**.py", "python")], keywords={"_": None}
    )
    interface = [*texts[catalogs.INTERFACE], *(text for _, _, text, _, _ in said)]
    texts[catalogs.INTERFACE] = list(dict.fromkeys(map(str, interface)))
    return texts, set(kept(doctrees).recall("complaints", []))


def update(root: Path, wanted: list[str]) -> None:
    """Merge the texts of the pages into the catalogs; of all pages, or of ``wanted`` only.

    Raises:
        SystemExit: if there is no such page, or Sphinx fails.
    """
    texts, faulty = extract(root)
    for name in wanted:
        if name not in texts:
            raise SystemExit(f"there is no page {name!r}: there is {', '.join(sorted(texts))}")
    for language in TRANSLATED:
        merge(root, language, texts, {*wanted} or {*texts, *catalogs.names(root, language)}, faulty)


def merge(
    root: Path,
    language: Language,
    texts: Mapping[str, list[str]],
    wanted: Set[str],
    faulty: Set[str],
) -> None:
    """Merge the texts of the pages into the ``wanted`` catalogs of a language."""
    before = {
        # Obsolete entries first, because the same text may have a living one.
        name: {
            entry.msgid: entry
            for entry in sorted(catalogs.read(root, language, name), key=lambda e: not e.obsolete)
        }
        for name in sorted(wanted)
        if catalogs.path(root, language, name).is_file()
    }
    memory = remember(
        root,
        language,
        [
            entry
            for name, entries in before.items()
            for text, entry in entries.items()
            if name not in faulty and text not in texts.get(name, ())
        ],
    )
    for name in sorted(wanted):
        file = catalogs.path(root, language, name)
        shown = file.relative_to(root).as_posix()
        if name not in texts:
            file.unlink()
            print(f"{shown}: its page is gone; removed")
            continue
        entries = before.get(name, {})
        merged = list(in_step(texts[name], entries, memory))
        gone = [entry for text, entry in entries.items() if text not in texts[name]]
        if name in faulty and gone:
            print(f"{shown}: the page has a fault, so what it does not say is kept; see above")
            merged += gone
        if write(file, language, merged):
            new = sum(text not in entries for text in texts[name])
            print(f"{shown}: {new} new or changed, {len(gone)} gone")


def in_step(
    texts: Sequence[str],
    entries: Mapping[str, polib.POEntry],
    memory: Mapping[str, polib.POEntry],
) -> Iterator[polib.POEntry]:
    """Yield an entry for each text of a page: its own, one that is remembered, a fuzzy or an empty one."""
    left = {text: e for text, e in entries.items() if text not in texts and e.msgstr}
    for text in texts:
        if entry := entries.get(text) or memory.get(text):
            flags = ["fuzzy"] if entry.fuzzy else []
            previous = entry.previous_msgid if entry.fuzzy else None
        elif near := difflib.get_close_matches(text, left, n=1, cutoff=ALIKE):
            entry = left.pop(near[0])
            flags, previous = ["fuzzy"], entry.previous_msgid or entry.msgid
        else:
            entry, flags, previous = polib.POEntry(), [], None
        yield polib.POEntry(
            msgid=text,
            msgstr=entry.msgstr,
            tcomment=entry.tcomment,
            flags=flags,
            previous_msgid=previous,
        )


def remember(
    root: Path, language: Language, dropped: Sequence[polib.POEntry]
) -> dict[str, polib.POEntry]:
    """Keep the translations that go, and return all that went until now."""
    file = root / ".cache" / "translations" / f"{language.code}.po"
    memory = {e.msgid: e for e in polib.pofile(str(file))} if file.is_file() else {}
    new = {
        e.msgid: polib.POEntry(msgid=e.msgid, msgstr=e.msgstr, tcomment=e.tcomment)
        for e in dropped
        if e.msgstr and not e.fuzzy
    }
    if new and write(file, language, [*(memory | new).values()]):
        shown = file.relative_to(root).as_posix()
        print(f"{shown}: {len(new)} kept that no page needs now")
    return memory | new


def write(file: Path, language: Language, entries: Sequence[polib.POEntry]) -> bool:
    """Write a catalog as a reviewer reads it, one line a text; return whether that changed it.

    One that says the same keeps its time stamp, by which the next build knows that its page need not be read again; the
    others are replaced in one step, so that an interruption loses nothing.
    """
    catalog = polib.POFile(wrapwidth=0)
    catalog.metadata = {"Language": language.code, **HEAD}
    catalog.extend(entries)
    text = str(catalog)
    if (file.read_text(encoding="utf-8") if file.is_file() else "") == text:
        return False
    file.parent.mkdir(parents=True, exist_ok=True)
    temporary = file.with_suffix(".po.tmp")
    temporary.write_text(text, encoding="utf-8")
    os.replace(temporary, file)
    return True


def check(root: Path, wanted: list[str]) -> Iterator[str]:
    """Yield every fault of the catalogs: file, line, what is wrong and what to do.

    In a language that is in progress, what is not translated is no fault.
    """
    for language in TRANSLATED:
        yield from todo(root, language, wanted, missing=language.complete)


def todo(root: Path, language: Language, wanted: list[str], *, missing: bool) -> Iterator[str]:
    """Yield what is wrong with the translations of a language, and what is ``missing``, if that is asked."""
    terms = catalogs.glossary(root, language)
    for name in wanted or catalogs.names(root, language):
        file = catalogs.path(root, language, name)
        shown = file.relative_to(root).as_posix()
        if not file.is_file():
            yield f"{shown}: there is no such catalog; run 'nox -s translations'"
            continue
        for entry in catalogs.read(root, language, name):
            state = catalogs.state(entry)
            named = {} if name == catalogs.GLOSSARY else terms
            faults = [state] * missing if state else catalogs.entry_faults(entry, language, named)
            for fault in faults:
                yield f"{shown}:{entry.linenum}: {fault} ({catalogs.excerpt(entry.msgid)})"
            if not state and reading.held(root, language):
                for fault in reading.reading_faults(root, language, name, entry):
                    yield f"{shown}:{entry.linenum}: {fault}"


def read(root: Path, wanted: list[str]) -> Iterator[str]:
    """Mark the pairs of pages as read; yield the new ones, where pages are named, and what was refused.

    Raises:
        SystemExit: if there is no catalog of that name.
    """
    for language in filter(lambda each: each.complete, TRANSLATED):
        known, new = catalogs.names(root, language), 0
        for name in wanted or known:
            if name not in known:
                raise SystemExit(f"there is no catalog {name!r}: there is {', '.join(known)}")
            entries, refused = reading.mark(root, language, name)
            new += len(entries)
            for entry in entries if wanted else ():
                yield f"{entry.msgid}\n{entry.msgstr}\n"
            yield from (f"refused: {line}" for line in refused)
        yield f"{language.name}: {new} newly marked as read"


def page(argument: str) -> str:
    """Return the name of a page, as which ``docs/guide/routing.md`` or its catalog will do as well."""
    path = argument.replace("\\", "/")
    return re.sub(r"^(\./)?(docs/|locale/\w+/LC_MESSAGES/)?|\.(md|po)$", "", path)


def main() -> int:
    """Run the command line."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("command", choices=("update", "check", "read"))
    parser.add_argument("page", nargs="*", type=page, help="such as guide/routing; default: all")
    parser.add_argument("--all", action="store_true", help="with read: every page")
    arguments = parser.parse_args()
    broken = [str(error) for lang in TRANSLATED for error in catalogs.unreadable(ROOT, lang)]
    if broken:
        raise SystemExit("\n".join(broken))
    if arguments.command == "check":
        found = list(check(ROOT, arguments.page))
        print("\n".join(found) if found else "nothing is missing")
        return 1 if found else 0
    if arguments.command == "read":
        if bool(arguments.page) == arguments.all:
            raise SystemExit("name the pages that you have read, such as guide/routing, or --all")
        lines = list(read(ROOT, arguments.page))
        print("\n".join(lines))
        return int(any(line.startswith("refused: ") for line in lines))
    update(ROOT, arguments.page)
    for language in TRANSLATED:
        lines = list(todo(ROOT, language, arguments.page, missing=True))
        # Of a language that has just begun, that is every text of the site.
        whole = language.complete or arguments.page
        shown = lines if whole else list(todo(ROOT, language, [], missing=False))
        print(*shown, sep="\n", end="\n" * bool(shown))
        print(f"{language.name}: {len(lines) or 'nothing'} to do")
    return 0


if __name__ == "__main__":
    sys.exit(main())
