"""The questions and messages that judge the search and the error look-up, and the places that answer them.

======================  ==============================================================================================
``questions.*.tsv``     What people ask, one language a file. ``accepted`` holds the sections that answer it, as
                        ``page#id`` with ``|`` between them. The id decides: it stays when a section moves to
                        another page.
``messages.toml``       What people paste: error messages and tracebacks. ``accepted`` holds the entries of the error
                        look-up that answer it, see :class:`Message`.
``later.toml``          Sections of later pages that answer what an accepted one answers.
``unanswered.tsv``      Questions that no page answers yet, with the page that is to answer them.
``held/``               A third of the questions and messages. They were written before the search was tuned, and
                        whoever tunes it does not read them: they measure how it does with what it has not met.
======================  ==============================================================================================

Each row has the public thread it comes from. Its words are those of the bank, not of the thread.
"""

from __future__ import annotations

import csv
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from lxml import html
from lxml.html import HtmlElement

from proven.base.project import DOCS
from proven.site import moved

HERE = Path(__file__).parent
# The folders of the files, and the name of the set that is in each.
SETS = {"tuned": HERE, "held": HERE / "held"}
# The languages of the questions, as their files call them, with the folder of the built site.
FOLDERS = {"en": "en", "zh": "zh-cn"}
# An accepted answer of a message: the look-up must say that it does not know it.
UNKNOWN = "unknown"
HAN = re.compile(r"[㐀-鿿]")


class Question(NamedTuple):
    """A question to the search.

    Attributes:
        id: Its number; those of one letter come from the cases that the work began with.
        query: What is typed into the search box.
        accepted: The places that answer it, as ``page#id``.
        link: The public thread that it comes from.
        set: ``tuned`` or ``held``.
        language: ``en`` or ``zh``, the site on which it is asked.
    """

    id: str
    query: str
    accepted: tuple[str, ...]
    link: str
    set: str
    language: str


class Message(NamedTuple):
    """A message to the error look-up.

    Attributes:
        id: Its number.
        text: What is pasted.
        accepted: What answers it. ``page#id`` is the place that an entry leads to. ``name:N`` is an entry that the
            history of the releases gives, about the name N. ``title:T`` is an entry with T in its title that is still
            to be written. ``unknown`` is no entry at all.
        says: Libraries that the first entry has to name, where one of them is too old for another.
        link: The public thread that it comes from.
        set: ``tuned`` or ``held``.
    """

    id: str
    text: str
    accepted: tuple[str, ...]
    says: tuple[str, ...]
    link: str
    set: str

    @property
    def language(self) -> str:
        """The site on which it is pasted: the Chinese one if there is Chinese around it."""
        return "zh" if HAN.search(self.text) else "en"


class Unanswered(NamedTuple):
    """A question that no page answers yet, and the page that is to answer it."""

    language: str
    query: str
    page: str
    link: str


def read_questions(language: str) -> list[Question]:
    """Return the questions in a language, ``en`` or ``zh``, of both sets."""
    later = read_later()
    return [
        Question(
            row["id"],
            row["query"],
            with_later(row["accepted"].split("|"), later),
            row["link"],
            row["set"],
            language,
        )
        for folder in SETS.values()
        for row in read_table(folder / f"questions.{language}.tsv")
    ]


def read_later() -> dict[str, list[str]]:
    """Return, for an anchor, the places of later pages that answer as well."""
    return tomllib.loads((HERE / "later.toml").read_text(encoding="utf-8"))


def with_later(accepted: Iterable[str], later: Mapping[str, list[str]]) -> tuple[str, ...]:
    """Return accepted places and those of later pages that answer the same."""
    own = list(accepted)
    more = (place for name in own for place in later.get(name.partition("#")[2], ()))
    return tuple(dict.fromkeys((*own, *more)))


def read_messages(sets: Iterable[str] = tuple(SETS)) -> list[Message]:
    """Return the messages of some sets, of both if none is named."""
    later = read_later()
    return [
        Message(
            message["id"],
            message["text"],
            with_later(message["accepted"], later),
            tuple(message.get("says", ())),
            message["link"],
            name,
        )
        for name in sets
        for message in tomllib.loads((SETS[name] / "messages.toml").read_text(encoding="utf-8"))[
            "message"
        ]
    ]


def read_unanswered() -> list[Unanswered]:
    """Return the questions that no page answers yet."""
    return [Unanswered(**row) for row in read_table(HERE / "unanswered.tsv")]


def read_table(path: Path) -> Iterator[dict[str, str]]:
    """Yield the rows of a table with tabs between its cells. A quotation mark is one of the query."""
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)


class Places:
    """The places of the built site in one language.

    A section has several ids, and a row of a table or a paragraph in it may have one too. What a reader looks for is
    the section, a pitfall, or a term: the innermost of these around a place is its *unit*.
    """

    def __init__(self, folder: Path) -> None:
        """Read all pages below ``folder``, such as ``build/html/en``."""
        self.units: dict[str, str] = {}
        self.moved = {move.old: move.new for move in moved.read(DOCS)}
        # The pages on which an id is; most are on one.
        self.pages: dict[str, list[str]] = {}
        self.sections: dict[str, str] = {}
        for path in sorted(folder.rglob("*.html")):
            page = path.relative_to(folder).as_posix().removesuffix(".html")
            self._read(page, html.parse(path).getroot())

    def _read(self, page: str, document: HtmlElement) -> None:
        for element in document.xpath("//article//*[@id]"):
            units = [box for box in (element, *element.iterancestors()) if is_unit(box)]
            if not units:
                continue
            unit = f"{page}#{units[0].get('id')}"
            self.units[f"{page}#{element.get('id')}"] = unit
            self.pages.setdefault(element.get("id"), []).append(page)
            section = next((box.get("id") for box in units if box.tag == "section"), None)
            self.sections[unit] = f"{page}#{section}"
            # An address without a place leads to the top of the page.
            self.units.setdefault(page, unit)

    def __contains__(self, place: str) -> bool:
        """Say whether there is such a place."""
        return self.unit(place) is not None

    def unit(self, place: str) -> str | None:
        """Return the unit around a place, ``None`` where there is no such place.

        What moved is found by the list of moved addresses, or by its id where that is the only one of its kind.
        """
        page, _, name = self.moved.get(place, place).partition("#")
        if f"{page}#{name}" not in self.units and len(pages := self.pages.get(name, [])) == 1:
            page = pages[0]
        return self.units.get(f"{page}#{name}" if name else page)

    def answers(self, place: str, accepted: tuple[str, ...]) -> bool:
        """Say whether a reader who is led to ``place`` stands in what is accepted.

        A pitfall or a term counts for the section around it; a subsection does not.
        """
        unit = self.units.get(place.removesuffix("#"))
        wanted = {self.unit(name) for name in accepted} - {None}
        return unit in wanted or self.sections.get(unit or "") in wanted


def is_unit(element: HtmlElement) -> bool:
    """Say whether an element is something to look for: a section, a pitfall or a described name."""
    name = element.get("id") or ""
    return bool(name) and (element.tag in {"section", "dt"} or name.startswith("pitfall-"))
