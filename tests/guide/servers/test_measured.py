"""The page and its recorded result say the same: docs/guide/servers.md."""

from __future__ import annotations

import http.client
import json
import re

import pytest

from proven.claims.proofs import proves
from proven.commands.bench_servers import (
    CONNECTIONS,
    RESULT,
    ROWS,
    SECONDS,
    VIEWS,
    command,
    per_second,
    record,
    serving,
)
from snippets.deployment.waiting import app
from tests.guide.deployment.common import PROGRAMS
from tests.guide.servers.common import PAGE

DATA = json.loads(RESULT.read_text(encoding="utf-8"))
NAMES = [column["name"] for column in DATA["columns"]]
FIGURES = {row["name"]: dict(zip(NAMES, row["values"], strict=True)) for row in DATA["rows"]}


@proves(
    "guide/servers",
    "Each server runs the same application in one process, on one core.",
    "A second core sends requests over 16 connections.",
    "One view returns a small JSON object at once.",
    "The other one waits for 20 milliseconds first, as for a database:",
)
def test_what_is_measured() -> None:
    assert CONNECTIONS == 16
    assert VIEWS == {"at-once": "/compute/0.0", "waiting": "/wait/0.02"}
    answers = {view: app.test_client().get(path) for view, path in VIEWS.items()}
    assert all(answer.mimetype == "application/json" for answer in answers.values())
    took = {view: answer.json["ended"] - answer.json["began"] for view, answer in answers.items()}  # type: ignore[index]
    assert took["waiting"] >= 0.02 > took["at-once"]
    for row in ROWS:
        words = command(row, 8000)
        assert words[0].startswith(str(PROGRAMS))
        assert not {"--workers", "--reload"} & set(words)
        assert any("snippets.deployment." in word for word in words)
    assert len(FIGURES) == 7
    assert list(FIGURES) == list(ROWS)
    assert (
        record({(row, view): 2.0 for row in ROWS for view in VIEWS})["columns"] == DATA["columns"]
    )


@proves(
    "guide/servers",
    "The first two columns show what a server costs beside Flask.",
    "The last two show how many requests wait at the same time: one, four, ten with a2wsgi in Uvicorn, or as "
    "many as there are connections.",
)
def test_what_the_page_says_of_the_recorded_result() -> None:
    assert NAMES == ["at-once", "at-once-ratio", "waiting", "waiting-ratio"]
    for figures in FIGURES.values():
        for view in VIEWS:
            ratio = figures[view] / FIGURES["gunicorn"][view]
            assert figures[f"{view}-ratio"] == pytest.approx(ratio, abs=0.02)
    # a view that waits for 20 ms is answered 50 times a second by each thread, and not more often
    threads = {"gunicorn": 1, "gunicorn --threads 4": 4, "waitress-serve --threads 4": 4}
    threads |= {"granian --blocking-threads 4": 4, "uvicorn": 10}
    for row, figures in FIGURES.items():
        most = threads.get(row, CONNECTIONS)
        assert most * 50 * 0.4 < figures["waiting"] <= most * 50, row


@proves(
    "guide/servers",
    "gunicorn without threads and flask run close the connection after each response, so a part of their first "
    "figure is the time for new connections.",
)
@pytest.mark.parametrize("row", list(ROWS))
def test_which_servers_close_the_connection(row: str) -> None:
    with serving(row) as address:
        connection = http.client.HTTPConnection(address.removeprefix("http://"), timeout=60)
        connection.request("GET", VIEWS["at-once"])
        answer = connection.getresponse()
        closes = answer.headers.get("Connection", "").lower() == "close"
        connection.close()
    assert closes is (row in ("gunicorn", "flask run"))


def test_each_figure_is_of_requests_that_were_answered() -> None:
    said = f"Running {SECONDS}s test\n  4201 requests in 3.00s, 1MB read\nRequests/sec:   1400.33\n"
    assert per_second(said) == 1400.33
    for failed in ("Socket errors: connect 0, read 7, write 0", "Non-2xx or 3xx responses: 4"):
        with pytest.raises(SystemExit, match=re.escape(failed)):
            per_second(f"{said}  {failed}\n")
    with pytest.raises(SystemExit, match="no figure"):
        per_second("")


def test_the_page_shows_the_table() -> None:
    assert "```{benchmark} servers" in PAGE
