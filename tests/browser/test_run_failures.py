"""What can go wrong when Run loads and runs: each is provoked, said to the reader, and leaves a way on."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, ClassVar

import pytest
from playwright.sync_api import Browser, Route, expect

from proven.commands.chromium import Handler, serving
from proven.translation.languages import LANGUAGES, SOURCE
from tests.browser.hosting import POLICY, Encoded, Hosting, Strict
from tests.browser.panel import PATIENCE, SMALLEST, WORKER, answered, press, running, spoil
from tests.browser.reader import ROOT, Reader

pytestmark = pytest.mark.usefixtures("made")
CODE = (ROOT / "snippets/routing/smallest.py").read_text(encoding="utf-8")
#: What a browser without memory does, put before the script of the worker.
NO_MEMORY = """
const refused = async () => {
  throw new RangeError("WebAssembly.instantiate(): Out of memory: Cannot allocate Wasm memory");
};
WebAssembly.instantiate = WebAssembly.instantiateStreaming = refused;
"""


def test_loading_can_be_cancelled_and_begun_again(reader: Reader, address: str) -> None:
    page = reader()
    held: list[Route] = []
    page.route("**/*.wasm.gz", lambda route: held.append(route))
    page.goto(f"{address}en/guide/routing.html")
    panel = press(page)
    cancel = panel.get_by_role("button", name="Cancel")
    cancel.click(timeout=PATIENCE)
    expect(panel.locator(".run-status")).to_contain_text("Cancelled.")
    expect(cancel).to_be_hidden()
    page.unroute("**/*.wasm.gz")
    panel.get_by_role("button", name="Run", exact=True).click()
    answered(panel)
    reader.faults.clear()


def test_a_network_that_breaks_is_said_and_can_be_tried_again(reader: Reader, address: str) -> None:
    page = reader()
    page.route("**/flask-*.zip.gz", lambda route: route.abort())
    page.goto(f"{address}en/guide/routing.html")
    panel = press(page)
    expect(panel.locator(".run-status")).to_contain_text("The connection broke", timeout=PATIENCE)
    page.unroute("**/flask-*.zip.gz")
    panel.get_by_role("button", name="Run", exact=True).click()
    answered(panel)
    reader.faults.clear()


def test_a_panel_that_cannot_be_loaded_is_said_beside_the_button(
    reader: Reader, address: str
) -> None:
    page = reader()
    page.route("**/panel-*.js", lambda route: route.abort())
    page.goto(f"{address}en/guide/routing.html")
    page.locator(f"button[data-run='{SMALLEST}']").first.click()
    said = page.locator(".run [role=status]").first
    expect(said).to_contain_text("Run could not be loaded")
    reader.faults.clear()


def test_without_webassembly_the_panel_says_so(reader: Reader, address: str) -> None:
    page = reader()
    page.add_init_script("delete globalThis.WebAssembly")
    page.goto(f"{address}en/guide/routing.html")
    panel = press(page)
    expect(panel.locator(".run-status")).to_contain_text("does not run WebAssembly")


def test_a_page_from_a_file_says_what_it_needs(reader: Reader, site: Path) -> None:
    page = reader()
    page.goto(f"{site.resolve().as_uri()}/en/guide/routing.html")
    page.locator(f"button[data-run='{SMALLEST}']").first.click()
    said = page.locator(".run [role=status]").first
    expect(said).to_contain_text("Run needs the page from a web server")


class Half(Handler):
    """Breaks off in the middle of a file."""

    breaks: ClassVar[str]

    def copyfile(self, source: Any, outputfile: Any) -> None:
        if not self.breaks or self.breaks not in self.path:
            return super().copyfile(source, outputfile)
        content = source.read()
        outputfile.write(content[: len(content) // 2])
        self.close_connection = True
        return None


@pytest.mark.parametrize("breaks", ["/flask-", "pyodide.asm.wasm", "python_stdlib"])
def test_a_network_that_breaks_half_way_is_said_and_can_be_tried_again(
    reader: Reader, site: Path, breaks: str
) -> None:
    Half.breaks = breaks
    with serving(site, Half) as address:
        page = reader()
        page.goto(f"{address}en/guide/routing.html")
        panel = press(page)
        expect(panel.locator(".run-status")).to_contain_text(
            "The connection broke", timeout=PATIENCE
        )
        Half.breaks = ""
        panel.get_by_role("button", name="Run", exact=True).click()
        answered(panel)
        page.close()
    reader.faults.clear()


def test_a_server_that_names_the_encoding_breaks_nothing(reader: Reader, site: Path) -> None:
    with serving(site, Encoded) as address:
        page = reader()
        page.goto(f"{address}en/guide/routing.html")
        answered(press(page))
        page.close()


def test_without_memory_the_panel_says_so_and_can_be_tried_again(
    reader: Reader, address: str
) -> None:
    page = reader()
    spoil(page, NO_MEMORY)
    page.goto(f"{address}en/guide/routing.html")
    panel = press(page)
    expect(panel.locator(".run-status")).to_contain_text("no memory left", timeout=PATIENCE)
    page.unroute(WORKER)
    panel.get_by_role("button", name="Run", exact=True).click()
    answered(panel)
    reader.faults.clear()


def test_code_that_wants_too_much_or_ends_python_loses_no_edit(
    chromium: Browser, address: str
) -> None:
    with running(chromium, address, "guide/routing", SMALLEST) as started:
        panel = started.panel
        started.edit(CODE.replace('return "Front page"', 'return "x" * (2**31 - 1)'))
        answered(panel, "differs")
        expect(panel.locator(".run-traceback")).to_contain_text("MemoryError")
        for deadly in ("__import__('os').abort()", "__import__('os')._exit(1)"):
            started.edit(CODE.replace('return "Front page"', f"return {deadly}"))
            expect(panel.locator(".run-status")).to_contain_text("went wrong", timeout=PATIENCE)
            expect(panel.locator(".cm-content")).to_contain_text(deadly)
            started.edit(CODE)
            answered(panel)
        started.reader.faults.clear()


def test_what_is_loaded_later_and_does_not_come_is_an_import_error(
    chromium: Browser, address: str
) -> None:
    with running(chromium, address, "guide/routing", SMALLEST) as started:
        page, panel = started.page, started.panel
        code = CODE.replace('return "Front page"', "return __import__('statistics').__name__")
        page.route("**/rest-*.zip.gz", lambda route: route.abort())
        started.edit(code)
        answered(panel, "differs")
        expect(panel.locator(".run-traceback")).to_contain_text(
            "ImportError: statistics could not be loaded"
        )
        page.unroute("**/rest-*.zip.gz")
        panel.get_by_role("button", name="Send", exact=True).click()
        expect(panel.locator(".run-body").first).to_have_text("statistics", timeout=PATIENCE)
        started.reader.faults.clear()


class Stricter(Strict):
    """Forbids WebAssembly."""

    policy = "script-src 'self'"


class Missing(Hosting, Strict):
    """Sends it with the page for what is not there too."""


class Allowed(Missing):
    """Forbids nothing of a page's own."""

    policy = "script-src 'self' 'unsafe-inline'"


