"""The versions that do not fit: what is recorded is what is asked, and what the command does with each answer."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from lxml import html

from proven.claims.proofs import proves
from proven.commands import pairs as command
from proven.releases import pairs
from proven.releases.pairs import Asked, PairError, place, title
from proven.translation.languages import LANGUAGES

ASKED = pairs.read_asked(tomllib.loads(pairs.ASKED.read_text("utf-8")))
FOUND = pairs.read_found()


def test_what_is_asked_is_recorded() -> None:
    assert [pair.label for pair in FOUND] == [asked.label for asked in ASKED]
    assert len(FOUND) > 25
    for asked, pair in zip(ASKED, FOUND, strict=True):
        assert pair == pairs.Pair.of(asked, pair.message, pair.caller)
        assert bool(pair.mended) is not bool(pair.instead)


@proves(
    "history/pairs",
    "ImportError: cannot import name 'url_quote' from 'werkzeug.urls' in a package that "
    "you did not write means that two releases do not fit together: one of them uses a "
    "name that the other no longer has.",
)
def test_the_message_is_about_a_name_that_is_missing() -> None:
    for pair in FOUND:
        assert any(
            name.rstrip(")").replace("(", ".").split(".")[-1] in pair.message for name in pair.names
        )


def test_the_record_is_written_as_it_is_read() -> None:
    assert pairs.dump(FOUND) == pairs.FOUND.read_text("utf-8")


@proves("history/pairs", "Find the exception below, and install the release in the last column.")
@pytest.mark.parametrize("folder", [language.folder for language in LANGUAGES])
def test_the_page_has_a_row_for_each(site: Path, folder: str) -> None:
    tree = html.parse(str(site / folder / "history/pairs.html")).getroot()
    for pair in FOUND:
        (row,) = tree.xpath(f"//tr[@id='{place(pair)}']")
        said = " ".join(row.text_content().split())
        assert said.startswith(title(pair.old))
        assert pair.last in said
        assert f"{title(pair.new)} {pair.first}" in said
        assert pair.message in said
        assert (pair.mended or pair.before) in said


QUESTION = Asked(
    old="flask", last="2.2.3", mended="2.2.4", new="werkzeug", first="3.0.0", before="2.3.8",
    run="import flask", names=("werkzeug.urls.url_quote",), beside={"click": "8.1.8"},
)  # fmt: skip
SAID = """Traceback (most recent call last):
  File "<string>", line 2, in <module>
  File "/tmp/pairs-x/site-packages/flask/app.py", line 28, in <module>
    from werkzeug.urls import url_quote
ImportError: cannot import name 'url_quote' from 'werkzeug.urls' (/tmp/pairs-x/site-packages/werkzeug/urls.py)
"""


def answers(failing: Mapping[tuple[str, str], str]) -> object:
    """Return what stands in for an environment: what Python says for versions of Flask and Werkzeug."""
    return lambda releases, run: failing.get((releases["flask"], releases["werkzeug"]))


def test_a_pair_is_recorded_with_its_caller(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command, "attempt", answers({("2.2.3", "3.0.0"): SAID}))
    pair = command.tried(QUESTION)
    assert pair.message == "ImportError: cannot import name 'url_quote' from 'werkzeug.urls'"
    assert pair.caller == "flask/app.py"


@proves(
    "history/pairs",
    "The command nox -s pairs creates up to three environments for a row: one with the "
    "last release that fails, one with an older release of the other library, with which "
    "the failing release runs, and one with the first release that runs with both, if "
    "there is one.",
)
def test_which_environments_a_row_has(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[tuple[str, str]] = []

    def attempt(releases: Mapping[str, str], run: str) -> str | None:
        made.append((releases["flask"], releases["werkzeug"]))
        return SAID if len(made) == 1 else None

    monkeypatch.setattr(command, "attempt", attempt)
    command.tried(QUESTION)
    assert made == [("2.2.3", "3.0.0"), ("2.2.3", "2.3.8"), ("2.2.4", "3.0.0")]
    made.clear()
    command.tried(replace(QUESTION, mended=None))
    assert made == [("2.2.3", "3.0.0"), ("2.2.3", "2.3.8")]


@proves("history/pairs", "It records the last line of the traceback.")
def test_the_last_line_of_the_traceback_is_recorded() -> None:
    assert command.message_of(SAID) == SAID.splitlines()[-1].partition(" (/")[0]


@proves("history/pairs", "Both releases were installed and run.")
@pytest.mark.parametrize(
    ("failing", "complaint"),
    [
        ({}, "they fit"),
        ({("2.2.3", "3.0.0"): SAID, ("2.2.3", "2.3.8"): SAID}, "flask 2.2.3, werkzeug 2.3.8 do not fit"),
        ({("2.2.3", "3.0.0"): SAID, ("2.2.4", "3.0.0"): SAID}, "flask 2.2.4, werkzeug 3.0.0 do not fit"),
        ({("2.2.3", "3.0.0"): "ImportError: cannot import name 'teapot'"}, "url_quote is missing"),
    ],
)  # fmt: skip
def test_a_pair_that_does_otherwise_is_a_fault(
    monkeypatch: pytest.MonkeyPatch, failing: dict[tuple[str, str], str], complaint: str
) -> None:
    monkeypatch.setattr(command, "attempt", answers(failing))
    with pytest.raises(PairError, match=complaint):
        command.tried(QUESTION)


def test_a_pair_without_its_set_is_a_fault() -> None:
    content = {
        "beside": {},
        "pair": [{"old": ["a", "1"], "new": ["b", "1", "2"], "run": "", "beside": "one"}],
    }
    with pytest.raises(PairError, match=r"asked\.toml: \['a', '1'\]: 'one'"):
        pairs.read_asked(content)
