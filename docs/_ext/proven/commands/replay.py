"""Replays the requests of all pages in Chromium: ``python -m proven.commands.replay`` or ``nox -s replay``.

Each block is sent to its snippet twice: here, as the build records it, and in the browser, with the files and the
scripts that readers get. What gives the recorded answers there goes into ``docs/_run/record.json`` as running, what
does not with its reason. So do the examples with ``>>>``, whose output is compared with what the page says. ``--check``
writes nothing and fails where the file says something else; ``--changed`` replays only what is newer than its entry.
Names of snippets and pages replay these.
"""

from __future__ import annotations

import argparse
import base64
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, sync_playwright

from proven.base.project import ROOT
from proven.commands.chromium import FLAGS, Handler, program, serving, without_windows
from proven.exchange.recording import CLOCK, Answer, ExchangeError, record
from proven.releases.jobs import Sent, Snippet, request_job
from proven.run import bundle
from proven.run.compare import Plain, differing, first
from proven.run.examples import Examples, differs, pages
from proven.run.files import content, files_of
from proven.run.libraries import bundles_of, versions
from proven.run.record import FILE, Record, Seen, Tried, digest_of, read, text_of, wanted
from proven.snippets.files import SnippetError
from proven.snippets.loading import application

PAGE = b"<!doctype html><meta charset=utf-8><title>replay</title>"
#: Loads the client of the panel, and keeps it for what follows. It goes on from the memory that a start before it left,
#: as for a reader who was here before.
BEGIN = """async ({ place, manifest, clock }) => {
  const { Client } = await import(new URL(manifest.scripts.client, place));
  window.client = new Client(place, manifest, { clock });
  await client.start(["flask"]);
  const left = async () => (await (await caches.open(`proven-run ${place}`)).keys()).length;
  for (let turns = 0; !(await left()); turns += 1) {
    if (turns > 1200) throw new Error("a minute has passed, and the start has left no memory in the cache");
    await new Promise((done) => setTimeout(done, 50));
  }
  client.end();
  return client.start(["flask"]);
}"""
#: Loads a snippet afresh and sends one block of requests.
BLOCK = """async ({ module, files, bundles, requests }) => {
  const unpacked = (text) => Uint8Array.from(atob(text), (each) => each.charCodeAt(0));
  const packed = (bytes) => btoa(Array.from(bytes, (each) => String.fromCharCode(each)).join(""));
  try {
    const loaded = await client.load(bundles, module, files);
    if (!loaded.ok) return { raises: loaded.error.said, text: loaded.error.text };
    const answers = [];
    for (const { data, ...request } of requests) {
      const { body, ...said } = await client.send(request, data == null ? null : unpacked(data));
      answers.push({ ...said, body: packed(body) });
    }
    return { answers };
  } catch (error) {
    return { raises: `${error.constructor.name}: ${error.message}` };
  }
}"""

#: Runs the examples of a page, from the first to the last.
EXAMPLES = """async ({ files, bundles, blocks }) => {
  try {
    await client.enter(bundles, files);
    const found = [];
    for (const sources of blocks) {
      const outputs = [];
      for (const source of sources) outputs.push(await client.push(source));
      found.push(outputs);
    }
    return { found };
  } catch (error) {
    return { raises: `${error.constructor.name}: ${error.message}` };
  }
}"""


class EmptyPage(Handler):
    """Serves what Run loads, and an empty page with the policy that the README names."""

    def do_GET(self) -> None:  # noqa: N802  the name in the base class
        """Answer."""
        if self.path != "/":
            return super().do_GET()
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Security-Policy", "script-src 'self' 'wasm-unsafe-eval'")
        self.end_headers()
        self.wfile.write(PAGE)
        return None


