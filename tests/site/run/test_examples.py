"""The examples of a page: what they need in the browser, and when what they give there is what the page says."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from proven.claims.proofs import proves
from proven.releases.jobs import example_pages
from proven.run import examples
from proven.run.runner import Program

TEXT = """\
>>> from snippets.routing.smallest import app
>>> for leaf in "te":
...     print(leaf)
t
e
>>> app.name
'snippets...'
"""
FAILS = ">>> 1 / 0\nTraceback (most recent call last):\n    ...\nOSError: no\n"


def said(**found: Any) -> dict[str, Any]:
    return {"more": False, "output": "", "printed": "", "raised": "", **found}


@proves(
    "about/house",
    "run/examples.py reads the blocks with >>> for the replay and for the console.",
)
def test_the_blocks_of_a_page_are_read_with_what_they_need() -> None:
    its = examples.examples_of([TEXT, ">>> 1\n1"])
    assert its.sources[0][1] == 'for leaf in "te":\n    print(leaf)\n'
    assert its.sources[1] == ["1\n"]
    assert its.modules == ["snippets.routing", "snippets.routing.smallest"]
    assert "snippets/routing/smallest.py" in its.files
    assert its.bundles == ["flask"]
    # The same from a source and from what Sphinx has read of it.
    assert its.digest == examples.examples_of([f"{TEXT}\n", ">>> 1\n1\n"]).digest
    assert its.digest != examples.examples_of([TEXT]).digest
    assert examples.pages().keys() == example_pages().keys()


def test_a_package_is_there_with_what_it_imports() -> None:
    text = (
        ">>> from snippets.application.mobile import normalize\n>>> import wtforms\n>>> import (\n"
    )
    its = examples.examples_of([text])
    assert its.modules == ["snippets.application", "snippets.application.mobile"]
    assert {"snippets/application/mobile.py", "snippets/converters.py"} <= set(its.files)
    assert {"flask", "forms", "sqlalchemy"} <= set(its.bundles)


@proves(
    "about/testing",
    "A block with >>> has the button if its output in Chromium is what the page says.",
)
@pytest.mark.parametrize(
    ("text", "found", "difference"),
    [
        (">>> 1\n1\n", said(printed="1\n", output="1\n"), ""),
        (">>> 1\n1\n", said(printed="2\n"), "gives 2"),
        (">>> 1\n1\n", said(), "gives nothing"),
        (">>> 1\n1\n", said(raised="OSError: no\n"), "raises OSError: no"),
        (">>> [1]  # doctest: +ELLIPSIS\n[...]\n", said(printed="[1]\n"), ""),
        (FAILS, said(raised="OSError: no\n", output="Traceback ..."), ""),
        (FAILS, said(raised="OSError: yes\n"), "gives OSError: yes"),
        (">>> 1\n1\n", {"more": True}, "it is not complete"),
        # What is logged is not what the page says.
        (">>> 1\n1\n", said(printed="1\n", output="logged\n1\n"), ""),
    ],
)
def test_what_comes_is_held_against_the_page(
    text: str, found: dict[str, Any], difference: str
) -> None:
    ((example,),) = examples.examples_of([text]).blocks
    assert examples.differs(example, found) == difference


def test_the_runner_gives_what_is_compared(tmp_path: Path) -> None:
    program = Program(tmp_path)
    program.enter({})
    (block,) = examples.examples_of([">>> x = 2\n>>> x + 1\n3\n"]).blocks
    assert [examples.differs(each, program.push(each.source)) for each in block] == ["", ""]
