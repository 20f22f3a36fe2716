"""The line under a snippet: where it runs, what it does elsewhere, in the reader's language, and small."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import pytest
from lxml import html

from proven.claims.proofs import proves
from proven.releases.run_notes import between, marked, outcome, summary
from proven.releases.runs import Difference, Outcome, Span, spans


def test_outcomes_that_are_the_same_are_one_span() -> None:
    raises = [Outcome(since=release, kind="raises", error="KeyError") for release in ("1.0", "1.1")]
    same = Outcome(since="2.0", kind="same")
    other = Outcome(since="2.1", kind="raises", error="TypeError")
    assert spans([*raises, same, other]) == (raises[0], same, other)


def span(first: str, last: str, kind: str, error: str = "") -> Span:
    return Span(first, last, Outcome(since=first, kind=kind, error=error))


def test_a_line_says_where_it_runs_and_what_stops_it_before() -> None:
    before, after = (
        span("0.12.5", "2.1.3", "raises", "AttributeError: x"),
        span("2.2.5", "3.1.3", "same"),
    )
    assert summary([before, after]) == "Runs on Flask 2.2 to 3.1; on 2.1: `AttributeError: x`"
    assert summary([after]) == "Runs on Flask 2.2 to 3.1"
    assert between(before) == "0.12–2.1"
    assert summary([before, span("3.1.3", "3.1.3", "same")]).startswith("Runs on Flask 3.1; on 2.1")


@pytest.mark.parametrize(
    ("part", "text"),
    [
        ("status", "`GET /`: status 301, today 308"),
        ("Location", "`GET /`: `Location: 301`, today `308`"),
        ("body", "`GET /`: body `301`, today `308`"),
        ("example", "an example gives `301`"),
    ],
)
def test_a_difference_says_what_it_was(part: str, text: str) -> None:
    found = Difference(request="GET /", part=part, then="301", now="308")
    assert outcome(Outcome(since="1.0", kind="other", differences=(found,))) == text


def test_what_is_code_is_marked_and_nothing_else_is_html() -> None:
    assert marked("a `<b>` <c>") == "a <code>&lt;b&gt;</code> &lt;c&gt;"


# --- in the built site ------------------------------------------------------------------------


@proves("about/house", "releases/run_notes.py puts the line under each snippet.")
@proves(
    "history/index",
    "A line under each snippet lists the releases of Flask in which it behaves as it does today.",
    "Open that line to see what happens in the other releases, and with other releases of "
    "SQLAlchemy, WTForms, Flask-SQLAlchemy and Flask-Session.",
)
@pytest.mark.parametrize(
    ("folder", "text"),
    [("en", "Runs on Flask"), ("zh-cn", "能在 Flask")],
)
def test_a_page_and_the_page_of_its_module_say_it(site: Path, folder: str, text: str) -> None:
    for page in ("guide/routing.html", "code/routing/trailing_slashes.html"):
        tree = html.parse(str(site / folder / page)).getroot()
        found = tree.xpath("//*[contains(concat(' ', @class, ' '), ' runs ')]")
        assert any(text in element.text_content() for element in found)


def test_no_page_grows_by_more_than_a_twentieth(site: Path) -> None:
    line = re.compile(r'<(p|details) class="runs">.*?</\1>', re.DOTALL)
    for path in site.joinpath("en", "guide").glob("*.html"):
        text = path.read_text(encoding="utf-8")
        after, before = (len(gzip.compress(each.encode())) for each in (text, line.sub("", text)))
        assert after <= before * 1.05, path.name
