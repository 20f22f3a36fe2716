"""Ask the built site everything in the bank, in a real browser: ``nox -s findable``.

Every question is put to the search page and every message to the error look-up, as a reader does it, by what the two
pages show. Prints what was found, language by language and set by set, and fails below the bounds. ``--misses`` lists
the tuned questions that were missed; those that are held back are only counted.
"""

from __future__ import annotations

import argparse
import functools
import gzip
import io
import statistics
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote, unquote, urljoin, urlsplit

from playwright.sync_api import Browser, CDPSession

from proven.base.project import ROOT
from proven.commands.chromium import Handler, serving
from tests import needs
from tests.findable.bank import (
    FOLDERS,
    SETS,
    Message,
    Places,
    Question,
    read_messages,
    read_questions,
)
from tests.findable.score import (
    HEADER,
    LOOK_UP_BOUNDS,
    SEARCH_BOUNDS,
    Entry,
    Shown,
    row,
    say,
    score_look_up,
    score_search,
    verdict,
)

# What the two pages have agreed to show.
SEARCH = "search.html"
DONE = "#search-results[data-search-state='done']"
RESULT = "#search-results a.search-result"
# The same in the dialog.
FIELD = ".search-dialog input"
IN_DIALOG = ".search-dialog a.search-result"
LOOK_UP = "reference/errors.html"
BOX = ".error-look-up"
INPUT = ".error-look-up textarea"
ENTRY = ".error-look-up ul > li"
# The names of the history that an entry is about, in an attribute of its own.
NAMES = "data-names"
# Milliseconds to the first result behind a slow line, from the first sign of a search, and to the results after a key,
# of most queries.
ARRIVAL, KEY = 5_000, 100
# A reader behind a slow line: 400 kbit/s, 400 ms there and back.
SLOW = {"offline": False, "latency": 400, "downloadThroughput": 50_000, "uploadThroughput": 50_000}
# Notes in the page when the first result is there, and what moves after that.
NOTE = f"""
  window.firstResult = null;
  window.shift = 0;
  new MutationObserver(() => {{
    if (window.firstResult === null && document.querySelector({RESULT!r}))
      window.firstResult = performance.now();
  }}).observe(document, {{ childList: true, subtree: true }});
  new PerformanceObserver((list) => {{
    for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.shift += entry.value;
  }}).observe({{ type: "layout-shift", buffered: true }});
"""


# Types the queries into the opened page, one after the other, each as if at once, and notes what it shows for each.
ASK = f"""
  async (queries) => {{
    const input = document.querySelector("#proven-search-page input");
    const answers = [];
    for (const query of queries) {{
      const began = performance.now();
      input.value = query;
      input.dispatchEvent(new Event("input", {{ bubbles: true }}));
      while (!document.querySelector({DONE!r})) await new Promise((done) => setTimeout(done));
      const took = performance.now() - began;
      answers.push([[...document.querySelectorAll({RESULT!r})].map((link) => link.href), took]);
    }}
    return answers;
  }}
"""
# Pastes the messages into the opened look-up in the same way.
LOOK = f"""
  async (messages) => {{
    const box = document.querySelector({BOX!r});
    const input = document.querySelector({INPUT!r});
    const answers = [];
    for (const message of messages) {{
      input.value = message;
      input.dispatchEvent(new Event("input", {{ bubbles: true }}));
      while (box.dataset.searchState === "busy") await new Promise((done) => setTimeout(done));
      answers.push([...document.querySelectorAll({ENTRY!r})].map((item) => {{
        const link = item.querySelector("a");
        const names = (item.getAttribute({NAMES!r}) || "").split(/\\s+/).filter(Boolean);
        return {{ place: link ? link.href : "", title: link ? link.textContent : "", text: item.textContent, names }};
      }}));
    }}
    return answers;
  }}
"""


class Arrival(NamedTuple):
    """What the first search of a visit took: milliseconds to the first result, and bytes."""

    took: float
    size: int


class PackingHandler(Handler):
    """Packs what can be packed, as static hosting does, so that the bytes are those of a visit."""

    def send_head(self) -> Any:
        path = Path(self.translate_path(self.path))
        if path.suffix not in {".html", ".js", ".css", ".json", ".svg"} or not path.is_file():
            return super().send_head()
        body = packed(path)
        self.send_response(200)
        self.send_header("Content-Type", self.guess_type(str(path)))
        self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "max-age=600")
        self.end_headers()
        return io.BytesIO(body)


@functools.cache
def packed(path: Path) -> bytes:
    """Return a file, compressed."""
    return gzip.compress(path.read_bytes(), 6)


