"""Bring the catalogs in step with the pages, and say what is missing: ``nox -s translations``.

::

    python docs/_tools/catalogs.py update            # every page
    python docs/_tools/catalogs.py update guide/routing
    python docs/_tools/catalogs.py check [page ...]

``update`` extracts the texts of the pages with Sphinx's gettext builder and merges them with sphinx-intl: new texts
come in untranslated, changed ones fuzzy, and those that no page has any more go. ``check`` prints every fault with
file and line and fails if there is one.
"""

from __future__ import annotations

import argparse
import filecmp
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

import polib
from babel.messages.extract import extract_from_dir
from sphinx_intl.basic import update as merge

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "docs" / "_ext"))

from catalog_rules import faults, term_faults  # noqa: E402  found through the path above
from languages import LANGUAGES, SOURCE, Language  # noqa: E402

TRANSLATED = [language for language in LANGUAGES if language != SOURCE]
GLOSSARY = "reference/glossary"


def folder(root: Path, language: Language) -> Path:
    """Return where the catalogs of a language lie."""
    return root / "locale" / language.code / "LC_MESSAGES"


def names(root: Path, language: Language) -> list[str]:
    """Return the names of all catalogs of a language, such as ``guide/routing``."""
    base = folder(root, language)
    return sorted(f.relative_to(base).with_suffix("").as_posix() for f in base.rglob("*.po"))


def extract(root: Path, output: Path) -> None:
    """Write the texts of all pages into ``output`` as templates.

    Raises:
        SystemExit: if Sphinx fails; its own message has been printed.
    """
    command = [sys.executable, "-m", "sphinx", "-q", "-b", "gettext"]
    # What was read stays for the next time, so that a change of one page costs the reading of one.
    command += ["-d", str(root / "build" / "doctrees" / "gettext"), str(root / "docs"), str(output)]
    if subprocess.run(
        command, cwd=root, check=False, env={**os.environ, "PYTHONUTF8": "1"}
    ).returncode:
        raise SystemExit("the texts could not be extracted; the lines above say why")
    add_interface_texts(root, output / "sphinx.pot")


def add_interface_texts(root: Path, template: Path) -> None:
    """Add what the extensions say in the reader's language, which Sphinx extracts from templates only."""
    catalog = polib.pofile(str(template))
    known = {entry.msgid for entry in catalog}
    for _, _, message, _, _ in extract_from_dir(
        root / "docs" / "_ext", method_map=[("**.py", "python")], keywords={"_": None}
    ):
        if isinstance(message, str) and message not in known:
            known.add(message)
            catalog.append(polib.POEntry(msgid=message))
    catalog.save(str(template))


def update(root: Path, wanted: list[str]) -> None:
    """Merge the texts of the pages into the catalogs; of all pages, or of ``wanted`` only.

    Raises:
        SystemExit: if there is no such page, or Sphinx fails.
    """
    with tempfile.TemporaryDirectory() as temporary:
        output, merged = Path(temporary, "templates"), Path(temporary, "locale")
        extract(root, output)
        templates = {
            p.relative_to(output).with_suffix("").as_posix(): p for p in output.rglob("*.pot")
        }
        for name in wanted:
            if name not in templates:
                raise SystemExit(
                    f"there is no page {name!r}: there is {', '.join(sorted(templates))}"
                )
        for name, template in templates.items():
            if wanted and name not in wanted:
                template.unlink()
            else:
                tidy(template)
        for language in TRANSLATED:
            shutil.copytree(
                folder(root, language), folder(Path(temporary), language), dirs_exist_ok=True
            )
            merge(str(merged), str(output), [language.code], line_width=0, ignore_obsolete=True)
            for name in names(Path(temporary), language):
                if not wanted or name in wanted:
                    put_back(root, folder(Path(temporary), language), language, name, templates)


def put_back(
    root: Path, merged: Path, language: Language, name: str, templates: Mapping[str, Path]
) -> None:
    """Put a merged catalog that says something else in the place of the old one.

    It is done in one step, so that an interruption loses nothing. The others keep their time stamp, by which the next
    build knows that their pages need not be read again.
    """
    source, target = merged / f"{name}.po", folder(root, language) / f"{name}.po"
    if name not in templates:
        print(f"{target.relative_to(root).as_posix()}: its page is gone; removed")
        target.unlink()
        return
    tidy(source)
    if target.is_file() and filecmp.cmp(source, target, shallow=False):
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    temporary = target.with_suffix(".po.tmp")
    shutil.copyfile(source, temporary)
    os.replace(temporary, target)


def tidy(file: Path) -> None:
    """Keep what a reviewer reads: no dates, no tool versions, one line a text."""
    catalog = polib.pofile(str(file), wrapwidth=0)
    catalog.metadata = {
        key: value
        for key, value in catalog.metadata.items()
        if key in {"Language", "MIME-Version", "Content-Type", "Content-Transfer-Encoding"}
    }
    catalog.header = ""
    catalog.metadata_is_fuzzy = False
    for entry in catalog:
        # `{py:func}` looks like str.format to gettext, and is none.
        entry.flags = [flag for flag in entry.flags if flag == "fuzzy"]
    catalog.save(str(file))


def glossary(root: Path, language: Language) -> dict[str, str]:
    """Return the terms of the glossary page with their renderings; none while there is no such page."""
    file = folder(root, language) / f"{GLOSSARY}.po"
    source = root / "docs" / f"{GLOSSARY}.md"
    if not file.is_file() or not source.is_file():
        return {}
    lines = source.read_text(encoding="utf-8").splitlines()
    inside = lines[lines.index("```{glossary}") + 1 :] if "```{glossary}" in lines else []
    terms = {line for line in inside if line and not line[0].isspace() and not line.startswith("`")}
    return {e.msgid: e.msgstr for e in polib.pofile(str(file)) if e.msgid in terms and e.msgstr}


def check(root: Path, wanted: list[str]) -> Iterator[str]:
    """Yield every fault of the catalogs: file, line, what is wrong and what to do."""
    for language in TRANSLATED:
        terms = glossary(root, language)
        for name in names(root, language):
            if wanted and name not in wanted:
                continue
            file = folder(root, language) / f"{name}.po"
            shown = file.relative_to(root).as_posix()
            for entry in polib.pofile(str(file)):
                for fault in entry_faults(entry, {} if name == GLOSSARY else terms):
                    yield f"{shown}:{entry.linenum}: {fault} ({entry.msgid[:60]!r})"


def entry_faults(entry: polib.POEntry, terms: dict[str, str]) -> Iterator[str]:
    """Yield what is wrong with one entry of a catalog."""
    if entry.obsolete:
        yield "obsolete: no page says this any more; run 'nox -s translations'"
    elif entry.fuzzy:
        yield "fuzzy: read the translation, mend it, remove the flag"
    elif not entry.msgstr.strip():
        yield "not translated: fill in its msgstr"
    else:
        yield from faults(entry.msgid, entry.msgstr)
        marks = entry.tcomment.splitlines()
        free = {m.partition(":")[2].strip() for m in marks if m.startswith("not-a-term:")}
        wanted = {term: text for term, text in terms.items() if term not in free}
        yield from term_faults(entry.msgid, entry.msgstr, wanted)


def main() -> int:
    """Run the command line."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("command", choices=("update", "check"))
    parser.add_argument("page", nargs="*", help="such as guide/routing; default: all")
    arguments = parser.parse_args()
    if arguments.command == "update":
        update(ROOT, arguments.page)
        print("the catalogs are in step with the pages")
        return 0
    found = list(check(ROOT, arguments.page))
    print("\n".join(found) if found else "nothing is missing")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
