"""What became of what was asked: counts, shares, and the bounds below which the site fails."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from tests.findable.bank import UNKNOWN, Message, Places, Question


class Bounds(NamedTuple):
    """The shares between which what is shown first has to be.

    Attributes:
        first: It is right at least so often.
        three: One of the first three is.
        wrong: It is wrong at most so often.
    """

    first: float
    three: float = 0.0
    wrong: float = 1.0


# What the search has to reach for the questions of a set in a language, and the look-up for the messages of a set: with
# what nobody tuned for as much as with the others.
SEARCH_BOUNDS = {
    ("tuned", "en"): Bounds(0.85, 0.97),
    ("tuned", "zh"): Bounds(0.85, 0.97),
    ("held", "en"): Bounds(0.85, 0.97),
    ("held", "zh"): Bounds(0.85, 0.97),
}
LOOK_UP_BOUNDS = {
    "tuned": Bounds(0.95, wrong=0.02),
    "held": Bounds(0.95, wrong=0.02),
}


class Shown(NamedTuple):
    """What the search showed for a question: places, best first, and the milliseconds it took."""

    places: list[str]
    took: float


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
