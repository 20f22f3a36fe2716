"""Draws the picture of a page: the mark, the group of the page, its title, what it is about, the name of the site.

It knows nothing of Sphinx.
"""

from __future__ import annotations

from functools import cache
from io import BytesIO
from typing import NamedTuple

from PIL import Image, ImageDraw, ImageFont

from proven.base.fonts import Face, face
from proven.site.cards.lines import lines
from proven.site.cards.mark import mark

#: Pixels: what Facebook, Slack and the others show without cutting.
WIDTH, HEIGHT = 1200, 630
MARGIN = 68
#: The room of a line, and where the title begins and what the page is about ends.
ROOM, TOP, FOOT = WIDTH - 2 * MARGIN, MARGIN + 62, HEIGHT - MARGIN - 88
#: Pixels of the type of the title and of what the page is about: the first pair that fits is taken.
SIZES = ((92, 36), (84, 35), (76, 34), (68, 32), (60, 30), (52, 29), (44, 28))
#: The lines that each may have.
MOST = 3
GAP = 20
#: The teal of the site, from dark to light.
GROUND, SHADE, TEAL, TINT, LIGHT = "#06483f", "#075147", "#0a6e62", "#6fdccb", "#cdeee8"


class CardError(Exception):
    """A page has no picture; it says why and what to do."""


class Card(NamedTuple):
    """What a picture says."""

    site: str
    group: str
    title: str
    about: str


class Faces(NamedTuple):
    """The fonts of a language."""

    regular: Face
    bold: Face


def faces(search: str) -> Faces:
    """Return the fonts for a language that is searched so.

    The Chinese ones set quotes and dashes as wide as a character. In the Korean ones of the same family they are as
    wide as Latin letters are.

    Raises:
        NoFontError: if this machine has none.
    """
    family = f"Noto Sans CJK {'SC' if search == 'han' else 'KR'}"
    return Faces(face(family), face(family, "bold"))


@cache
def sized(of: Face, size: int) -> ImageFont.FreeTypeFont:
    """Return a font in a size, in pixels."""
    basic = ImageFont.Layout.BASIC
    return ImageFont.truetype(of.file, size, index=of.number, layout_engine=basic)


def draw(card: Card, fonts: Faces) -> bytes:
    """Return the picture as a PNG.

    Raises:
        CardError: if a text does not fit, or has characters that the fonts do not have.
    """
    for text, of in zip(card, (fonts.bold,) * 3 + (fonts.regular,), strict=True):
        if lost := of.lacks(text):
            raise CardError(
                f"the font of its picture does not have {lost!r}: leave it out of {text!r}"
            )
    picture = ground(card.site, fonts.bold).copy()
    pen, top = ImageDraw.Draw(picture), MARGIN
    if card.group:
        pen.text((MARGIN, MARGIN + 26), card.group, TINT, sized(fonts.bold, 32), anchor="ls")
        top = TOP
    for block, colour in zip(fitted(card, fonts), ("white", LIGHT), strict=True):
        for line in block.lines:
            # Its baseline, as the room above letters differs among fonts.
            below = top + block.size * 5 // 6
            pen.text((MARGIN, below), line, colour, sized(block.of, block.size), anchor="ls")
            top += block.leading
        top += GAP
    written = BytesIO()
    # Text on two grounds: more colours cannot be seen.
    few = picture.quantize(32, Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
    few.save(written, "PNG", compress_level=8)
    return written.getvalue()


class Block(NamedTuple):
    """A text in lines, with the size of its type and the distance of its lines in pixels."""

    lines: list[str]
    of: Face
    size: int
    leading: int

    @property
    def height(self) -> int:
        """How high it is."""
        return len(self.lines) * self.leading


def fitted(card: Card, fonts: Faces) -> tuple[Block, Block]:
    """Return the title and what the page is about, as large as they fit.

    Raises:
        CardError: if they do not fit in any size.
    """
    for large, small in SIZES:
        title = block(card.title, fonts.bold, large, large * 6 // 5)
        about = block(card.about, fonts.regular, small, small * 3 // 2)
        if title.lines and about.lines and title.height + GAP + about.height <= FOOT - TOP:
            return title, about
    raise CardError(f"the title {card.title!r} is too long for its picture: shorten it")


def block(text: str, of: Face, size: int, leading: int) -> Block:
    """Return a text in lines, in none if it does not fit."""
    return Block(lines(text, sized(of, size).getlength, ROOM, MOST), of, size, leading)


@cache
def ground(site: str, bold: Face) -> Image.Image:
    """Return what all pictures of a language have: the colours, the mark and the name of the site."""
    picture = Image.new("RGB", (WIDTH, HEIGHT), GROUND)
    picture.paste(SHADE, (690, 56), mark(680))
    pen = ImageDraw.Draw(picture)
    edge = HEIGHT - MARGIN
    pen.rounded_rectangle((MARGIN, edge - 56, MARGIN + 56, edge), 12, TEAL)
    picture.paste("white", (MARGIN, edge - 56), mark(56))
    pen.text((MARGIN + 76, edge - 28), site, "white", sized(bold, 34), anchor="lm")
    return picture
