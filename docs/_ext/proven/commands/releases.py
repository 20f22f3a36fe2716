"""Run the snippets in other releases of Flask and its neighbours (`nox -s releases`).

Makes an environment for each release, sends every snippet the requests of its pages, runs the examples, and writes what
differs from today to docs/history/data/runs. A snippet that is named runs alone. ``--lock`` pins the releases anew.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

from proven.base.project import ROOT
from proven.releases import compare, jobs, notebook, old_lines, recorded, runner, runs
from proven.releases.environments import BUILD, FLASK, LOCKS, NEIGHBOURS, Environment
from proven.releases.jobs import Snippet
from proven.releases.runs import Outcome, Runs, SnippetRuns
from proven.snippets.imports import libraries

FOLDER = ROOT / ".nox" / "releases"
RUNNER = Path(runner.__file__)
#: What decides how the data come out, beside the snippets.
MADE_BY = (RUNNER, Path(compare.__file__))


def recorder() -> str:
    """Return a digest of what records and compares."""
    return hashlib.sha256(b"".join(path.read_bytes() for path in MADE_BY)).hexdigest()[:16]


class Uv:
    """Makes environments."""

    def __init__(self, program: str) -> None:
        self.program = program

    def run(self, *arguments: str) -> None:
        """Run uv; what it says is shown where it fails."""
        result = subprocess.run([self.program, *arguments], capture_output=True, text=True)
        if result.returncode:
            raise SystemExit(f"releases: uv {' '.join(arguments[:2])}: {result.stderr.strip()}")

    def environment(self, wanted: Environment) -> Path:
        """Return the Python of an environment, made or mended where it is not as it must be."""
        folder = FOLDER / wanted.name
        python = folder / "bin" / "python"
        done = folder / "digest"
        if python.is_file() and done.is_file() and done.read_text() == wanted.digest():
            return python
        self.run(
            "venv", "--quiet", "--clear", "--python", "3.11", "--no-python-downloads", str(folder)
        )
        requirements = folder / "requirements.txt"
        requirements.write_text(wanted.requirements(), encoding="utf-8")
        self.run(
            *("pip", "install", "--quiet", "--no-deps", "--require-hashes", "--compile-bytecode"),
            *("--python", str(python), "--build-constraints", str(BUILD), "-r", str(requirements)),
        )
        done.write_text(wanted.digest())
        return python

    def lock(self, wanted: Environment) -> None:
        """Pin what an environment has beside today's versions."""
        pins = "\n".join((f"{wanted.library}=={wanted.release}", *wanted.pins))
        with tempfile.TemporaryDirectory() as folder:
            given = Path(folder, "pins.in")
            given.write_text(pins + "\n", encoding="utf-8")
            self.run(
                *(
                    "pip",
                    "compile",
                    "--quiet",
                    "--no-deps",
                    "--python-version",
                    "3.11",
                    "--universal",
                ),
                *("--generate-hashes", "--no-header", "--no-annotate", "--no-emit-index-url"),
                *("--build-constraints", str(BUILD), str(given), "--output-file", str(wanted.lock)),
            )


def run(python: Path, todo: Sequence[dict[str, Any]]) -> list[Any]:
    """Return what the runner says of each job, in an environment."""
    with tempfile.TemporaryDirectory(prefix="proven-releases-") as folder:
        given, answers = Path(folder, "jobs.json"), Path(folder, "answers.json")
        given.write_text(json.dumps({"path": [str(ROOT)], "jobs": todo}), encoding="utf-8")
        surroundings = {
            **{name: value for name, value in os.environ.items() if not name.startswith("PYTHON")},
            "PYTHONUTF8": "1",
            "PYTHONDONTWRITEBYTECODE": "1",
            "PYTHONHASHSEED": "0",
        }
        subprocess.run(
            [str(python), str(RUNNER), str(given), str(answers)],
            check=True,
            env=surroundings,
            cwd=folder,
        )
        found: list[Any] = json.loads(answers.read_text(encoding="utf-8"))
    return found


