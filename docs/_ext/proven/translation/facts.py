"""What a translation says as its original does: numbers, names, and small words such as not, only, before and after.

Numbers and names are the same in every language. The words of a language are pairs of patterns in its own module of
rules, each as wide on one side as the language is: “without” may become 没有, 不带 or 去掉. Sentence is held against
sentence where both texts have as many, else text against text.

What is right although a rule does not see it says so in its catalog, with the reason::

    # facts: not, 去掉 says it
    msgid "..."
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from proven.base.splitting import split

# A comment of a catalog: the name of the rule that is left aside, and why.
EXCEPTION = re.compile(r"facts: (?P<rule>[\w-]+), \S")
NUMBER = re.compile(r"(?<![\w.])\d[\d,]*(?:\.\d+)*(?P<times>\s*[万亿])?")
TIMES = {"万": 10**4, "亿": 10**8}
NUMBERS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
IN_WORDS = {"thirty": "30"} | {word: str(number) for number, word in enumerate(NUMBERS)}
# Names that a translation may add or leave out, as what they name is plain.
PLAIN = {"flask", "cookie", "html", "http", "mb", "py", "sql", "url", "urls", "web"}
LATIN = re.compile(r"[A-Za-z][A-Za-z0-9]+")


class Words(NamedTuple):
    """A word that both sides have, or neither.

    Attributes:
        name: The name of the rule.
        source: What says it in one language beyond doubt.
        target: What may say it in the other.
        back: Whether the source is the translation.
    """

    name: str
    source: re.Pattern[str]
    target: re.Pattern[str]
    back: bool = False


def exceptions(comment: str) -> set[str]:
    """Return the rules that a comment of a catalog leaves aside with a reason."""
    lines = (EXCEPTION.match(line.strip()) for line in comment.splitlines())
    return {line["rule"] for line in lines if line}


def numbers(text: str) -> Counter[str]:
    """Return the numbers that stand in a text as digits.

    >>> sorted(numbers("100,000 of 3.1, not 10 万"))
    ['100000', '3.1']
    """
    found: Counter[str] = Counter()
    for match in NUMBER.finditer(text):
        times = (match["times"] or "").strip()
        digits = match[0].removesuffix(match["times"] or "").replace(",", "")
        found[str(int(float(digits) * TIMES[times])) if times else digits] += 1
    return found


def faults(
    msgid: str, msgstr: str, original: str, translation: str, words: Sequence[Words]
) -> Iterator[tuple[str, str]]:
    """Yield the name of each rule that a translation breaks, and a clause with its remedy.

    Args:
        msgid: The original as the catalog has it.
        msgstr: The translation as the catalog has it.
        original: The original as it is read.
        translation: The translation as it is read.
        words: The rules for words of this language.
    """
    yield from _of_numbers(original, translation)
    yield from _of_names(msgid, msgstr)
    sides = [[piece.text for piece in split(text)] for text in (original, translation)]
    if len(sides[0]) != len(sides[1]):
        sides = [[original], [translation]]
    pairs = list(zip(*sides, strict=True))
    for rule in words:
        for before, after in pairs:
            source, target = (after, before) if rule.back else (before, after)
            found = rule.source.search(source)
            if found and not rule.target.search(target):
                side = "original" if rule.back else "translation"
                yield (
                    rule.name,
                    f"{found[0]!r}, which nothing in the {side} says: {source.strip()!r}",
                )
                break


def _of_numbers(original: str, translation: str) -> Iterator[tuple[str, str]]:
    before, after = numbers(original), numbers(translation)
    words = {IN_WORDS[w] for w in re.findall("[a-z]+", original.lower()) if w in IN_WORDS}
    gone = sorted(before - after)
    new = [number for number in sorted(after - before) if number not in words]
    if gone and new:
        yield "number", f"the translation changes {gone[0]} to {new[0]}"
    elif gone or new:
        yield "number", f"the translation {'drops' if gone else 'adds'} {(gone or new)[0]}"


def _of_names(msgid: str, msgstr: str) -> Iterator[tuple[str, str]]:
    """Hold the Latin words of both sides together, those in code too: the English may have them there only."""
    known = {word.lower() for word in LATIN.findall(msgid)} | PLAIN
    for word in dict.fromkeys(LATIN.findall(msgstr)):
        if not any(word.lower() in each or each in word.lower() for each in known):
            yield "name", f"the translation adds the name {word}"
            return
    there = msgstr.lower()
    for word in dict.fromkeys(LATIN.findall(msgid)):
        # With two capitals it is a name: SQLite, JSON.
        is_name = sum(letter.isupper() for letter in word) > 1 and word.lower() not in PLAIN
        if is_name and word.lower().removesuffix("s") not in there:
            yield "name", f"the translation drops the name {word}"
            return
