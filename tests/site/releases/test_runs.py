"""What the snippets did in other releases: the data are as new as the snippets, and a difference is seen."""

from __future__ import annotations

import base64
import json
import subprocess
import sys
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from proven.base.project import ROOT
from proven.claims.proofs import proves
from proven.commands import releases
from proven.exchange.blocks import Block, blocks
from proven.exchange.recording import parse
from proven.releases import compare, jobs, runner, runs
from proven.releases.environments import FLASK
from proven.releases.jobs import Sent, Snippet
from proven.releases.runs import Outcome, Runs

NAME = "snippets.routing.trailing_slashes"


@cache
def known() -> dict[str, Snippet]:
    return jobs.snippets()


@cache
def data() -> Runs:
    return runs.read()


@proves("about/house", "A test fails where a snippet is newer than its data.")
def test_the_data_are_as_new_as_the_snippets() -> None:
    assert releases.stale(data(), known()) == [], "run nox -s releases -- --changed"


@proves(
    "about/testing",
    "nox -s releases sends the exchanges of every page to other releases of Flask and "
    "records what differs.",
)
@proves(
    "history/index",
    "That is measured, not read: the command nox -s releases sends the requests of the "
    "pages to every snippet in other releases of Flask, one of each minor version, each "
    "with the Werkzeug, Jinja, ItsDangerous, Click and MarkupSafe of its time, and with "
    "today's versions of everything else.",
)
def test_the_data_have_every_snippet_and_a_release_of_each_minor_version_of_flask() -> None:
    assert list(data().snippets) == sorted(known())
    assert data().releases["flask"] == tuple(each.release for each in FLASK)
    minor = [tuple(each.release.split(".")[:2]) for each in FLASK]
    assert len(minor) == len(set(minor)) > 5
    listed = json.loads((ROOT / "docs/history/data/flask.json").read_text("utf-8"))["releases"]
    numbers = {tuple(release.split(".")[:2]) for release in listed}
    assert {each for each in numbers if tuple(map(int, each)) >= (0, 12)} == set(minor)


def test_a_changed_snippet_is_older_data() -> None:
    one = data().snippets[NAME]
    changed = replace(data(), snippets={**data().snippets, NAME: replace(one, digest="0" * 16)})
    assert releases.stale(changed, known()) == [NAME]


def test_an_outcome_that_is_changed_by_hand_is_seen() -> None:
    one = data().snippets[NAME]
    outcomes = {**one.runs, "flask": (Outcome(since="0.12.5", kind="raises", error="KeyError"),)}
    changed = replace(data(), snippets={**data().snippets, NAME: replace(one, runs=outcomes)})
    assert releases.stale(changed, known()) == [NAME]


def test_a_snippet_that_came_or_went_is_older_data() -> None:
    fewer = {name: one for name, one in data().snippets.items() if name != NAME}
    assert releases.stale(replace(data(), snippets=fewer), known()) == [NAME]
    more = {**data().snippets, "snippets.gone": data().snippets[NAME]}
    assert releases.stale(replace(data(), snippets=more), known()) == ["snippets.gone"]


def test_another_recorder_or_other_releases_are_older_data() -> None:
    (found,) = releases.stale(replace(data(), recorder=""), known())
    assert "runner.py" in found
    (found,) = releases.stale(replace(data(), pins={}), known())
    assert "environments.py" in found


def test_the_digest_changes_with_what_is_sent() -> None:
    snippet = known()[NAME]
    sent = snippet.sent[0]
    other = replace(sent, block=replace(sent.block, lines=(*sent.block.lines, "GET /more -> 404")))
    assert Snippet(NAME, [other, *snippet.sent[1:]]).digest() != snippet.digest()
    headers = replace(sent, block=replace(sent.block, options={"headers": "Vary"}))
    assert Snippet(NAME, [headers, *snippet.sent[1:]]).digest() != snippet.digest()
    assert Snippet(NAME, snippet.sent, texts=[">>> 1"]).digest() != snippet.digest()


def test_the_digest_changes_with_the_module_and_the_files_beside_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "snippets" / "tea"
    folder.mkdir(parents=True)
    (folder / "cup.py").write_text("app = None\n")
    (folder / "cup.html").write_text("tea")
    monkeypatch.setattr(jobs, "ROOT", tmp_path)
    before = Snippet("snippets.tea.cup").digest()
    (folder / "cup.html").write_text("coffee")
    between = Snippet("snippets.tea.cup").digest()
    (folder / "cup.py").write_text("app = 1\n")
    assert len({before, between, Snippet("snippets.tea.cup").digest()}) == 3


@proves(
    "about/house",
    "releases/runs.py writes what differs to docs/history/data/runs/, and the file is "
    "reviewed and committed.",
)
def test_a_data_file_is_what_was_read() -> None:
    assert runs.text_of(data()) == runs.FILE.read_text(encoding="utf-8")


def test_what_it_says_of_some_snippets() -> None:
    def at(name: str, release: str) -> Outcome:
        order = data().releases["flask"]
        outcomes = data().snippets[name].runs["flask"]
        return [o for o in outcomes if order.index(o.since) <= order.index(release)][-1]

    newest = FLASK[-1].release
    assert at(NAME, newest).kind == "same"
    assert at(NAME, "0.12.5").kind == "same"
    hello = at("snippets.index.hello", "1.1.4")
    assert (hello.kind, hello.error) == (
        "raises",
        "AttributeError: 'Flask' object has no attribute 'get'",
    )
    found = at("snippets.routing.doubled_slashes", "2.2.5").differences[0]
    assert (found.part, found.then, found.now) == ("status", "308", "404")


