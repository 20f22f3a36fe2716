"""The ``>>>`` blocks of the pages and of the published docstrings, run from their sources."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from proven.base.project import ROOT
from proven.claims.proofs import proves
from tests.forked import Loaded
from tests.site.examples import PROMPT, failures


def sources() -> Iterator[Path]:
    """Yield the files with examples that a reader may try."""
    for pattern in ("docs/**/*.md", "snippets/**/*.py", "docs/_ext/**/*.py"):
        for path in sorted(ROOT.glob(pattern)):
            if any(map(PROMPT.match, path.read_text(encoding="utf-8").splitlines())):
                yield path


@pytest.fixture(scope="module")
def loaded() -> Iterator[Loaded]:
    """Load once what most examples use."""
    loaded = Loaded("flask", "sybil.parsers.myst", "sybil.parsers.rest", "werkzeug.test")
    yield loaded
    loaded.end()


@pytest.mark.parametrize("path", [pytest.param(p, id=str(p.relative_to(ROOT))) for p in sources()])
def test_the_examples_give_what_they_show(loaded: Loaded, path: Path) -> None:
    own = os.pathsep.join([str(ROOT), str(ROOT / "docs/_ext")])
    command = [sys.executable, "-m", "tests.site.examples", str(path)]
    run = loaded.run(command, ROOT, {**os.environ, "PYTHONPATH": own})
    assert run.returncode == 0, run.stdout


@proves(
    "about/adding-a-page",
    "The blocks of one page share their names; an answer that differs stops the tests "
    "with file and line.",
)
@proves(
    "about/testing",
    "It runs twice: from its source, which gives file and line when it fails, and from "
    "the page of each language, so that a translation cannot break it.",
)
def test_an_example_that_gives_something_else_is_named_with_file_and_line(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(
        "# Page\n\n```{doctest}\n>>> x = 2\n>>> x + x\n5\n>>> y\n```\n", encoding="utf-8"
    )
    wrong, unknown = failures(page)
    assert wrong == f"{page}:5: Expected:\n    5\nGot:\n    4"
    assert unknown.startswith(f"{page}:7: Exception raised:")
    assert unknown.endswith("NameError: name 'y' is not defined")


def test_an_example_that_nothing_runs_is_named(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("```{code-block} pycon\n>>> 1 + 1\n3\n```\n", encoding="utf-8")
    assert list(failures(page)) == [f"{page}:2: nothing runs this: put it into a {{doctest}} block"]


def test_the_examples_of_a_docstring_see_the_module(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    module = tmp_path / "doubling.py"
    module.write_text(
        'def double(x):\n    """Double.\n\n    >>> double(2)\n    5\n    """\n    return 2 * x\n'
    )
    monkeypatch.syspath_prepend(tmp_path)
    assert list(failures(module)) == [f"{module}:4: Expected:\n    5\nGot:\n    4"]