class Recording:
    """What is run in every environment, and what becomes of it."""

    def __init__(self, chosen: Sequence[Snippet]) -> None:
        self.chosen = list(chosen)
        asked = {page for snippet in chosen for page, _ in snippet.examples}
        self.pages = {page: texts for page, texts in jobs.example_pages().items() if page in asked}
        self.documented = [snippet for snippet in chosen if snippet.documented]

    def todo(self) -> list[dict[str, Any]]:
        """Return the jobs, in the order in which :meth:`sorted_out` takes their outcomes."""
        return [
            *(jobs.snippet_job(snippet) for snippet in self.chosen),
            *(jobs.examples_job(page, texts) for page, texts in self.pages.items()),
            *(jobs.docstrings_job(snippet) for snippet in self.documented),
        ]

    def sorted_out(
        self, answers: Sequence[Any]
    ) -> tuple[dict[str, Any], dict[str, Any], dict[str, Any]]:
        """Return the outcomes by snippet, by page of examples, and by module with examples in docstrings."""
        first, second = len(self.chosen), len(self.chosen) + len(self.pages)
        return (
            {s.name: got for s, got in zip(self.chosen, answers[:first], strict=True)},
            dict(zip(self.pages, answers[first:second], strict=True)),
            {s.name: got for s, got in zip(self.documented, answers[second:], strict=True)},
        )

    def outcomes(
        self, release: str, answers: Sequence[Any], today: Sequence[Any], again: Sequence[Any]
    ) -> dict[str, Outcome]:
        """Return what each snippet did in a release."""
        got, pages, docstrings = self.sorted_out(answers)
        now, known, _ = self.sorted_out(today)
        once_more, _, _ = self.sorted_out(again)
        found = {}
        for snippet in self.chosen:
            name = snippet.name
            outcome = compare.outcome(release, snippet, got[name], now[name], once_more[name])
            if outcome.kind == "same":
                other = compare.of_examples(release, snippet, pages, known)
                if other is None and name in docstrings:
                    other = compare.of_texts(release, docstrings[name].get("done", []))
                outcome = other or outcome
            found[name] = outcome
        return found


def concerned(snippet: Snippet, library: str) -> bool:
    """Say whether a snippet uses a library."""
    return library == "flask" or library.replace("-", "_") in libraries(ROOT, snippet.name)


def record(chosen: Sequence[Snippet], uv: Uv, workers: int) -> Runs:
    """Run snippets in every release and return what they did."""
    every = (*FLASK, *NEIGHBOURS)
    by_library = {
        library: Recording([snippet for snippet in chosen if concerned(snippet, library)])
        for library in dict.fromkeys(each.library for each in every)
    }
    wanted = [FLASK[-1], *FLASK[:-1], *NEIGHBOURS]
    wanted = [each for each in wanted if by_library[each.library].chosen]
    began = time.monotonic()
    with ThreadPoolExecutor(workers) as pool:
        pythons = dict(zip(wanted, pool.map(uv.environment, wanted), strict=True))
        print(f"releases: {len(wanted)} environments after {time.monotonic() - began:.0f} s")
        everything = by_library["flask"]
        newest = pythons[FLASK[-1]]
        tasks = {
            ("today", ""): pool.submit(run, newest, everything.todo()),
            ("again", ""): pool.submit(run, newest, everything.todo()),
        }
        for each in wanted[1:]:
            todo = by_library[each.library].todo()
            tasks[each.library, each.release] = pool.submit(run, pythons[each], todo)
        answers = {key: task.result() for key, task in tasks.items()}
    today, again = answers.pop(("today", "")), answers.pop(("again", ""))
    answers["flask", FLASK[-1].release] = today
    for job, *both in zip(everything.todo(), today, again, strict=True):
        if failed := next((each for each in both if "failed" in each), None):
            name = job.get("module") or job["page"]
            raise SystemExit(f"releases: {name} fails today: {compare.last_line(failed['failed'])}")
    found: dict[str, dict[str, list[Outcome]]] = {snippet.name: {} for snippet in chosen}
    for each in (each for each in every if each in wanted):
        recording = by_library[each.library]
        own_today, own_again = (
            selected(everything, answered, recording) for answered in (today, again)
        )
        outcomes = recording.outcomes(
            each.release, answers[each.library, each.release], own_today, own_again
        )
        for name, outcome in outcomes.items():
            found[name].setdefault(each.library, []).append(outcome)
    print(f"releases: {len(chosen)} snippets after {time.monotonic() - began:.0f} s")
    return Runs(
        releases={
            library: tuple(e.release for e in every if e.library == library)
            for library in by_library
        },
        pins={each.name: each.pins for each in every},
        recorder=recorder(),
        snippets={snippet.name: sealed(snippet, found[snippet.name]) for snippet in chosen},
    )


