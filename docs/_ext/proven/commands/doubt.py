"""Change facts and see whether anything notices: ``nox -s doubt``.

::

    python -m proven.commands.doubt                       # 200 changes of snippets, spread over all
    python -m proven.commands.doubt --limit 20 guide/hooks
    python -m proven.commands.doubt --again               # what survived on record, when its tests are mended

A change of a sentence is noticed by its quote or its list; every sentence is asked. A change of a snippet, of a
number, a truth value or a condition, has to be noticed by what pages rest on: the tests that use it, the exchanges with
it, whose statuses the pages claim, and the tests of what imports it. They run in a copy of the project, each in a
process of its own, which is ended when it takes much longer than without a change. Tests of the site and of its pages
in a browser are about those, and are not asked. What nothing noticed is printed, and recorded in
``docs/_claims/doubt.json`` when all pages were asked. A change that makes no difference to what any sentence says
stands with its reason in ``docs/_claims/equal.toml``::

    "snippets/hooks/order.py: 30 -> 31" = "a time-out that no test waits for"
"""

from __future__ import annotations

import argparse
import ast
import ctypes
import datetime
import json
import math
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import cache
from itertools import pairwise
from pathlib import Path
from queue import Queue
from typing import Any, NamedTuple

from proven.base.project import ROOT
from proven.claims import lists
from proven.claims.binding import Bound, weigh
from proven.claims.mutations import Mutant, of_code, of_sentence
from proven.claims.page import read
from proven.claims.quotes import Quote, quotes
from proven.claims.sentences import Sentence
from proven.snippets.files import SnippetError, file_of, parse
from proven.snippets.imports import dependencies
from proven.snippets.uses import tests_of, used_by

RECORD = lists.FOLDER / "doubt.json"
LIMIT = 200
# Seconds for what has to notice one change, at least, and without one.
PATIENCE, FIRST = 60, 300
# What prctl(2) calls PR_SET_CHILD_SUBREAPER.
SUBREAPER = 36
# Processes that ask, for each core.
PROCESSES = 4
# Changes between two lines that say how far it is.
QUIET = 20
# About the site, which they would build from the changed snippet first.
ELSEWHERE = ("tests/site/", "tests/browser/")


class Doubt(NamedTuple):
    """A snippet with one fact changed, and what has to notice.

    Attributes:
        file: The file of the snippet.
        mutant: The change.
        tests: The tests that use the snippet.
        wider: The files of tests that use a snippet which imports it; they are asked if no test notices.
    """

    file: str
    mutant: Mutant
    tests: list[str]
    wider: Sequence[str] = ()

    def __str__(self) -> str:
        """Return what the change is; not its line, which others move."""
        return f"{self.file}: {self.mutant.what}"


def unnoticed_sentences(
    root: Path, pages: Mapping[str, list[Sentence]], quoted: list[Quote]
) -> tuple[int, list[str]]:
    """Change every fact of every sentence of the bound pages; return how many, and those that no fault names."""
    count, survivors = 0, []
    for page, its in pages.items():
        before = _wrong(weigh(root, page, its, quoted))
        for number, sentence in enumerate(its):
            for mutant in of_sentence(sentence.text):
                count += 1
                changed = [*its[:number], sentence._replace(text=mutant.text), *its[number + 1 :]]
                if _wrong(weigh(root, page, changed, quoted)) <= before:
                    survivors.append(f"{sentence.file}:{sentence.line}: {mutant.what}")
    return count, survivors


def _wrong(bound: Bound) -> int:
    """Return of how much of a page the build complains."""
    return len(bound.faults) + len(bound.unbound())


def doubts(root: Path, quoted: Iterable[Quote], bound: Mapping[str, Bound]) -> list[Doubt]:
    """Return every change of every snippet that a proving test of these pages uses."""
    proofs = [quote for quote in quoted if quote.page in bound]
    tests: dict[str, set[str]] = {}
    for quote in proofs:
        for module in used_by(root, root / quote.file):
            tests.setdefault(module, set()).add(f"{quote.file}::{quote.test}")
    wider: dict[Path, list[str]] = {}
    for name in sorted({quote.file for quote in proofs}):
        if not name.startswith(ELSEWHERE):
            for part in made_of(root, root / name):
                wider.setdefault(part, []).append(name)
    found = []
    for module, its in sorted(tests.items()):
        # One that proves no sentence may look at a fact of the snippet too.
        its |= {
            f"{file}::{test}" for file, names in tests_of(root, module).items() for test in names
        }
        its = {test for test in its if not test.startswith(ELSEWHERE)}
        file = file_of(root, module)
        if file is not None:
            shown = file.relative_to(root).as_posix()
            mutants = of_code(file.read_text(encoding="utf-8"))
            more = wider.get(file, [])
            found += [Doubt(shown, mutant, sorted(its), more) for mutant in mutants]
    return found


