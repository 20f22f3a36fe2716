"""Nobody types versions of the libraries: they come from the data, or carry a permission."""

from __future__ import annotations

from pathlib import Path

import pytest

import version_statements
from version_statements import check, find

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


def project(root: Path, page: str = "# Tea\n", catalog: str = "", snippet: str = "") -> Path:
    for path, text in {
        "docs/guide/tea.md": page,
        "locale/zh_CN/LC_MESSAGES/guide/tea.po": catalog,
        "snippets/tea/brew.py": snippet,
    }.items():
        if text:
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_text(text, encoding="utf-8")
    (root / "docs").mkdir(exist_ok=True)
    return root


def messages(root: Path) -> list[str]:
    return [statement.message(root) for statement in check(root)]


REMEDY = "write {since}`name` instead, or allow it in the line before: % version-statement: why"


def test_a_page_is_refused_with_file_line_and_remedy(tmp_path: Path) -> None:
    root = project(tmp_path, "# Tea\n\nIt went, removed in 2.3.\n")
    assert messages(root) == [
        f"docs/guide/tea.md:3: version typed by hand: 'removed in 2.3'; {REMEDY}"
    ]


def test_a_catalog_is_refused(tmp_path: Path) -> None:
    root = project(tmp_path, catalog=CATALOG.format("It went.", "它在 2.3 移除。"))
    assert messages(root) == [
        "locale/zh_CN/LC_MESSAGES/guide/tea.po:4: version typed by hand: '2.3 移除'; " + REMEDY
    ]


def test_docstrings_and_comments_of_snippets_are_refused(tmp_path: Path) -> None:
    source = '"""Brew.\n\nNew in 2.2.\n"""\n\nTEXT = "since 2.2"\n# Since 2.3.\n'
    assert messages(project(tmp_path, snippet=source)) == [
        f"snippets/tea/brew.py:3: version typed by hand: 'New in 2.2'; {REMEDY}",
        f"snippets/tea/brew.py:7: version typed by hand: 'Since 2.3'; {REMEDY}",
    ]


def test_blocks_of_code_are_left_alone(tmp_path: Path) -> None:
    page = "# Tea\n\n```text\nremoved in 2.3\n```\n\n:::{pitfall} removed in 2.4\nx\n:::\n"
    assert [statement.line for statement in check(project(tmp_path, page))] == [7]


def test_a_permission_holds_for_its_paragraph_and_its_translation(tmp_path: Path) -> None:
    page = (
        "# Tea\n\n% version-statement: the notes were written for it\nThe notes are of\nFlask 0.12.\n\n"
        "Flask 0.12 is old.\n"
    )
    catalog = CATALOG.format("The notes are of Flask 0.12.", "笔记写的是 Flask 0.12，2.3 移除。")
    found = check(project(tmp_path, page, catalog))
    assert [(statement.line, statement.text) for statement in found] == [
        (7, "Flask 0.12"),
        (4, "2.3 移除"),
    ]


def test_a_permission_says_why(tmp_path: Path) -> None:
    page = "# Tea\n\n% version-statement:\nThe notes are of Flask 0.12.\n"
    assert len(check(project(tmp_path, page))) == 1


def test_the_command_prints_and_fails(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert version_statements.main([str(project(tmp_path))]) == 0
    assert version_statements.main([str(project(tmp_path, "# Tea\n\nsince 2.2\n"))]) == 1
    assert capsys.readouterr().out.startswith("docs/guide/tea.md:3:") is False


def test_no_page_catalog_or_snippet_types_a_version() -> None:
    assert [statement.message() for statement in check()] == []
