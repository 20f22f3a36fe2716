"""A reader of an older Flask keeps the site for it, and goes from there to the same place in the newest, and back."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from lxml import html
from playwright.sync_api import Locator, Page, expect

from proven.commands.books import archive as zipped
from proven.commands.chromium import serving
from proven.site.versions import series
from tests.browser.hosting import Strict
from tests.browser.reader import Reader, switch
from tests.site.tiny_site import TinySite

BASE = "https://flask.example/docs/"
OLD, NEW = "2.9", series()
GREETING = "guide/greeting.html"
PLACE = "?q=tea#greeting-twice"
FOLDERS = ["en", "zh-cn"]


def run(site: TinySite, command: str, *arguments: str) -> str:
    """Run a command of the small site, which must end well; return what it said."""
    done = subprocess.run(
        [sys.executable, "-m", f"proven.commands.{command}", *arguments],
        cwd=site.root,
        env={**site.environment, "PYTHONUTF8": "1", "PROVEN_BASE_URL": BASE},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a published site with an archived one: the newest has guests in the place of visitors."""
    site = TinySite(tmp_path_factory.mktemp("both"))
    published = site.root / "build" / "html"
    assert "beside" not in run(site, "build")
    page = published.joinpath("en", GREETING).read_text("utf-8")
    assert "version-switch" not in page
    said = run(site, "archive", NEW)
    assert said == f"archive/{NEW}: kept; a build with a newer Flask publishes it as /{NEW}/\n"
    # A site is not archived beside itself.
    assert "nothing changed" in run(site, "build")
    site.root.joinpath("archive", NEW).rename(site.root / "archive" / OLD)
    site.edit("docs/index.md", "guide/visitors\n", "guide/guests\n")
    for folder, suffix in (("docs", "md"), ("locale/zh_CN/LC_MESSAGES", "po")):
        file = site.root / folder / "guide" / f"visitors.{suffix}"
        file.rename(file.with_stem("guests"))
    assert f"  beside Flask {NEW}: {OLD}\n" in run(site, "build")
    assert "nothing changed" in run(site, "build")
    assert published.joinpath(OLD, "en", "guide", "visitors.html").is_file()
    assert published.joinpath("en", "guide", "guests.html").is_file()
    # What both sites say of each other is all that an archive adds.
    added = len(published.joinpath("en", GREETING).read_bytes()) - len(page.encode())
    assert 0 < added < 600
    return published


@pytest.fixture(scope="module")
def served(both: Path) -> Iterator[str]:
    with serving(both) as address:
        yield address


