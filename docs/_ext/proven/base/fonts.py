"""The font of this machine that has Han characters; without one, a book or a picture in Chinese would show boxes."""

from __future__ import annotations

import shutil
import subprocess
from functools import cache
from typing import NamedTuple

INSTALL = "apt-get install fontconfig fonts-noto-cjk"
# Blocks of Unicode that only a Chinese font has: radicals, marks, characters, forms of full width.
BLOCKS = (
    (0x2E80, 0x9FFF),
    (0xF900, 0xFAFF),
    (0xFE30, 0xFE4F),
    (0xFF00, 0xFFEF),
    (0x20000, 0x323AF),
)


class NoFontError(Exception):
    """There is no font with Chinese characters; it says which command installs one."""


class Face(NamedTuple):
    """A font.

    Attributes:
        file: Its file.
        number: Its number in a file with several.
        charset: The characters that it has, as fontconfig writes them: ``20-7e a0 ...``.
    """

    file: str
    number: int
    charset: str = ""

    def lacks(self, text: str) -> str:
        """Return the characters of a text that it does not have, each once."""
        return "".join(
            sorted(
                each
                for each in {*text}
                if not each.isspace() and ord(each) not in _codes(self.charset)
            )
        )


@cache
def _codes(charset: str) -> frozenset[int]:
    spans = [span.partition("-") for span in charset.split()]
    return frozenset(
        code for low, _, high in spans for code in range(int(low, 16), int(high or low, 16) + 1)
    )


def han(text: str) -> str:
    """Return the characters of a text that need a Chinese font, each once."""
    return "".join(
        sorted({each for each in text if any(low <= ord(each) <= high for low, high in BLOCKS)})
    )


def face(family: str = "Noto Sans CJK SC", weight: str = "regular") -> Face:
    """Return a font that has simplified Han characters.

    Args:
        family: The one that is taken where it is there.
        weight: ``regular`` or ``bold``, likewise.

    Raises:
        NoFontError: if there is none.
    """
    if shutil.which("fc-match"):
        wanted = ["fc-match", "--format=%{file}\t%{index}\t%{charset}"]
        said = subprocess.run(
            [*wanted, f"{family}:{weight}:lang=zh-cn"], capture_output=True, text=True, check=True
        ).stdout
        # It says nothing on a machine without any font.
        file, number, charset = said.split("\t") if said else ("", "0", "")
        matched = Face(file, int(number), charset)
        if not matched.lacks("实证，"):
            return matched
    raise NoFontError(f"no font here has Chinese characters; install one with: {INSTALL}")


def found() -> list[str]:
    """Return the file of :func:`face`, nothing where there is none."""
    try:
        return [face().file]
    except NoFontError:
        return []
