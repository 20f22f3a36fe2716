"""Run the snippets with a release of Flask that is not out yet (`nox -s next`).

``-- flask=../flask`` takes a checkout or a wheel, without it the newest pre-release on the index is taken. What
differs from today goes to docs/history/data/runs/next.json, and is printed page by page.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from proven.commands.releases import Recording, Uv, run, save
from proven.releases import jobs, notebook, upcoming
from proven.releases.environments import FLASK, Environment
from proven.releases.run_notes import outcome
from proven.releases.upcoming import Upcoming

NEXT = Environment("flask", "next")


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
    made = record(uv, python)
    for page, names in upcoming.by_page(made).items():
        print(page)
        for each in names:
            print(f"  {each}: {outcome(made.snippets[each])}")
    print(f"next: {len(made.snippets)} of {made.ran} snippets differ in Flask {made.release}")
    return save(upcoming.FILE, upcoming.text_of(made))


if __name__ == "__main__":
    sys.exit(main())
