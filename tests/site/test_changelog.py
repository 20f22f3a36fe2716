"""What CHANGELOG.md says in figures is what was measured."""

from __future__ import annotations

import re

from proven.base.project import ROOT
from proven.run import record
from tests.findable.bank import FOLDERS, read_messages, read_questions

TEXT = " ".join(ROOT.joinpath("CHANGELOG.md").read_text(encoding="utf-8").split())


def test_the_figures_of_run_are_those_of_its_record() -> None:
    found = record.read()
    blocks = f"{found.same} of {found.blocks} blocks of requests are answered in Chromium"
    shown = found.example_blocks - found.examples_left_out
    examples = f"Blocks with `>>>` open a console, {shown} of {found.example_blocks};"
    assert blocks in TEXT, blocks
    assert examples in TEXT, examples


def test_as_many_questions_and_messages_are_asked_as_it_says() -> None:
    said = re.search(r"judged by ([\d,]+) real questions and messages", TEXT)
    assert said
    number = int(said[1].replace(",", ""))
    asked = sum(len(read_questions(language)) for language in FOLDERS) + len(read_messages())
    assert asked // 100 * 100 == number, f"{asked} are asked; round it down to hundreds"
