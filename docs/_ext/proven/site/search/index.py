"""Writes the index of one language as a script: what MiniSearch would build in the browser, in a tenth of the room.

Each word of the vocabulary has, for each field, the records that it is in, and the phrases of readers that it is in.
The numbers of the records are written as
differences, in base 32 with a continuation bit, so that most take one character. ``search/core.js`` reads it. The same
records make the same bytes, whichever pages a build has read anew.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import count, takewhile

from proven.base.tables import row_id
from proven.site.search.records import KINDS, Record, excerpt
from proven.site.search.words import HAN, words

IS_HAN = re.compile(f"[{HAN}]")
PLURAL = re.compile(r"\w*[a-z]{3}(?<![sui])s")
ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
#: What the file lists for each record. The words of titles and of excerpts are read off these in the browser.
FIELDS = ("names", "text")
# A word of the text that stands there seldom; it is listed with the text.
SELDOM = len(FIELDS)
# The fields of the words that are kept of a record, from the best on; -1 is for those that the browser reads itself.
LISTED = (-1, FIELDS.index("text"), FIELDS.index("names"), SELDOM)
#: A word that stands this often in a record is one that it is about.
OFTEN = 2
#: In a long record it has to stand once more for each so many words.
LONG = 150
#: A word that is in more than this share of the records says nothing of one of them; the second is for those that stand
#: there often.
COMMON, USED = 0.002, 0.008
#: A word in so few of them is kept whatever their number.
FEW = 3
#: Code that is in more than this share of the records is on the way in them, not their subject.
USUAL = 0.004
#: Characters of the title of a pitfall: some messages are as long as a paragraph.
LONGEST = 90


@dataclass(frozen=True)
class Page:
    """A page with what can be found on it.

    Attributes:
        state: A text that changes with the records.
    """

    name: str
    title: str
    records: Sequence[Record]
    state: str = ""


@dataclass(frozen=True)
class Asked:
    """The words of a language with which readers ask.

    Attributes:
        same: Groups of words and phrases that mean the same.
        read_as: What a word is read as, for misspellings and words of other regions.
        places: The phrases by which a place is asked for, each as :func:`cut_phrases` cut it, for its anchor or the
            name of its page.
    """

    same: Sequence[Sequence[str]]
    read_as: Mapping[str, str]
    places: Mapping[str, Sequence[Sequence[str]]]


def number(value: int) -> str:
    """Return a number from 0 on as text.

    >>> number(5), number(40)
    ('F', 'oB')
    """
    text = ""
    while value >= 32:
        text += ALPHABET[32 + value % 32]
        value //= 32
    return text + ALPHABET[value]


def postings(places: Iterable[int]) -> str:
    """Return the numbers of records, ascending, as differences; 0 ends them."""
    text, before = "", -1
    for place in places:
        text += number(place - before)
        before = place
    return text + number(0)


def fronted(vocabulary: Iterable[str]) -> str:
    r"""Return sorted words, a line each: how many characters are those of the word before, and the rest.

    >>> fronted(["hook", "hooks", "host"])
    'Ahook\nEs\nCst'
    """
    lines, before = [], ""
    for word in vocabulary:
        same = sum(
            1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(before, word, strict=False))
        )
        lines.append(ALPHABET[min(same, 31)] + word[min(same, 31) :])
        before = word
    return "\n".join(lines)


def index(
    pages: Iterable[Page],
    cut: Callable[[str], Iterable[str]],
    asked: Asked,
    simplified: Callable[[str], str] | None,
    recall: Callable[[Page, Callable[[], list[list[str]]]], list[list[str]]] = lambda _, make: (
        make()
    ),
) -> str:
    """Return the script.

    Args:
        pages: All pages of the language, in the order of their names.
        cut: What cuts a run of Han characters into words.
        asked: What readers ask with.
        simplified: What turns traditional Han characters into those of the pages, ``None`` where there are no such.
        recall: What knows the words of a page from the build before, or makes them.
    """
    found: dict[str, dict[int, list[int]]] = {}
    phrases: dict[str, list[int]] = {}
    numbers = count()
    rows: list[list[object]] = []
    counts: list[int] = []
    names: list[list[str]] = []
    for page in pages:
        names.append([page.name, page.title])
        its = recall(page, lambda page=page: [listed(page, each, cut) for each in page.records])  # type: ignore[misc]
        for record, of_record in zip(page.records, its, strict=True):
            place = len(rows)
            title = shown(record)
            # The browser makes it of the title that it is given.
            anchor = "" if record.anchor == made_anchor(record.kind, title) else record.anchor
            rows.append([KINDS.index(record.kind), len(names) - 1, anchor, title, record.excerpt])
            own = asked.places.get(record.anchor or page.name, ())
            counts.append(len(own))
            for said, phrase in zip(own, numbers, strict=False):
                for word in said:
                    phrases.setdefault(word, []).append(phrase)
            by_phrase = set[str]().union(*own)
            for word in by_phrase:
                found.setdefault(word, {})
            for field, text in zip(LISTED, of_record, strict=True):
                for word in text.split():
                    of_word = found.setdefault(word, {})
                    if field >= 0 and word not in by_phrase:
                        of_word.setdefault(field, []).append(place)
    # Of a small site, every word is in many.
    shares = {0: USUAL, 1: USED, SELDOM: COMMON}
    bounds = {field: max(share * len(rows), FEW) for field, share in shares.items()}
    kept: dict[str, dict[int, list[int]]] = {}
    for word, fields in found.items():
        few = {f: p for f, p in fields.items() if len(p) <= bounds.get(f, 0)}
        if seldom := few.pop(SELDOM, None):
            few[1] = sorted([*few.get(1, ()), *seldom])
        kept[word] = few
    # The browser sees the other words, but without a dictionary it does not know where one of Han begins.
    vocabulary = sorted(
        phrases.keys() | {word for word, fields in kept.items() if fields or IS_HAN.match(word)}
    )
    data = {
        "pages": names,
        "records": rows,
        "words": fronted(vocabulary),
        "asked": "".join(postings(phrases.get(word, ())) for word in vocabulary),
        "phrases": "".join(map(number, counts)),
        "fields": [
            "".join(postings(kept.get(word, {}).get(field, ())) for word in vocabulary)
            for field in range(len(FIELDS))
        ],
        "synonyms": asked.same,
        "readAs": asked.read_as,
        "variants": variants(vocabulary, simplified),
    }
    return f"provenSearch.fill({json.dumps(data, ensure_ascii=False, separators=(',', ':'))});\n"


def cut_phrases(phrases: Iterable[str], cut: Callable[[str], Iterable[str]]) -> list[list[str]]:
    """Return the words of each phrase, sorted; those of two that have the same words once."""
    found = (sorted(set(map(one_number, words(phrase, cut)))) for phrase in phrases)
    return [list(its) for its in dict.fromkeys(map(tuple, found)) if its]


def shown(record: Record) -> str:
    """Return the title that stands in the index; that of a page is with the page."""
    if record.kind == "pitfall":
        return excerpt(record.title, LONGEST)
    return "" if record.kind == "page" else record.title


def made_anchor(kind: str, title: str) -> str:
    """Return the anchor that most rows and pitfalls of such a title have; the browser does the same.

    >>> made_anchor("row", "flask.Request"), made_anchor("pitfall", "KeyError: 'user'")
    ('name-flask-Request', 'pitfall-keyerror-user')
    """
    if kind == "row":
        return row_id(title)
    if kind == "pitfall":
        words = re.sub(r"[^a-z0-9]+", "-", title.lower())
        return f"pitfall-{words.lstrip('-')}"[:60].strip("-")
    return ""


def listed(page: Page, record: Record, cut: Callable[[str], Iterable[str]]) -> list[str]:
    """Return the words of a record, each with the best field of :data:`LISTED` that it stands in."""
    # What the site says of itself is found by its titles.
    text = "" if page.name.startswith("about/") else record.text
    singular = [one_number(word) for word in words(text, cut)]
    counts = Counter(singular)
    shown = [one_number(word) for word in words(record.title, cut)]
    # A word that the end of the excerpt cuts in two is none of the text.
    shown += [word for word in map(one_number, words(record.excerpt, cut)) if word in counts]
    often = (word for word in singular if counts[word] >= OFTEN + len(singular) // LONG)
    named = (one_number(word) for name in record.names for word in words(name, cut))
    seen: set[str] = set()
    found = []
    for own in (shown, often, named, singular):
        new = [word for word in dict.fromkeys(own) if word not in seen]
        seen.update(new)
        found.append(" ".join(new))
    return found


@cache
def one_number(word: str) -> str:
    """Return the singular of what looks like an English plural; the browser does the same.

    >>> one_number("hooks"), one_number("class"), one_number("status")
    ('hook', 'class', 'status')
    """
    return word[:-1] if PLURAL.fullmatch(word) else word


def variants(vocabulary: Iterable[str], simplified: Callable[[str], str] | None) -> str:
    """Return each traditional character followed by the simplified one that the index has for it."""
    if simplified is None:
        return ""
    known = {character for word in vocabulary for character in word}
    first, last = (ord(character) for character in HAN.encode().decode("unicode-escape")[3:6:2])
    characters = [chr(code) for code in range(first, last + 1)]
    # One call, for each takes its time; a character is turned whatever stands on the other lines.
    turned = simplified("\n".join(characters)).split("\n")
    pairs = zip(characters, turned, strict=True)
    return "".join(old + new for old, new in pairs if old != new and new in known)


def by_name(pages: Mapping[str, Page]) -> list[Page]:
    """Return the pages in the order of the index."""
    return [pages[name] for name in sorted(pages)]
