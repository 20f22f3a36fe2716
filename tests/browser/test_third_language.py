"""A third language comes from data and catalogs alone, is read while it is translated in part, and is switched to."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import polib
import pytest
from axe_playwright_python.sync_playwright import Axe
from lxml import html
from playwright.sync_api import Locator, Page, expect

from proven.claims.proofs import proves
from proven.commands.chromium import serving
from tests.browser.reader import Reader, switch
from tests.site.tiny_site import LANGUAGES, TinySite

ENTRY = """
[[language]]
code = "ja"
folder = "ja"
tag = "ja"
name = "日本語"
direction = "ltr"
search = "words"
state = "in progress"
"""
CATALOGS = ["guide/greeting", "guide/visitors", "index", "sphinx"]
NOTICE = (
    "This page is being translated: %(done)s of its %(total)s texts are done. "
    "The others have a line at their edge."
)
TRANSLATIONS = {
    "index": {
        "A tiny site of two pages.": "二つのページだけの小さなサイト。",
        "Tiny site": "小さなサイト",
        "Two pages, each with what a page of the real site has.": "本物のページにあるものを備えた二つのページ。",
        "Guide": "ガイド",
    },
    "guide/greeting": {
        "A page that greets.": "あいさつするページ。",
        "Greeting": "あいさつ",
        "The view answers `GET` with a greeting. See {ref}`visitors who come back <visitors>` and "
        "[the front page](../index.md).": "ビューは `GET` にあいさつで答える。{ref}`再訪者 <visitors>` と"
        "[トップページ](../index.md) も参照。",
    },
    "sphinx": {
        "Language": "言語",
        NOTICE: "このページは翻訳中です：%(total)s 件のうち %(done)s 件。残りは端に線があります。",
    },
}
PAGE = "guide/greeting.html"


class Made(NamedTuple):
    """The small site in three languages, and what the commands said that made it."""

    site: TinySite
    updated: str
    built: str
    address: str


def run(site: TinySite, command: str, *arguments: str) -> str:
    """Run a command of the small site, which must end well; return what it said."""
    done = subprocess.run(
        [sys.executable, "-m", f"proven.commands.{command}", *arguments],
        cwd=site.root,
        env={**site.environment, "PYTHONUTF8": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def add(site: TinySite, entry: str = ENTRY) -> None:
    site.write(LANGUAGES, site.read(LANGUAGES) + entry)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Made]:
    site = TinySite(tmp_path_factory.mktemp("three"))
    add(site)
    updated = run(site, "translations", "update")
    for name, translations in TRANSLATIONS.items():
        file = site.root / f"locale/ja/LC_MESSAGES/{name}.po"
        catalog = polib.pofile(str(file), wrapwidth=0)
        for entry in catalog:
            entry.msgstr = translations.pop(entry.msgid, "")
        assert translations == {}, "no page says this"
        catalog.save()
    built = run(site, "build", "--output", "build")
    with serving(site.root / "build" / "html") as address:
        yield Made(site, updated, built, address)


def article(made: Made, name: str) -> html.HtmlElement:
    (found,) = html.parse(str(made.site.root / "build/html/ja" / name)).getroot().iter("article")
    return found


# Its catalogs and its figure.


@proves("about/translating", "Another language begins as an entry in locale/languages.toml.")
def test_its_catalogs_are_made_from_nothing(made: Made) -> None:
    folder = made.site.root / "locale/ja/LC_MESSAGES"
    files = sorted(f.relative_to(folder).with_suffix("").as_posix() for f in folder.rglob("*.po"))
    assert files == CATALOGS
    for name in CATALOGS:
        assert "\n".join(made.site.read(f"locale/ja/LC_MESSAGES/{name}.po").splitlines()[:8]) == (
            '#\nmsgid ""\nmsgstr ""\n"Language: ja\\n"\n"MIME-Version: 1.0\\n"\n'
            '"Content-Type: text/plain; charset=utf-8\\n"\n"Content-Transfer-Encoding: 8bit\\n"\n'
        )
    # A figure, as the list would be every text of the site.
    texts = 16 + len(polib.pofile(str(folder / "sphinx.po")))
    assert made.updated.splitlines()[-1] == f"日本語: {texts} to do"
    assert "not translated" not in made.updated


def test_the_build_says_how_much_of_it_is_translated(made: Made) -> None:
    *_, source, chinese, japanese = made.built.splitlines()
    interface = len(polib.pofile(str(made.site.root / "locale/ja/LC_MESSAGES/sphinx.po")))
    assert source == "  English: the source"
    assert chinese == f"  简体中文: 100 % ({16 + interface} of {16 + interface} texts)"
    done, total = 4 + 3 + 2, 16 + interface
    assert japanese == f"  日本語: {100 * done // total} % ({done} of {total} texts), in progress"


def test_it_is_offered_by_the_pages_that_were_built_before(tmp_path: Path) -> None:
    site = TinySite(tmp_path)
    built = site.build("en")
    add(site)
    assert site.build("en").complaints == []
    for name in ("index", PAGE.removesuffix(".html"), "code/greeting/hello"):
        links = html.parse(str(built.html / f"{name}.html")).getroot().xpath("//link/@hreflang")
        assert "ja" in links, name


@proves("about/translating", "From then on the build stops for a text that is not translated.")
def test_the_gate_holds_it_once_it_is_complete(tmp_path: Path) -> None:
    site = TinySite(tmp_path)
    add(site, ENTRY.replace("in progress", "complete"))
    built = site.build("ja")
    assert built.code == 1
    assert [line for line in built.complaints if "there is no catalog" not in line] == []
    assert len(built.complaints) == len(CATALOGS)


@proves(
    "about/translating",
    "What is translated is held to the rules above at once.",
    "Words that a translation must not use need no module: list them under banned in "
    "locale/languages.toml.",
)
def test_a_translation_of_it_is_held_to_the_rules_at_once(tmp_path: Path) -> None:
    site = TinySite(tmp_path)
    add(site)
    catalog = site.read("locale/zh_CN/LC_MESSAGES/guide/visitors.po")
    dropped = catalog.replace("写 `/visitors/1`，不要写 `/visitors/0`", "`/visitors/1` と書く")
    site.write("locale/ja/LC_MESSAGES/guide/visitors.po", dropped)
    (complaint,) = site.build("ja").complaints
    assert complaint == (
        "locale/ja/LC_MESSAGES/guide/visitors.po:21: WARNING: the translation drops the code "
        "'/visitors/0': put it back ('Write `/visitors/1`, not `/visitors/0`.') [proven.catalog]"
    )


# A page that is translated in part.


@proves(
    "about/translating",
    "While a language is in progress, a paragraph that is not translated stays English "
    "and is marked as English, and its page says how many of its texts are done.",
)
def test_what_is_not_translated_is_marked_as_english(made: Made) -> None:
    found = article(made, PAGE).xpath(".//*[@lang='en']")
    assert [(e.tag, e.text_content().removesuffix("¶")) for e in found] == [
        ("h2", "Greet twice"),
        ("p", "A second greeting costs nothing."),
    ]
    assert article(made, PAGE).xpath("string(.//h1/text())") == "あいさつ"


@proves(
    "about/translating",
    "While a language is in progress, a paragraph that is not translated stays English "
    "and is marked as English, and its page says how many of its texts are done.",
)
def test_it_says_how_much_of_it_is_translated(made: Made) -> None:
    (notice,) = article(made, PAGE).xpath(".//*[@role='note']")
    assert notice.text == "このページは翻訳中です：7 件のうち 3 件。残りは端に線があります。"
    assert article(made, "index.html").xpath(".//*[@role='note']") == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_mark_is_seen_and_the_page_is_accessible(
    made: Made, reader: Reader, scheme: str
) -> None:
    page = reader(390, color_scheme=scheme)
    page.goto(f"{made.address}ja/{PAGE}")
    for name, width in (("あいさつ", "0px"), ("Greet twice", "2px")):
        heading = page.get_by_role("heading", name=name).first
        style = "element => getComputedStyle(element).borderLeftWidth"
        assert heading.evaluate(style) == width
    expect(page.get_by_role("note")).to_be_visible()
    menu(page).click()
    assert Axe().run(page).response["violations"] == []
    assert page.evaluate("document.documentElement.scrollWidth") == 390


@proves(
    "about/translating",
    "A language may ask for two more things: a module in "
    "docs/_ext/proven/translation/rules/ that checks how it is written, as zh_cn.py does, and, "
    "if no spaces stand between its words, a way to cut them for the search.",
)
def test_its_search_finds_the_page(made: Made, reader: Reader) -> None:
    page = reader()
    page.goto(f"{made.address}ja/search.html?q=visitors")
    expect(page.locator("#search-results .search-result").first).to_be_visible()


# The switch.


def menu(page: Page) -> Locator:
    return page.locator(".mobile-header .language-menu > summary")


@pytest.mark.parametrize("javascript", [True, False])
@pytest.mark.parametrize("width", [390, 1280])
def test_each_language_leads_to_the_same_place_in_the_others(
    made: Made, reader: Reader, width: int, javascript: bool
) -> None:
    page = reader(width, java_script_enabled=javascript)
    anchor = "#greeting-twice" if javascript else ""
    page.goto(f"{made.address}en/{PAGE}{anchor}")
    for tag in ("ja", "zh-CN", "en"):
        switch(page, tag).click()
        expect(page).to_have_url(f"{made.address}{tag.lower()}/{PAGE}{anchor}")
        expect(page.locator("html")).to_have_attribute("lang", tag)


def test_the_list_works_by_key(made: Made, reader: Reader) -> None:
    page = reader(390)
    page.goto(f"{made.address}en/{PAGE}")
    links = page.locator(".mobile-header .language-link")
    expect(menu(page)).to_have_text("English")
    menu(page).focus()
    page.keyboard.press("Enter")
    expect(links).to_have_text(["简体中文", "日本語"])
    for link in links.all():
        page.keyboard.press("Tab")
        expect(link).to_be_focused()
        expect(link).to_be_in_viewport(ratio=1)
    # Escape closes it and stays there; so does whoever goes on.
    page.keyboard.press("Escape")
    expect(menu(page)).to_be_focused()
    expect(links.first).to_be_hidden()
    page.keyboard.press("Enter")
    page.keyboard.press("Shift+Tab")
    expect(links.first).to_be_hidden()
    menu(page).focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{made.address}ja/{PAGE}")


def test_a_click_elsewhere_closes_the_list(made: Made, reader: Reader) -> None:
    page = reader(390)
    page.goto(f"{made.address}en/{PAGE}")
    menu(page).click()
    expect(page.locator(".mobile-header .language-link").first).to_be_visible()
    page.locator("article p").last.click()
    expect(page.locator(".mobile-header .language-link").first).to_be_hidden()


def test_the_root_page_offers_three_and_goes_by_preference(made: Made, reader: Reader) -> None:
    page = reader(locale="ja-JP")
    page.goto(f"{made.address}index.html")
    page.wait_for_url(f"{made.address}ja/index.html")
    page = reader(java_script_enabled=False)
    page.goto(f"{made.address}index.html")
    expect(page.locator("p a")).to_have_text(["English", "简体中文", "日本語"])


# Its direction.


def test_a_language_from_right_to_left_says_so(tmp_path: Path, reader: Reader) -> None:
    site = TinySite(tmp_path)
    add(site, ENTRY.replace('"ja"', '"ar"').replace("日本語", "العربية").replace("ltr", "rtl"))
    built = site.build("ar")
    assert built.complaints == []
    page = reader()
    page.goto(built.html.joinpath(PAGE).as_uri())
    expect(page.locator("html")).to_have_attribute("dir", "rtl")
    expect(page.locator("html")).to_have_attribute("lang", "ar")
    # What is not translated, here everything, and code keep their own.
    for part in ("article h1", "article pre"):
        direction = page.locator(part).first.evaluate("e => getComputedStyle(e).direction")
        assert direction == "ltr", part
    built = site.build("en")
    assert html.parse(str(built.html / PAGE)).getroot().get("dir") is None
