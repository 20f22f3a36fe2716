"""Old code is recorded in the release that a page names, and a false claim or an old record is seen."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import pytest

from proven.claims.proofs import proves
from proven.releases import recorded
from proven.releases.environments import FLASK
from proven.releases.recorded import Old, OldCodeError, Record, read_block

BLOCK = ("GET / -> 200", "GET /download/a.txt -> 200")


@cache
def written() -> list[Old]:
    return [old for _, _, old in recorded.written()]


def record() -> tuple[Old, Record]:
    """Return a block that has answers, with its record."""
    old = read_block("3.0.3/diary", {"no-code": ""}, BLOCK)
    return old, recorded.read().records[old.key]


@proves(
    "about/testing",
    "Code of another time is a file under docs/history/old/, and a page shows it with "
    "what it did in a named release:",
)
def test_every_block_is_as_it_was_recorded() -> None:
    records = recorded.read().records
    assert written()
    for old in written():
        old.check(records.get(old.key))


def test_the_data_have_no_record_that_no_page_shows() -> None:
    assert set(recorded.read().records) == {old.key for old in written()}


@proves(
    "about/house", "releases/environments.py names the releases and what is installed beside each."
)
def test_every_release_is_one_that_has_an_environment() -> None:
    assert {old.release for old in written()} <= {each.release for each in FLASK}


def test_a_changed_answer_in_the_data_is_seen() -> None:
    old, found = record()
    answers = (replace(found.answers[0], status="404 NOT FOUND"), *found.answers[1:])
    with pytest.raises(OldCodeError, match="GET / answers 404 NOT FOUND, the page claims 200"):
        old.check(replace(found, answers=answers))


@proves(
    "about/testing",
    "A build reads the record, and stops where a claim is not what was recorded, or where "
    "the code is newer than its record.",
    "old code that did something else than the page claims, or that is newer than its record",
)
def test_a_false_status_is_seen_at_its_line() -> None:
    _, found = record()
    old = read_block("3.0.3/diary", {}, ("GET / -> 200", "GET /download/a.txt -> 404"))
    with pytest.raises(OldCodeError) as raised:
        old.check(found)
    assert raised.value.line == 1


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        (("import -> raises ImportError", *BLOCK), "importing it raises nothing"),
        (("GET / -> raises KeyError", BLOCK[1]), "GET / raises nothing: it answers 200"),
        ((*BLOCK, "warns DeprecationWarning: of tea"), "it does not warn so"),
    ],
)
def test_a_false_exception_or_warning_is_seen(lines: tuple[str, ...], message: str) -> None:
    _, found = record()
    with pytest.raises(OldCodeError, match=message):
        read_block("3.0.3/diary", {}, lines).check(found)


def test_an_import_that_raises_must_be_claimed_as_it_is() -> None:
    lines = ("import -> raises ModuleNotFoundError: No module named 'flask.ext'",)
    old = read_block("0.12.5/diary", {"on": "1.0.4"}, lines)
    found = recorded.read().records[old.key]
    assert old.check(found) == found
    other = read_block("0.12.5/diary", {"on": "1.0.4"}, ("import -> raises KeyError",))
    with pytest.raises(OldCodeError, match="importing it raises ModuleNotFoundError"):
        other.check(found)


@proves(
    "about/testing",
    "A build reads the record, and stops where a claim is not what was recorded, or where "
    "the code is newer than its record.",
    "old code that did something else than the page claims, or that is newer than its record",
)
def test_a_record_that_is_missing_or_older_than_the_code_is_seen() -> None:
    old, found = record()
    with pytest.raises(OldCodeError, match="nothing recorded this"):
        old.check(None)
    with pytest.raises(OldCodeError, match="newer than its record"):
        old.check(replace(found, code="0" * 16))


def test_what_is_sent_decides_the_record() -> None:
    old, _ = record()
    assert read_block("3.0.3/diary", {}, BLOCK[:1]).key != old.key
    assert read_block("3.0.3/diary", {"on": "3.1.3"}, BLOCK).key != old.key
    assert read_block("3.0.3/diary", {"host": "tea.example"}, BLOCK).key != old.key


def test_code_that_is_not_there_is_named() -> None:
    with pytest.raises(OldCodeError, match=r"no old code 'tea'; there is 0.12.5/diary"):
        read_block("tea", {}, ())


def test_data_are_what_was_read() -> None:
    records = recorded.read().records
    assert recorded.text_of(records) == recorded.FILE.read_text(encoding="utf-8")
