"""Every “then and now” shows old lines that were run, in the release of their time and today."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from proven.base.project import DOCS
from proven.releases import notebook, old_lines
from proven.releases.environments import FLASK
from proven.releases.old_lines import Block, OldLineError, read_block
from tests.subjects import FURTHER

NAME = "flask-0.12.5/responses"
CLAIM = "escape -> ImportError: cannot import name 'escape' from 'flask'"
BOX = re.compile(r"^:::\{then-and-now\}\n(.*?)^:::$", re.MULTILINE | re.DOTALL)
PAGES = sorted(path for room in ("start", "guide") for path in DOCS.joinpath(room).glob("*.md"))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_every_box_of_the_guide_shows_old_lines_that_were_run(page: Path) -> None:
    boxes = BOX.findall(page.read_text(encoding="utf-8"))
    assert boxes or page.stem in FURTHER
    for box in boxes:
        assert "```{then-lines} " in box


def test_every_block_is_as_it_was_recorded() -> None:
    found = old_lines.read()
    assert [len(block.shown(found)) for block in old_lines.written()] == [
        len(block.claims) for block in old_lines.written()
    ]


def test_every_line_is_on_one_page_and_every_record_is_of_a_line() -> None:
    claimed = [f"{block.name}.{name}" for block in old_lines.written() for name, _ in block.claims]
    assert len(claimed) == len(set(claimed))
    assert sorted(claimed) == sorted(old_lines.read().measured)
    assert sorted({block.name for block in old_lines.written()}) == old_lines.names()
    files = {block.name: old_lines.sources(block.file) for block in old_lines.written()}
    assert sorted(f"{name}.{one}" for name, code in files.items() for one in code) == sorted(
        claimed
    )


def test_no_line_is_run_in_todays_release_alone() -> None:
    assert all(block.environment != FLASK[-1] for block in old_lines.written())


def test_what_is_shown_is_the_body_that_ran() -> None:
    (shown,) = read_block(NAME, [CLAIM]).shown(old_lines.read())
    assert shown.code == 'from flask import escape, Markup\nMarkup("<p>%s</p>") % escape("<tea>")'
    assert shown.measured.then == "<p>&lt;tea&gt;</p>"


def test_a_false_claim_is_seen_at_its_line() -> None:
    block = read_block(NAME, [CLAIM, "location -> http://localhost/index.html"])
    with pytest.raises(OldLineError, match=r"location gives '/index\.html' today") as raised:
        block.shown(old_lines.read())
    assert raised.value.line == 1


def test_a_changed_record_is_seen() -> None:
    found = old_lines.read()
    changed = replace(found.measured[f"{NAME}.escape"], now="<p>&lt;tea&gt;</p>")
    with pytest.raises(OldLineError, match="escape gives"):
        read_block(NAME, [CLAIM]).shown(
            replace(found, measured={**found.measured, f"{NAME}.escape": changed})
        )


def test_a_line_that_is_newer_than_its_record_is_seen() -> None:
    found = old_lines.read()
    with pytest.raises(OldLineError, match="newer than its record"):
        read_block(NAME, [CLAIM]).shown(replace(found, code={**found.code, NAME: "0" * 16}))


@pytest.mark.parametrize(
    ("argument", "lines", "message"),
    [
        ("flask-0.12.5/tea", [], "there are no old lines 'flask-0.12.5/tea'"),
        ("flask-0.13/responses", [], "there are no old lines"),
        (NAME, ["escape"], "'escape' is not <function> -> <what it gives today>"),
    ],
)
def test_a_block_that_cannot_be_read_is_named(
    argument: str, lines: list[str], message: str
) -> None:
    with pytest.raises(OldLineError, match=message):
        read_block(argument, lines)


def test_a_function_that_is_not_there_is_named() -> None:
    with pytest.raises(OldLineError, match="has no function 'tea'"):
        Block(NAME, (("tea", "x"),)).shown(old_lines.read())


def test_data_are_what_was_read() -> None:
    text = old_lines.FILE.read_text(encoding="utf-8")
    assert notebook.text_of(old_lines.read()) == text