def made_of(root: Path, file: Path) -> set[Path]:
    """Return the files of the snippets that a file of tests, its fixtures or its helpers use, and what those import."""
    users, wanted = set(), [file, file.with_name("conftest.py")]
    while wanted:
        user = wanted.pop()
        if user.is_file() and user not in users:
            users.add(user)
            wanted += helpers(root, user)
    modules = {module for user in users for module in used_by(root, user)}
    return {part for module in modules for part in dependencies(root, module)}


@cache
def helpers(root: Path, file: Path) -> list[Path]:
    """Return the modules of the tests that one imports."""
    imports = [each for each in ast.walk(parse(file)) if isinstance(each, ast.ImportFrom)]
    names = {
        name
        for each in imports
        if each.module and each.module.split(".")[0] == "tests"
        for name in (each.module, *(f"{each.module}.{alias.name}" for alias in each.names))
    }
    return [root.joinpath(*name.split(".")).with_suffix(".py") for name in sorted(names)]


def equal(root: Path) -> dict[str, str]:
    """Return the changes that make no difference, each with its reason."""
    file = root / lists.EQUAL
    text = file.read_text(encoding="utf-8") if file.is_file() else ""
    return {str(change): str(reason) for change, reason in tomllib.loads(text).items()}


def spread(found: list[Doubt], limit: int) -> list[Doubt]:
    """Return at most ``limit`` of the changes, at even distances."""
    if len(found) <= limit:
        return found
    return [found[number * len(found) // limit] for number in range(limit)]


def copied(root: Path, target: Path) -> None:
    """Copy what tests need, as it stands in the working tree, to where it can be changed."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=root,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    for name in filter(None, listed.split("\0")):
        if root.joinpath(name).is_file():
            target.joinpath(name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(root / name, target / name)


def in_child(fails: Callable[[], int], seconds: float) -> bool:
    """Call something in a process of its own, without a word; say whether it returns 0 in this time."""
    child = os.fork()
    if child:
        status = os.waitpid(child, 0)[1]
        end_orphans()
        return os.waitstatus_to_exitcode(status) == 0
    # One that hangs has noticed too.
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.alarm(math.ceil(seconds))
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)
    os._exit(int(fails()))


def adopt() -> None:
    """Become the parent of what an ended child leaves behind, such as the servers of its tests (Linux only)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(SUBREAPER, 1)


def end_orphans() -> None:
    """End what a child has left behind; one that is ended in turn leaves its own."""
    children = Path(f"/proc/self/task/{os.getpid()}/children")
    while left := children.read_text().split() if children.is_file() else ():
        for pid in map(int, left):
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)


def passes(tests: Sequence[str], seconds: float) -> bool:
    """Run some tests of the working directory; say whether all of them pass in this time."""

    def run() -> int:
        import pytest

        return pytest.main(["-x", "-q", "-p", "no:cacheprovider", "-p", "no:randomly", *tests])

    return in_child(run, seconds)


def other_answers(file: str) -> int:
    """Return how many exchanges with a snippet that is made of this file have another status than their page claims."""
    # Not above: pytest wants to be the first to import what records.
    from proven.exchange.recording import ExchangeError, record
    from proven.releases import jobs
    from proven.snippets.loading import application

    wrong = 0
    for name, snippet in jobs.snippets().items():
        if snippet.sent and ROOT / file in dependencies(ROOT, name):
            for sent in snippet.sent:
                try:
                    record(application(ROOT, name), list(sent.requests), sent.host)
                except (ExchangeError, SnippetError):
                    wrong += 1
    return wrong


def survivors(project: Path, asked: Iterable[Doubt]) -> Iterator[tuple[Doubt, str]]:
    """Make each change in a copy of the project; yield it with ``noticed``, ``survived`` or ``no proof``."""
    limits: dict[tuple[str, ...], float] = {}

    def limit(tests: Sequence[str]) -> float:
        """Return for how long tests may run; 0 for those that fail without a change, or are left out here."""
        key = tuple(tests)
        if key not in limits:
            began = time.monotonic()
            sound = bool(tests) and passes(tests, FIRST)
            limits[key] = PATIENCE + 3 * (time.monotonic() - began) if sound else 0
        return limits[key]

    for doubt in asked:
        answer = "no proof"
        # Each file alone: together, those of the session interfaces take longer than anything may.
        for tests in filter(limit, (doubt.tests, *([file] for file in doubt.wider))):
            with changed(project / doubt.file, doubt.mutant.text):
                same = passes(tests, limit(tests))
                if same and tests is doubt.tests:
                    same = in_child(lambda: other_answers(doubt.file), FIRST)  # noqa: B023
            answer = "survived" if same else "noticed"
            if not same:
                break
        yield doubt, answer


@contextmanager
def changed(file: Path, text: str) -> Iterator[None]:
    """Let a file have another text for a while."""
    before = file.read_text(encoding="utf-8")
    file.write_text(text, encoding="utf-8")
    try:
        yield
    finally:
        file.write_text(before, encoding="utf-8")


def read_asked(file: Path) -> list[Doubt]:
    """Return the changes that :func:`answers` has written down."""
    found: list[list[Any]] = json.loads(file.read_text(encoding="utf-8"))
    return [Doubt(name, Mutant(*mutant), *tests) for name, mutant, *tests in found]


def answers(root: Path, asked: list[Doubt]) -> Iterator[tuple[Doubt, str]]:
    """Yield each change with what came of it, as it comes.

    Most tests wait for a server, so there are several processes a core; the changes of a file stay together, as far as
    that goes, so that their tests are timed once.
    """
    count = min(len(asked), PROCESSES * (os.cpu_count() or 1))
    bounds = [len(asked) * number // count for number in range(count + 1)] if count else []
    parts = [asked[begin:end] for begin, end in pairwise(bounds)]
    found: Queue[tuple[Doubt, str] | None] = Queue()

    def ask(part: list[Doubt]) -> None:
        try:
            for pair in zip(part, answers_of(root, part), strict=True):
                found.put(pair)
        finally:
            found.put(None)

    with ThreadPoolExecutor(count or 1) as pool:
        jobs = [pool.submit(ask, part) for part in parts]
        for _ in jobs:
            yield from iter(found.get, None)
        for job in jobs:
            job.result()


def answers_of(root: Path, asked: list[Doubt]) -> Iterator[str]:
    """Yield what came of each change, made in a copy of the project by a process that has imported none of it."""
    with tempfile.TemporaryDirectory() as temporary:
        project = Path(temporary, "project")
        copied(root, project)
        file = Path(temporary, "asked.json")
        file.write_text(json.dumps(asked), encoding="utf-8")
        path = os.pathsep.join([str(project / "docs" / "_ext"), str(project)])
        with subprocess.Popen(
            [sys.executable, "-B", "-m", "proven.commands.doubt", "--asked", str(file)],
            cwd=project,
            env={**os.environ, "PYTHONPATH": path, "PYTHONUTF8": "1"},
            stdout=subprocess.PIPE,
            text=True,
        ) as process:
            yield from (line.strip() for line in process.stdout or ())


def main() -> int:
    """Run the command line; return 1 if something survived."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("page", nargs="*", help="such as guide/hooks; default: every page")
    parser.add_argument("--limit", type=int, default=LIMIT, help=f"changes of snippets ({LIMIT})")
    parser.add_argument("--again", action="store_true", help="only what survived on record")
    parser.add_argument("--asked", type=Path, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.asked:
        adopt()
        for _doubt, answer in survivors(Path.cwd(), read_asked(arguments.asked)):
            print(answer, flush=True)
        return 0
    pages, quoted = read(ROOT).pages, quotes(ROOT)[0]
    wanted = arguments.page or list(pages)
    bound = {page: weigh(ROOT, page, pages[page], quoted) for page in wanted}
    count, unnoticed = unnoticed_sentences(ROOT, {page: pages[page] for page in wanted}, quoted)
    print(f"{count} facts changed in sentences, {len(unnoticed)} not noticed")
    known, found = equal(ROOT), doubts(ROOT, quoted, bound)
    if arguments.again:
        wanted = json.loads(ROOT.joinpath(RECORD).read_text(encoding="utf-8"))["snippets"]
        left = {*wanted["survived"], *wanted["no proof"]}
        found = [each for each in found if str(each) in left]
        results = {"noticed": wanted["noticed"], "survived": [], "no proof": []}
    else:
        # Spread first: a reason that is written down later does not change which others are asked.
        found = spread(found, arguments.limit)
        results = {"noticed": [], "survived": [], "no proof": []}
    asked = [each for each in found if str(each) not in known]
    for number, (each, result) in enumerate(answers(ROOT, asked), 1):
        results[result].append(str(each))
        if not number % QUIET:
            print(f"{number} of {len(asked)}", flush=True)
        if result != "noticed":
            print(f"{result}: {each} (line {each.mutant.line})", flush=True)
    print(f"{len(asked)} facts changed in snippets, {len(results['survived'])} not noticed")
    if not arguments.page:
        ROOT.joinpath(RECORD).write_text(recorded(count, unnoticed, results), encoding="utf-8")
    return int(bool(unnoticed or results["survived"]))


def recorded(count: int, unnoticed: list[str], results: Mapping[str, list[str]]) -> str:
    """Return the file with the result of a run."""
    results = {name: sorted(its) for name, its in results.items()}
    data: dict[str, Any] = {
        "date": datetime.date.today().isoformat(),
        "sentences": {"changed": count, "survived": unnoticed},
        "snippets": {
            "changed": sum(map(len, results.values())),
            **results,
        },
    }
    return json.dumps(data, ensure_ascii=False, indent=2) + "\n"


if __name__ == "__main__":
    sys.exit(main())
