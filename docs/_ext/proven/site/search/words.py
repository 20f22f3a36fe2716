"""Cuts the text of the site into the words of its index.

A word of Latin letters is kept whole and, if it is a name of several parts, in its parts. A run of Han characters is
cut by a dictionary that knows the terms of the glossary. The browser asks which pieces of a query are words of the
index, so that both sides agree whatever the dictionary says. The patterns
stand in ``words.js`` too; the dictionary only here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from functools import cache

HAN = r"\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
RUN = re.compile(rf"[{HAN}]+|[^\W{HAN}](?:[\w.\-]*[^\W{HAN}])?")
#: Figures that nobody looks for, unlike a status and a release.
FIGURE = re.compile(
    r"0x\w+|\d{1,2}|\d{4,}|[\d.\-]*\.\d{3,}|\d+-[\d-]+"
    r"|(?!10[0-3]|20[0-8]|226|30[0-8]|4[0-5]\d|50\d|51[01])\d{3}"
)
PART = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
#: Words that every text has.
STOP = frozenset(
    """
    a an the of to in on at by for from with as is are was be been it its this that these those and or not no but if
    then than so such what which who how when where there here can may do does has have had will would you your one
    的 了 是 在 和 与 或 也 就 都 而 及 把 被 它 你 我 这 那 个 中 里 上 下 不 有 为 以 到 从 对 会 要 能 可以 如果 就是
    一个 这个 那个 没有 什么 怎么 因为 所以 但是 时 后 前 吗 呢 吧
    """.split()  # noqa: SIM905  prose is easier to read and to add to
)


def words(text: str, cut: Callable[[str], Iterable[str]]) -> Iterator[str]:
    """Yield the words of a text in lower case, without those that every text has.

    >>> list(words("Set app.json.ensure_ascii", list))
    ['set', 'app.json.ensure_ascii', 'app', 'json', 'ensure', 'ascii']
    >>> list(words("_external", list))
    ['_external', 'external']
    """
    for run in RUN.findall(text):
        yield from _of_run(run, cut)


@cache
def _of_run(run: str, cut: Callable[[str], Iterable[str]]) -> list[str]:
    """Return the words of a run; most runs come many times."""
    if re.match(rf"[{HAN}]", run):
        return [word for word in cut(run) if word not in STOP]
    found, whole = [], run.lower().strip("-")
    if whole not in STOP and len(whole) < 50 and not FIGURE.fullmatch(whole):
        found.append(whole)
    parts = [part.lower() for part in PART.findall(run)]
    if parts and parts != [whole]:
        found += (
            part
            for part in parts
            if part != whole and len(part) > 1 and part not in STOP and not FIGURE.fullmatch(part)
        )
    return found


def dictionary(terms: Iterable[str]) -> Callable[[str], Iterable[str]]:
    """Return what cuts a run of Han characters, with words that its dictionary may not know."""

    @cache
    def cutter() -> Callable[[str], Iterable[str]]:
        # Here, as its dictionary takes a tenth of the time in which a page is built, and most builds cut nothing.
        import rjieba

        for term in terms:
            for word in re.findall(rf"[{HAN}]{{2,}}", term):
                rjieba.add_word(word, 100_000, "n")
        return rjieba.cut_for_search

    return lambda run: cutter()(run)


def nothing(run: str) -> list[str]:
    """Return no word of a run of Han characters: in a language without them, they are looked for in another index."""
    return []