# --- what is the same -------------------------------------------------------------------------


def answer(status: int = 200, body: str = "hello", **headers: str) -> dict[str, Any]:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return {
        "status": f"{status} SAID",
        "headers": [["Content-Type", "text/plain"], *map(list, named.items())],
        "body": base64.b64encode(body.encode()).decode(),
    }


def compared(
    got: dict[str, Any], now: dict[str, Any], again: dict[str, Any] | None = None
) -> Outcome:
    lines = ("GET /tea -> 200",)
    sent = Sent(
        "page", Block("exchange", "x", {"headers": "X-Tea"}, lines, 1), tuple(parse(list(lines)))
    )
    snippet = Snippet("x", [sent])
    files = [{"done": [{"answers": [each]}]} for each in (got, now, again or now)]
    return compare.outcome("1.0", snippet, *files)


@proves("about/house", "releases/compare.py compares the answers with those of today.")
@proves(
    "history/index",
    "A snippet runs as today if each answer has the same status, the same body, and the "
    "same Location, Allow, Content-Type, Set-Cookie, WWW-Authenticate and shown headers.",
)
@pytest.mark.parametrize(
    ("got", "part"),
    [
        (answer(301), "status"),
        (answer(body="bye"), "body"),
        (answer(Location="/"), "Location"),
        (answer(Set_Cookie="a=b"), "Set-Cookie"),
        (answer(X_Tea="oolong"), "X-Tea"),
    ],
)
def test_another_answer_is_seen(got: dict[str, Any], part: str) -> None:
    outcome = compared(got, answer())
    assert outcome.kind == "other"
    assert outcome.differences[0].part == part


@pytest.mark.parametrize(
    ("got", "now"),
    [
        (answer(X_Other="1"), answer()),
        (answer(Allow="GET, HEAD"), answer(Allow="HEAD, GET")),
        (
            answer(Set_Cookie="a=b; Path=/; Expires=Thu, 01-Jan-1970 00:00:00 GMT"),
            answer(Set_Cookie="a=b; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Path=/"),
        ),
        (
            answer(404, "<!DOCTYPE HTML PUBLIC ''>\n<title>404 Not Found</title>\nold"),
            answer(404, "<!doctype html>\n<html lang=en>\n<title>404 Not Found</title>\nnew"),
        ),
    ],
)
def test_spelling_is_no_other_answer(got: dict[str, Any], now: dict[str, Any]) -> None:
    assert compared(got, now).kind == "same"


def test_what_differs_between_two_runs_of_today_is_not_compared() -> None:
    assert compared(answer(body="1"), answer(body="2"), answer(body="3")).kind == "same"
    assert compared(answer(body="1"), answer(body="2"), answer(body="2")).kind == "other"


def test_an_exception_behind_a_500_is_told() -> None:
    got = {**answer(500), "raised": "AttributeError: no tea"}
    outcome = compared(got, answer())
    assert (outcome.kind, outcome.request, outcome.error) == (
        "raises",
        "GET /tea",
        "AttributeError: no tea",
    )


# --- the runner -------------------------------------------------------------------------------

MODULE = """\
from flask import Flask
app = Flask(__name__)

@app.get("/")
def index():
    return "tea"

@app.get("/broken")
def broken():
    raise KeyError("tea")
"""


def did(tmp_path: Path, source: str, *targets: str) -> Any:
    """Return what the runner, as a program of its own, says of a file."""
    (tmp_path / "old.py").write_text(source)
    requests = (
        [jobs.request_job(request, "localhost") for request in parse(list(targets))]
        if targets
        else []
    )
    job = {
        "does": "requests",
        "module": "old",
        "file": str(tmp_path / "old.py"),
        "blocks": [{"requests": requests}],
    }
    (tmp_path / "jobs.json").write_text(json.dumps({"path": [str(ROOT)], "jobs": [job]}))
    command = [
        sys.executable,
        runner.__file__,
        str(tmp_path / "jobs.json"),
        str(tmp_path / "got.json"),
    ]
    subprocess.run(command, check=True)
    (found,) = json.loads((tmp_path / "got.json").read_text())
    return found["done"][0]


@proves(
    "about/house",
    "releases/runner.py runs in each environment, in a process a snippet, and imports "
    "nothing of this package.",
)
def test_the_runner_writes_down_answers_and_exceptions(tmp_path: Path) -> None:
    found = did(tmp_path, MODULE, "GET / -> 200", "GET /broken -> 500")
    first, second = found["answers"]
    assert (first["status"], base64.b64decode(first["body"])) == ("200 OK", b"tea")
    assert second["raised"] == "KeyError: 'tea'"


def test_the_runner_writes_down_what_an_import_raises_and_warns_of(tmp_path: Path) -> None:
    source = (
        "import warnings\nwarnings.warn('tea', DeprecationWarning)\nfrom flask import nothing\n"
    )
    found = did(tmp_path, source)
    assert found["raises"] == "ImportError: cannot import name 'nothing' from 'flask'"
    assert found["warns"] == ["DeprecationWarning: tea"]


@proves("about/house", "releases/jobs.py reads the requests and the examples from the pages.")
def test_blocks_are_found_with_their_options_and_lines() -> None:
    page = "# x\n\n  ```{exchange} a.b\n  :headers: Location\n  :no-body:\n  GET / -> 200\n    x: y\n  ```\n"
    source = f"{page}\n```{{other}}\n```\n"
    (block,) = blocks(source, ("exchange",))
    assert block == Block(
        "exchange", "a.b", {"headers": "Location", "no-body": ""}, ("GET / -> 200", "  x: y"), 6
    )
