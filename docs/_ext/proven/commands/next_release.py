"""Run the snippets with a release of Flask that is not out yet (`nox -s next`).

``-- flask=../flask`` takes a checkout or a wheel, without it the newest pre-release on the index is taken. The snippets
and the tests of the pages are run with it. What differs from today goes to docs/history/data/runs/next.json, and is
printed page by page, with the sentences that the failing tests prove.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from proven.base.project import ROOT
from proven.claims.quotes import quotes
from proven.commands.releases import FOLDER, Recording, Uv, run, save
from proven.releases import jobs, notebook, upcoming
from proven.releases.compare import shorter
from proven.releases.environments import FLASK, Environment
from proven.releases.run_notes import outcome
from proven.releases.upcoming import Upcoming

NEXT = Environment("flask", "next")
#: The tests of what the pages say of Flask; those of the machinery build sites.
TESTS = ("tests/start", "tests/guide", "tests/reference")


def version_of(python: Path) -> str:
    """Return the version of Flask in an environment."""
    code = "import importlib.metadata as m; print(m.version('flask'))"
    return subprocess.check_output([str(python), "-c", code], text=True).strip()


def install(uv: Uv, source: str) -> Path:
    """Return the Python of an environment with today's libraries and the next Flask."""
    python = uv.environment(NEXT)
    wanted = source or "flask"
    uv.run(
        *("pip", "install", "--quiet", "--no-deps", "--reinstall-package", "flask"),
        *("--prerelease", "allow", "--python", str(python), wanted),
    )
    return python


def record(uv: Uv, python: Path) -> Upcoming:
    """Return what the snippets do otherwise."""
    known = jobs.snippets()
    recording = Recording(list(known.values()))
    newest = uv.environment(FLASK[-1])
    names = notebook.functions(upcoming.MEASURES)
    tried = [run(each, notebook.jobs_of(upcoming.MEASURES, names)) for each in (newest, python)]
    today, again, got = (run(each, recording.todo()) for each in (newest, newest, python))
    release = version_of(python)
    outcomes = recording.outcomes(release, got, today, again)
    different = {name: one for name, one in outcomes.items() if one.kind != "same"}
    return Upcoming(
        release=release,
        today=FLASK[-1].release,
        ran=len(known),
        code=notebook.digest(upcoming.MEASURES),
        measured={
            name: notebook.Measured(then=before["done"], now=after["done"])
            for name, before, after in zip(names, *tried, strict=True)
        },
        snippets=different,
    )


def pytest_collection_modifyitems(config: Any, items: list[Any]) -> None:
    """Leave out, as a plugin of pytest, what looks at the built site: no build gets past a false claim."""
    gone = [item for item in items if "site" in item.fixturenames]
    items[:] = [item for item in items if "site" not in item.fixturenames]
    config.hook.pytest_deselected(items=gone)


def failing(python: Path, tests: Sequence[str]) -> dict[str, str]:
    """Return the tests that fail, without their parameters, each with the first line of its failure."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder, "report.xml")
        options = (
            "-q",
            "--no-header",
            "--tb=no",
            "-p",
            "no:cacheprovider",
            "-p",
            "proven.commands.next_release",
        )
        spread = (f"--numprocesses={os.cpu_count() or 1}", "--dist=loadfile")
        written = ("--junitxml", str(report))
        paths = {"PYTHONPATH": os.pathsep.join(["docs/_ext", "."]), "PYTHONUTF8": "1"}
        subprocess.run(
            [str(python), "-m", "pytest", *options, *spread, *written, *tests],
            cwd=ROOT,
            env={**os.environ, **paths},
            stdout=sys.stderr,
            check=False,
        )
        found: dict[str, str] = {}
        for case in ElementTree.parse(report).iter("testcase"):  # noqa: S314  pytest wrote it
            if (failure := case.find("failure")) is not None:
                found.setdefault(named(case), first_line(failure.get("message", "")))
    return dict(sorted(found.items()))


def first_line(text: str) -> str:
    """Return how a failure begins, without the addresses of objects, which are others each time."""
    return shorter(re.sub(r"0x[0-9a-f]{6,}", "0x…", (text.strip().splitlines() or [""])[0]))


def named(case: ElementTree.Element) -> str:
    """Return a test as pytest names it, without its parameters: the file is that which has it, or imports it."""
    parts = case.get("classname", "").split(".")
    last = case.get("name", "").partition("[")[0]
    length = next(
        n
        for n in range(len(parts), 0, -1)
        if (ROOT.joinpath(*parts[:n])).with_suffix(".py").is_file()
    )
    return "::".join((f"{'/'.join(parts[:length])}.py", *parts[length:], last))


def tests_that_differ(uv: Uv, source: str) -> dict[str, str]:
    """Return the tests of the pages that fail with the next release and not with today's."""
    pythons = []
    locked = ("--require-hashes", "-r", str(ROOT / ".lock" / "tests.txt"))
    another = ("--no-deps", "--reinstall-package", "flask", "--prerelease", "allow")
    for name in ("tests-today", "tests-next"):
        python = FOLDER / name / "bin" / "python"
        if not python.is_file():
            uv.run(
                "venv", "--quiet", "--python", "3.11", "--no-python-downloads", str(FOLDER / name)
            )
        uv.run("pip", "install", "--quiet", "--python", str(python), *locked)
        if name == "tests-next":
            uv.run(
                "pip", "install", "--quiet", "--python", str(python), *another, source or "flask"
            )
        pythons.append(python)
    today, later = pythons
    found = failing(later, TESTS)
    # Once more, for a busy machine fails tests too.
    again = failing(later, list(found)) if found else {}
    both = failing(today, list(again)) if again else {}
    return {name: line for name, line in again.items() if name not in both}


def sentences(tests: Iterable[str]) -> dict[str, list[str]]:
    """Return the sentences that some tests prove, by page."""
    wanted = set(tests)
    pages: dict[str, list[str]] = {}
    for quote in quotes(ROOT)[0]:
        if f"{quote.file}::{quote.test}" in wanted:
            pages.setdefault(quote.page, []).append(quote.text)
    return {page: list(dict.fromkeys(its)) for page, its in sorted(pages.items())}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(prog="nox -s next --", description=__doc__)
    parser.add_argument(
        "--uv", default=shutil.which("uv"), help="the program that makes environments"
    )
    parser.add_argument("source", nargs="?", default="", metavar="flask=PATH")
    options = parser.parse_args(arguments)
    name, _, path = options.source.partition("=")
    if options.source and (name != "flask" or not Path(path).exists()):
        parser.error(f"{options.source!r}: write flask= and a checkout or wheel that is there")
    if not options.uv:
        parser.error("uv is not here; install nox with it: python3 -m pip install 'nox[uv]'")
    uv = Uv(options.uv)
    python = install(uv, str(Path(path).resolve()) if path else "")
    if (found := version_of(python)) == FLASK[-1].release:
        print(f"next: {found} is the newest; there is no pre-release")
        return 0
    made = replace(
        record(uv, python), tests=tests_that_differ(uv, str(Path(path).resolve()) if path else "")
    )
    for page, names in upcoming.by_page(made).items():
        print(page)
        for each in names:
            print(f"  {each}: {outcome(made.snippets[each])}")
    for page, texts in sentences(made.tests).items():
        print("\n  ".join((f"{page}: the tests of these sentences fail", *texts)))
    print(f"next: {len(made.tests)} tests fail")
    print(f"next: {len(made.snippets)} of {made.ran} snippets differ in Flask {made.release}")
    return save(upcoming.FILE, upcoming.text_of(made))


if __name__ == "__main__":
    sys.exit(main())
