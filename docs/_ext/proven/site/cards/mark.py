"""Draws the mark of the site, which is read off its icon, so that there is one drawing of it."""

from __future__ import annotations

import re
from itertools import pairwise

from fontTools.pens.recordingPen import RecordingPen
from fontTools.svgLib.path import parse_path
from PIL import Image, ImageDraw

from proven.base.project import DOCS

Point = tuple[float, float]
#: How many units wide the icon is.
UNITS = 32
#: How many times larger it is drawn than it is shown, so that its edges are smooth.
FINE = 4
#: The straight lines that a curve is drawn with.
STEPS = 8


def mark(size: int) -> Image.Image:
    """Return the strokes of the icon as a mask."""
    picture = Image.new("L", (size * FINE, size * FINE))
    pen, unit = ImageDraw.Draw(picture), size * FINE / UNITS
    icon = DOCS.joinpath("_static", "icon.svg").read_text(encoding="utf-8")
    for path, stroke in re.findall(r'<path d="([^"]+)"[^>]* stroke-width="([\d.]+)"', icon):
        half = float(stroke) * unit / 2
        for points in strokes(path):
            scaled = [(x * unit, y * unit) for x, y in points]
            pen.line(scaled, 255, round(half * 2))
            for x, y in scaled:
                pen.ellipse((x - half, y - half, x + half, y + half), 255)
    return picture.resize((size, size), Image.Resampling.LANCZOS)


def strokes(path: str) -> list[list[Point]]:
    """Return the lines of a path of SVG as points."""
    pen, found = RecordingPen(), list[list[Point]]()
    parse_path(path, pen)
    for name, points in pen.value:
        if name == "moveTo":
            found.append([*points])
        elif name == "lineTo":
            found[-1] += points
        elif name == "curveTo":
            curve = [found[-1][-1], *points]
            found[-1] += [on(curve, step / STEPS) for step in range(1, STEPS + 1)]
    return found


def on(curve: list[Point], part: float) -> Point:
    """Return the point of a curve after a part of it, by de Casteljau."""
    while len(curve) > 1:
        curve = [(a + (c - a) * part, b + (d - b) * part) for (a, b), (c, d) in pairwise(curve)]
    return curve[0]
