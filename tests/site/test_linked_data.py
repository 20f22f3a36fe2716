"""What search engines are told of a page as JSON-LD, on the tiny site and on every page of the real one."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from lxml import html

from proven.site.linked_data import script
from tests.site.tiny_site import TinySite

BASE = "https://flask.example/docs/"


def told(file: Path) -> list[dict[str, Any]]:
    tree = html.fromstring(file.read_bytes())
    return [
        json.loads(each.text) for each in tree.xpath("//head/script[@type='application/ld+json']")
    ]


def test_a_page_says_what_it_is_and_where_it_stands(
    tiny_site: TinySite, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PROVEN_BASE_URL", BASE)
    site = tiny_site.build("zh_CN").html
    (page,) = told(site / "guide/greeting.html")
    tree = html.fromstring((site / "guide/greeting.html").read_bytes())
    address = f"{BASE}zh-cn/guide/greeting.html"
    title = tree.xpath("string(//h1)").rstrip("¶#")
    assert page["@type"] == "TechArticle"
    assert (page["url"], page["inLanguage"]) == (address, "zh-CN")
    assert page["headline"] == title
    assert page["description"] == tree.xpath("string(//meta[@name='description']/@content)")
    assert page["isPartOf"]["url"] == f"{BASE}zh-cn/"
    path = page["breadcrumb"]["itemListElement"]
    assert [each["position"] for each in path] == list(range(1, len(path) + 1))
    assert (path[0]["item"], path[-1]["item"]) == (f"{BASE}zh-cn/", address)
    (front,) = told(site / "index.html")
    assert (front["@type"], front["url"]) == ("WebSite", f"{BASE}zh-cn/")


def test_without_an_address_nothing_is_told_that_needs_one(tiny_site: TinySite) -> None:
    (page,) = told(tiny_site.build("en").html / "guide/greeting.html")
    assert page["headline"]
    assert page.keys().isdisjoint({"url", "breadcrumb", "isPartOf"})


def test_no_text_ends_the_script() -> None:
    text = script({"name": "</script><script>alert(1)</script>"})
    assert "<" not in text
    assert json.loads(text)["name"].startswith("</script>")


def test_every_page_of_the_site_says_what_it_is(site: Path) -> None:
    files = [file for file in site.rglob("*.md") if file.parent.name != "_static"]
    assert files
    for file in files:
        (page,) = told(file.with_suffix(".html"))
        assert page.get("headline") or page["name"], file
        assert len(page["description"]) > 10, file
