"""What a reader sets in the menu holds at once, on the pages that follow, and before anything is drawn."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, Route, expect

from proven.claims.proofs import proves
from proven.commands.chromium import serving
from proven.translation.languages import LANGUAGES, SOURCE, TRANSLATED
from tests.browser.hosting import Strict
from tests.browser.reader import Reader, probe, switch

FOLDERS = [language.folder for language in LANGUAGES]
OWN = TRANSLATED[0]
# Its snippets have more comments than those of any other page, on lines of their own and behind code.
PAGE = "guide/application-accounts.html"
# The page of a module has no sentences.
MODULE = "code/application/registration.html"
CODE = (
    "[...document.querySelectorAll('.snippet')].map((box) => box.querySelector('pre').textContent)"
)
FORBIDDEN = (
    "Object.defineProperty(window, 'localStorage', {"
    "  get() { throw new DOMException('forbidden', 'SecurityError'); },"
    "});"
)


def opener(page: Page) -> Locator:
    """Return the button of the menu that is on the screen."""
    buttons = [each for each in page.locator(".settings-open").all() if each.is_visible()]
    assert len(buttons) == 1, f"{len(buttons)} buttons are on the screen"
    return buttons[0]


def menu(page: Page) -> Locator:
    """Open the menu, if it is not open, and return it."""
    page.wait_for_load_state()
    found = page.locator("#reading-settings")
    if not found.is_visible():
        opener(page).click()
    expect(found).to_be_visible()
    return found


def choose(page: Page, name: str, value: str) -> None:
    """Choose in the menu, and close it."""
    menu(page).locator(f"[name={name}][value={value}]").check()
    page.keyboard.press("Escape")
    expect(page.locator("#reading-settings")).to_be_hidden()


def size(page: Page) -> float:
    """Return the size of code in pixels."""
    return float(
        page.locator(".snippet .highlight pre").first.evaluate(
            "each => parseFloat(getComputedStyle(each).fontSize)"
        )
    )


@pytest.mark.parametrize(
    ("folder", "width"), list(zip([SOURCE.folder, OWN.folder], [1280, 390], strict=True))
)
def test_the_menu_is_used_by_key_and_by_finger(
    reader: Reader, address: str, folder: str, width: int
) -> None:
    page = reader(width)
    page.goto(f"{address}{folder}/{PAGE}")
    found = page.locator("#reading-settings")
    expect(found).to_be_hidden()
    assert Axe().run(page, context=["header", "#reading-settings"]).response["violations"] == []
    button = opener(page)
    button.focus()
    page.keyboard.press("Enter")
    expect(found).to_be_visible()
    # From the button the keyboard goes into the menu, wherever it stands in the page, and from group to group.
    groups = ["theme", "proven-code", *(["proven-comments"] if folder == OWN.folder else [])]
    for name in groups:
        page.keyboard.press("Tab")
        expect(found.locator(f"[name={name}]:checked")).to_be_focused()
    page.keyboard.press("Tab")
    expect(found.get_by_role("checkbox")).to_be_focused()
    page.keyboard.press("Space")
    expect(page.locator("html.proofs-on")).to_be_attached()
    # Each group has a name, and each target is as large as a finger can hit.
    assert found.get_by_role("group").count() == len(groups)
    for target in [button, *found.locator("label").all()]:
        box = target.bounding_box()
        assert box
        assert min(box["width"], box["height"]) >= 24
    box = found.bounding_box()
    assert box
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= width
    assert box["y"] + box["height"] <= 900
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        assert not probe(page, "contrast")["faults"]
    assert Axe().run(page, context=["header", "#reading-settings"]).response["violations"] == []
    page.keyboard.press("Escape")
    expect(found).to_be_hidden()
    expect(button).to_be_focused()


@pytest.mark.parametrize("folder", FOLDERS)
def test_the_colours_are_those_of_the_menu_and_of_the_switch_beside_it(
    reader: Reader, site: Path, folder: str
) -> None:
    # The policy of the README refuses scripts in the page.
    with serving(site, Strict) as address:
        page = reader(color_scheme="dark")
        page.goto(f"{address}{folder}/{PAGE}")
        body = page.locator("body")
        expect(body).to_have_css("background-color", "rgb(19, 20, 22)")
        choose(page, "theme", "light")
        expect(body).to_have_css("background-color", "rgb(255, 255, 255)")
        page.reload()
        expect(body).to_have_css("background-color", "rgb(255, 255, 255)")
        page.locator(".theme-toggle-content .theme-toggle").click()
        expect(menu(page).locator("[name=theme]:checked")).to_have_value("dark")
        choose(page, "theme", "auto")
        page.emulate_media(color_scheme="light")
        expect(body).to_have_css("background-color", "rgb(255, 255, 255)")
        page.close()


@proves(
    "about/testing",
    "The menu also sets the colours and the size of code, and on a translated page the "
    "language of the comments in code.",
    "The browser keeps what is set, also for the other pages.",
)
def test_the_size_of_code_is_kept(reader: Reader, origin: str) -> None:
    page = reader()
    page.goto(f"{origin}en/{PAGE}")
    usual = size(page)
    for value, larger in (("small", False), ("large", True)):
        choose(page, "proven-code", value)
        assert (size(page) > usual) is larger
        assert (size(page) < usual) is not larger
    chosen = size(page)
    page.reload()
    assert size(page) == chosen
    switch(page).click()
    page.wait_for_url(f"{origin}zh-cn/{PAGE}")
    assert size(page) == chosen
    expect(menu(page).locator("[name=proven-code]:checked")).to_have_value("large")
    choose(page, "proven-code", "normal")
    page.goto(f"{origin}en/{MODULE}")
    assert size(page) == usual


@proves(
    "about/testing",
    "The menu also sets the colours and the size of code, and on a translated page the "
    "language of the comments in code.",
    "The browser keeps what is set, also for the other pages.",
)
def test_comments_are_read_in_the_language_of_the_page_or_of_the_source(
    reader: Reader, origin: str
) -> None:
    page = reader()
    page.goto(f"{origin}{SOURCE.folder}/{PAGE}")
    source = page.evaluate(CODE)
    assert menu(page).locator("[name=proven-comments]").count() == 0
    page.goto(f"{origin}{OWN.folder}/{PAGE}")
    translated = page.evaluate(CODE)
    assert sum(a != b for a, b in zip(source, translated, strict=True)) > 4
    label = menu(page).locator("label", has=page.locator("[value=original]"))
    expect(label).to_have_text(SOURCE.name)
    choose(page, "proven-comments", "original")
    assert page.evaluate(CODE) == source
    choose(page, "proven-comments", "own")
    assert page.evaluate(CODE) == translated
    choose(page, "proven-comments", "original")
    page.reload()
    assert page.evaluate(CODE) == source
    codes = []
    for folder in (SOURCE.folder, OWN.folder):
        page.goto(f"{origin}{folder}/{MODULE}")
        codes.append(page.evaluate(CODE))
    assert codes[0] == codes[1]
    choose(page, "proven-comments", "own")
    assert codes[0] != page.evaluate(CODE)


def test_what_is_copied_is_what_is_shown(reader: Reader, address: str) -> None:
    page = reader(permissions=["clipboard-read", "clipboard-write"])
    page.goto(f"{address}{OWN.folder}/{PAGE}")
    choose(page, "proven-comments", "original")
    box = page.locator(".snippet[data-originals] .highlight").first
    box.locator("button.copybtn").click()
    page.wait_for_function("navigator.clipboard.readText().then((text) => text.length > 9)")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.strip() == box.locator("pre").inner_text().strip()


def test_every_comment_of_the_source_is_found(reader: Reader, address: str, site: Path) -> None:
    """Compare code that has translated comments with that of the source, on some pages of every kind."""
    page = reader()
    page.goto(f"{address}{OWN.folder}/{PAGE}")
    choose(page, "proven-comments", "original")
    names = [
        file.relative_to(site / OWN.folder).as_posix()
        for file in sorted(site.joinpath(OWN.folder).rglob("*.html"))
        if " data-originals=" in file.read_text("utf-8")
    ]
    assert len(names) > 300
    names = names[::25]
    # One page after the other in one document, which the script of the settings takes for its own.
    found: list[str] = page.evaluate(
        """async ({ names, source, own }) => {
          const article = document.querySelector("article");
          const read = async (url) => {
            const text = await (await fetch(url)).text();
            return new DOMParser().parseFromString(text, "text/html").querySelector("article");
          };
          const choose = (value) => {
            const radio = document.querySelector(`[name=proven-comments][value=${value}]`);
            radio.checked = true;
            radio.dispatchEvent(new Event("change", { bubbles: true }));
          };
          const code = (under) => [...under.querySelectorAll(".snippet pre")].map((pre) => pre.textContent).join();
          const faults = [];
          for (const name of names) {
            choose("own");
            article.replaceChildren(...(await read(own + name)).childNodes);
            const translated = code(article);
            choose("original");
            if (code(article) === translated || code(article) !== code(await read(source + name))) faults.push(name);
          }
          return faults;
        }""",
        {
            "names": names,
            "source": f"{address}{SOURCE.folder}/",
            "own": f"{address}{OWN.folder}/",
        },
    )
    assert found == []


@proves(
    "about/testing",
    "The same switch stands in the menu “Reading settings” at the top of the page.",
)
@pytest.mark.parametrize("folder", FOLDERS)
def test_the_proofs_are_those_of_the_switch(reader: Reader, address: str, folder: str) -> None:
    page = reader()
    page.goto(f"{address}{folder}/{PAGE}")
    own, proofs = (
        page.locator("button.proofs-switch"),
        page.locator("#reading-settings [type=checkbox]"),
    )
    menu(page)
    expect(proofs).not_to_be_checked()
    proofs.check()
    expect(own).to_have_attribute("aria-pressed", "true")
    expect(page.locator("html.proofs-on")).to_be_attached()
    page.reload()
    menu(page)
    expect(proofs).to_be_checked()
    page.keyboard.press("Escape")
    own.click()
    menu(page)
    expect(proofs).not_to_be_checked()
    # Where they cannot be loaded, the menu says so as the switch does.
    page.reload()
    page.route("**/_proofs/**", lambda route: route.abort())
    menu(page)
    with page.expect_event("requestfailed"):
        proofs.click()
    expect(proofs).not_to_be_checked()
    reader.faults.clear()
    page.goto(f"{address}{folder}/{MODULE}")
    menu(page)
    expect(proofs).to_be_hidden()


def test_nothing_moves_when_a_page_opens_with_settings(reader: Reader, address: str) -> None:
    page = reader(390)
    page.goto(f"{address}{OWN.folder}/{PAGE}")
    usual = page.evaluate(CODE)
    choose(page, "proven-code", "large")
    choose(page, "proven-comments", "original")
    source = page.evaluate(CODE)
    assert source != usual
    # While what stands at the end of the page is on its way, the browser draws what it has.
    held: list[Route] = []
    page.route("**/furo.js*", lambda route: held.append(route))
    page.reload(wait_until="commit")
    page.wait_for_function("document.querySelector('footer .colophon') !== null")
    shown = "[document.readyState, document.documentElement.dataset.code, " + CODE + "]"
    assert page.evaluate(shown) == ["loading", "large", source]
    held[0].continue_()
    page.wait_for_load_state()
    moved: Any = page.evaluate(
        """() => new Promise((done) => {
          const sum = (list) => list.getEntries().reduce((sum, each) => sum + each.value, 0);
          new PerformanceObserver((list) => done(sum(list))).observe({ type: "layout-shift", buffered: true });
          // Of no shift there is no entry.
          requestIdleCallback(() => setTimeout(() => done(0), 300));
        })"""
    )
    assert moved < 0.02


@pytest.mark.parametrize("folder", FOLDERS)
def test_forbidden_storage_lets_a_choice_hold_for_the_page(
    reader: Reader, address: str, folder: str
) -> None:
    page = reader()
    page.add_init_script(FORBIDDEN)
    page.goto(f"{address}{folder}/{PAGE}")
    usual = size(page)
    choose(page, "proven-code", "large")
    choose(page, "theme", "dark")
    assert size(page) > usual
    expect(page.locator("body")).to_have_css("background-color", "rgb(19, 20, 22)")
    page.reload()
    assert size(page) == usual
    assert reader.faults == []


@pytest.mark.parametrize("folder", FOLDERS)
def test_without_javascript_there_is_no_menu(reader: Reader, address: str, folder: str) -> None:
    page = reader(java_script_enabled=False)
    page.goto(f"{address}{folder}/{PAGE}")
    for each in page.locator(".settings-open, #reading-settings").all():
        expect(each).to_be_hidden()


def test_paper_has_no_menu(reader: Reader, address: str) -> None:
    page = reader()
    page.goto(f"{address}en/{PAGE}")
    menu(page)
    page.emulate_media(media="print")
    expect(page.locator("#reading-settings")).to_be_hidden()