class Browser:
    """Chromium with the worker of Run in it."""

    def __init__(self, page: Page, place: str, manifest: dict[str, Any]) -> None:
        self.page, self.place, self.manifest = page, place, manifest
        self.versions = self.begin()

    def begin(self) -> dict[str, Any]:
        """Start a worker whose clock stands still."""
        self.page.goto(self.place, wait_until="domcontentloaded")
        clock = int(CLOCK.timestamp() * 1000)
        values = {"place": self.place, "manifest": self.manifest, "clock": clock}
        found: dict[str, Any] = self.page.evaluate(BEGIN, values)
        return found

    def block(self, name: str, requests: list[dict[str, Any]]) -> dict[str, Any]:
        """Send the requests of a block to a snippet loaded afresh."""
        job = {
            "module": name,
            "files": files_of(ROOT, name),
            "bundles": bundles_of(ROOT, name),
            "requests": requests,
        }
        found: dict[str, Any] = self.page.evaluate(BLOCK, job)
        return found

    def examples(self, its: Examples) -> dict[str, Any]:
        """Run the examples of a page; return what each gave, or what ended them."""
        files = {name: content(ROOT / name) for name in its.files}
        job = {"files": files, "bundles": its.bundles, "blocks": its.sources}
        try:
            found: dict[str, Any] = self.page.evaluate(EXAMPLES, job)
        except Exception as error:
            found = {"raises": f"{type(error).__name__}: {error}"}
        if "raises" in found:
            # The page or its worker is no more.
            self.begin()
        return found


@contextmanager
def chromium(folder: Path) -> Iterator[Browser]:
    """Open a browser that has loaded what is in ``folder``."""
    installed = without_windows() or program()
    with serving(folder, EmptyPage) as place, sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=installed, args=FLAGS)
        try:
            yield Browser(opened.new_page(), place, bundle.read(folder))
        finally:
            opened.close()


def plain(answer: Answer) -> Plain:
    """Return a recorded answer as it is compared."""
    headers = tuple((name, value) for name, value in answer.headers)
    return Plain(answer.status, headers, answer.body)


def recorded(sent: Sent, name: str) -> list[Plain]:
    """Return the answers of this Python, as the build records them."""
    return [plain(each) for each in record(application(ROOT, name), list(sent.requests), sent.host)]


def why(raised: str) -> str:
    """Return the reason for what could not run, in one line."""
    return " ".join(raised.split())[:160]


def held(live: list[dict[str, Any]], sent: Sent, name: str) -> tuple[str, set[str]]:
    """Return the first difference from what is recorded, ``""`` if there is none, and what has to differ."""
    varies: set[str] = set()
    then = recorded(sent, name)
    again: list[Plain] | None = None
    for number, (said, one) in enumerate(zip(live, then, strict=True)):
        request = f"{sent.requests[number].method} {sent.requests[number].target}"
        if not said["ok"]:
            return f"{request} raises {why(said['error']['said'])}", varies
        headers = tuple((name, value) for name, value in said["headers"])
        here = Plain(said["status"], headers, base64.b64decode(said["body"]))
        if first(differing(here, one, one)):
            again = again or recorded(sent, name)
            varies |= {part for part, _, _ in differing(again[number], one, one)}
        if found := first(differing(here, one, again[number] if again else one)):
            raised = said.get("error", {}).get("said")
            return f"{request}: {why(raised) if raised else found}", varies
    return "", varies


def live(browser: Browser, snippet: Snippet) -> list[dict[str, Any]]:
    """Return what the browser answers to each block; a snippet without blocks is only loaded."""
    done = []
    asked = [
        [request_job(request, sent.host) for request in sent.requests] for sent in snippet.sent
    ]
    for requests in asked or [[]]:
        try:
            done.append(browser.block(snippet.name, [job(request) for request in requests]))
        except Exception as error:
            # The page or its worker is no more.
            done.append({"raises": f"{type(error).__name__}: {error}"})
            browser.begin()
    return done


def seen_of(snippet: Snippet, done: list[dict[str, Any]]) -> Seen:
    """Hold what the browser answered against what is recorded."""
    same, reason, varies = 0, "", set[str]()
    if not snippet.sent:
        reason = why(done[0].get("raises", ""))
    for sent, block in zip(snippet.sent, done, strict=False):
        found = why(block.get("raises", ""))
        if not found:
            found, its = held(block["answers"], sent, snippet.name)
            varies |= its
        same += not found
        reason = reason or found
    return Seen(
        digest=digest_of(snippet),
        blocks=len(snippet.sent),
        same=same,
        why=reason,
        varies=tuple(sorted(varies)),
    )


def tried_of(its: Examples, done: dict[str, Any]) -> Tried:
    """Hold what the examples of a page gave against what the page says."""
    left_out = {}
    for number, block in enumerate(its.blocks):
        if "raises" in done:
            left_out[str(number)] = why(done["raises"])
            continue
        for example, found in zip(block, done["found"][number], strict=True):
            if said := differs(example, found):
                left_out[str(number)] = why(f"{example.source.splitlines()[0]}: {said}")
                break
    return Tried(digest=its.digest, blocks=len(its.blocks), left_out=left_out)


