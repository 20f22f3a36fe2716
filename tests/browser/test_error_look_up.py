"""A reader pastes a message, or a whole traceback, and finds the pitfall that explains it."""

from __future__ import annotations

import re
import traceback
from collections.abc import Callable
from contextvars import Context

import pytest
from flask import Flask, current_app, session, url_for
from playwright.sync_api import Page, expect

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


def found(page: Page) -> list[str]:
    """Return where the results lead."""
    links = page.locator(RESULTS)
    return [str(link.get_attribute("href")) for link in links.all()]


@pytest.mark.parametrize(("mistake", "place"), MISTAKES)
def test_a_traceback_finds_its_pitfall(
    reader: Reader, origin: str, mistake: Callable[[Flask], object], place: str
) -> None:
    page = reader()
    page.goto(f"{origin}en/{LOOK_UP}")
    page.get_by_label("Paste an error message").fill(traceback_of(mistake))
    first = found(page)[0]
    expect(page.locator(".error-look-up ul .error-answer").first).not_to_be_empty()
    assert first.partition("#")[2].startswith(place), found(page)
    page.locator(RESULTS).first.click()
    page.wait_for_url(f"**{first.removeprefix('..')}")
    expect(page.locator(f"#{first.partition('#')[2]}")).to_be_in_viewport()


def test_a_few_words_are_enough_and_the_same_message_counts_once(
    reader: Reader, address: str
) -> None:
    page = reader()
    page.goto(f"{address}en/{LOOK_UP}")
    page.get_by_label("Paste an error message").fill("working outside")
    titles = page.locator(RESULTS).all_inner_texts()
    assert set(titles) == {
        "RuntimeError: Working outside of application context.",
        "RuntimeError: Working outside of request context.",
    }
    assert len(titles) > 5


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
    box, status = page.get_by_label(label), page.get_by_role("status")
    expect(status).to_have_text("")
    box.fill("segmentation fault, core dumped")
    expect(status).to_contain_text(none)
    assert found(page) == []
    box.fill("KeyError: 'int:sid'")
    expect(status).to_contain_text(some)
    assert found(page)[0].startswith("../guide/routing.html#pitfall-keyerror-int-nid")
    box.fill("")
    expect(status).to_have_text("")
    assert found(page) == []


def test_the_message_survives_a_change_of_language_and_a_traceback_stays_out_of_the_address(
    reader: Reader, address: str
) -> None:
    page = reader()
    page.goto(f"{address}en/{LOOK_UP}")
    page.get_by_label("Paste an error message").fill("the converter 'regex' does not exist")
    results = found(page)
    assert results
    page.locator("a.language-link:visible").first.click()
    page.wait_for_url("**/zh-cn/**")
    expect(page.get_by_label("粘贴报错信息")).to_have_value("the converter 'regex' does not exist")
    assert found(page) == results
    page.get_by_label("粘贴报错信息").fill("Traceback " * 60)
    expect(page).not_to_have_url(re.compile("message="))


def test_without_javascript_the_lists_are_there(reader: Reader, address: str) -> None:
    page = reader(java_script_enabled=False)
    page.goto(f"{address}en/{LOOK_UP}")
    expect(page.locator("textarea")).to_have_count(0)
    expect(page.get_by_role("link", name="the converter 're' does not exist")).to_be_visible()
