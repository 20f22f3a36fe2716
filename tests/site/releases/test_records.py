"""The records of the history are written as they were read, and a file of another form is refused."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import pytest

from proven.claims.proofs import proves
from proven.releases import timeline
from proven.releases.records import (
    LibraryHistory,
    Offered,
    ReadKey,
    Snapshot,
    dump,
    dump_library,
    load,
)

FILES = sorted((timeline.FOLDER / "data").glob("*.json"))


@proves(
    "about/house",
    "releases/records.py, the one module that knows the keys of the data, writes them to "
    "docs/history/data/.",
)
@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_data_file_is_written_as_it_was_read(file: Path) -> None:
    text = file.read_text("utf-8")
    assert dump_library(load(LibraryHistory, text)) == text


def test_a_snapshot_is_written_as_it_was_read() -> None:
    brew = Offered(kind="function", signature="(leaf)", imported=True, same="tea.brew")
    snapshot = Snapshot(
        names={"tea.brew": brew, "tea.Pot": Offered(kind="class", bases=("dict",), dynamic=True)},
        keys={"SIZE": ReadKey(default="1", readers=("tea.brew",)), "LID": ReadKey()},
        deprecated=(":SIZE", "tea.Pot(lid)"),
        modules=("tea",),
    )
    text = dump(snapshot)
    assert load(Snapshot, text) == snapshot
    assert '{"kind": "class", "bases": ["dict"], "dynamic": true}' in text
    assert asdict(load(Snapshot, text).keys["LID"]) == {"default": None, "readers": ()}


FLASK = (timeline.FOLDER / "data" / "flask.json").read_text("utf-8")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("{", "Expecting property name"),
        ("[]", "not as nox -s history writes it"),
        ("{}", "missing 6 required keyword-only arguments: 'library'"),
        (FLASK.replace('"events"', '"event"', 1), r"writes it \(KeyError\('event'\)\)"),
        (FLASK.replace('[["0.10", "added"]]', '[["0.10"]]', 1), "missing 1 required positional"),
    ],
)
def test_a_file_of_another_form_is_refused(text: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        load(LibraryHistory, text)
