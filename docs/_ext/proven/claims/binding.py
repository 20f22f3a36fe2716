"""Holds sentences, quotes and lists together: what each sentence rests on, and what is wrong.

Pure functions on data; :mod:`proven.claims.gate` stops a build with them, ``nox -s claims`` prints them.
"""

from __future__ import annotations

import difflib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, MutableMapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

from proven.claims import lists
from proven.claims.lists import ListError
from proven.claims.quotes import Quote, quotes
from proven.claims.sentences import Sentence


class Fault(NamedTuple):
    """What is wrong: ``file:line``, and the message with its remedy."""

    place: str
    message: str


@dataclass
class Bound:
    """A page whose sentences are weighed.

    Attributes:
        sentences: The sentences of the page, in order.
        proofs: The quotes of a sentence, by its text.
        reasons: Why a sentence that no test quotes may stand, by its text.
        faults: What is wrong, but for sentences that rest on nothing.
    """

    page: str
    sentences: list[Sentence]
    proofs: dict[str, list[Quote]] = field(default_factory=dict)
    reasons: dict[str, str] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)

    @cached_property
    def sections(self) -> dict[str, str]:
        """The section of each sentence, by its text; of one that is said twice, the first."""
        return {each.text: each.section for each in reversed(self.sentences)}

    def state(self, text: str) -> str:
        """Return ``proved``, ``shown`` or ``advice``, ``""`` for a sentence that rests on nothing."""
        return "proved" if text in self.proofs else self.reasons.get(text, "")

    def unbound(self) -> list[Sentence]:
        """Return the sentences that rest on nothing."""
        return [sentence for sentence in self.sentences if not self.state(sentence.text)]

    def figures(self) -> dict[str, int]:
        """Return how many sentences there are and how many of each state."""
        states = Counter(self.state(sentence.text) or "unbound" for sentence in self.sentences)
        return {"sentences": len(self.sentences)} | {
            state: states[state] for state in ("proved", "shown", "advice", "unbound")
        }


def weigh(root: Path, page: str, sentences: list[Sentence], quoted: Iterable[Quote]) -> Bound:
    """Return a page with what its sentences rest on.

    Args:
        root: The folder of the project, whose lists are read.
        page: The name of the page.
        sentences: Its sentences.
        quoted: The quotes of the tests; those of other pages are left aside.
    """
    bound = Bound(page, sentences)
    by_text: dict[str, list[Sentence]] = {}
    for sentence in sentences:
        by_text.setdefault(sentence.text, []).append(sentence)
    for quote in quoted:
        if quote.page == page:
            _take_quote(bound, quote, by_text)
    try:
        found = lists.listed(root, page)
    except ListError as error:
        bound.faults.append(Fault(error.place, str(error)))
        return bound
    for item in found:
        message = _of_listed(bound, item, by_text)
        if message:
            bound.faults.append(Fault(item.place, message))
        bound.reasons.setdefault(item.text, item.reason)
    return bound


def weigh_all(
    root: Path, pages: Mapping[str, list[Sentence]], quoted: Iterable[Quote]
) -> dict[str, Bound]:
    """Return all pages with what their sentences rest on."""
    of_page: dict[str, list[Quote]] = {}
    for quote in quoted:
        of_page.setdefault(quote.page, []).append(quote)
    return {page: weigh(root, page, its, of_page.get(page, ())) for page, its in pages.items()}


def _take_quote(bound: Bound, quote: Quote, by_text: Mapping[str, Sequence[Sentence]]) -> None:
    places = by_text.get(quote.text, [])
    at = f"{quote.file}:{quote.line}"
    if len(places) == 1:
        bound.proofs.setdefault(quote.text, []).append(quote)
    elif places:
        # One quote cannot say which of them the test proves.
        lines = ", ".join(f"{each.file}:{each.line}" for each in places)
        bound.proofs.setdefault(quote.text, []).append(quote)
        message = (
            f"{bound.page} says {quote.text!r} {len(places)} times ({lines}): reword all but one"
        )
        bound.faults.append(Fault(at, message))
    else:
        message = (
            f"{bound.page} does not say {quote.text!r}; {nearest(quote.text, bound.sentences)}"
        )
        bound.faults.append(
            Fault(at, f"{message}: read both, mend what is wrong, and quote what the page says")
        )


def _of_listed(bound: Bound, item: lists.Listed, by_text: Mapping[str, Sequence[Sentence]]) -> str:
    places = by_text.get(item.text, [])
    if not places:
        return (
            f"{bound.page} does not say {item.text!r}; {nearest(item.text, bound.sentences)}: "
            f"prove what it says now, or list that"
        )
    if item.text in bound.reasons:
        return f"{item.text!r} is listed twice: take one out"
    if item.text in bound.proofs:
        quote = bound.proofs[item.text][0]
        return f"{quote.file}:{quote.line} proves {item.text!r}: take it out of the list"
    if item.reason == "shown" and not all(place.shown for place in places):
        return (
            f"nothing in the section shows {item.text!r}: there is no exchange, doctest, snippet or table "
            "of the build in it; prove it in a test"
        )
    return ""


def nearest(text: str, sentences: Iterable[Sentence]) -> str:
    """Return a clause with the sentence of a page that is most like ``text``."""
    known = {sentence.text: sentence for sentence in sentences}
    found = difflib.get_close_matches(text, known, n=1, cutoff=0.4)
    if not found:
        return "nothing there is like it"
    sentence = known[found[0]]
    return f"the nearest there is {sentence.text!r} ({sentence.file}:{sentence.line})"


def faults(
    root: Path,
    pages: Mapping[str, list[Sentence]],
    skip: Iterable[str] = (),
    *,
    kept: MutableMapping[str, Any] | None = None,
    whole: bool = True,
) -> list[Fault]:
    """Return everything that is wrong with the claims of a site.

    Args:
        root: The folder of the project.
        pages: The sentences of every page.
        skip: Pages that cannot be weighed, because they have another fault.
        kept: What was read of the tests before, see :func:`proven.claims.quotes.quotes`.
        whole: Whether each sentence has to rest on something.
    """
    quoted, wrong = quotes(root, kept)
    found = [Fault(*fault) for fault in wrong]
    for quote in quoted:
        if quote.page not in pages:
            near = difflib.get_close_matches(quote.page, pages, n=1)
            remedy = f"did you mean {near[0]!r}?" if near else "name a page such as guide/hooks"
            message = f"there is no page {quote.page!r}: {remedy}"
            found.append(Fault(f"{quote.file}:{quote.line}", message))
    for page in lists.pages_with_lists(root):
        if page not in pages:
            message = f"there is no page {page!r}: rename the file as its page, or remove it"
            found.append(Fault(f"{lists.path(page).as_posix()}:1", message))
    left_out = set(skip)
    weighed = {page: its for page, its in pages.items() if page not in left_out}
    for bound in weigh_all(root, weighed, quoted).values():
        found += bound.faults
        found += _unbound(bound) if whole else ()
    return found


def _unbound(bound: Bound) -> Iterator[Fault]:
    for sentence in bound.unbound():
        yield Fault(
            f"{sentence.file}:{sentence.line}",
            f"nothing proves {sentence.text!r}: quote it in its test, or, if it cannot be false, list it as advice "
            f"in {lists.path(bound.page).as_posix()} (nox -s claims -- list {bound.page})",
        )
