"""Where one sentence ends and the next begins.

Pure functions on a text and its mask. The mask is as long as the text and has :data:`CODE` in the place of each
character that is code, so that ``app.run()`` and ``"Mr. X"`` in code end nothing. ``docs/about/testing.md`` says the
rules to the people who write the pages.
"""

from __future__ import annotations

import re
from typing import NamedTuple

# Stands in the mask for a character of code.
CODE = "\ue000"

# A full stop after one of these ends no sentence, whatever follows.
ABBREVIATIONS = frozenset({"e.g", "i.e", "cf", "vs", "approx", "fig", "mr", "mrs", "dr", "st"})
# After one of these a full stop ends a sentence if a capital letter follows.
OFTEN_LAST = frozenset({"etc", "al", "no", "a.m", "p.m"})

_END = re.compile(
    r"(?P<stop>[.?!]+|…)(?P<closing>[)\]”’»\"']*)(?=\s)|(?P<han>[。？！]+)(?P<after>[）”’》」』]*)"
)
_OPENING = {"(": ")", "[": "]", "“": "”", "«": "»", "（": "）", "「": "」", "《": "》"}


class Piece(NamedTuple):
    """A sentence in a text: its words, and where it begins."""

    text: str
    start: int


def split(text: str, mask: str | None = None) -> list[Piece]:
    """Return the sentences of a text in order; what comes after the last full stop is one too.

    A sentence ends with ``.``, ``?`` or ``!`` before white space, and never within brackets or quotes that are still
    open. Only a full stop with nothing after it ends one before a small letter, for names such as pytest begin
    sentences. The full-width marks of Chinese need no white space after them.

    Args:
        text: What a reader sees of a paragraph.
        mask: The same with :data:`CODE` for code; ``None`` where there is none.

    >>> [piece.text for piece in split("Use one, e.g. this. It is 3.1. (It is. So.) Good?")]
    ['Use one, e.g. this.', 'It is 3.1.', '(It is. So.)', 'Good?']
    """
    mask = text if mask is None else mask
    depths = _depths(mask)
    pieces, start = [], 0
    for match in _END.finditer(mask):
        if _ends(mask, match, depths):
            pieces.append(_piece(text, start, match.end()))
            start = match.end()
    pieces.append(_piece(text, start, len(text)))
    return [piece for piece in pieces if piece.text]


def join_head(pieces: list[Piece], bold: int) -> list[Piece]:
    """Return the sentences of a paragraph; its bold beginning belongs to the one that it heads.

    Args:
        pieces: What :func:`split` returns.
        bold: How many characters at the beginning are bold.
    """
    if len(pieces) > 1 and len(pieces[0].text) <= bold <= pieces[1].start:
        head, body, *rest = pieces
        between = " " * (body.start > head.start + len(head.text))
        return [Piece(f"{head.text}{between}{body.text}", head.start), *rest]
    return pieces


def ends_as_sentence(mask: str) -> bool:
    """Say whether a heading ends as a statement does: with a full stop that is not in code."""
    return mask.rstrip().endswith((".", ".)", ".”"))


def _piece(text: str, start: int, end: int) -> Piece:
    part = text[start:end]
    return Piece(" ".join(part.split()), start + len(part) - len(part.lstrip()))


def _ends(mask: str, match: re.Match[str], depths: list[int]) -> bool:
    if depths[match.end()] > 0:
        return False
    if match["han"]:
        return True
    following = mask[match.end() :].lstrip()
    follows = following.lstrip("([“«\"'*")[:1]
    if not follows:
        return True
    small = follows.islower()
    if match["stop"] != "." or match["closing"]:
        return not small
    word = re.search(r"[\w.]*\Z", mask[: match.start()])
    before = word[0].lower().lstrip(".") if word else ""
    if before in OFTEN_LAST:
        return follows.isupper() if before != "no" else not follows.isdigit()
    return not (
        before in ABBREVIATIONS or (len(before) == 1 and before.isalpha() and before != "i")
    )


def _depths(mask: str) -> list[int]:
    """Return how many brackets and quotes are open before each character; all 0 if they do not pair."""
    depths, waiting, closing = [0], list[str](), set(_OPENING.values())
    for character in mask:
        if character in _OPENING:
            waiting.append(_OPENING[character])
        elif character in closing and (not waiting or waiting.pop() != character):
            return [0] * (len(mask) + 1)
        depths.append(len(waiting))
    return [0] * (len(mask) + 1) if waiting else depths
