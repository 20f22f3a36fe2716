"""Measures every kind of page in every language, on a telephone and on a desk: ``nox -s audit``.

The site is built into ``build/audit/`` with a base address and served from this machine, packed. Chromium measures what
:mod:`tests.audit.measure` says, Lighthouse gives its four scores. A table is printed; what is below what is wanted is
said, and ends it with 1. If all kinds were measured and all is well, the result goes to ``docs/_audit/record.json``.
Names of kinds as arguments measure these only; ``--without-lighthouse`` leaves it out.
"""

from __future__ import annotations

import argparse
import datetime
import json
import os
import sys
import time
from typing import Any

from playwright.sync_api import sync_playwright

from proven.base.project import DOCS, ROOT
from proven.commands.build import build
from proven.commands.chromium import FLAGS, program, serving
from proven.translation.languages import LANGUAGES
from tests.audit import judged, measure
from tests.audit.kinds import Kind, kinds
from tests.audit.server import Packed

RECORD = DOCS / "_audit" / "record.json"
#: The addresses of the pages have it in them, so it is always the same.
PORT = 47_116
HOME = f"http://127.0.0.1:{PORT}/"
COLUMNS = ("axe", "targets", "shift", "bytes", "abroad", "wide", "faults")
SCORES = dict(zip(judged.CATEGORIES, ("perf", "a11y", "best", "seo"), strict=True))
Row = dict[str, Any]


def heading() -> str:
    """Return the first line of the table."""
    names = [*COLUMNS, *SCORES.values()]
    return f"{'kind':15}{'language':9}{'device':9}" + "".join(f"{name:>8}" for name in names)


def line(row: Row) -> str:
    """Return a row of the table."""
    figures = [*row["measured"].values(), *(row["scores"].get(name, "") for name in SCORES)]
    told = "".join(f"{figure:>8,}" if figure != "" else f"{'–':>8}" for figure in figures)
    return f"{row['kind']:15}{row['language']:9}{row['device']:9}{told}"


def main(words: list[str]) -> int:
    """Run, and return 1 if something is below what is wanted."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--without-lighthouse", action="store_true")
    parser.add_argument("kinds", nargs="*")
    options = parser.parse_args(words)
    os.environ["PROVEN_BASE_URL"] = HOME
    output = ROOT / "build" / "audit"
    if not build(ROOT, output):
        return 1
    every = kinds(output / "html")
    if unknown := set(options.kinds) - every.keys():
        raise SystemExit(f"{', '.join(sorted(unknown))} is none of {', '.join(every)}")
    chosen = {name: kind for name, kind in every.items() if name in (options.kinds or every)}
    began = time.monotonic()
    with serving(output / "html", Packed, PORT):
        rows, faults = measured(chosen)
        if not options.without_lighthouse:
            faults += scored(rows, every)
    print(heading())
    for row in rows:
        print(line(row))
    for fault in faults:
        print(f"below: {fault}")
    print(f"{len(rows)} pages, {len(faults)} faults, {time.monotonic() - began:.0f} s")
    if faults:
        return 1
    if chosen == every and not options.without_lighthouse:
        record = {
            "date": datetime.date.today().isoformat(),
            "lighthouse": judged.release(),
            "rows": rows,
        }
        RECORD.parent.mkdir(exist_ok=True)
        RECORD.write_text(f"{json.dumps(record, indent=1)}\n", encoding="utf-8")
    return 0


def measured(chosen: dict[str, Kind]) -> tuple[list[Row], list[str]]:
    """Measure pages in Chromium, and return a row for each, and what is wrong."""
    rows, faults = [], []
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=program(), args=FLAGS)
        for name, kind in chosen.items():
            for language in LANGUAGES:
                for device_name, device in measure.DEVICES.items():
                    address = f"{HOME}{language.folder}/{kind.page or 'no/such/page.html'}"
                    found, lines = measure.measure(chromium, address, HOME, kind, device, name)
                    row = {
                        "kind": name,
                        "page": kind.page,
                        "language": language.folder,
                        "device": device_name,
                        "measured": found._asdict(),
                        "scores": {},
                    }
                    rows.append(row)
                    print(f"{name} {language.folder} {device_name}", *lines, sep="\n  ", flush=True)
                    faults += [
                        f"{name} {language.folder} {device_name}: {each}"
                        for each in measure.judge(found, kind)
                    ]
        chromium.close()
    return rows, faults


def scored(rows: list[Row], every: dict[str, Kind]) -> list[str]:
    """Ask Lighthouse about the pages of the rows, add its scores to them, and return what is below."""
    waiting = {number: row for number, row in enumerate(rows) if every[row["kind"]].lighthouse}
    answers: dict[int, list[judged.Judged]] = {number: [] for number in waiting}
    for _ in range(judged.TRIES):
        if not waiting:
            break
        pages = [
            (f"{HOME}{row['language']}/{row['page']}", row["device"]) for row in waiting.values()
        ]
        for (number, row), answer in zip(list(waiting.items()), judged.ask(pages), strict=True):
            answers[number].append(answer)
            told = " ".join(f"{SCORES[name]} {score}" for name, score in answer.scores.items())
            print(f"{row['kind']} {row['language']} {row['device']}: {told}", flush=True)
            if not judged.below(answer, every[row["kind"]]):
                del waiting[number]
    faults = []
    for number, given in answers.items():
        row, answer = rows[number], judged.best(given)
        row["scores"] = answer.scores
        for name in judged.below(answer, every[row["kind"]]):
            why = "; ".join(answer.faults[:6])
            faults.append(
                f"{row['kind']} {row['language']} {row['device']}: {name} {answer.scores[name]} ({why})"
            )
    return faults


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
