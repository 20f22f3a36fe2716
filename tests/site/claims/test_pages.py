"""The claims of this site: nothing is wrong with them."""

from __future__ import annotations

import subprocess
import sys

import pytest

from proven.base.project import ROOT
from proven.claims import lists
from proven.claims.binding import faults
from proven.claims.page import Read, read
from proven.commands.build import environment


@pytest.fixture(scope="module")
def found() -> Read:
    # In a process of its own, as Sphinx leaves traces; what it read is kept.
    command = [sys.executable, "-m", "proven.commands.claims"]
    done = subprocess.run(command, cwd=ROOT, env=environment(ROOT), capture_output=True, text=True)
    assert "Traceback" not in done.stderr, done.stderr
    return read(ROOT)


def test_every_sentence_rests_on_something(found: Read) -> None:
    assert found.pages["guide/flashing"]
    lines = [f"{fault.place}: {fault.message}" for fault in faults(ROOT, found.pages)]
    assert not lines, "\n" + "\n".join(lines)


def test_the_lists_are_as_the_command_writes_them() -> None:
    for page in lists.pages_with_lists(ROOT):
        file = ROOT / lists.path(page)
        before = file.read_text(encoding="utf-8")
        texts: dict[str, list[str]] = {}
        for item in lists.listed(ROOT, page):
            texts.setdefault(item.reason, []).append(item.text)
        assert lists.text_of(texts) == before, f"{page}: write it with nox -s claims -- file"
