"""What Chromium measures of a page: faults of accessibility, shifts, bytes, targets, requests, width."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from tests.audit.kinds import Kind
from tests.audit.server import Packed
from tests.browser.reader import Reader, probe, unfold
from tests.browser.weight import BYTES

SHIFT = 0.02
FONTS = (".woff", ".woff2", ".ttf", ".otf")
# Counts what moves without a reader's doing, as Web Vitals does.
OBSERVE = """
window.shifts = 0;
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.shifts += entry.value;
}).observe({ type: "layout-shift", buffered: true });
"""
SCROLL = """async () => {
  const frame = () => new Promise((done) => requestAnimationFrame(done));
  const step = innerHeight * Math.max(1, document.documentElement.scrollHeight / innerHeight / 30);
  for (let y = 0; y < document.documentElement.scrollHeight; y += step) {
    scrollTo({ top: y, behavior: "instant" });
    await frame();
  }
  scrollTo({ top: 0, behavior: "instant" });
  await frame();
}"""


class Device(NamedTuple):
    """What a reader holds."""

    width: int
    options: dict[str, Any]


DEVICES = {
    "mobile": Device(390, {"device_scale_factor": 2, "has_touch": True, "color_scheme": "dark"}),
    "desktop": Device(1280, {"color_scheme": "light"}),
}


class Measured(NamedTuple):
    """What was measured of a page; each is a count, but for the shift.

    Attributes:
        axe: What axe finds with its rules for WCAG 2.2 and its own.
        targets: Targets of less than 24 pixels.
        shift: By how much the page moved while it loaded, was scrolled, and answered.
        bytes: What a first visit loads, packed.
        abroad: Requests to others, and fonts.
        wide: What is wider than the screen.
        faults: Errors that the page reports.
    """

    axe: int
    targets: int
    shift: float
    bytes: int
    abroad: int
    wide: int
    faults: int


def judge(measured: Measured, kind: Kind) -> list[str]:
    """Return what of a page is below what is wanted."""
    wanted = {
        "axe": measured.axe == 0,
        "targets": measured.targets == 0,
        "shift": measured.shift < SHIFT,
        "bytes": measured.bytes <= BYTES or not kind.light,
        "abroad": measured.abroad == 0,
        "wide": measured.wide == 0,
        "faults": measured.faults == 0,
    }
    return [name for name, good in wanted.items() if not good]


def typed(page: Page) -> None:
    """Type into the search of every page, as one who looks for something."""
    page.keyboard.press("Control+k")
    field = page.locator("dialog[open] input")
    field.wait_for()
    field.press_sequentially("session", delay=20)
    page.locator("dialog[open] .search-result").first.wait_for()
    page.keyboard.press("Escape")


def asked(page: Page) -> None:
    """Paste a message into the error look-up."""
    page.locator(".error-look-up textarea").fill(
        "RuntimeError: Working outside of request context."
    )
    page.locator(".error-look-up a").first.wait_for()


def searched(page: Page) -> None:
    """Wait for the results of the search in the address."""
    page.locator(".search-result").first.wait_for()


ACTIONS: dict[str, list[Callable[[Page], None]]] = {
    "home": [typed],
    "longest": [typed],
    "look-up": [asked, typed],
    "search": [searched],
}


def measure(
    chromium: Browser, address: str, home: str, kind: Kind, device: Device, name: str
) -> tuple[Measured, list[str]]:
    """Open a page as one who was never here, and measure it.

    Args:
        chromium: The browser.
        address: The address of the page.
        home: The address of the site.
        kind: What kind of page it is.
        device: What it is read on.
        name: The name of the kind.

    Returns:
        The measure, and a line for each fault that has more to say than a number.
    """
    reader = Reader(chromium)
    try:
        page = reader(device.width, **device.options)
        page.set_default_timeout(60_000)
        page.add_init_script(OBSERVE)
        Packed.sent.clear()
        page.goto(address, wait_until="networkidle")
        sent = sum(Packed.sent.values())
        page.evaluate(SCROLL)
        for action in ACTIONS.get(name, []):
            action(page)
        page.evaluate("new Promise((done) => requestAnimationFrame(() => setTimeout(done, 300)))")
        shift = page.evaluate("window.shifts")
        unfold(page)
        wide = probe(page, "overflow")
        rules = {"target-size": {"enabled": True}}
        options = {"resultTypes": ["violations"], "rules": rules}
        violations = Axe().run(page, options=options).response["violations"]
        nodes = [(each["id"], node) for each in violations for node in each["nodes"]]
        small = [node for rule, node in nodes if rule == "target-size"]
        faults = [each for each in reader.faults if "404" not in each or kind.page]
        abroad = reader.abroad(home) + [each for each in reader.requests if each.endswith(FONTS)]
        lines = [f"{rule}: {node['html'][:110]}" for rule, node in nodes[:4]]
        lines += [*wide[:3], *faults[:3], *abroad[:3]]
        measured = Measured(
            axe=len(nodes) - len(small),
            targets=len(small),
            shift=round(shift, 4),
            bytes=sent,
            abroad=len(abroad),
            wide=len(wide),
            faults=len(faults),
        )
    finally:
        reader.close()
    return measured, lines
