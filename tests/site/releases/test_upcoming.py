"""The release that is not out yet: what is announced was tried, and each page that will change is named."""

from __future__ import annotations

import pytest

from proven.releases import jobs, notebook, upcoming
from proven.releases.environments import FLASK


def test_the_data_are_as_new_as_the_functions() -> None:
    found = upcoming.read()
    assert found.code == notebook.digest(upcoming.MEASURES), "run nox -s next"
    assert found.today == FLASK[-1].release
    assert minor(found.release) > minor(found.today)


def minor(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split(".")[:2])


def test_each_announced_change_was_tried_and_is_told_once() -> None:
    told = [change.measure for change in upcoming.changes()]
    assert sorted(told) == sorted(notebook.functions(upcoming.MEASURES))
    assert set(told) == set(upcoming.read().measured)


@pytest.mark.parametrize(
    ("name", "today", "later"),
    [
        ("flask.redirect_status", "302", "303"),
        ("flask.redirect_given", "302", "302"),
        ("flask.g_shared", "ada", "another g"),
        ("flask.teardown_all", "broken", "broken, first registered"),
        ("flask.automatic_options", "405", "200"),
    ],
)
def test_what_was_tried(name: str, today: str, later: str) -> None:
    found = upcoming.read().measured[name]
    assert (found.then, found.now) == (today, later)


def test_a_snippet_stands_under_each_page_that_runs_it() -> None:
    found = upcoming.read()
    pages = upcoming.by_page(found)
    assert "guide/responses" in pages
    known = jobs.snippets()
    for page, names in pages.items():
        for name in names:
            used = {sent.page for sent in known[name].sent} | {p for p, _ in known[name].examples}
            assert page in used


def test_the_data_are_what_was_read() -> None:
    text = upcoming.FILE.read_text(encoding="utf-8")
    assert upcoming.text_of(upcoming.read()) == text
