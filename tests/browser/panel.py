"""The panel of Run on a page, for the tests that work in it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page, Route, expect

from tests.browser.reader import Reader

SMALLEST = "snippets.routing.smallest"
WORKER = "**/worker-*.js"
#: Milliseconds that a start may take on a busy machine.
PATIENCE = 120_000
#: What a request may take passes sooner; what loading may take does not, for a busy machine needs it.
SHORT = """
const plain = window.setTimeout;
const sooner = { 10000: 3000, 30000: 4000 };
window.setTimeout = (call, time, ...rest) => plain(call, sooner[time] ?? time, ...rest);
"""


def press(page: Page, module: str = SMALLEST) -> Locator:
    """Press the first button of a snippet and return its panel."""
    page.locator(f"button[data-run='{module}']").first.click()
    return page.locator(".run-panel")


def spoil(page: Page, code: str) -> None:
    """Put code before the script of the worker."""

    def spoiled(route: Route) -> None:
        response = route.fetch()
        route.fulfill(response=response, body=code + response.text())

    page.route(WORKER, spoiled)


def answered(panel: Locator, judged: str = "same") -> Locator:
    """Wait for an answer that is, or is not, the recorded one."""
    expect(panel.locator(f".run-status .run-{judged}").first).to_be_visible(timeout=PATIENCE)
    return panel.locator(".run-side").first


class Started:
    """A page of a snippet that runs already, for tests that change what is in it."""

    def __init__(self, reader: Reader, page: Page) -> None:
        self.reader, self.page = reader, page
        self.panel = page.locator(".run-panel")

    def edit(self, code: str) -> None:
        """Put code in the place of the snippet's and run it."""
        editor = self.panel.locator(".cm-content")
        editor.click()
        self.page.keyboard.press("Control+a")
        self.page.evaluate("text => navigator.clipboard.writeText(text)", code)
        self.page.keyboard.press("Control+v")
        self.page.keyboard.press("Control+Enter")

    def shown(self, width: int, scheme: Any) -> None:
        """Let the page have a width in pixels, and a colour scheme."""
        self.page.set_viewport_size({"width": width, "height": 900})
        self.page.emulate_media(color_scheme=scheme)

    def check_access(self) -> None:
        """Ask axe what somebody cannot read or reach in the panel, and whether it is as wide as the page."""
        rules = {"region": {"enabled": False}}
        found = Axe().run(self.page, context=".run-panel", options={"rules": rules})
        faults = [
            f"{fault['id']}: {node['html'][:160]}"
            for fault in found.response["violations"]
            for node in fault["nodes"]
        ]
        assert not faults, "\n".join(faults)
        width = self.page.viewport_size["width"]  # type: ignore[index]
        assert self.page.evaluate("document.documentElement.scrollWidth") <= width

    def status(self, text: str | re.Pattern[str]) -> None:
        """Wait until the panel says something."""
        expect(self.panel.locator(".run-status")).to_contain_text(text, timeout=PATIENCE)

    def ask(self, method: str, path: str) -> None:
        """Send a request."""
        self.panel.get_by_label("Method").select_option(method)
        self.panel.get_by_label("Path").fill(path)
        self.panel.get_by_role("button", name="Send", exact=True).click()


@contextmanager
def running(
    chromium: Browser, address: str, name: str, module: str, folder: str = "en"
) -> Iterator[Started]:
    """Open a page and run a snippet of it; at the end nothing may have gone wrong."""
    reader = Reader(chromium)
    page = reader(permissions=["clipboard-read", "clipboard-write"])
    page.add_init_script(SHORT)
    page.goto(f"{address}{folder}/{name}.html")
    started = Started(reader, page)
    answered(press(page, module))
    yield started
    reader.close()
    assert reader.faults == []
