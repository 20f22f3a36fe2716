"""The notebook: every section is there, every line is measured, and each verdict agrees with what was measured."""

from __future__ import annotations

import importlib
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
from lxml import html

from proven.base.project import ROOT
from proven.claims.proofs import proves
from proven.claims.quotes import quotes
from proven.releases import notebook
from proven.releases.notebook import Line, Measured, Measurements

SECTIONS = [
    "configuration", "routing", "converters", "flashing", "hooks", "middleware", "blueprints",
    "contexts", "signals", "templates", "sessions", "forms", "database",
]  # fmt: skip
EMPTY = {"middleware", "blueprints", "templates"}


@cache
def found() -> Measurements:
    return notebook.read()


@cache
def measured(name: str) -> Measured:
    return found().measured[name]


def test_there_are_thirteen_sections_in_the_order_of_the_notebook() -> None:
    assert list(dict.fromkeys(line.section for line in notebook.lines())) == SECTIONS


def test_the_data_are_as_new_as_the_functions() -> None:
    assert notebook.stale(found()) == [], "run nox -s releases -- --old"
    changed = replace(found(), code={**found().code, "flask": "0" * 16})
    assert notebook.stale(changed) == ["flask.py"]


def test_every_line_is_measured_but_those_of_the_empty_sections() -> None:
    lines = notebook.lines()
    assert {line.section for line in lines if not line.measure} == EMPTY
    used = {line.measure for line in lines if line.measure}
    assert set(found().measured) == used


@pytest.mark.parametrize(
    "line", [line for line in notebook.lines() if line.measure], ids=lambda line: line.measure
)
def test_a_verdict_agrees_with_what_was_measured(line: Line) -> None:
    then, now = measured(line.measure).then, measured(line.measure).now
    if line.verdict == "true":
        assert fails(now) == (line.measure == "flask.methods_text")
    elif line.verdict in {"changed", "dead"} and line.measure != "sqlalchemy.mysql_python":
        assert then != now
    elif line.verdict == "wrong" and line.measure != "flask_session.fixation":
        assert fails(then) == fails(now)


def test_every_line_leads_to_a_test_that_its_page_is_proved_with() -> None:
    quoted = {(quote.page, f"{quote.file}::{quote.test}") for quote in quotes(ROOT)[0]}
    linked = [line for line in notebook.lines() if line.test]
    for line in linked:
        assert (line.page, line.test) in quoted, line.line
    assert [line.line for line in notebook.lines() if not line.test] == []


@proves(
    "history/notes",
    "A name that the notes misspell is no name at all: import sqlalchmey raises ModuleNotFoundError.",
)
def test_a_misspelled_library_cannot_be_imported() -> None:
    for name in ("sqlalchmey", "flask_sqlalchmey"):
        with pytest.raises(ModuleNotFoundError):
            importlib.import_module(name)
    for module, wrong, right in (
        ("werkzeug.routing", "BasseConverter", "BaseConverter"),
        ("werkzeug.routing", "BaseConvert", "BaseConverter"),
        ("sqlalchemy", "Sequenceobjects", "Sequence"),
    ):
        assert not hasattr(importlib.import_module(module), wrong)
        assert hasattr(importlib.import_module(module), right)


@pytest.mark.parametrize("folder", ["en", "zh-cn"])
def test_the_links_of_every_row_lead_to_a_page_and_to_a_test(site: Path, folder: str) -> None:
    page = site / folder / "history" / "notes.html"
    rows = (
        html.parse(str(page)).getroot().xpath("//table[contains(@class, 'history-lines')]/tbody/tr")
    )
    for row, line in zip(rows, notebook.lines(), strict=True):
        links = [str(each) for each in row.xpath(".//p[@class='line-proof']/a/@href")]
        assert len(links) == 2, line.line
        for link in links:
            file, _, place = link.partition("#")
            target = (page.parent / file).resolve() if file else page
            assert target.is_file(), link
            assert not place or f'id="{place}"' in target.read_text(encoding="utf-8"), link


def fails(text: str) -> bool:
    kind = text.partition(":")[0]
    return kind.endswith("Error") and " " not in kind


@pytest.mark.parametrize(
    ("name", "then", "now"),
    [
        ("flask.flash_no_key", "RuntimeError: The session", "RuntimeError: The session"),
        ("flask.after_none", "TypeError", "TypeError"),
        ("flask.error_status", "200 404 error", "200 404 error"),
        ("flask.session_readable", "{'user': 'ada'}", "{'user': 'ada'}"),
        ("flask.subdomain", "200 admin", "404"),
        ("flask.server_name_run", "127.0.0.1:5000", "wupeiqi.com:5000"),
        ("flask.ext", "<class 'flask_session.Session'>", "ModuleNotFoundError"),
        ("flask.view_name", "TypeError", "TypeError"),
        ("flask.signal_without_request", "appcontext_pushed, ", "appcontext_pushed, "),
        ("flask_session.sid_in_value", "no sid in the value", "no sid in the value"),
        ("flask_session.fixation", "taken", "another id"),
        ("wtforms.widget", "TextInput", "TextInput"),
        ("wtforms.bases", "FormMeta a base: False", "FormMeta a base: False"),
        ("sqlalchemy.index", "None, 0 indexes", "None, 0 indexes"),
        ("sqlalchemy.autoincrement", "'auto'", "'auto'"),
        ("sqlalchemy.quote_reserved", '"order" plain', '"order" plain'),
    ],
)
def test_what_was_measured_of_the_worst_faults(name: str, then: str, now: str) -> None:
    assert measured(name).then.startswith(then)
    assert measured(name).now.startswith(now)


@pytest.mark.parametrize(("folder", "label"), [("en", "Write today"), ("zh-cn", "今天怎么写")])
def test_a_card_says_what_to_write_in_every_language(site: Path, folder: str, label: str) -> None:
    tree = html.parse(str(site / folder / "history" / "notes.html")).getroot()
    cells = tree.xpath("//table[contains(@class, 'history-lines')]/tbody/tr/td[4]")
    assert len(cells) == len(notebook.lines())
    for cell in cells:
        (found,) = cell.xpath(".//span[@class='cell-label']")
        assert found.text_content() == label
        assert len(cell.text_content().strip()) > len(label)
