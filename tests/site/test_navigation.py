"""A title that changes is new in the navigation of every page, with the first build after it."""

from __future__ import annotations

from pathlib import Path

from lxml import html

from tests.site.tiny_site import TinySite


def navigation(folder: Path) -> list[str]:
    tree = html.parse(str(folder / "guide/greeting.html")).getroot()
    return [link.text_content() for link in tree.xpath("//*[@class='sidebar-tree']//a")]


def test_a_new_title_is_on_every_page(tiny_site: TinySite) -> None:
    built = tiny_site.build()
    assert "Visitors" in navigation(built.html)
    tiny_site.edit("docs/guide/visitors.md", "# Visitors", "# Guests")
    assert tiny_site.build().code == 0
    assert "Guests" in navigation(built.html)
    assert "Visitors" not in navigation(built.html)


def test_a_title_in_chinese_too(tiny_site: TinySite) -> None:
    built = tiny_site.build("zh_CN")
    before = navigation(built.html)
    tiny_site.edit("locale/zh_CN/LC_MESSAGES/guide/visitors.po", 'msgstr "访客"', 'msgstr "来客"')
    assert tiny_site.build("zh_CN").code == 0
    assert navigation(built.html) == [{"访客": "来客"}.get(title, title) for title in before]
    assert navigation(built.html) != before


def test_a_page_whose_text_changes_leaves_the_others_as_they_are(tiny_site: TinySite) -> None:
    file = tiny_site.build().html / "guide/greeting.html"
    before = file.stat().st_mtime_ns
    tiny_site.edit("docs/guide/visitors.md", "A visitor has a number.", "A visitor has two.")
    assert tiny_site.build().code == 0
    assert file.stat().st_mtime_ns == before
