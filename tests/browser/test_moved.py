"""An old address, typed or followed, ends where its text is now."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from proven.commands.chromium import serving
from tests.browser.reader import Reader
from tests.site.tiny_site import TinySite

MOVED = """\
old/guests guide/visitors
old/guests#rooms guide/greeting#greeting
guide/visitors#hello guide/greeting#greeting
"""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    site = TinySite(tmp_path_factory.mktemp("moved"))
    site.write("docs/_moved.txt", MOVED)
    built = site.build()
    assert built.code == 0, built.complaints
    return built.html


@pytest.fixture(params=["http", "file"])
def home(request: pytest.FixtureRequest, site: Path) -> Iterator[str]:
    if request.param == "file":
        yield f"{site.resolve().as_uri()}/"
    else:
        with serving(site) as address:
            yield address


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("old/guests.html", "guide/visitors.html"),
        ("old/guests.html?x=1#rooms", "guide/greeting.html?x=1#greeting"),
        ("old/guests.html#other", "guide/visitors.html#other"),
        ("guide/visitors.html#hello", "guide/greeting.html#greeting"),
        ("guide/visitors.html#visitors", "guide/visitors.html#visitors"),
    ],
)
def test_an_address_leads_to_its_text(reader: Reader, home: str, old: str, new: str) -> None:
    page = reader()
    page.goto(home + old)
    expect(page).to_have_url(home + new)
    assert reader.faults == []


def test_a_link_inside_the_page_is_followed_too(reader: Reader, home: str) -> None:
    page = reader()
    page.goto(f"{home}guide/visitors.html")
    page.evaluate("location.hash = 'hello'")
    expect(page).to_have_url(f"{home}guide/greeting.html#greeting")


def test_without_a_script_the_page_leads_on(reader: Reader, home: str) -> None:
    page = reader(java_script_enabled=False)
    page.goto(f"{home}old/guests.html")
    expect(page).to_have_url(f"{home}guide/visitors.html")
