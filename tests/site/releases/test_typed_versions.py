"""Nobody types versions of the libraries: they come from the data, or carry a permission."""

from __future__ import annotations

from pathlib import Path

import pytest

from proven.claims.proofs import proves
from proven.releases.typed_versions import REMEDY, find, in_catalog, in_page, in_source
from tests.site.tiny_site import TinySite

REFUSED = [
    "This works since 2.2.",
    "The key was removed in 2.3.",
    "Removed in version 2.3.0, so write",
    "`from_json` went in 2.1",
    "deprecated since version 1.0",
    "Before 1.0 it was None.",
    "until 0.15",
    "Flask 0.12 did that.",
    "in Flask 3 it fails",
    "with Flask 2.x",
    "Werkzeug >= 2.0",
    "Werkzeug>=2.0",
    "SQLAlchemy 2.1 changes that",
    "Flask-SQLAlchemy 3.1",
    "Jinja2 2.9",
    "versions of Flask before 1.1.0",
    "in versions < 2.0",
    "Flask 2.3 移除",
    "2.3 移除",
    "自 2.2 起",
    "从 1.0 开始",
    "在 2.2 中弃用",
    "1.0 以前",
    "Flask 0.12 的笔记",
    "2.0 版本之后",
]
ALLOWED = [
    "Python 3.11 and newer",
    "since Python 3.12",
    "It takes 2.5 ms, before 3.1 ms.",
    "from 1.5 seconds on",
    "从 1.5 秒开始",
    "HTTP/1.1 is spoken",
    "`Flask 0.12` in code",
    "{since}`flask:JSON_AS_ASCII` 移除",
    "the address 127.0.0.1",
    "section 1 of the notes",
    "Flask answers 404 in 2 cases",
    "The number 3.14 before tea",
    "status 308 since it keeps the method",
    "共 28 个键",
]


@pytest.mark.parametrize("text", REFUSED)
def test_a_statement_is_found(text: str) -> None:
    assert find(text) != []


@pytest.mark.parametrize("text", ALLOWED)
def test_other_text_is_left_alone(text: str) -> None:
    assert find(text) == []


CATALOG = (
    'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\nmsgid "{}"\nmsgstr "{}"\n'
)


def test_blocks_of_code_are_left_alone() -> None:
    page = "# Tea\n\n```text\nremoved in 2.3\n```\n\n:::{pitfall} removed in 2.4\nx\n:::\n"
    assert in_page(page) == ([(7, "removed in 2.4")], set())


def test_a_permission_holds_for_its_paragraph_and_its_translation(tmp_path: Path) -> None:
    page = (
        "# Tea\n\n% version-statement: the notes were written for it\nThe notes are of\nFlask 0.12.\n\n"
        "Flask 0.12 is old.\n"
    )
    found, allowed = in_page(page)
    assert found == [(7, "Flask 0.12")]
    catalog = tmp_path / "tea.po"
    text = CATALOG.format("The notes are of Flask 0.12.", "笔记写的是 Flask 0.12，2.3 移除。")
    catalog.write_text(text, encoding="utf-8")
    assert list(in_catalog(catalog, allowed)) == [(4, "2.3 移除")]


def test_a_permission_says_why() -> None:
    found, allowed = in_page("# Tea\n\n% version-statement:\nThe notes are of Flask 0.12.\n")
    assert (found, allowed) == ([(4, "Flask 0.12")], set())


def test_docstrings_and_comments_of_a_module_are_searched_and_its_code_is_not() -> None:
    source = '"""Brew.\n\nNew in 2.2.\n"""\n\nTEXT = "since 2.2"\n# Since 2.3.\n'
    assert list(in_source(source)) == [(3, "New in 2.2"), (7, "Since 2.3")]


# --- the build ------------------------------------------------------------------------------

PAGE = "docs/guide/greeting.md"
PAGE_CATALOG = "locale/zh_CN/LC_MESSAGES/guide/greeting.po"
SNIPPET = "snippets/greeting/hello.py"


@proves("about/adding-a-page", "A version is never typed.")
@proves("about/testing", "a version statement that is typed instead of read off the releases")
@proves("history/index", "Nobody types a clause such as “…”.")
@pytest.mark.parametrize(
    ("language", "file", "old", "new", "statement", "place"),
    [
        ("en", PAGE, "costs nothing.", "went in 2.2.", "went in 2.2", "went in 2.2"),
        ("zh_CN", PAGE_CATALOG, "不花什么。", "2.2 移除。", "2.2 移除", "costs nothing."),
        ("en", SNIPPET, "Everybody is welcome.", "Welcome since 2.2.", "since 2.2", "since 2.2"),
    ],
)
def test_a_typed_version_stops_the_build_until_it_is_taken_out(
    tiny_site: TinySite, language: str, file: str, old: str, new: str, statement: str, place: str
) -> None:
    whole = tiny_site.read(file)
    tiny_site.edit(file, old, new)
    complaint = (
        f"{file}:{tiny_site.line(file, place)}: WARNING: version typed by hand: {statement!r}; "
        f"{REMEDY} [proven.version]"
    )
    for _build in range(2):
        built = tiny_site.build(language)
        assert (built.code, built.complaints) == (1, [complaint])
    tiny_site.write(file, whole)
    assert tiny_site.build(language).complaints == []
