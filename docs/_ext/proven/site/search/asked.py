"""The words by which readers ask for a place and which it may not say itself, as data under ``docs/_asked/``.

A file is about one subject; how it is named is for people only. A place is named by its anchor, which is the same in
every language and stays when a section moves to another page; a page is named by its path::

    [sessions-idle]
    en = "session timeout, inactivity, log out automatically"
    zh_CN = "会话超时, 长时间不操作, 自动退出"

A comma ends a phrase. Each phrase is another title of the place: it counts most if the whole of it was asked.

They are written from what the place says, in the words that people use who do not know it yet. The words of the source
language count in every language, because code and English terms are typed in all of them.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path

FOLDER = "_asked"


class AskedError(Exception):
    """A file cannot be read; the message says which, why, and what to do."""


def files(docs: Path) -> list[Path]:
    """Return the files, in order."""
    return sorted(docs.joinpath(FOLDER).rglob("*.toml"))


def read(docs: Path, codes: Iterable[str]) -> dict[str, list[str]]:
    """Return the phrases for each anchor and each path of a page, in the languages of ``codes``.

    Args:
        docs: The folder of the pages.
        codes: The codes of the languages whose words count.

    Raises:
        AskedError: if a file is no table of texts, or two of them name a place.
    """
    found: dict[str, list[str]] = {}
    for file in files(docs):
        shown = f"{docs.name}/{file.relative_to(docs).as_posix()}"
        try:
            places = tomllib.loads(file.read_text(encoding="utf-8"))
        except ValueError as error:
            raise AskedError(f"{shown}: {error}; mend it") from None
        for place, words in places.items():
            if place in found:
                raise AskedError(f"{shown}: '{place}' stands in another file too; write it once")
            found[place] = _phrases(words, codes, f"{shown}: '{place}'")
    return found


def _phrases(words: object, codes: Iterable[str], shown: str) -> list[str]:
    if not isinstance(words, Mapping) or not all(isinstance(text, str) for text in words.values()):
        raise AskedError(f'{shown} is no table of languages; write en = "…" below it')
    said = (phrase.strip() for code in codes for phrase in words.get(code, "").split(","))
    return [phrase for phrase in said if phrase]
