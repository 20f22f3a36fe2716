"""Change facts and see whether anything notices: ``nox -s doubt``.

::

    python -m proven.commands.doubt                       # 200 changes of snippets, spread over all
    python -m proven.commands.doubt --limit 20 guide/hooks

A change of a sentence is noticed by its quote or its list; every sentence is asked. A change of a snippet, of a
number, a truth value or a condition, has to be noticed by what pages rest on: their exchanges with the snippet, whose
statuses they claim, and the tests that use it. They run in a copy of the project, each in a process of its own, which
is ended after a minute. What nothing noticed is printed, and recorded in ``docs/_claims/doubt.json`` when all pages
were asked. A change that makes no difference to what any sentence says stands with its reason in
``docs/_claims/equal.toml``::

    "snippets/hooks/order.py: 30 -> 31" = "a time-out that no test waits for"
"""

from __future__ import annotations

import argparse
import datetime
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from proven.base.project import ROOT
from proven.claims import lists
from proven.claims.binding import Bound, weigh
from proven.claims.mutations import Mutant, of_code, of_sentence
from proven.claims.page import read
from proven.claims.quotes import Quote, quotes
from proven.claims.sentences import Sentence
from proven.snippets.files import SnippetError, file_of
from proven.snippets.imports import dependencies
from proven.snippets.uses import tests_of, used_by

RECORD = lists.FOLDER / "doubt.json"
LIMIT = 200
# Seconds for the tests of one change.
PATIENCE = 60


class Doubt(NamedTuple):
    """A snippet with one fact changed, and the tests that have to notice."""

    file: str
    mutant: Mutant
    tests: list[str]

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
    tests: dict[str, set[str]] = {}
    for quote in quoted:
        if quote.page in bound:
            for module in used_by(root, root / quote.file):
                tests.setdefault(module, set()).add(f"{quote.file}::{quote.test}")
    found = []
    for module, its in sorted(tests.items()):
        # One that proves no sentence may look at a fact of the snippet too.
        its |= {
            f"{file}::{test}" for file, names in tests_of(root, module).items() for test in names
        }
        file = file_of(root, module)
        if file is not None:
            shown = file.relative_to(root).as_posix()
            mutants = of_code(file.read_text(encoding="utf-8"))
            found += [Doubt(shown, mutant, sorted(its)) for mutant in mutants]
    return found


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


def in_child(fails: Callable[[], int]) -> bool:
    """Call something in a process of its own, without a word; say whether it returns 0."""
    child = os.fork()
    if child:
        status = os.waitpid(child, 0)[1]
        return os.waitstatus_to_exitcode(status) == 0
    # One that hangs has noticed too.
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.alarm(PATIENCE)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)
    os._exit(int(fails()))


def passes(tests: list[str]) -> bool:
    """Run some tests of the working directory; say whether all of them pass."""

    def run() -> int:
        import pytest

        return pytest.main(["-x", "-q", "-p", "no:cacheprovider", "-p", "no:randomly", *tests])

    return in_child(run)


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
    sound: dict[tuple[str, ...], bool] = {}
    for doubt in asked:
        tests = tuple(doubt.tests)
        if tests not in sound:
            # Tests that fail without a change, or are left out on this machine, prove nothing here.
            sound[tests] = passes(doubt.tests)
        if not sound[tests]:
            yield doubt, "no proof"
            continue
        file = project / doubt.file
        before = file.read_text(encoding="utf-8")
        file.write_text(doubt.mutant.text, encoding="utf-8")
        try:
            same = in_child(lambda: other_answers(doubt.file)) and passes(doubt.tests)  # noqa: B023
            yield doubt, "survived" if same else "noticed"
        finally:
            file.write_text(before, encoding="utf-8")


def read_asked(file: Path) -> list[Doubt]:
    """Return the changes that :func:`answers` has written down."""
    found: list[list[Any]] = json.loads(file.read_text(encoding="utf-8"))
    return [Doubt(name, Mutant(*mutant), tests) for name, mutant, tests in found]


def answers(root: Path, asked: list[Doubt]) -> Iterator[str]:
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
    parser.add_argument("--asked", type=Path, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.asked:
        for _doubt, answer in survivors(Path.cwd(), read_asked(arguments.asked)):
            print(answer, flush=True)
        return 0
    pages, quoted = read(ROOT).pages, quotes(ROOT)[0]
    wanted = arguments.page or list(pages)
    bound = {page: weigh(ROOT, page, pages[page], quoted) for page in wanted}
    count, unnoticed = unnoticed_sentences(ROOT, {page: pages[page] for page in wanted}, quoted)
    print(f"{count} facts changed in sentences, {len(unnoticed)} not noticed")
    known = equal(ROOT)
    open_to_doubt = [each for each in doubts(ROOT, quoted, bound) if str(each) not in known]
    asked = spread(open_to_doubt, arguments.limit)
    results: dict[str, list[str]] = {"noticed": [], "survived": [], "no proof": []}
    for each, result in zip(asked, answers(ROOT, asked), strict=True):
        results[result].append(str(each))
        if result != "noticed":
            print(f"{result}: {each} (line {each.mutant.line})", flush=True)
    print(f"{len(asked)} facts changed in snippets, {len(results['survived'])} not noticed")
    if not arguments.page:
        ROOT.joinpath(RECORD).write_text(recorded(count, unnoticed, results), encoding="utf-8")
    return int(bool(unnoticed or results["survived"]))


def recorded(count: int, unnoticed: list[str], results: Mapping[str, list[str]]) -> str:
    """Return the file with the result of a run."""
    data: dict[str, Any] = {
        "date": datetime.date.today().isoformat(),
        "sentences": {"changed": count, "survived": unnoticed},
        "snippets": {
            "changed": sum(map(len, results.values())),
            "survived": results["survived"],
            "no proof": results["no proof"],
        },
    }
    return json.dumps(data, ensure_ascii=False, indent=2) + "\n"


if __name__ == "__main__":
    sys.exit(main())
