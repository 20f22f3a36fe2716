"""The bank of questions is complete, and what it accepts is on the site."""

from __future__ import annotations

import json
import re
from collections import Counter
from itertools import chain
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from proven.base.project import ROOT
from proven.claims.proofs import proves
from proven.releases.timeline import parameters
from tests.findable.bank import (
    FOLDERS,
    SETS,
    UNKNOWN,
    Places,
    read_later,
    read_messages,
    read_questions,
    read_table,
    read_unanswered,
    with_later,
)
from tests.subjects import FURTHER, SUBJECTS

QUESTIONS = {language: read_questions(language) for language in FOLDERS}
MESSAGES = read_messages()
UNANSWERED = read_unanswered()
# What is typed and what is pasted, file by file, with its thread.
ROWS = {
    **{language: [(row.query, row.link) for row in rows] for language, rows in QUESTIONS.items()},
    "messages": [(row.text, row.link) for row in MESSAGES],
    "unanswered": [(row.query, row.link) for row in UNANSWERED],
}
# Pages that have to be found; the cases that the work began with share an article.
GUIDE = sorted(path.stem for path in (ROOT / "docs/guide").glob("*.md"))
SHARED_ARTICLE = "https://kuikui666.xin/post/1?page=19"


@pytest.fixture(scope="module")
def places(site: Path) -> dict[str, Places]:
    """Return the places of the built site, language by language."""
    return {language: Places(site / folder) for language, folder in FOLDERS.items()}


@pytest.fixture(scope="module")
def names() -> set[str]:
    """Return every name and module that a release of a library had, and every parameter as ``name(parameter)``."""
    known: set[str] = set()
    for path in (ROOT / "docs/history/data").glob("*.json"):
        data = json.loads(path.read_text(encoding="utf-8"))
        known.update(data["names"], data["aliases"])
        for name, entry in data["names"].items():
            above = name.split(".")
            known.update(".".join(above[:length]) for length in range(1, len(above)))
            signatures = (signature for _release, signature in entry.get("signatures", ()))
            of_each = chain.from_iterable(map(parameters, signatures))
            known.update(f"{name}({parameter})" for parameter in of_each)
    return known


@pytest.mark.parametrize(
    ("rows", "least"), [(QUESTIONS["en"], 150), (QUESTIONS["zh"], 150), (MESSAGES, 120)]
)
def test_there_are_enough_and_a_third_of_these_is_held_back(rows: list, least: int) -> None:
    """What was asked later, to tune by, comes on top."""
    held = sum(row.set == "held" for row in rows)
    assert len(rows) >= least
    assert held >= least / 3


@pytest.mark.parametrize("set_", SETS)
@pytest.mark.parametrize("language", FOLDERS)
def test_a_row_is_in_the_folder_of_its_set(set_: str, language: str) -> None:
    rows = list(read_table(SETS[set_] / f"questions.{language}.tsv"))
    assert {row["set"] for row in rows} == {set_}


@pytest.mark.parametrize("rows", [*QUESTIONS.values(), MESSAGES])
def test_a_number_stands_for_one_row(rows: list) -> None:
    assert not repeated(row.id for row in rows)


@pytest.mark.parametrize("name", ROWS)
def test_nothing_is_asked_twice(name: str) -> None:
    assert not repeated(" ".join(text.lower().split()) for text, _link in ROWS[name])


@pytest.mark.parametrize("name", ROWS)
def test_each_row_has_a_thread_of_its_own(name: str) -> None:
    links = [link for _text, link in ROWS[name]]
    for link in links:
        address = urlsplit(link)
        assert address.scheme in {"http", "https"}, link
        assert "." in address.netloc, link
        assert not re.search(r"\s", link), link
    assert repeated(links) <= {SHARED_ARTICLE}


@pytest.mark.parametrize("language", FOLDERS)
@pytest.mark.parametrize("set_", SETS)
def test_what_a_question_accepts_is_on_the_site(
    places: dict[str, Places], language: str, set_: str
) -> None:
    vanished = {
        place
        for row in QUESTIONS[language]
        if row.set == set_
        for place in row.accepted
        if place not in places[language]
    }
    assert sorted(vanished) == [], "no page has these ids any more: name the new ones in the bank"


def test_what_answers_later_is_on_the_site_beside_what_it_repeats(
    places: dict[str, Places],
) -> None:
    later = read_later()
    vanished = [place for each in later.values() for place in each if place not in places["en"]]
    assert vanished == []
    # An anchor of two pages stands for both.
    assert [anchor for anchor in later if anchor not in places["en"].pages] == []


def test_a_row_of_later_pages_adds_to_what_is_accepted() -> None:
    later = {"tea": ["guide/kettle#kettle-tea"]}
    assert with_later(["guide/cup#tea", "guide/cup#milk"], later) == (
        "guide/cup#tea",
        "guide/cup#milk",
        "guide/kettle#kettle-tea",
    )


