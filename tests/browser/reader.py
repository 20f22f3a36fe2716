"""A reader of the site: opens pages in a browser and notes what goes wrong in them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Locator, Page, Request

ROOT = Path(__file__).resolve().parents[2]
PROBES = Path(__file__).with_name("probes.js").read_text(encoding="utf-8")


class Reader:
    """Opens pages as a reader with certain habits does, and notes whatever goes wrong in them."""

    def __init__(self, chromium: Browser) -> None:
        self.chromium = chromium
        self.contexts: list[BrowserContext] = []
        self.faults: list[str] = []
        self.requests: list[str] = []

    def __call__(self, width: int = 1280, **options: Any) -> Page:
        """Return an empty page in a context of its own."""
        # While a page scrolls smoothly, a click lands where the button was.
        options = {
            "viewport": {"width": width, "height": 900},
            "reduced_motion": "reduce",
        } | options
        context = self.chromium.new_context(**options)
        context.set_default_timeout(60_000)
        self.contexts.append(context)
        context.on("request", lambda request: self.requests.append(request.url))
        context.on("requestfailed", self._failed)
        context.on("weberror", lambda error: self.faults.append(f"error: {error.error}"))
        context.on("console", self._console)
        return context.new_page()

    def _failed(self, request: Request) -> None:
        # A page that is left stops loading; that is no fault.
        if request.failure != "net::ERR_ABORTED":
            self.faults.append(f"failed: {request.url} ({request.failure})")

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            self.faults.append(f"console: {message.text}")

    def abroad(self, home: str) -> list[str]:
        """Return the requests that went elsewhere than ``home``."""
        return [url for url in self.requests if not url.startswith((home, "data:"))]

    def close(self) -> None:
        """Close what was opened."""
        for context in self.contexts:
            context.close()


def probe(page: Page, name: str) -> Any:
    """Return what a probe of probes.js says about the page."""
    return page.evaluate(f"({PROBES.strip()}).{name}()")


def switch(page: Page, tag: str = "") -> Locator:
    """Return the link to a language that is on the screen, in its list, if that has to be opened.

    Args:
        page: The page that is left.
        tag: The language; default: Chinese, from there English.
    """
    # Until the style sheet is there, both the header's and the sidebar's are.
    page.wait_for_load_state()
    width = page.viewport_size["width"]  # type: ignore[index]
    if not tag:
        tag = "en" if page.locator("html").get_attribute("lang") == "zh-CN" else "zh-CN"
    for menu in page.locator(".language-menu:not([open]) > summary").all():
        if menu.is_visible():
            menu.click()
    links = page.locator(f"a.language-link[hreflang='{tag}']")
    shown = []
    for link in links.all():
        box = link.bounding_box()
        if box and box["x"] >= 0 and box["x"] + box["width"] <= width:
            shown.append(link)
    assert len(shown) == 1, f"{len(shown)} of {links.count()} language links are on the screen"
    return shown[0]


def unfold(page: Page) -> None:
    """Open everything that a reader can open, and wait for what that sets off."""
    page.evaluate(
        """async () => {
          for (const fold of document.querySelectorAll("details")) fold.open = true;
          await new Promise(requestAnimationFrame);
          await new Promise((done) => setTimeout(done));
        }"""
    )