def job(request: dict[str, Any]) -> dict[str, Any]:
    """Return a request as the runner in the browser takes it."""
    keys = ("method", "target", "headers", "content_type", "form", "data")
    host = request["base_url"].removeprefix("http://").rstrip("/")
    asked = {"host": host, **{key: request[key] for key in keys if key in request}}
    if "form" in asked:
        asked["form"] = [(name, value) for name, values in asked["form"] for value in values]
    return asked


def main() -> int:
    """Run the command line."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument(
        "--check", action="store_true", help="write nothing; fail where the record is another"
    )
    parser.add_argument(
        "--changed", action="store_true", help="replay what is newer than its entry"
    )
    parser.add_argument(
        "snippets", nargs="*", help="names such as snippets.routing.smallest or guide/routing"
    )
    options = parser.parse_args()
    try:
        folder = bundle.ready(ROOT)
    except bundle.NoRunError as error:
        raise SystemExit(str(error)) from None
    assert folder is not None, "there is no .lock/run"  # noqa: S101
    before = read() if FILE.is_file() else None
    known = before.snippets if before and before.libraries == versions() else {}
    all_of_them = wanted()
    asked = {
        name: snippet
        for name, snippet in all_of_them.items()
        if (name in options.snippets if options.snippets else True)
        and not (options.changed and name in known and known[name].digest == digest_of(snippet))
    }
    all_examples = pages()
    tried = before.examples if before and before.libraries == versions() else {}
    asked_examples = {
        page: its
        for page, its in all_examples.items()
        if (page in options.snippets if options.snippets else True)
        and not (options.changed and page in tried and tried[page].digest == its.digest)
    }
    tried = {page: entry for page, entry in tried.items() if page in all_examples}
    began = time.monotonic()
    seen = {name: entry for name, entry in known.items() if name in all_of_them}
    manifest = bundle.read(folder)
    with chromium(folder) as browser:
        answers = {name: live(browser, snippet) for name, snippet in asked.items()}
        outputs = {page: browser.examples(its) for page, its in asked_examples.items()}
        version = browser.page.context.browser.version  # type: ignore[union-attr]
    # Not while the browser is open: an event loop runs then, and the async views of the snippets refuse to.
    for name, snippet in asked.items():
        try:
            seen[name] = seen_of(snippet, answers[name])
        except (ExchangeError, SnippetError) as error:
            raise SystemExit(f"{name}: {error}") from None
        if seen[name].why:
            print(f"{name}: {seen[name].why}", flush=True)
    for page, its in asked_examples.items():
        tried[page] = tried_of(its, outputs[page])
        for number, reason in tried[page].left_out.items():
            print(f"{page}, block {number}: {reason}", flush=True)
    found = Record(
        python=manifest["pyodide"]["python"],
        pyodide=manifest["pyodide"]["version"],
        browser=f"Chromium {version.partition('.')[0]}",
        libraries=versions(),
        snippets=seen,
        examples=tried,
    )
    runs = sum(not each.why for each in seen.values())
    print(
        f"{found.same} of {found.blocks} blocks are answered in the browser as recorded; {runs} of {len(seen)} "
        f"snippets run; {found.example_blocks - found.examples_left_out} of {found.example_blocks} blocks of examples "
        f"give what the pages say ({len(asked)} and {len(asked_examples)} replayed in {time.monotonic() - began:.0f} s)"
    )
    if options.check:
        if before and replace(found, browser=before.browser) == before:
            return 0
        print(
            "docs/_run/record.json says something else; run nox -s replay and review what changed"
        )
        return 1
    FILE.parent.mkdir(exist_ok=True)
    FILE.write_text(text_of(found), encoding="utf-8")
    return 0


if __name__ == "__main__":
    # Sets keep their order, as in a build.
    if os.environ.get("PYTHONHASHSEED") == "0":
        sys.exit(main())
    again = [sys.executable, "-m", "proven.commands.replay", *sys.argv[1:]]
    sys.exit(subprocess.run(again, env={**os.environ, "PYTHONHASHSEED": "0"}).returncode)
