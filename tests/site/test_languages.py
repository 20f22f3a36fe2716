"""The list of languages, the other languages of each page, and what search engines are told of them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest
from lxml import html

from proven.site.language_switch import address, alternates
from proven.translation.languages import LANGUAGES, SOURCE, base_url, by_code, read
from tests.site.tiny_site import TinySite

BASE = "https://flask.example/docs/"
KNOWN = ", ".join(language.code for language in LANGUAGES)
SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
XHTML = "{http://www.w3.org/1999/xhtml}"


@pytest.mark.parametrize(
    ("environment", "base"),
    [
        ({}, ""),
        ({"PROVEN_BASE_URL": "https://flask.example"}, "https://flask.example/"),
        ({"PROVEN_BASE_URL": "https://flask.example/docs/"}, BASE),
        ({"READTHEDOCS_CANONICAL_URL": "https://rtd.example/"}, "https://rtd.example/"),
        ({"PROVEN_BASE_URL": BASE, "READTHEDOCS_CANONICAL_URL": "https://rtd.example/"}, BASE),
        ({"PROVEN_BASE_URL": ""}, ""),
    ],
)
def test_the_address_of_the_site_comes_from_the_environment(
    environment: dict[str, str], base: str
) -> None:
    assert base_url(environment) == base


def test_a_language_is_found_by_its_code() -> None:
    assert by_code("zh_CN").tag == "zh-CN"
    with pytest.raises(ValueError, match=f"the site has no language 'fr': build one of {KNOWN}$"):
        by_code("fr")


SOURCE_ENTRY = """[[language]]
code = "en"
folder = "en"
tag = "en"
name = "English"
direction = "ltr"
search = "words"
state = "source"
"""
OTHER = SOURCE_ENTRY.replace('"en"', '"fr"').replace('"source"', '"complete"')


def test_the_source_comes_first_wherever_it_stands(tmp_path: Path) -> None:
    file = tmp_path / "languages.toml"
    file.write_text(f'names = ["Flask"]\n{OTHER}{SOURCE_ENTRY}', encoding="utf-8")
    languages, names = read(file)
    assert [(language.code, language.complete) for language in languages] == [
        *(("en", False), ("fr", True)),
    ]
    assert names == {"Flask"}


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (SOURCE_ENTRY.replace("]]", "]"), "Expected ']]'"),
        ("", "'language'"),
        (OTHER, "one language, and one only, has state = 'source'"),
        (SOURCE_ENTRY * 2, "one language, and one only, has state = 'source'"),
        (SOURCE_ENTRY.replace('tag = "en"\n', ""), "the language en has no 'tag'"),
        (SOURCE_ENTRY.replace("tag", "tags", 1) + 'tag = "en"', "the language en has 'tags'"),
        (SOURCE_ENTRY.replace("ltr", "left"), "direction = 'left': write one of 'ltr', 'rtl'"),
        (SOURCE_ENTRY + 'rules = "fr"', "has rules = 'fr': write one of 'zh_cn'"),
        (SOURCE_ENTRY.replace('"source"', '"half"'), "state = 'half': write one of 'complete', "),
    ],
)
def test_a_mistake_in_the_list_is_one_line(tmp_path: Path, text: str, fault: str) -> None:
    file = tmp_path / "languages.toml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(SystemExit) as caught:
        read(file)
    assert fault in str(caught.value)
    assert str(caught.value).startswith(f"{tmp_path.name}/languages.toml: ")
    assert "\n" not in str(caught.value)
    file.unlink()
    with pytest.raises(
        SystemExit, match=r"languages\.toml: No such file or directory; put it back"
    ):
        read(file)


def test_a_language_that_the_site_does_not_have_is_refused(tiny_site: TinySite) -> None:
    command = [sys.executable, "-m", "sphinx", "-q", "-D", "language=fr"]
    command += [str(tiny_site.root / "docs"), str(tiny_site.root / "out")]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    assert run.returncode == 2
    assert f"the site has no language 'fr': build one of {KNOWN}" in run.stderr


def test_the_front_page_is_its_folder() -> None:
    assert address(BASE, "en", "index") == f"{BASE}en/"
    assert address(BASE, "zh-cn", "guide/routing") == f"{BASE}zh-cn/guide/routing.html"


def test_the_default_of_the_front_page_is_where_a_language_is_picked() -> None:
    *links, default = alternates(BASE, "index")
    assert [link["href"] for link in links] == [f"{BASE}{each.folder}/" for each in LANGUAGES]
    assert default == {"hreflang": "x-default", "href": BASE}
    *links, default = alternates(BASE, "guide/routing")
    assert links == [
        {"hreflang": each.tag, "href": f"{BASE}{each.folder}/guide/routing.html"}
        for each in LANGUAGES
    ]
    assert default == {"hreflang": "x-default", "href": f"{BASE}en/guide/routing.html"}


def links_of(page: Path) -> dict[str, str]:
    """Return the addresses in the head of a page by what they are."""
    head = html.parse(str(page)).getroot().head
    found = {link.get("hreflang"): link.get("href") for link in head.xpath("link[@hreflang]")}
    found |= {link.get("rel"): link.get("href") for link in head.xpath("link[@rel='canonical']")}
    return found | {m.get("property"): m.get("content") for m in head.xpath("meta[@property]")}


def test_without_an_address_links_are_relative_and_there_is_no_sitemap(
    tiny_site: TinySite, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PROVEN_BASE_URL", raising=False)
    monkeypatch.delenv("READTHEDOCS_CANONICAL_URL", raising=False)
    site = tiny_site.build("zh_CN").html
    page = links_of(site / "guide/greeting.html")
    assert page["en"] == "../../en/guide/greeting.html"
    assert page["zh-CN"] == "../../zh-cn/guide/greeting.html"
    assert page["x-default"] == "../../en/guide/greeting.html"
    assert page.keys().isdisjoint({"canonical", "og:url"})
    front = links_of(site / "index.html")
    assert front["en"] == "../en/index.html"
    assert front["x-default"] == "../index.html"
    assert not site.joinpath("sitemap.xml").exists()


def test_with_an_address_links_are_absolute_and_a_sitemap_lists_every_page(
    tiny_site: TinySite, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PROVEN_BASE_URL", BASE)
    site = tiny_site.build("zh_CN").html
    page = links_of(site / "guide/greeting.html")
    assert page["zh-CN"] == page["canonical"] == page["og:url"]
    assert page["zh-CN"] == f"{BASE}zh-cn/guide/greeting.html"
    assert page["en"] == page["x-default"] == f"{BASE}en/guide/greeting.html"

    entries = ElementTree.parse(site / "sitemap.xml").getroot().findall(f"{SITEMAP}url")
    listed = {entry.findtext(f"{SITEMAP}loc"): entry for entry in entries}
    assert list(listed) == [
        f"{BASE}zh-cn/code/greeting/hello.html",
        f"{BASE}zh-cn/guide/greeting.html",
        f"{BASE}zh-cn/guide/visitors.html",
        f"{BASE}zh-cn/",
    ]
    names = ("code/greeting/hello", "guide/greeting", "guide/visitors", "index")
    for pagename, entry in zip(names, entries, strict=True):
        assert [
            {"hreflang": link.get("hreflang"), "href": link.get("href")}
            for link in entry.findall(f"{XHTML}link")
        ] == alternates(BASE, pagename)


def test_the_switch_of_a_page_leads_to_the_same_page(tiny_site: TinySite) -> None:
    built = tiny_site.build("en")
    tree = html.parse(str(built.html / "guide/greeting.html")).getroot()
    assert tree.get("lang") == SOURCE.tag
    switches = tree.xpath("//nav[@class='language-switch']")
    assert [each.get("aria-label") for each in switches] == ["Language · header", "Language"]
    for switch in switches:
        for link, other in zip(switch.iter("a"), LANGUAGES[1:], strict=True):
            assert link.get("href") == f"../../{other.folder}/guide/greeting.html"
            assert link.get("hreflang") == link.get("lang") == other.tag
            assert link.text == other.name