class Visit:
    """A visit to one language of the site: the cache is empty when it begins and fills on the way."""

    def __init__(self, chromium: Browser, home: str) -> None:
        """Begin a visit to ``home``, the address of the language."""
        self.home = home
        self.context = chromium.new_context(viewport={"width": 1280, "height": 900})
        self.context.set_default_timeout(60_000)
        self.page = self.context.new_page()
        self.page.add_init_script(NOTE)
        self.network: CDPSession = self.context.new_cdp_session(self.page)
        self.network.send("Network.enable")
        self.network.on("Network.loadingFinished", self._count)
        self.size = 0

    def _count(self, event: dict[str, Any]) -> None:
        self.size += int(event["encodedDataLength"])

    def slow_down(self) -> None:
        """Put the visitor behind a slow line from here on."""
        self.network.send("Network.emulateNetworkConditions", SLOW)

    def arrive(self, query: str) -> Arrival:
        """Come to the search page with a query in the address."""
        self.size = 0
        self.page.goto(f"{self.home}{SEARCH}?q={quote(query)}")
        self.page.locator(DONE).wait_for()
        self.page.locator(RESULT).first.wait_for()
        return Arrival(self.page.evaluate("window.firstResult"), self.size)

    def begin(self, script: str, texts: list[str]) -> None:
        """Let the opened page answer all of ``texts``; another visit can begin before it is done."""
        self.page.evaluate(f"(texts) => {{ window.answers = ({script})(texts); }}", texts)

    def searched(self) -> list[Shown]:
        """Return what the search page showed for each query."""
        answers = self.page.evaluate("window.answers")
        return [Shown([self.place(link) for link in links], took) for links, took in answers]

    def open_look_up(self) -> None:
        """Open the page of the error look-up."""
        self.page.goto(f"{self.home}{LOOK_UP}")
        self.page.locator(INPUT).wait_for()

    def looked_up(self) -> list[list[Entry]]:
        """Return the entries that the look-up showed for each message."""
        return [
            [
                Entry(self.place(one["place"]), one["title"], one["text"], tuple(one["names"]))
                for one in shown
            ]
            for shown in self.page.evaluate("window.answers")
        ]

    def place(self, link: str) -> str:
        """Return where a link leads, as ``page#id``; the other language has the same places."""
        address = urlsplit(urljoin(self.page.url, link))
        path = unquote(address.path).lstrip("/")
        page = path.partition("/")[2].removesuffix("index.html").removesuffix(".html")
        if path.endswith("index.html"):
            page = f"{page}index"
        return f"{page}#{unquote(address.fragment)}" if address.fragment else page

    def end(self) -> None:
        """End the visit."""
        self.context.close()


def judge_search(
    chromium: Browser, address: str, places: dict[str, Places], misses: bool, sets: Sequence[str]
) -> list[str]:
    """Ask the questions of some sets, print what was found, and return what is below its bound."""
    below: list[str] = []
    say(f"\nSearch\n{HEADER}")
    notes: list[str] = []
    visits: dict[str, tuple[list[Question], Visit, Arrival]] = {}
    for language, folder in FOLDERS.items():
        questions = [row for row in read_questions(language) if row.set in sets]
        visit = Visit(chromium, f"{address}{folder}/")
        visits[language] = questions, visit, visit.arrive(questions[0].query)
    for questions, visit, _arrived in visits.values():
        visit.size = 0
        visit.begin(ASK, [question.query for question in questions])
    for language, (questions, visit, arrived) in visits.items():
        folder = FOLDERS[language]
        asked = list(zip(questions, visit.searched(), strict=True))
        later, shift = visit.size, visit.page.evaluate("window.shift")
        visit.end()
        for name in sets:
            score = score_search([pair for pair in asked if pair[0].set == name], places[language])
            title = f"{language} {name}"
            say(row(title, score))
            bounds = SEARCH_BOUNDS[name, language]
            if score.share(score.first) < bounds.first:
                below.append(f"search, {title}: right first {score.share(score.first):.1%}")
            if score.share(score.three) < bounds.three:
                below.append(f"search, {title}: right among three {score.share(score.three):.1%}")
            if score.nothing:
                below.append(f"search, {title}: nothing found {score.nothing} times")
        slow = best_wait(chromium, f"{address}{folder}/", questions[0].query)
        times = [shown.took for _question, shown in asked]
        notes.append(
            f"{language}: first result of a visit after {arrived.took:.0f} ms, {arrived.size / 1000:.0f} kB; in the "
            f"dialog at 400 kbit/s and 400 ms after {slow:.0f} ms; later ones {statistics.median(times):.0f} ms after "
            f"a key ({max(times):.0f} at most), {later / 1000:.0f} kB in all; layout shift {shift:.3f}"
        )
        if slow > ARRIVAL:
            below.append(f"search, {language}: first result after {slow:.0f} ms, slow line")
        if statistics.median(times) > KEY:
            below.append(f"search, {language}: {statistics.median(times):.0f} ms after a key")
        if shift:
            below.append(f"search, {language}: results move the page, {shift:.3f}")
        if misses:
            for question, shown in asked:
                hits = [
                    places[language].answers(place, question.accepted) for place in shown.places
                ]
                if question.set == "tuned" and not any(hits[:1]):
                    notes.append(f"  {question.id} {question.query!r}: {shown.places[:3]}")
    for note in notes:
        say(note)
    return below