def sealed(snippet: Snippet, found: dict[str, list[Outcome]]) -> SnippetRuns:
    """Return what a snippet did, as the data file has it."""
    outcomes = {library: runs.spans(each) for library, each in found.items()}
    return SnippetRuns(
        digest=snippet.digest(), seal=runs.seal(outcomes), proof=snippet.proof, runs=outcomes
    )


def selected(everything: Recording, answers: Sequence[Any], wanted: Recording) -> list[Any]:
    """Return of all answers those to the jobs of another recording, in its order."""
    by_job = dict(zip(map(json.dumps, everything.todo()), answers, strict=True))
    return [by_job[json.dumps(job)] for job in wanted.todo()]


def record_old(uv: Uv, workers: int) -> dict[str, recorded.Record]:
    """Return what the old code of the pages did, in the releases that they name."""
    wanted = {old.key: old for _, _, old in recorded.written()}
    made: dict[str, recorded.Record] = {}
    by_release = {each.release: each for each in FLASK}
    groups: dict[str, list[recorded.Old]] = {}
    for old in wanted.values():
        if old.release not in by_release:
            known = ", ".join(by_release)
            raise SystemExit(f"releases: {old.key}: no release {old.release!r}; there are {known}")
        groups.setdefault(old.release, []).append(old)

    def recorded_in(release: str) -> None:
        python = uv.environment(by_release[release])
        answers = run(python, [old.job() for old in groups[release]])
        made.update(
            (old.key, old.record(done)) for old, done in zip(groups[release], answers, strict=True)
        )

    with ThreadPoolExecutor(workers) as pool:
        list(pool.map(recorded_in, groups))
    return made


def measure(uv: Uv) -> notebook.Measurements:
    """Return what the functions about the lines of the notebook gave, then and now."""
    measured: dict[str, notebook.Measured] = {}
    files = sorted(notebook.MEASURES.glob("*.py"))
    used = {line.measure for line in notebook.lines()}
    for file in files:
        names = [name for name in notebook.functions(file) if name in used]
        todo = notebook.jobs_of(file, names)
        both = [run(uv.environment(each), todo) for each in notebook.environments(file)]
        for name, then, now in zip(names, *both, strict=True):
            texts = [
                each.get("done", compare.last_line(each.get("failed", ""))) for each in (then, now)
            ]
            measured[name] = notebook.Measured(then=texts[0], now=texts[1])
    return notebook.Measurements(
        code={file.stem: notebook.digest(file) for file in files}, measured=measured
    )


