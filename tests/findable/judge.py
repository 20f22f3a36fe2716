"""Ask the built site everything in the bank, in a real browser: ``nox -s findable``.

Every question is put to the search page and every message to the error look-up, as a reader does it, by what the two
pages show. Prints what was found, language by language and set by set, and fails below the bounds. ``--misses`` lists
the tuned questions that were missed; those that are held back are only counted.
"""

from __future__ import annotations

import argparse
import contextlib
import functools
import gzip
import http.server
import io
import statistics
import sys
import threading
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote, unquote, urljoin, urlsplit

from playwright.sync_api import Browser, CDPSession

from proven.base.project import ROOT
from tests import needs
from tests.browser.conftest import QuietHandler
from tests.findable.bank import (
    FOLDERS,
    SETS,
    UNKNOWN,
    Message,
    Places,
    Question,
    read_messages,
    read_questions,
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
# The shares below which the site fails, in each language and each set.
FIRST, THREE, LOOKED_UP, WRONG = 0.85, 0.97, 0.95, 0.02
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


# Types a query into the opened page as if at once, and waits for its results.
ASK = f"""
  async (query) => {{
    const input = document.querySelector("#proven-search-page input");
    const began = performance.now();
    input.value = query;
    input.dispatchEvent(new Event("input", {{ bubbles: true }}));
    while (!document.querySelector({DONE!r})) await new Promise((done) => setTimeout(done));
    const took = performance.now() - began;
    return [[...document.querySelectorAll({RESULT!r})].map((link) => link.href), took];
  }}
"""


class Shown(NamedTuple):
    """What the search showed for a question: places, best first, and the milliseconds it took."""

    places: list[str]
    took: float


class Arrival(NamedTuple):
    """What the first search of a visit took: milliseconds to the first result, and bytes."""

    took: float
    size: int


class Entry(NamedTuple):
    """An entry that the look-up showed: where it leads, its title, all its text, the names it is about."""

    place: str
    title: str
    text: str
    names: tuple[str, ...]


class Score(NamedTuple):
    """What became of some questions or messages.

    Attributes:
        asked: How many there were.
        first: The first result was right.
        three: One of the first three was.
        nothing: There was none where there should be.
        wrong: The first result was wrong.
        page: One of the first three was on the right page, if in another section.
    """

    asked: int
    first: int
    three: int
    nothing: int
    wrong: int
    page: int

    def share(self, count: int) -> float:
        """Return a count as a share of what was asked."""
        return count / self.asked if self.asked else 1.0


class PackingHandler(QuietHandler):
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


@contextlib.contextmanager
def served(site: Path) -> Iterator[str]:
    """Serve the built site on this machine; yields its address, which ends with a slash."""
    handler = functools.partial(PackingHandler, directory=site)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/"
        finally:
            server.shutdown()
            thread.join()


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

    def search(self, query: str) -> Shown:
        """Type a query into the opened search page, and return what it shows."""
        links, took = self.page.evaluate(ASK, query)
        return Shown([self.place(link) for link in links], took)

    def open_look_up(self) -> None:
        """Open the page of the error look-up."""
        self.page.goto(f"{self.home}{LOOK_UP}")
        self.page.locator(INPUT).wait_for()

    def look_up(self, text: str) -> list[Entry]:
        """Paste a message into the opened look-up, and return the entries that it shows."""
        self.page.locator(INPUT).fill("")
        self.page.locator(INPUT).fill(text)
        self.page.wait_for_function(
            """async (box) => {
              await new Promise(requestAnimationFrame);
              const state = document.querySelector(box).dataset.searchState;
              return !state || state === "done";
            }""",
            arg=BOX,
        )
        found = self.page.locator(ENTRY).evaluate_all(
            """(items, names) => items.map((item) => {
              const link = item.querySelector("a");
              return {
                place: link ? link.href : "",
                title: link ? link.textContent : "",
                text: item.textContent,
                names: (item.getAttribute(names) || "").split(/\\s+/).filter(Boolean),
              };
            })""",
            NAMES,
        )
        return [
            Entry(self.place(one["place"]), one["title"], one["text"], tuple(one["names"]))
            for one in found
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


def right(entry: Entry, message: Message, places: Places) -> bool:
    """Say whether an entry is one that the message accepts."""
    if not all(library.lower() in entry.text.lower() for library in message.says):
        return False
    return any(is_meant(entry, answer, places) for answer in message.accepted)


def is_meant(entry: Entry, answer: str, places: Places) -> bool:
    """Say whether an entry is the one that an accepted answer means."""
    kind, _, value = answer.partition(":")
    if kind == "name":
        return any(
            name == value or name.endswith((f".{value}", f"({value})")) for name in entry.names
        )
    if kind == "title":
        return value in entry.title
    return answer != UNKNOWN and places.answers(entry.place, (answer,))


def score_search(asked: Sequence[tuple[Question, Shown]], places: Places) -> Score:
    """Count what the search found."""
    hits = [[places.answers(place, row.accepted) for place in shown.places] for row, shown in asked]
    first = sum(any(hit[:1]) for hit in hits)
    three = sum(any(hit[:3]) for hit in hits)
    nothing = sum(not hit for hit in hits)
    page = sum(
        not pages_of(row.accepted).isdisjoint(pages_of(shown.places[:3])) for row, shown in asked
    )
    return Score(len(hits), first, three, nothing, len(hits) - first - nothing, page)


def pages_of(places: Iterable[str]) -> set[str]:
    """Return the pages of places."""
    return {place.partition("#")[0] for place in places}


def score_look_up(asked: Sequence[tuple[Message, list[Entry]]], places: Places) -> Score:
    """Count what the look-up found; that it knows nothing is right where nothing is known."""
    counts = [verdict(message, entries, places) for message, entries in asked]
    return Score(*(sum(column) for column in zip(*counts, strict=True)))


def verdict(message: Message, entries: list[Entry], places: Places) -> Score:
    """Count one message: what the entries that were shown for it are worth."""
    if not entries:
        silent = UNKNOWN in message.accepted
        return Score(1, silent, silent, not silent, False, silent)
    hits = [right(entry, message, places) for entry in entries]
    pages = pages_of(answer for answer in message.accepted if "#" in answer)
    page = any(hits[:3]) or not pages.isdisjoint(pages_of(entry.place for entry in entries[:3]))
    return Score(1, hits[0], any(hits[:3]), False, not hits[0], page)


def say(line: str = "") -> None:
    """Print a line at once."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def row(name: str, score: Score) -> str:
    """Return a score as a line of the table."""
    counts = (score.first, score.three, score.nothing, score.wrong, score.page)
    shares = "".join(f"{score.share(count):>9.1%} {count:>4}" for count in counts)
    return f"{name:<22}{score.asked:>5}{shares}"


COLUMNS = ("first", "of three", "nothing", "wrong first", "right page")
HEADER = f"{'':<22}asked{''.join(f'{column:>14}' for column in COLUMNS)}"


def judge_search(
    chromium: Browser, address: str, places: dict[str, Places], misses: bool, sets: Sequence[str]
) -> list[str]:
    """Ask the questions of some sets, print what was found, and return what is below its bound."""
    below: list[str] = []
    say(f"\nSearch\n{HEADER}")
    notes: list[str] = []
    for language, folder in FOLDERS.items():
        questions = [row for row in read_questions(language) if row.set in sets]
        visit = Visit(chromium, f"{address}{folder}/")
        arrived = visit.arrive(questions[0].query)
        visit.size = 0
        asked = [(question, visit.search(question.query)) for question in questions]
        later, shift = visit.size, visit.page.evaluate("window.shift")
        visit.end()
        for name in sets:
            score = score_search([pair for pair in asked if pair[0].set == name], places[language])
            title = f"{language} {name}"
            say(row(title, score))
            if score.share(score.first) < FIRST:
                below.append(f"search, {title}: right first {score.share(score.first):.1%}")
            if score.share(score.three) < THREE:
                below.append(f"search, {title}: right among three {score.share(score.three):.1%}")
            if score.nothing:
                below.append(f"search, {title}: nothing found {score.nothing} times")
        slow = wait_slowly(chromium, f"{address}{folder}/", questions[0].query)
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
    asked = []
    for language, folder in FOLDERS.items():
        visit = Visit(chromium, f"{address}{folder}/")
        visit.open_look_up()
        asked += [
            (message, visit.look_up(message.text))
            for message in read_messages()
            if message.language == language and message.set in sets
        ]
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
        if score.share(score.first) < LOOKED_UP:
            below.append(f"look-up, {name}: right first {score.share(score.first):.1%}")
        if score.share(score.wrong) > WRONG:
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
    with served(options.site) as address, needs.chromium() as chromium:
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
