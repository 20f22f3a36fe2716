"""In a real browser: docs/guide/application.md."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import expect
from sqlalchemy import update

from proven.claims.proofs import proves
from snippets.application import audit
from snippets.application.models import AuditEntry, Note, db
from tests.browser.reader import Reader
from tests.guide.application.common import ADA, NEW, PASSWORD, Telephone, Visitor, put, sign


def test_a_browser_registers_writes_turns_pages_and_logs_out_everywhere(
    app: Flask, address: str, reader: Reader
) -> None:
    app.config["PER_PAGE"] = 2
    desk = reader(locale="en-GB")
    sign(desk, address)
    expect(desk.get_by_role("status")).to_have_text("Welcome! Write your first note.")
    for number in (1, 2, 3):
        put(desk, f"Note {number}", "a line\nanother 😀")
    expect(desk.locator(".notes h2")).to_have_text(["Note 3", "Note 2"])
    desk.get_by_role("link", name="Older").click()
    expect(desk.locator(".notes h2")).to_have_text(["Note 1"])
    desk.get_by_role("link", name="Note 1").click()
    desk.get_by_label("Text").fill("changed")
    desk.get_by_role("button", name="Save").click()
    desk.get_by_role("link", name="Note 2").click()
    desk.get_by_text("Delete this note").click()
    desk.get_by_role("button", name="Delete it").click()
    expect(desk.get_by_role("status")).to_have_text("Deleted.")
    put(desk, "Note 4", "")
    phone = reader(locale="en-GB", width=390)
    sign(phone, address, register=False)
    phone.get_by_role("link", name="Older").click()
    expect(phone.locator(".notes .text")).to_have_text("changed")
    phone.get_by_role("link", name="Account").click()
    expect(phone.locator("tbody tr")).to_have_count(3)
    phone.get_by_role("button", name="Log out everywhere").click()
    expect(phone.get_by_role("status")).to_have_text("You are logged out in every browser.")
    desk.get_by_role("link", name="My notes").click()
    expect(desk).to_have_url(f"{address}/login?next=/notes/")
    desk.go_back()
    expect(desk).to_have_url(re.compile(rf"{address}/login\?next=/"))


MISSING = "Failed to load resource: the server responded with a status of 404 (NOT FOUND)"


@proves(
    "guide/application-languages",
    "The pages load only notes.css, icon.svg and this script, and send no request to "
    "another server.",
    "The style sheet supports light and dark mode, and the pages fit on screens of 390 "
    "pixels and more.",
)
@proves(
    "guide/application",
    "Chromium takes the same steps with two windows, in both languages, at 390 and 1280 "
    "pixels, in light and dark mode.",
    "The accessibility checker axe finds no fault, the console is empty, and no request "
    "goes to another server.",
)
@pytest.mark.parametrize(
    ("locale", "width", "scheme"), [("zh-CN", 390, "dark"), ("en-GB", 1280, "light")]
)
def test_every_page_fits_and_axe_finds_nothing(
    app: Flask, address: str, reader: Reader, locale: str, width: int, scheme: Any
) -> None:
    page = reader(width=width, locale=locale, color_scheme=scheme)
    found: dict[str, Any] = {}

    def look(path: str) -> None:
        page.goto(address + path)
        wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert wide <= 0, (path, wide)
        report = Axe().run(page).response
        assert report["passes"]
        found.update({f"{path} {fault['id']}": fault["nodes"] for fault in report["violations"]})
        assert page.locator("html").get_attribute("lang") == locale.replace("-GB", "")

    for path in ("/", "/login", "/register"):
        look(path)
    for name, value in (("mobile", ADA), ("password", PASSWORD), ("again", PASSWORD)):
        page.locator(f"[name={name}]").fill(value)
    page.locator("main button").click()
    page.wait_for_url(f"{address}/notes/")
    with app.app_context():
        for number in range(8):
            db.session.add(Note(owner_id=1, title=f"{number}" + "W" * 99, text="x" * 300))
        db.session.commit()
    page.goto(f"{address}/notes/")
    note_path = page.locator(".notes a").first.get_attribute("href")
    for path in ("/notes/", str(note_path), "/notes/new", "/account/", "/nothing"):
        look(path)
    assert found == {}
    # a page that is not there is a fault for the reader, and the only one
    assert reader.faults == [f"console: {MISSING}"]
    reader.faults.clear()


@proves(
    "guide/application-accounts",
    "Each error is in a paragraph to which its field refers with aria-describedby, so "
    "that a screen reader reads it together with the field.",
)
def test_an_error_is_linked_to_its_field_and_the_keyboard_is_enough(
    address: str, reader: Reader
) -> None:
    page = reader(locale="en-GB")
    page.goto(f"{address}/register")
    page.keyboard.press("Tab")
    outline = "getComputedStyle(document.activeElement).outlineStyle"
    assert page.evaluate(outline) == "solid"
    page.get_by_label("Mobile number").fill("10086")
    page.keyboard.press("Enter")
    field = page.get_by_label("Mobile number")
    expect(field).to_have_accessible_description("This is not a mobile number.")
    expect(field).to_have_attribute("aria-invalid", "true")
    assert Axe().run(page).violations_count == 0
    [fault] = reader.faults
    assert "422 (UNPROCESSABLE ENTITY)" in fault
    reader.faults.clear()


@proves(
    "guide/application-notes",
    "This is necessary because Cache-Control: no-store removes the filled form from the "
    "history of the browser.",
    "With no-store, the browser does not show the notes again after the logout.",
)
def test_a_note_that_was_not_saved_is_shown_because_the_way_back_is_empty(
    app: Flask, address: str, reader: Reader
) -> None:
    page = reader(locale="en-GB")
    sign(page, address)
    page.get_by_role("link", name="New note").click()
    page.get_by_label("Title").fill("An hour of work")
    page.context.clear_cookies()
    page.get_by_role("button", name="Save").click()
    expect(page.locator("pre")).to_have_text("An hour of work")
    sign(page, address, register=False)
    page.goto(f"{address}/notes/new")
    page.get_by_label("Title").fill("An hour of work")
    page.goto(f"{address}/account/")
    page.go_back()
    expect(page.get_by_label("Title")).to_have_value("")
    [fault] = reader.faults
    assert "401 (UNAUTHORIZED)" in fault
    reader.faults.clear()


@proves(
    "guide/application-notes",
    "A script inside a note does not run, because the policy does not contain 'unsafe-inline'.",
)
def test_no_script_runs_not_even_one_that_got_into_a_page(
    app: Flask, address: str, reader: Reader
) -> None:
    script = "<h1>x</h1><script>document.title = 'ran'</script><img src=/x onerror=alert(1)>"
    app.view_functions["registration.welcome"] = lambda: script
    page = reader()
    page.goto(address)
    expect(page.locator("h1")).to_have_text("x")
    assert page.title() != "ran"
    # Only then is everything said that there is to say.
    page.close()
    assert any("Content Security Policy" in fault for fault in reader.faults)
    reader.faults.clear()


BROKEN = """() => {
  // as without the script, which makes the times shorter
  for (const time of document.querySelectorAll("time")) time.textContent = time.title;
  const broken = [];
  for (const cell of document.querySelectorAll("th, td:not(.address)")) {
    const texts = document.createTreeWalker(cell, NodeFilter.SHOW_TEXT);
    while (texts.nextNode())
      for (const word of texts.currentNode.data.matchAll(/[^\\s-]+/g)) {
        const range = document.createRange();
        range.setStart(texts.currentNode, word.index);
        range.setEnd(texts.currentNode, word.index + word[0].length);
        if (range.getClientRects().length !== 1) broken.push(word[0]);
      }
  }
  return broken;
}"""


def test_no_word_breaks_and_no_fifth_line_shows_on_a_telephone(
    app: Flask, address: str, reader: Reader
) -> None:
    page = reader(390, locale="en-GB")
    sign(page, address)
    # the columns are as narrow as what is in them
    page.goto(f"{address}/account/")
    expect(page.locator("tbody tr")).to_have_count(1)
    assert page.evaluate(BROKEN) == []
    with app.app_context():
        # beside a card that is higher, at 1280 pixels
        for title in ("Long", "w" * 100):
            db.session.add(Note(owner_id=1, title=title, text="\n".join("abcdefghi")))
        entry = {"user_id": 1, "address": "2001:db8:85a3:1319:8a2e:370:7344:1234"}
        for name in audit.events:
            db.session.add(AuditEntry(event=name, request_id="x", **entry))
        db.session.commit()
    for width in (390, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        page.goto(f"{address}/notes/")
        for card in page.locator(".notes .text").all():
            lines = card.evaluate(
                "box => box.clientHeight / parseFloat(getComputedStyle(box).lineHeight)"
            )
            assert 3.9 < lines < 4.1
    page.set_viewport_size({"width": 390, "height": 900})
    page.goto(f"{address}/account/")
    expect(page.locator("tbody tr")).to_have_count(8)
    assert page.evaluate(BROKEN) == []
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


@proves(
    "guide/application-languages",
    "So the macro moment writes UTC, in a <time> element.",
    "This small script converts it to the time zone of the browser.",
)
@pytest.mark.parametrize(
    ("locale", "zone", "shown"),
    [
        ("en-GB", "Asia/Shanghai", "5 Jan 2026, 07:30"),
        ("zh-CN", "Asia/Shanghai", "2026年1月5日 07:30"),
        ("en-GB", "America/New_York", "4 Jan 2026, 18:30"),
    ],
)
def test_times_are_those_of_the_readers_clock(
    app: Flask, address: str, reader: Reader, locale: str, zone: str, shown: str
) -> None:
    page = reader(locale=locale, timezone_id=zone)
    Visitor(app).register()
    moment = datetime(2026, 1, 4, 23, 30)
    with app.app_context():
        db.session.add(Note(owner_id=1, title="x", text="", changed=moment))
        db.session.execute(update(AuditEntry).values(at=moment))
        db.session.commit()
    page.goto(f"{address}/login")
    page.locator("[name=mobile]").fill(ADA)
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("main button").click()
    time = page.locator(".notes time")
    expect(time).to_have_text(shown)
    expect(time).to_have_attribute("title", "2026-01-04 23:30 UTC")
    expect(time).to_have_attribute("datetime", "2026-01-04T23:30:00Z")
    page.goto(f"{address}/account/")
    expect(page.locator("tbody time").last).to_have_text(shown)


@proves("guide/application-languages", "Without the script, everything else works:")
def test_without_the_script_a_time_says_that_it_is_utc(app: Flask, ada: Visitor) -> None:
    ada.write("x")
    for path in ("/notes/", "/account/"):
        for moment in ada.page(path).select("main time"):
            assert moment.get_text() == f"{moment['datetime'][:16].replace('T', ' ')} UTC"


def test_a_reader_switches_the_language_and_asks_for_a_new_password(
    app: Flask, address: str, reader: Reader
) -> None:
    telephone = Telephone(app)
    page = reader(390, locale="en-GB")
    sign(page, address)
    page.get_by_role("link", name="简体中文").click()
    expect(page).to_have_url(f"{address}/notes/")
    expect(page.locator("h1")).to_have_text("我的笔记")
    page.get_by_role("link", name="账号").click()
    page.get_by_role("link", name="修改密码").click()
    page.get_by_role("link", name="忘记密码？").click()
    page.get_by_label("手机号").fill(ADA)
    page.get_by_role("button", name="发送链接").click()
    expect(page.locator("h1")).to_have_text("查看短信")
    page.goto(telephone.messages[-1][1].rpartition("：")[2])
    page.get_by_label("新密码").fill(NEW)
    page.get_by_label("再输一遍密码").fill(NEW)
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_role("status")).to_have_text("密码已修改，用新密码登录。")