def measure_lines(uv: Uv, workers: int) -> notebook.Measurements:
    """Return what the old lines of the pages gave, in the releases of their time and today."""
    blocks = {block.name: block for block in old_lines.written()}
    now = uv.environment(FLASK[-1])

    def both(block: old_lines.Block) -> dict[str, notebook.Measured]:
        todo = notebook.jobs_of(block.file, notebook.functions(block.file))
        then = uv.environment(block.environment)
        pairs = zip(run(then, todo), run(now, todo), strict=True)
        return {
            f"{block.name}.{job['function']}": notebook.Measured(
                **{
                    when: each.get("done", compare.last_line(each.get("failed", "")))
                    for when, each in zip(("then", "now"), pair, strict=True)
                }
            )
            for job, pair in zip(todo, pairs, strict=True)
        }

    for block in blocks.values():
        uv.environment(block.environment)
    with ThreadPoolExecutor(workers) as pool:
        found = list(pool.map(both, blocks.values()))
    return notebook.Measurements(
        code={name: notebook.digest(block.file) for name, block in sorted(blocks.items())},
        measured={name: one for each in found for name, one in sorted(each.items())},
    )


def stale(data: Runs, known: dict[str, Snippet]) -> list[str]:
    """Return what the data no longer fits: snippets that changed, came or went, outcomes, releases, recorder."""
    found = [
        name
        for name, snippet in known.items()
        if (one := data.snippets.get(name)) is None
        or one.digest != snippet.digest()
        or one.seal != runs.seal(one.runs)
    ]
    found += [name for name in data.snippets if name not in known]
    if data.recorder != recorder():
        found.append("what records them (proven/releases/runner.py, compare.py)")
    if data.pins != {each.name: each.pins for each in (*FLASK, *NEIGHBOURS)}:
        found.append("the releases (proven/releases/environments.py)")
    return found


def main(arguments: Sequence[str] | None = None) -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(prog="nox -s releases --", description=__doc__)
    parser.add_argument(
        "--uv", default=shutil.which("uv"), help="the program that makes environments"
    )
    parser.add_argument(
        "--lock", action="store_true", help="pin the releases anew, and run nothing"
    )
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 2, help="how many at once")
    parser.add_argument(
        "--changed", action="store_true", help="run only what the data no longer fits"
    )
    parser.add_argument("--old", action="store_true", help="run only the old code of the pages")
    parser.add_argument("only", nargs="*", metavar="snippet", help="run these snippets only")
    options = parser.parse_args(arguments)
    if not options.uv:
        parser.error("uv is not here; install nox with it: python3 -m pip install 'nox[uv]'")
    uv = Uv(options.uv)
    if options.lock:
        LOCKS.mkdir(parents=True, exist_ok=True)
        for each in (*FLASK[:-1], *NEIGHBOURS):
            uv.lock(each)
        return 0
    if not options.only:
        save(recorded.FILE, recorded.text_of(record_old(uv, options.workers)))
        save(notebook.FILE, notebook.text_of(measure(uv)))
        save(old_lines.FILE, notebook.text_of(measure_lines(uv, options.workers)))
    if options.old:
        return 0
    known = jobs.snippets()
    names = list(options.only)
    data = runs.read() if runs.FILE.is_file() else None
    if options.changed and data is not None:
        found = stale(data, known)
        names = [name for name in found if name in known]
        if all(name in known or name in data.snippets for name in found):
            known_only = {name: one for name, one in data.snippets.items() if name in known}
            data = replace(data, snippets=known_only)
            if not names:
                return save(runs.FILE, runs.text_of(data))
        else:
            names = []
    if unknown := [name for name in names if name not in known]:
        parser.error(f"unknown snippet {unknown[0]!r}; name a module, such as {next(iter(known))}")
    made = record([known[name] for name in names] or list(known.values()), uv, options.workers)
    if names and data is not None:
        made = replace(made, snippets=dict(sorted({**data.snippets, **made.snippets}.items())))
    return save(runs.FILE, runs.text_of(made))


def save(file: Path, text: str) -> int:
    """Write a data file and say whether it is new."""
    file.parent.mkdir(parents=True, exist_ok=True)
    shown = file.relative_to(ROOT)
    if file.is_file() and file.read_text(encoding="utf-8") == text:
        print(f"releases: {shown} is as it was")
    else:
        file.write_text(text, encoding="utf-8")
        print(f"releases: {shown} is new; look at it with git diff")
    return 0


if __name__ == "__main__":
    sys.exit(main())
