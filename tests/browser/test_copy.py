"""The copy buttons copy what a reader can run."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from proven.translation.languages import LANGUAGES
from tests.browser.reader import ROOT, Reader, unfold

PAGE = "guide/routing.html"
PROMPT = re.compile(r">>> |\.\.\. |\$ ")


@pytest.fixture(params=[language.folder for language in LANGUAGES])
def page(request: pytest.FixtureRequest, reader: Reader, address: str) -> Page:
    page = reader(permissions=["clipboard-read", "clipboard-write"])
    page.goto(f"{address}{request.param}/{PAGE}")
    # The buttons come a moment after the page.
    page.locator("button.copybtn").first.wait_for(state="attached")
    unfold(page)
    return page


def copied(block: Locator) -> str:
    """Press the button of a code block and return what is in the clipboard."""
    block.page.evaluate("navigator.clipboard.writeText('nothing')")
    block.locator("button.copybtn").click()
    expect(block.locator("button.copybtn")).to_have_class(re.compile("success"))
    text: str = block.page.evaluate("navigator.clipboard.readText()")
    return text


def without_prompts(block: Locator) -> str:
    """Return the lines of a block that have a prompt, without it."""
    lines = block.locator("pre").inner_text().splitlines()
    return "\n".join(PROMPT.sub("", line, count=1) for line in lines if PROMPT.match(line))


def test_the_run_command_is_copied_without_its_prompt(page: Page) -> None:
    block = page.locator(".snippet-run .highlight").first
    assert copied(block) == "flask --app snippets.routing.smallest run"


def test_a_doctest_is_copied_without_prompts_and_results(page: Page) -> None:
    blocks = page.locator(".highlight-pycon .highlight")
    assert blocks.count() > 3
    for block in blocks.all()[:3]:
        text = copied(block)
        assert text == without_prompts(block)
        assert text
        compile(f"{text}\n", PAGE, "exec")


def test_commands_are_copied_without_prompts_and_output(page: Page) -> None:
    blocks = page.locator(".highlight-console:not(.snippet-run):not(.exchange *) .highlight")
    assert blocks.count() > 0
    for block in blocks.all():
        assert copied(block) == without_prompts(block) != ""


def test_every_request_can_be_copied_as_a_curl_line_and_nothing_else_of_it(page: Page) -> None:
    steps = page.locator(".exchange-step")
    for step in steps.all()[:3]:
        expect(step.locator("button.copybtn")).to_have_count(1)
        block = step.locator("details.exchange-curl .highlight")
        text = copied(block)
        assert text.startswith("curl -")
        assert f"$ {text}" == block.locator("pre").inner_text().strip()


def test_a_whole_file_is_copied_as_it_is(reader: Reader, address: str) -> None:
    page = reader(permissions=["clipboard-read", "clipboard-write"])
    page.goto(f"{address}en/{PAGE}")
    page.locator("button.copybtn").first.wait_for(state="attached")
    text = copied(page.locator(".snippet > .highlight-python .highlight").first)
    file = ROOT / "snippets/routing/smallest.py"
    assert text.strip() == file.read_text(encoding="utf-8").strip()


@pytest.mark.parametrize(
    ("folder", "name"), [("en", "Copy to clipboard"), ("zh-cn", "复制到剪贴板")]
)
def test_the_button_has_a_name_in_the_language_of_the_page(
    reader: Reader, address: str, folder: str, name: str
) -> None:
    page = reader()
    page.goto(f"{address}{folder}/{PAGE}")
    expect(page.get_by_role("button", name=name).first).to_be_attached()


def test_the_button_shows_for_mouse_keyboard_and_finger(reader: Reader, address: str) -> None:
    page = reader()
    page.goto(f"{address}en/{PAGE}")
    button = page.locator(".snippet > .highlight-python button.copybtn").first
    expect(button).to_have_css("opacity", "0")
    button.locator("xpath=..").hover()
    expect(button).to_have_css("opacity", "1")
    page.mouse.move(0, 0)
    expect(button).to_have_css("opacity", "0")
    page.keyboard.press("Tab")
    button.focus()
    expect(button).to_have_css("opacity", "1")

    telephone = reader(390, has_touch=True, is_mobile=True)
    telephone.goto(f"{address}en/{PAGE}")
    button = telephone.locator(".snippet > .highlight-python button.copybtn").first
    expect(button).to_have_css("opacity", "1")
    box = button.bounding_box()
    # The smallest target that WCAG 2.2 allows (2.5.8).
    assert box is not None
    assert min(box["width"], box["height"]) >= 24
