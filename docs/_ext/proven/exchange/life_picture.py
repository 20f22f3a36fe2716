"""Draws the life of a request as SVG, from top to bottom, with real text.

The picture is narrow enough for a telephone and takes its colours from the page, so it can be read in dark mode. It
knows neither Sphinx nor a language: what it says beside the names arrives as :class:`Words`.
"""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from html import escape
from itertools import groupby, pairwise
from typing import Protocol

WIDTH = 360
MARGIN = 8
# Where the bars of the contexts, the line with the shapes, and the text begin.
BARS = {"app_context": 6, "request_context": 16}
LINE = 42
TEXT = 60
ROW = 26
DETAIL = 16
# Characters of a detail in one line.
LETTERS = 44

# Names and arguments stay as they are, also where a browser translates the page.
CODE = 'translate="no"'

# Outlines around the point (0, 0), by kind of step.
SHAPES = {
    "server": "M-8-4h16v8h-16z",
    "signal": "M-6 0a6 6 0 1 0 12 0a6 6 0 1 0-12 0z",
    "session": "M0-7.5L7.5 0L0 7.5L-7.5 0z",
    "routing": "M-5.5-6.5L7 0L-5.5 6.5z",
    "hook": "M-5.5-5.5h11v11h-11z",
    "view": "M-7.5 0L-4-6h8L7.5 0L4 6h-8z",
    "template": "M-5.5-7h7l4 4v10h-11z",
    "log": "M-7-6h14v8h-8l-4 4v-4h-2z",
}


class Step(Protocol):
    """What a snippet notes of one step."""

    #: One of `SHAPES`.
    kind: str
    #: The name in the interface of Flask, of the view or of the template.
    name: str
    #: Its arguments, as text.
    detail: str
    #: The class of what it raised, or ``""``.
    error: str
    #: Whether the contexts were active.
    app_context: bool
    request_context: bool


@dataclass(frozen=True)
class Row:
    """A step in its place: ``same`` as in the life it is held against, ``extra``, or ``skipped``."""

    step: Step
    state: str = "same"
    #: Whether its arguments are others than in the life it is held against.
    changed: bool = False


@dataclass(frozen=True)
class Words:
    """What the picture says in the reader's language."""

    title: str
    description: str
    kinds: dict[str, str]
    contexts: dict[str, str]
    skipped: str
    #: Says what a step raised.
    raises: Callable[[str], str]
    #: The text for a step, which is its name unless that is no name of an interface.
    label: Callable[[Step], str]


def compare(steps: Sequence[Step], usual: Sequence[Step] = ()) -> list[Row]:
    """Return ``steps``, and between them those of ``usual`` that they leave out."""
    if not usual:
        return [Row(step) for step in steps]
    rows: list[Row] = []
    keys, others = ([(step.kind, step.name) for step in life] for life in (steps, usual))
    matcher = SequenceMatcher(a=others, b=keys, autojunk=False)
    for operation, begin, end, start, stop in matcher.get_opcodes():
        if operation == "equal":
            rows += [
                Row(step, changed=step.detail != other.detail)
                for step, other in zip(steps[start:stop], usual[begin:end], strict=True)
            ]
        else:
            rows += [Row(step, "skipped") for step in usual[begin:end]]
            rows += [Row(step, "extra") for step in steps[start:stop]]
    return rows


def draw(rows: Sequence[Row], words: Words, name: str) -> str:
    """Return the picture; ``name`` makes its ids unique on the page."""
    tops = list(_tops(rows, MARGIN + ROW * len(BARS)))
    height = tops[-1] + MARGIN
    parts = [
        f'<svg class="life-picture" role="img" aria-labelledby="{name}-title {name}-description"'
        f' viewBox="0 0 {WIDTH} {height}" xmlns="http://www.w3.org/2000/svg">',
        f'<title id="{name}-title">{escape(words.title)}</title>',
        f'<desc id="{name}-description">{escape(words.description)}</desc>',
        *_contexts(rows, tops, words),
        *_line(rows, tops),
    ]
    for row, top in zip(rows, tops, strict=False):
        parts += _row(row, top, words)
    return "\n".join([*parts, "</svg>"])


def _details(row: Row) -> list[str]:
    return textwrap.wrap(row.step.detail, LETTERS) if row.state != "skipped" else []


def _tops(rows: Sequence[Row], top: int) -> Iterator[int]:
    """Yield where each row begins, and where the last one ends."""
    for row in rows:
        yield top
        top += ROW + DETAIL * (len(_details(row)) + bool(_error(row)))
    yield top


def _error(row: Row) -> str:
    return row.step.error if row.state != "skipped" else ""


def _contexts(rows: Sequence[Row], tops: Sequence[int], words: Words) -> Iterator[str]:
    """Yield the bars beside the steps during which a context is active, and what they mean."""
    for number, (context, x) in enumerate(BARS.items()):
        kind = context.replace("_", "-")
        middle = MARGIN + ROW * number + ROW // 2
        yield f'<g class="life-context life-{kind}">'
        yield f'<rect x="{x}" y="{middle - 6}" width="6" height="12" rx="3"/>'
        yield f'<text x="{TEXT}" y="{middle + 4}">{escape(words.contexts[context])}</text>'
        active = [bool(getattr(row.step, context)) for row in rows]
        begin = 0
        for value, run in groupby(active):
            end = begin + len(list(run))
            if value:
                top, bottom = tops[begin] + 3, tops[end] - 3
                yield f'<rect x="{x}" y="{top}" width="6" height="{bottom - top}" rx="3"/>'
            begin = end
        yield "</g>"


def _line(rows: Sequence[Row], tops: Sequence[int]) -> Iterator[str]:
    """Yield the line from step to step; beside what is skipped it is dashed."""
    for (row, top), (following, below) in pairwise(zip(rows, tops, strict=False)):
        skipped = "skipped" in (row.state, following.state)
        kind = "life-line life-skipped" if skipped else "life-line"
        yield f'<path class="{kind}" d="M{LINE} {top + ROW // 2}V{below + ROW // 2}"/>'


def _row(row: Row, top: int, words: Words) -> Iterator[str]:
    step, middle = row.step, top + ROW // 2
    classes = ["life-step", f"life-{step.kind}", f"life-{row.state}"]
    classes += ["life-changed"] * row.changed + ["life-raises"] * bool(_error(row))
    label = words.label(step)
    kind = words.skipped if row.state == "skipped" else words.kinds[step.kind]
    is_name = label == step.name
    name = f'class="life-name" {CODE}' if is_name else 'class="life-name life-words"'
    yield f'<g class="{" ".join(classes)}">'
    yield f'<path class="life-shape" transform="translate({LINE} {middle})" d="{SHAPES[step.kind]}"/>'
    yield f'<text {name} x="{TEXT}" y="{middle + 4}">{escape(label)}</text>'
    yield f'<text class="life-kind" x="{WIDTH - 4}" y="{middle + 4}" text-anchor="end">{escape(kind)}</text>'
    bottom = middle + 4
    for line in _details(row):
        bottom += DETAIL
        yield f'<text class="life-detail" {CODE} x="{TEXT}" y="{bottom}">{escape(line)}</text>'
    if error := _error(row):
        bottom += DETAIL
        yield f'<text class="life-error" x="{TEXT}" y="{bottom}">{escape(words.raises(error))}</text>'
    yield "</g>"
