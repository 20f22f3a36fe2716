"""Measures Run in Chromium: ``python -m proven.commands.run_figures`` or ``nox -s run-figures``.

It prints a table, and writes it to ``docs/_run/figures.json``; it fails where a figure is above its bound.

The site in ``build/html/`` is served from this machine as the README says: what lies in ``_run/`` is cached for ever.
Each figure is the median of five. Measure on a machine that does nothing else.
"""

from __future__ import annotations

import argparse
import json
import statistics
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from playwright.sync_api import Browser, Page, sync_playwright

from proven.base.project import DOCS, ROOT
from proven.commands.chromium import FLAGS, Handler, program, serving
from proven.commands.measured import circumstances
from proven.commands.replay import Browser as Replaying
from proven.run import bundle
from proven.run.files import files_of

FILE = DOCS / "_run" / "figures.json"
#: A snippet with Flask alone, and one with SQLAlchemy: page and module.
FLASK = ("guide/routing", "snippets.routing.smallest")
SQLALCHEMY = ("guide/database", "snippets.database.smallest")
TIMES = 5
#: Bytes a second of a line of 10 Mbit/s.
SLOW = 1_250_000
PATIENCE = 180_000
RERUN = """async () => {
  const panel = document.querySelector(".run-panel");
  const began = performance.now();
  panel.querySelector(".run-tools .run-main").click();
  while (panel.hasAttribute("aria-busy")) await new Promise((done) => setTimeout(done, 1));
  return performance.now() - began;
}"""
MEMORY = """async ({ module, files, times }) => {
  for (let number = 0; number < times; number += 1) await client.load(["flask"], module, files);
  return client.call("memory", {});
}"""


class Counting(Handler):
    """Serves the site, counts what goes out, and keeps to a speed if there is one."""

    sent = 0
    speed = 0
    lock = threading.Lock()

    def end_headers(self) -> None:
        """Let the browser keep what has a digest in its name."""
        if "/_run/" in self.path and not self.path.endswith(".json"):
            self.send_header("Cache-Control", "public, max-age=31536000, immutable")
        super().end_headers()

    def copyfile(self, source: Any, outputfile: Any) -> None:
        """Send a file."""
        while part := source.read(16_384):
            with Counting.lock:
                if Counting.speed:
                    time.sleep(len(part) / Counting.speed)
                Counting.sent += len(part)
            outputfile.write(part)


def first(page: Page, address: str, name: str, module: str) -> tuple[float, int]:
    """Return the seconds from the press to the first answer, and the bytes that this took."""
    page.goto(f"{address}en/{name}.html")
    page.wait_for_timeout(500)
    before = Counting.sent
    began = time.monotonic()
    page.locator(f"button[data-run='{module}']").first.click()
    page.locator(".run-answer .run-side").first.wait_for(timeout=PATIENCE)
    took = time.monotonic() - began
    page.locator(".cm-content").wait_for(timeout=PATIENCE)
    # What the next visit goes on from is kept after the answer.
    page.wait_for_timeout(2000)
    return took, Counting.sent - before


def visits(browser: Browser, address: str, name: str, module: str) -> dict[str, float]:
    """Return what a first and a second visit cost."""
    context = browser.new_context()
    cold, loaded = first(context.new_page(), address, name, module)
    warm, again = first(context.new_page(), address, name, module)
    context.close()
    return {"cold": cold, "loaded": loaded, "warm": warm, "again": again}


def median(measure: Callable[[], float]) -> float:
    """Return the median of some measurements."""
    return statistics.median(measure() for _ in range(TIMES))


class Figure(NamedTuple):
    """Something that was measured, in its unit, and the most that it may be."""

    name: str
    value: float
    unit: str
    most: float


def measure(browser: Browser, address: str, manifest: dict[str, Any]) -> Iterator[Figure]:
    """Yield the figures."""
    for title, (name, module), most in (
        ("Flask", FLASK, 8.0),
        ("Flask and SQLAlchemy", SQLALCHEMY, 11.0),
    ):
        found = [visits(browser, address, name, module) for _ in range(TIMES)]
        of = {key: statistics.median(each[key] for each in found) for key in found[0]}
        yield Figure(f"{title}: press to first answer, cold", of["cold"], "s", 3.0)
        yield Figure(f"{title}: press to first answer, warm", of["warm"], "s", 1.5)
        yield Figure(f"{title}: loaded", of["loaded"] / 1e6, "MB", most)
        yield Figure(f"{title}: loaded on a second visit", of["again"] / 1e6, "MB", 0.0)
    Counting.speed = SLOW
    context = browser.new_context()
    slow, _ = first(context.new_page(), address, *FLASK)
    Counting.speed = 0
    yield Figure("Flask: press to first answer at 10 Mbit/s", slow, "s", 12.0)
    page = context.pages[0]
    send = page.locator(".run-request button[type=submit]")

    def request() -> float:
        send.click()
        page.locator(".run-panel:not([aria-busy])").wait_for()
        return float(page.locator(".run-panel").get_attribute("data-took") or 0)

    yield Figure("a request", median(request), "ms", 20.0)
    yield Figure("a rerun with its request", median(lambda: page.evaluate(RERUN)), "ms", 50.0)
    context.close()
    replaying = Replaying(browser.new_page(), f"{address}{bundle.FOLDER}/", manifest)
    job = {"module": FLASK[1], "files": files_of(ROOT, FLASK[1])}
    once, often = (replaying.page.evaluate(MEMORY, {**job, "times": times}) for times in (1, 200))
    yield Figure("memory of Python after a rerun", once / 2**20, "MB", 64.0)
    yield Figure("memory of Python after 200 reruns", often / 2**20, "MB", 1.5 * once / 2**20)


def main() -> int:
    """Measure, print and record."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.parse_args()
    folder = ROOT / "build" / "html"
    installed = program()
    if not (folder / bundle.FOLDER / bundle.MANIFEST).is_file():
        raise SystemExit("this needs a site with Run: nox -s docs -- --with-run")
    manifest = bundle.read(folder / bundle.FOLDER)
    with serving(folder, Counting) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=installed, args=FLAGS)
        found = list(measure(browser, address, manifest))
        about = circumstances("Flask") | {"Chromium": browser.version}
        browser.close()
    for name, value, unit, most in found:
        print(f"{name:45} {value:>8.2f} {unit:2}   ≤ {most:.3g} {unit}")
    about["Pyodide"] = manifest["pyodide"]["version"]
    figures = [{**each._asdict(), "value": round(each.value, 2)} for each in found]
    record = json.dumps({**about, "figures": figures}, indent=1, ensure_ascii=False)
    FILE.write_text(f"{record}\n", encoding="utf-8")
    above = [each.name for each in found if each.value > each.most]
    if above:
        print(f"above its bound: {', '.join(above)}")
    return int(bool(above))


if __name__ == "__main__":
    raise SystemExit(main())
