"""Breaks a text into few and even lines: between words, Chinese ones too, and never before a closing mark."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator
from itertools import accumulate, combinations, pairwise

import rjieba

# What begins no line, and what ends none.
CLOSING = "，。、；：？！）》」』】％”’…—·"
OPENING = "（《「『【“‘"
#: How much wider, as a part of the room, a line may be for the sake of a break that stands after a mark.
MARK = 0.2

Cuts = tuple[int, ...]


def lines(text: str, measure: Callable[[str], float], room: float, most: int) -> list[str]:
    """Return a text in lines, none if it does not fit.

    Args:
        text: The text.
        measure: Returns how wide a text is.
        room: How wide a line may be, in the same unit.
        most: How many lines there may be.
    """
    words = list(parts(text))
    begins = [0, *accumulate(map(measure, words))]
    ends = [begin + measure(word.rstrip()) for begin, word in zip(begins, words, strict=False)]

    def wide(cuts: Cuts) -> float:
        return max(ends[last - 1] - begins[first] for first, last in pairwise(cuts))

    def ugly(cuts: Cuts) -> float:
        unmarked = sum(words[cut - 1][-1].isalnum() for cut in cuts[1:-1])
        return wide(cuts) + room * MARK * unmarked

    for count in range(most):
        ways = ((0, *cuts, len(words)) for cuts in combinations(range(1, len(words)), count))
        if best := min((cuts for cuts in ways if wide(cuts) <= room), key=ugly, default=None):
            return ["".join(words[first:last]).rstrip() for first, last in pairwise(best)]
    return []


def parts(text: str) -> Iterator[str]:
    """Yield what stays on one line: a word with its marks and the blank behind it."""
    whole = ""
    for piece in rjieba.cut(text):
        if whole and breaks(whole[-1], piece[0]):
            yield whole
            whole = ""
        whole += piece
    yield whole


def breaks(last: str, first: str) -> bool:
    """Say whether a line may end with one character and the next begin with the other."""
    if first in CLOSING or first.isspace() or last in OPENING:
        return False
    return last.isspace() or any(
        unicodedata.east_asian_width(each) in "WF" for each in last + first
    )