def best_wait(chromium: Browser, home: str, query: str) -> float:
    """Return the shortest of up to three slow visits: what else the machine does for a moment is not the line's."""
    waits: list[float] = []
    while len(waits) < 3 and not (waits and waits[-1] <= ARRIVAL):
        waits.append(wait_slowly(chromium, home, query))
    return min(waits)


def wait_slowly(chromium: Browser, home: str, query: str) -> float:
    """Return the milliseconds from the key that opens the search to its first result, behind a slow line."""
    visit = Visit(chromium, home)
    visit.page.goto(f"{home}index.html")
    visit.slow_down()
    began = visit.page.evaluate("performance.now()")
    visit.page.keyboard.press("/")
    visit.page.locator(FIELD).fill(query)
    visit.page.locator(IN_DIALOG).first.wait_for()
    took: float = visit.page.evaluate("performance.now()") - began
    visit.end()
    return took


def judge_look_up(
    chromium: Browser, address: str, places: dict[str, Places], misses: bool, sets: Sequence[str]
) -> list[str]:
    """Paste the messages of some sets, print what was found, and return what is below its bound."""
    say(f"\nError look-up\n{HEADER}")
    visits: list[tuple[list[Message], Visit]] = []
    for language, folder in FOLDERS.items():
        messages = [message for message in read_messages(sets) if message.language == language]
        visit = Visit(chromium, f"{address}{folder}/")
        visit.open_look_up()
        visit.begin(LOOK, [message.text for message in messages])
        visits.append((messages, visit))
    asked: list[tuple[Message, list[Entry]]] = []
    for messages, visit in visits:
        asked += zip(messages, visit.looked_up(), strict=True)
        visit.end()
    below: list[str] = []
    # An entry has the same place in every language.
    site = places["en"]
    for name in sets:
        for language in FOLDERS:
            pairs = [pair for pair in asked if (pair[0].set, pair[0].language) == (name, language)]
            say(row(f"{name}, pasted in {language}", score_look_up(pairs, site)))
        score = score_look_up([pair for pair in asked if pair[0].set == name], site)
        say(row(name, score))
        if score.share(score.first) < LOOK_UP_BOUNDS[name].first:
            below.append(f"look-up, {name}: right first {score.share(score.first):.1%}")
        if score.share(score.wrong) > LOOK_UP_BOUNDS[name].wrong:
            below.append(f"look-up, {name}: wrong first {score.share(score.wrong):.1%}")
    if misses:
        for message, entries in asked:
            if message.set == "tuned" and not verdict(message, entries, site).first:
                last = message.text.strip().splitlines()[-1]
                say(f"  {message.id} {last[:90]!r}: {[entry.title for entry in entries[:2]]}")
    return below


def main() -> int:
    """Judge the site; return what the shell gets."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    parser.add_argument(
        "--misses", action="store_true", help="list the tuned ones that were missed"
    )
    parser.add_argument(
        "--tuned", action="store_true", help="ask those only that may be looked at while tuning"
    )
    parser.add_argument("--site", type=Path, default=ROOT / "build" / "html", help="the built site")
    options = parser.parse_args()
    sets = ["tuned"] if options.tuned else list(SETS)
    places = {language: Places(options.site / folder) for language, folder in FOLDERS.items()}
    with serving(options.site, PackingHandler) as address, needs.chromium() as chromium:
        below = [
            *judge_search(chromium, address, places, options.misses, sets),
            *judge_look_up(chromium, address, places, options.misses, sets),
        ]
    say()
    for line in below:
        say(f"below the bound: {line}")
    return 1 if below else 0


if __name__ == "__main__":
    sys.exit(main())
