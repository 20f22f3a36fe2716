"""The foot of a page: its day from git, and links to the repository where its address is set."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from lxml import html

from proven.base.days import last_changed
from proven.base.project import ROOT
from proven.site.colophon import links, sources
from tests.site.tiny_site import TinySite

ADDRESS = "https://code.example/tea/site"


def git(root: Path, *words: str, day: str = "2024-02-03") -> None:
    when = f"{day}T12:00:00+00:00"
    subprocess.run(
        ["git", "-c", "user.name=Ada", "-c", "user.email=ada@example.com", *words],
        cwd=root,
        check=True,
        capture_output=True,
        env={"PATH": "/usr/bin:/bin", "GIT_AUTHOR_DATE": when, "GIT_COMMITTER_DATE": when},
    )


def test_the_day_is_that_of_the_last_commit_to_the_page_or_its_catalog(tmp_path: Path) -> None:
    page, catalog = tmp_path / "docs/guide/tea.md", tmp_path / "locale/zh_CN/LC_MESSAGES/tea.po"
    for file in (page, catalog):
        file.parent.mkdir(parents=True)
        file.write_text("one")
    assert last_changed(tmp_path) == {}
    git(tmp_path, "init", "-q")
    assert last_changed(tmp_path) == {}
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-qm", "one")
    page.write_text("two")
    git(tmp_path, "commit", "-qam", "two", day="2025-06-07")
    assert last_changed(tmp_path) == {
        "docs/guide/tea.md": "2025-06-07",
        "locale/zh_CN/LC_MESSAGES/tea.po": "2024-02-03",
    }


def test_a_translation_is_changed_in_its_catalog_first() -> None:
    assert sources("en", "guide/tea") == ["docs/guide/tea.md"]
    assert sources("zh_CN", "guide/tea") == [
        "locale/zh_CN/LC_MESSAGES/guide/tea.po",
        "docs/guide/tea.md",
    ]
    for language in ("en", "zh_CN"):
        assert all((ROOT / file).is_file() for file in sources(language, "guide/routing"))


def test_a_report_names_the_file() -> None:
    found = links(ADDRESS, "main", "docs/guide/a b.md", "guide/a b")
    assert found == {
        "repository": ADDRESS,
        "edit": f"{ADDRESS}/edit/main/docs/guide/a%20b.md",
        "report": f"{ADDRESS}/issues/new?title=guide%2Fa%20b%3A%20&body=docs%2Fguide%2Fa%20b.md%0A%0A",
    }


@pytest.mark.parametrize("address", ["", f"{ADDRESS}/"])
def test_the_foot_has_links_where_the_address_is_set(
    tiny_site: TinySite, monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    monkeypatch.setenv("PROVEN_REPOSITORY", address)
    for code, file in (
        ("en", "docs/guide/visitors.md"),
        ("zh_CN", "locale/zh_CN/LC_MESSAGES/guide/visitors.po"),
    ):
        built = tiny_site.build(code)
        assert built.complaints == []
        tree = html.parse(str(built.html / "guide/visitors.html")).getroot()
        found = [a for a in tree.xpath("//ul[@class='colophon']//a/@href") if "://" in a]
        expected = links(ADDRESS, "main", file, "guide/visitors")
        order = ("edit", "report", "repository")
        assert found == ([expected[name] for name in order] if address else [])


def test_a_commit_brings_its_day_to_the_page(tiny_site: TinySite) -> None:
    def day() -> str:
        built = tiny_site.build()
        assert built.complaints == []
        tree = html.parse(str(built.html / "guide/visitors.html")).getroot()
        return str(tree.xpath("string(//ul[@class='colophon']/li[1])")).strip()

    assert "2024" not in day()
    git(tiny_site.root, "init", "-q")
    git(tiny_site.root, "add", "docs/guide", "locale")
    git(tiny_site.root, "commit", "-qm", "one")
    assert day() == "Last changed: 2024-02-03"
