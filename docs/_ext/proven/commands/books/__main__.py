"""Makes what readers take with them: ``python -m proven.commands.books`` or ``nox -s books``.

The site is built, and its pages become a zip of the whole site, and an ePub and a PDF a language, in ``build/books/``.
Each is checked by a tool that did not make it: Chromium, epubcheck, poppler. If nothing is wrong, the result goes into
``docs/_books/record.json``, and the site is built once more, with links to them at the foot of each page. It takes
some minutes; where they are those of the sources, there is nothing to do.
"""

from __future__ import annotations

import argparse
import datetime
import json
import os
import shutil
import sys
import time
from pathlib import Path

from playwright.sync_api import sync_playwright

from proven.base import fonts
from proven.base.project import DOCS, ROOT
from proven.commands import unchanged
from proven.commands.books import archive, chapters, checks, epub, pdf
from proven.commands.build import build
from proven.commands.chromium import FLAGS, program
from proven.site import books
from proven.translation.languages import LANGUAGES, base_url

RECORD = DOCS / "_books" / "record.json"


def code_style(site: Path) -> str:
    """Return the colours of code on paper: those of the light scheme."""
    sheet = site / LANGUAGES[0].folder / "_static" / "pygments.css"
    lines = sheet.read_text(encoding="utf-8").splitlines()
    return "\n".join(line for line in lines if line.startswith(".highlight"))


def make(site: Path, folder: Path) -> dict[str, checks.Checked]:
    """Make and check the files, and return what the checks found by the name of each."""
    found: dict[str, checks.Checked] = {}
    try:
        style, face = code_style(site), fonts.face()
    except fonts.NoFontError as error:
        raise SystemExit(str(error)) from None
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program(), args=FLAGS)

        def note(file: Path, checked: checks.Checked, began: float) -> None:
            found[file.name] = checked
            figures = ", ".join(f"{name} {value:,}" for name, value in checked.figures.items())
            print(f"{file.name}: {figures} ({time.monotonic() - began:.0f} s)", flush=True)
            for fault in checked.faults:
                print(f"  {fault}", flush=True)

        began, whole = time.monotonic(), folder / books.ARCHIVE
        archive.write(site, whole)
        note(whole, checks.archive(whole, browser), began)
        for language in LANGUAGES:
            book = chapters.read(site, language, base_url(os.environ))
            names = books.names(language.folder)
            began, file = time.monotonic(), folder / names["ePub"]
            epub.write(book, style, face, file)
            note(file, checks.epub(file), began)
            began, file = time.monotonic(), folder / names["PDF"]
            pdf.write(book, style, browser, file)
            note(file, checks.pdf(file, book), began)
        browser.close()
    return found


def main() -> int:
    """Run the command line."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.parse_args()
    output = ROOT / "build"
    site, folder, stamp = output / "html", output / books.MADE, output / books.STAMP
    if books.ready(output, unchanged.sources(ROOT)):
        print(f"nothing changed since they were made: {folder}")
        return 0 if build(ROOT, output) else 1
    stamp.unlink(missing_ok=True)
    made_of = unchanged.sources(ROOT)
    if not build(ROOT, output):
        return 1
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    found = make(site, folder)
    if any(each.faults for each in found.values()):
        print("the site links none of them: the lines above say what is wrong")
        return 1
    if unchanged.sources(ROOT) != made_of:
        print("the site links none of them: its sources changed meanwhile; run it again")
        return 1
    record = {
        "date": datetime.date.today().isoformat(),
        "checked with": checks.tools(),
        "files": {name: each.figures for name, each in found.items()},
    }
    RECORD.parent.mkdir(exist_ok=True)
    RECORD.write_text(f"{json.dumps(record, indent=2)}\n", encoding="utf-8")
    # The record is one of the sources.
    stamp.write_text(unchanged.sources(ROOT), encoding="utf-8")
    return 0 if build(ROOT, output) else 1


if __name__ == "__main__":
    sys.exit(main())