def test_what_a_message_accepts_is_on_the_site_in_both_languages(places: dict[str, Places]) -> None:
    vanished = {
        answer
        for row in MESSAGES
        for answer in row.accepted
        if "#" in answer and any(answer not in site for site in places.values())
    }
    assert sorted(vanished) == [], "no page has these ids any more: name the new ones in the bank"


def test_a_name_that_a_message_asks_for_is_in_the_history(names: set[str]) -> None:
    # Of two versions that do not fit, the one that is asked may never have had the name.
    missing = [
        f"{row.id}: {answer}"
        for row in MESSAGES
        for answer in row.accepted
        if answer.startswith("name:") and not row.says
        if answer.removeprefix("name:") not in names
        # A file of the reader that hides a library, and what is private, no history has.
        if not re.search(r"\.py$|\._\w+$", answer)
    ]
    assert missing == []


def test_an_entry_that_is_to_be_written_is_about_what_was_pasted() -> None:
    strangers = [
        f"{row.id}: {answer}"
        for row in MESSAGES
        for answer in row.accepted
        if answer.startswith("title:") and answer.removeprefix("title:") not in row.text
    ]
    assert strangers == []


def test_every_answer_is_of_a_known_form() -> None:
    forms = re.compile(rf"[\w/-]+#[\w.-]+|(name|title):\S.*|{UNKNOWN}")
    answers = chain.from_iterable(row.accepted for row in (*MESSAGES, *QUESTIONS["en"]))
    assert [answer for answer in answers if not forms.fullmatch(answer)] == []


@proves(
    "about/adding-a-page",
    "Add a question that readers ask and the page answers to tests/findable/questions.en.tsv and "
    "questions.zh.tsv.",
)
@pytest.mark.parametrize("language", FOLDERS)
def test_every_page_of_the_guide_is_asked_for(language: str) -> None:
    """By what may be looked at: the held questions are not written anew when a page is split."""
    asked = {
        place.partition("#")[0]
        for row in QUESTIONS[language]
        if row.set == "tuned"
        for place in row.accepted
    }
    # The questions name the page on which the answer stood; one that was divided is still one subject.
    subjects = {page: (page, *SUBJECTS.get(page, ())) for page in GUIDE if page not in FURTHER}
    assert [
        first
        for first, pages in subjects.items()
        if not any(f"guide/{page}" in asked for page in pages)
    ] == []
    assert "start/first-app" in asked
    kinds = ("reference/configuration", "reference/sessions", "reference/glossary", "history/")
    assert [kind for kind in kinds if not any(page.startswith(kind) for page in asked)] == []


def test_messages_that_nobody_knows_are_among_them() -> None:
    for set_ in SETS:
        assert sum(row.accepted[0] == UNKNOWN for row in MESSAGES if row.set == set_) >= 4


def test_a_question_without_an_answer_names_a_page_that_is_to_come() -> None:
    pages = {row.page for row in UNANSWERED}
    assert all(re.fullmatch(r"(start|guide)/[a-z-]+", page) for page in pages)
    assert {row.language for row in UNANSWERED} == set(FOLDERS)


def test_a_place_counts_for_what_is_around_it(places: dict[str, Places]) -> None:
    site = places["en"]
    section, subsection = "guide/sessions#sessions-lifetime", "guide/sessions#sessions-idle"
    assert site.answers("guide/sessions#idle-time-and-a-limit", (subsection,))
    assert not site.answers(subsection, (section,))
    assert not site.answers(section, (subsection,))
    # A page without a place is its first section.
    assert site.answers("guide/sessions", ("guide/sessions#sessions",))
    pitfall = "guide/uploads#pitfall-request-files-is-empty"
    around = "guide/requests#secure-filename"
    assert site.answers(pitfall, (pitfall,))
    assert site.answers(pitfall, (around,))
    assert not site.answers(around, (pitfall,))
    assert not site.answers("guide/nowhere#nothing", (section,))


def test_a_section_that_moved_to_another_page_is_found_by_its_id(places: dict[str, Places]) -> None:
    site = places["en"]
    assert "guide/elsewhere#sessions-idle" in site
    assert site.answers("guide/sessions#sessions-idle", ("guide/elsewhere#sessions-idle",))
    assert not site.answers("guide/sessions#sessions-logout", ("guide/elsewhere#sessions-idle",))
    # Of an id that two pages have, nobody knows which is meant.
    twice = next(name for name, pages in site.pages.items() if len(set(pages)) > 1)
    assert f"guide/elsewhere#{twice}" not in site
    assert "guide/elsewhere#no-such-id" not in site


def repeated(values: object) -> set[object]:
    """Return what occurs more than once."""
    return {value for value, count in Counter(values).items() if count > 1}  # type: ignore[call-overload]
