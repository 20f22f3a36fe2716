"""The record of the replay is that of the pages as they are; a snippet that changed or is missing stops this."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from proven.claims.proofs import proves
from proven.run import examples, record
from proven.run.compare import Plain, differing, first
from proven.run.libraries import versions
from proven.run.reasons import reason

REMEDY = "run nox -s replay -- --changed, and review what changed in docs/_run/record.json"


@proves(
    "about/house", "nox -s replay sends the exchanges of all pages to their snippets in Chromium."
)
@proves(
    "about/testing",
    "A test fails where a snippet, its exchanges or an example have changed since, and the button "
    "is gone until they are replayed.",
)
def test_the_record_is_that_of_the_snippets_and_pages_as_they_are() -> None:
    committed, now = record.read(), record.wanted()
    missing = sorted(now.keys() ^ committed.snippets.keys())
    assert not missing, f"{missing}: {REMEDY}"
    changed = [
        name
        for name, seen in committed.snippets.items()
        if (record.digest_of(now[name]), len(now[name].sent)) != (seen.digest, seen.blocks)
    ]
    assert not changed, f"{changed}: {REMEDY}"
    its = examples.pages()
    assert its.keys() == committed.examples.keys(), REMEDY
    changed = [
        page for page, tried in committed.examples.items() if tried.digest != its[page].digest
    ]
    assert not changed, f"{changed}: {REMEDY}"


def test_the_record_was_made_with_the_libraries_of_today() -> None:
    assert record.read().libraries == versions(), "run nox -s replay"


@proves(
    "about/house",
    "run/compare.py compares the answers with the recorded ones, and run/record.py writes what "
    "runs to docs/_run/record.json.",
)
def test_the_record_is_written_as_the_command_writes_it() -> None:
    assert record.FILE.read_text(encoding="utf-8") == record.text_of(record.read())


def test_what_runs_has_all_blocks_the_same_and_what_does_not_a_reason() -> None:
    for name, seen in record.read().snippets.items():
        assert (seen.same == seen.blocks) is (not seen.why) or (not seen.blocks and seen.why), name
        assert "\n" not in seen.why, name


def test_of_the_blocks_95_percent_are_answered_as_recorded() -> None:
    found = record.read()
    assert found.blocks == sum(len(snippet.sent) for snippet in record.wanted().values())
    assert found.same >= 0.95 * found.blocks, f"{found.same} of {found.blocks}"


def test_of_the_blocks_of_examples_95_percent_give_what_the_pages_say() -> None:
    found = record.read()
    its = examples.pages()
    for page, tried in found.examples.items():
        assert tried.blocks == len(its[page].blocks), page
        assert all(0 <= int(number) < tried.blocks for number in tried.left_out), page
        assert all(tried.left_out.values()), page
    assert found.examples_left_out <= 0.05 * found.example_blocks


def test_a_record_that_is_none_is_a_fault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "record.json"
    monkeypatch.setattr(record, "FILE", file)
    for text in ("{", "{}", '{"snippets": {}}', '{"snippets": {"a": {"b": 1}}}', "[]"):
        file.write_text(text, encoding="utf-8")
        with pytest.raises(ValueError):
            record.read()


ONE = Plain(
    "200 OK",
    (("Content-Type", "text/html"), ("Allow", "GET, HEAD"), ("Content-Length", "2")),
    b"hi",
)


@proves(
    "about/testing",
    "It sends the exchanges of every page to their snippets in Chromium, and compares status, "
    "headers and body with what is recorded.",
)
@pytest.mark.parametrize(
    ("live", "said"),
    [
        (ONE, ""),
        (replace(ONE, status="404 NOT FOUND"), "status: '404 NOT FOUND' for '200 OK'"),
        (replace(ONE, body=b"ho"), "body: 'ho' for 'hi'"),
        (replace(ONE, headers=ONE.headers[1:]), "content-type: '' for 'text/html'"),
        (replace(ONE, headers=(*ONE.headers, ("X-New", "1"))), "x-new: '1' for ''"),
        (replace(ONE, headers=(ONE.headers[0], ("Allow", "HEAD, GET"))), ""),
        (replace(ONE, headers=(ONE.headers[0], ("Allow", "GET"))), "allow: 'GET' for 'GET, HEAD'"),
    ],
)
def test_every_part_of_an_answer_is_compared(live: Plain, said: str) -> None:
    assert first(differing(live, ONE, ONE)) == said


def test_what_differs_between_two_recordings_does_not_count() -> None:
    live, again = replace(ONE, body=b"1"), replace(ONE, body=b"2")
    assert first(differing(live, ONE, again)) == ""
    assert first(differing(replace(live, status="500 NO"), ONE, again))


@pytest.mark.parametrize(
    ("why", "said"),
    [
        (
            "RuntimeError: can't start new thread",
            "Does not run in the browser, which has no threads.",
        ),
        ("ModuleNotFoundError: No module named 'msgspec'", "which has no `msgspec`."),
        ("GET /: body: 'a`' for 'b'", "Does not run in the browser: `GET /: body: 'a'' for 'b'`"),
    ],
)
def test_a_reader_is_told_why_a_snippet_does_not_run(why: str, said: str) -> None:
    assert reason(why).endswith(said)