def test_it_runs_under_the_policy_of_the_readme(reader: Reader, site: Path) -> None:
    assert POLICY in (ROOT / "README.md").read_text(encoding="utf-8")
    with serving(site, Strict) as address:
        page = reader()
        page.goto(f"{address}en/guide/routing.html")
        answered(press(page))
        # Of the page nothing is refused, and of Run nothing.
        assert reader.faults == []
        page.close()
    with serving(site, Stricter) as address:
        page = reader()
        page.goto(f"{address}en/guide/routing.html")
        panel = press(page)
        expect(panel.locator(".run-status")).to_contain_text("does not run WebAssembly")
        # What it still reports, it reports by then.
        page.close()
        reader.faults.clear()


def test_two_pages_have_a_script_in_themselves_which_the_policy_refuses(
    reader: Reader, site: Path
) -> None:
    script = re.compile(r"<script(?![^>]*\b(?:src=|type=\"application/))")
    pages = site.rglob("*.html")
    own = {
        file.relative_to(site).as_posix()
        for file in pages
        if script.search(file.read_text("utf-8"))
    }
    assert own == {"index.html", "404.html"}
    with serving(site, Strict) as address:
        page = reader()
        page.goto(f"{address}index.html")
        for language in LANGUAGES:
            expect(page.get_by_role("link", name=language.name)).to_be_visible()
        assert page.url == f"{address}index.html"
    for handler, filled in ((Missing, ""), (Allowed, "no such page")):
        with serving(site, handler) as address:
            page.goto(f"{address}{SOURCE.folder}/no-such-page.html")
            expect(page.get_by_role("searchbox").first).to_have_value(filled)
    page.close()
    reader.faults.clear()


def test_it_runs_below_a_path(reader: Reader, site: Path, tmp_path: Path) -> None:
    (tmp_path / "docs").symlink_to(site)
    with serving(tmp_path) as address:
        page = reader()
        page.goto(f"{address}docs/zh-cn/guide/routing.html")
        answered(press(page))