@pytest.fixture(scope="module")
def below(both: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Return where the sites are below a path."""
    folder = tmp_path_factory.mktemp("below")
    folder.joinpath("docs").symlink_to(both)
    with serving(folder) as address:
        yield f"{address}docs/"


@pytest.fixture(params=["http", "path", "file"])
def home(request: pytest.FixtureRequest, both: Path, served: str, below: str) -> str:
    return {"http": served, "path": below, "file": f"{both.as_uri()}/"}[request.param]


def to(page: Page, version: str) -> Locator:
    """Return the link to another site in the navigation, which is opened if it has to be."""
    link = page.locator(".version-switch").get_by_role("link", name=f"Flask {version}")
    page.wait_for_load_state()
    if page.viewport_size["width"] < 1000:  # type: ignore[index]
        page.locator(".mobile-header .nav-overlay-icon").click()
    return link


@pytest.mark.parametrize(("folder", "width"), [("en", 390), ("zh-cn", 1280)])
def test_the_switch_keeps_language_page_query_and_anchor(
    reader: Reader, home: str, folder: str, width: int
) -> None:
    page = reader(width)
    page.goto(f"{home}{folder}/{GREETING}{PLACE}")
    expect(page.locator(".version-switch [aria-current]")).to_have_text(f"Flask {NEW}")
    expect(page.locator(".archived-notice")).to_have_count(0)
    to(page, OLD).click()
    expect(page).to_have_url(f"{home}{OLD}/{folder}/{GREETING}{PLACE}")
    expect(page.locator(".version-switch [aria-current]")).to_have_text(f"Flask {OLD}")
    expect(page.locator("#greeting-twice h2")).to_be_in_viewport()
    # There, the other language is that of the same release.
    switch(page).click()
    other = next(each for each in FOLDERS if each != folder)
    expect(page).to_have_url(f"{home}{OLD}/{other}/{GREETING}{PLACE}")
    to(page, NEW).click()
    expect(page).to_have_url(f"{home}{other}/{GREETING}{PLACE}")
    assert reader.abroad(home) == []


def test_an_anchor_that_was_clicked_on_the_page_is_kept(reader: Reader, served: str) -> None:
    page = reader()
    page.goto(f"{served}{OLD}/en/{GREETING}")
    page.evaluate("location.hash = 'greeting-twice'")
    page.wait_for_function(
        "document.querySelector('.archived-notice a').hash === '#greeting-twice'"
    )
    page.locator(".archived-notice a").click()
    expect(page).to_have_url(f"{served}en/{GREETING}#greeting-twice")


@pytest.mark.parametrize(
    ("folder", "note", "link"),
    [
        ("en", f"This is the site for Flask {OLD}.", f"This page in the newest, for Flask {NEW}"),
        ("zh-cn", f"这是 Flask {OLD} 的存档。", f"看最新版（Flask {NEW}）的这一页"),
    ],
)
def test_an_archived_page_says_so_at_its_top_and_leads_to_the_newest(
    reader: Reader, home: str, folder: str, note: str, link: str
) -> None:
    page = reader(390)
    page.goto(f"{home}{OLD}/{folder}/{GREETING}{PLACE}")
    notice = page.get_by_role("note").filter(has_text=note)
    expect(notice).to_be_visible()
    notice.get_by_role("link", name=link).click()
    expect(page).to_have_url(f"{home}{folder}/{GREETING}{PLACE}")


@pytest.mark.parametrize(
    ("start", "name", "end"),
    [
        ("en/guide/guests.html", f"Flask {OLD} (no such page)", f"{OLD}/en/"),
        ("zh-cn/guide/guests.html", f"Flask {OLD}（没有这一页）", f"{OLD}/zh-cn/"),
        (f"{OLD}/en/guide/visitors.html", "go to its front page", "en/"),
        (f"{OLD}/zh-cn/guide/visitors.html", "没有这一页，去首页看看", "zh-cn/"),
    ],
)
def test_where_there_is_no_such_page_the_link_says_so_and_leads_to_the_front_page(
    reader: Reader, below: str, start: str, name: str, end: str
) -> None:
    page = reader()
    page.goto(f"{below}{start}?q=tea#visitors")
    page.get_by_role("link", name=name).click()
    expect(page).to_have_url(f"{below}{end}index.html")


def test_without_a_script_the_switch_keeps_the_page(reader: Reader, served: str) -> None:
    page = reader(java_script_enabled=False)
    page.goto(f"{served}{OLD}/en/{GREETING}")
    page.locator(".archived-notice a").click()
    expect(page).to_have_url(f"{served}en/{GREETING}")
    to(page, OLD).click()
    expect(page).to_have_url(f"{served}{OLD}/en/{GREETING}")


def test_where_no_script_of_the_page_may_run_the_place_is_kept(reader: Reader, both: Path) -> None:
    with serving(both, Strict) as address:
        page = reader()
        page.goto(f"{address}{OLD}/en/{GREETING}{PLACE}")
        page.locator(".archived-notice a").click()
        expect(page).to_have_url(f"{address}en/{GREETING}{PLACE}")
        page.close()


def test_an_archived_site_searches_itself(reader: Reader, served: str) -> None:
    page = reader()
    page.goto(f"{served}{OLD}/en/search.html?q=visitor")
    page.get_by_role("link", name="Visitors").first.click()
    page.wait_for_url(f"{served}{OLD}/en/guide/visitors.html**")


@pytest.mark.parametrize(("width", "scheme"), [(390, "dark"), (1280, "light")])
def test_it_can_be_read(
    reader: Reader, served: str, width: int, scheme: Literal["light", "dark"]
) -> None:
    page = reader(width, color_scheme=scheme)
    for path in (f"{OLD}/zh-cn/{GREETING}", "en/guide/guests.html"):
        page.goto(served + path)
        assert Axe().run(page).response["violations"] == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        for link in page.locator(".archived-notice a, .version-switch a").all():
            assert link.bounding_box()["height"] >= 24  # type: ignore[index]


# What search engines read, and what readers take with them.


def test_search_engines_are_told_of_the_newest(both: Path) -> None:
    for name in ("robots.txt", "sitemap.xml", "en/sitemap.xml"):
        text = both.joinpath(name).read_text("utf-8")
        assert BASE in text
        assert OLD not in text
        assert not both.joinpath(OLD, name).exists()
    for folder in FOLDERS:
        for place, canonical in (
            (f"{folder}/{GREETING}", f"{folder}/{GREETING}"),
            (f"{OLD}/{folder}/{GREETING}", f"{folder}/{GREETING}"),
            (f"{OLD}/{folder}/index.html", f"{folder}/"),
            (f"{OLD}/{folder}/guide/visitors.html", f"{OLD}/{folder}/guide/visitors.html"),
        ):
            tree = html.parse(str(both / place)).getroot()
            assert tree.xpath("//link[@rel='canonical']/@href") == [BASE + canonical]
            alternates = tree.xpath("//link[@rel='alternate' and @hreflang]")
            assert len(alternates) == (0 if place.startswith(OLD) else 3)


def test_the_zip_has_the_newest_alone(both: Path, tmp_path: Path, reader: Reader) -> None:
    file = tmp_path / "site.zip"
    zipped.write(both, file)
    subprocess.run(
        [sys.executable, "-m", "zipfile", "-e", file, tmp_path], check=True, capture_output=True
    )
    unpacked = tmp_path / zipped.FOLDER
    assert not unpacked.joinpath(OLD).exists()
    page = reader()
    page.goto(unpacked.joinpath("en", GREETING).as_uri())
    expect(page.locator("a.language-link")).not_to_have_count(0)
    expect(page.locator(".version-switch")).to_have_count(0)
