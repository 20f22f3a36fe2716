"""Draws the rows of a benchmark as lines in an SVG, with real text, on a logarithmic scale.

The picture is narrow enough for a telephone and takes its colours from the page, so it can be read in dark mode. It
knows neither Sphinx nor a language. Each line ends beside its name, so nobody has to tell colours apart.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from html import escape
from typing import NamedTuple

WIDTH = 360
HEIGHT = 300
LEFT, RIGHT, TOP, BOTTOM = 62, 80, 12, 26
# Lines of text are so far apart.
LINE = 15
KINDS = 7


class Line(NamedTuple):
    """A line of the plot: its name, and a value above zero for each point."""

    name: str
    values: Sequence[float]


def draw(lines: Sequence[Line], points: Sequence[str], unit: str, title: str) -> str:
    """Return the picture.

    Args:
        lines: What is drawn.
        points: What stands below the lines, from left to right.
        unit: The unit of the values.
        title: The id of an element with the picture's title.
    """
    parts = [
        f'<svg class="benchmark-plot" role="img" aria-labelledby="{title}"'
        f' viewBox="0 0 {WIDTH} {HEIGHT}" xmlns="http://www.w3.org/2000/svg">',
        *_grid(lines, points, unit),
        *_lines(lines),
        "</svg>",
    ]
    return "\n".join(parts)


def decades(lines: Sequence[Line]) -> range:
    """Return the powers of ten that the scale shows: from one below all values to one above."""
    values = [value for line in lines for value in line.values]
    return range(math.floor(math.log10(min(values))), math.ceil(math.log10(max(values))) + 1)


def heights(lines: Sequence[Line]) -> list[list[float]]:
    """Return how far from the top each value of each line is."""
    shown = decades(lines)
    step = (HEIGHT - TOP - BOTTOM) / (len(shown) - 1)
    return [
        [TOP + step * (shown[-1] - math.log10(value)) for value in line.values] for line in lines
    ]


def apart(tops: Sequence[float]) -> list[float]:
    """Return the given heights, moved so that lines of text do not overlap and none leaves the picture."""
    moved = list(tops)
    order = sorted(range(len(tops)), key=lambda number: tops[number])
    limit = float(HEIGHT - BOTTOM)
    for number in reversed(order):
        moved[number] = limit = min(tops[number], limit)
        limit -= LINE
    limit = float(TOP)
    for number in order:
        moved[number] = limit = max(moved[number], limit)
        limit += LINE
    return moved


def _across(points: int) -> list[float]:
    return [LEFT + (WIDTH - LEFT - RIGHT) * number / (points - 1) for number in range(points)]


def _grid(lines: Sequence[Line], points: Sequence[str], unit: str) -> Iterator[str]:
    shown = decades(lines)
    for exponent, (height,) in zip(
        shown, heights([Line("", [10**exponent]) for exponent in shown]), strict=True
    ):
        yield f'<path class="benchmark-grid" d="M{LEFT} {height:.1f}H{WIDTH - RIGHT}"/>'
        label = f"{10**exponent:,} {escape(unit)}"
        yield f'<text x="{LEFT - 6}" y="{height + 4:.1f}" text-anchor="end">{label}</text>'
    for across, point in zip(_across(len(points)), points, strict=True):
        yield (
            f'<text x="{across:.1f}" y="{HEIGHT - 6}" text-anchor="middle">{escape(point)}</text>'
        )


def _lines(lines: Sequence[Line]) -> Iterator[str]:
    tops = heights(lines)
    names = apart([line[-1] for line in tops])
    for number, (line, top, name) in enumerate(zip(lines, tops, names, strict=True)):
        places = [f"{x:.1f} {y:.1f}" for x, y in zip(_across(len(top)), top, strict=True)]
        end = WIDTH - RIGHT
        yield f'<g class="benchmark-line benchmark-{number % KINDS}">'
        yield f'<path d="M{"L".join(places)}"/>'
        # From where the line ends to its name.
        yield f'<path d="M{end} {top[-1]:.1f}L{end + 8} {name:.1f}"/>'
        yield f'<text x="{end + 10}" y="{name + 4:.1f}">{escape(line.name)}</text>'
        yield "</g>"
