"""A reader pastes a message, or a whole traceback, and finds the pitfall that explains it."""

from __future__ import annotations

import re
import traceback
from collections.abc import Callable
from contextvars import Context

import pytest
from flask import Flask, current_app, session, url_for
from playwright.sync_api import Page, expect

from proven.claims.proofs import proves
from tests.browser.reader import Reader

LOOK_UP = "reference/errors.html"
RESULTS = ".error-look-up ul p:first-child a"


def traceback_of(mistake: Callable[[Flask], object]) -> str:
    """Return what Python prints for a mistake."""
    app = Flask("library")
    app.testing = True
    app.add_url_rule("/", "front", lambda: None)  # type: ignore[arg-type, return-value]
    try:
        with app.test_request_context():
            mistake(app)
    except Exception:
        return traceback.format_exc()
    raise AssertionError("it is no mistake")


def outside(app: Flask) -> object:
    # In a context of its own there is neither a request nor an application.
    return Context().run(lambda: current_app.config)


MISTAKES: list[tuple[Callable[[Flask], object], str]] = [
    (lambda app: session.update(user=1), "pitfall-runtimeerror-the-session-is-unavailable"),
    (lambda app: url_for("shop.shelfs"), "pitfall-builderror-could-not-build-url-for-endpoint"),
    (lambda app: app.test_client().get("/"), "pitfall-typeerror-the-view-function-for-index"),
    (outside, "pitfall-runtimeerror-working-outside-of-application-context"),
]


def paste(page: Page, text: str) -> None:
    """Paste a message and wait for the answer; the data is loaded with the first."""
    page.locator(".error-look-up textarea").fill(text)
    answered(page)


def answered(page: Page) -> None:
    """Wait until what is pasted has its answer."""
    page.wait_for_function(
        "!document.querySelector('.error-look-up').dataset.searchState?.includes('busy')"
    )


def found(page: Page) -> list[str]:
    """Return where the results lead."""
    links = page.locator(RESULTS)
    return [str(link.get_attribute("href")) for link in links.all()]


@proves(
    "reference/errors",
    "The look-up ignores names from your own code, and compares the other words with "
    "every message that this site explains.",
)
@pytest.mark.parametrize(("mistake", "place"), MISTAKES)
def test_a_traceback_finds_its_pitfall(
    reader: Reader, origin: str, mistake: Callable[[Flask], object], place: str
) -> None:
    page = reader()
    page.goto(f"{origin}en/{LOOK_UP}")
    paste(page, traceback_of(mistake))
    first = found(page)[0]
    expect(page.locator(".error-look-up ul .error-answer").first).not_to_be_empty()
    assert first.partition("#")[2].startswith(place), found(page)
    page.locator(RESULTS).first.click()
    page.wait_for_url(f"**{first.removeprefix('..')}")
    expect(page.locator(f"#{first.partition('#')[2]}")).to_be_in_viewport()


def test_a_few_words_are_enough(reader: Reader, address: str) -> None:
    page = reader()
    page.goto(f"{address}en/{LOOK_UP}")
    paste(page, "working outside")
    assert found(page)
    titles = page.locator(RESULTS).all_inner_texts()
    assert set(titles) == {
        "RuntimeError: Working outside of application context.",
        "RuntimeError: Working outside of request context.",
    }
    assert len(titles) == 5


@pytest.mark.parametrize(
    ("folder", "label", "none", "some"),
    [
        ("en", "Paste an error message", "No message on this site", "the nearest first"),
        ("zh-cn", "粘贴报错信息", "本站没有与它相近的信息", "最接近的排在最前面"),
    ],
)
def test_it_says_whether_there_is_one(
    reader: Reader, address: str, folder: str, label: str, none: str, some: str
) -> None:
    page = reader()
    page.goto(f"{address}{folder}/{LOOK_UP}")
    expect(page.get_by_label(label)).to_be_visible()
    status = page.get_by_role("status")
    expect(status).to_have_text("")
    paste(page, "segmentation fault, core dumped")
    expect(status).to_contain_text(none)
    assert found(page) == []
    paste(page, "KeyError: 'int:sid'")
    expect(status).to_contain_text(some)
    assert found(page)[0].startswith("../guide/url-matching.html#pitfall-keyerror-int-nid")
    paste(page, "")
    expect(status).to_have_text("")
    assert found(page) == []


def test_the_message_survives_a_change_of_language_and_a_traceback_stays_out_of_the_address(
    reader: Reader, address: str
) -> None:
    page = reader()
    page.goto(f"{address}en/{LOOK_UP}")
    paste(page, "the converter 'regex' does not exist")
    expect(page.locator(".error-look-up ul > li").first).to_be_visible()
    results = found(page)
    page.locator("a.language-link:visible").first.click()
    page.wait_for_url("**/zh-cn/**")
    expect(page.get_by_label("粘贴报错信息")).to_have_value("the converter 'regex' does not exist")
    answered(page)
    assert found(page) == results
    paste(page, "Traceback " * 60)
    expect(page).not_to_have_url(re.compile("message="))


@pytest.mark.parametrize(
    ("folder", "said"),
    [
        ("en", "This site knows no Flask.teapot."),
        ("zh-cn", "本站没有关于 Flask.teapot 的资料。"),
    ],
)
def test_an_unknown_name_is_said_to_be_unknown(
    reader: Reader, address: str, folder: str, said: str
) -> None:
    page = reader()
    page.goto(f"{address}{folder}/{LOOK_UP}")
    paste(page, "AttributeError: 'Flask' object has no attribute 'teapot'")
    expect(page.get_by_role("status")).to_have_text(said)
    assert page.locator(".error-look-up ul > li").count() == 0


@proves(
    "history/pairs",
    "Error look-up: paste the whole traceback; the look-up tells you which package uses the name.",
)
def test_a_name_that_a_package_calls_leads_to_the_versions_that_do_not_fit(
    reader: Reader, address: str
) -> None:
    page = reader()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{address}en/{LOOK_UP}")
    assert not any(url.endswith("look-up.js") for url in asked)
    paste(page, "ImportError: cannot import name 'url_quote' from 'werkzeug.urls'")
    entry = page.locator(".error-look-up ul > li").first
    expect(entry).to_contain_text("Install Flask 2.2.4 or newer")
    assert (entry.get_attribute("data-names") or "").startswith("werkzeug.urls.url_quote")
    assert [url.rpartition("/")[2] for url in asked].count("look-up.js") == 1
    entry.get_by_role("link").first.click()
    page.wait_for_url("**/history/pairs.html#name-flask-2-2-3-werkzeug-3-0-0")


def test_without_javascript_the_lists_are_there(reader: Reader, address: str) -> None:
    page = reader(java_script_enabled=False)
    page.goto(f"{address}en/{LOOK_UP}")
    expect(page.locator("textarea")).to_have_count(0)
    expect(page.get_by_role("link", name="the converter 're' does not exist")).to_be_visible()
