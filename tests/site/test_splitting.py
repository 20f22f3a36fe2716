"""Where one sentence ends and the next begins."""

from __future__ import annotations

import pytest

from proven.base.splitting import CODE, ends_as_sentence, split
from proven.claims.proofs import proves


def texts(text: str) -> list[str]:
    """Return the sentences of a text in which code stands between backquotes."""
    shown, mask = "", ""
    for number, part in enumerate(text.split("`")):
        shown += part
        mask += CODE * len(part) if number % 2 else part
    return [piece.text for piece in split(shown, mask)]


@proves(
    "about/testing",
    "A sentence ends with ., ? or !, not after “e.g.” or “i.e.”, and not within brackets, "
    "quotes or code.",
)
@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("One. Two? Three!", ["One.", "Two?", "Three!"]),
        ("One ends here.\nTwo has\na line break.", ["One ends here.", "Two has a line break."]),
        ("Two databases, e.g. Redis, i.e. one.", ["Two databases, e.g. Redis, i.e. one."]),
        ("Hooks, signals etc. are run. So.", ["Hooks, signals etc. are run.", "So."]),
        ("It has hooks etc. They run.", ["It has hooks etc.", "They run."]),
        (
            "Flask 3.1.2 is new. So is 3.2. Use it.",
            ["Flask 3.1.2 is new.", "So is 3.2.", "Use it."],
        ),
        ("Call `app.run()`. `flash` is next.", ["Call app.run().", "flash is next."]),
        ("Write `a. B` here.", ["Write a. B here."]),
        ("It says “Saved. Thanks.” and goes on.", ["It says “Saved. Thanks.” and goes on."]),
        ("It says “Saved.” Then it ends.", ["It says “Saved.”", "Then it ends."]),
        ("It is (as said. Twice.) here. End.", ["It is (as said. Twice.) here.", "End."]),
        ("First. (It is so.) Last.", ["First.", "(It is so.)", "Last."]),
        ("By A. Ronacher. It is old.", ["By A. Ronacher.", "It is old."]),
        ("It runs. pytest finds it.", ["It runs.", "pytest finds it."]),
        ("“Why?” he asks. So.", ["“Why?” he asks.", "So."]),
        ("Here it is:", ["Here it is:"]),
        ("A bracket ( is open. Still two.", ["A bracket ( is open.", "Still two."]),
        ("It is no. 5 of them.", ["It is no. 5 of them."]),
        ("", []),
    ],
)
def test_sentences_end_where_a_reader_ends_them(text: str, sentences: list[str]) -> None:
    assert texts(text) == sentences


def test_a_piece_knows_where_it_begins() -> None:
    assert [piece.start for piece in split("One.  Two.\nThree.")] == [0, 6, 11]


@proves(
    "about/testing",
    "a heading or a caption only if it ends with a full stop; a bold beginning belongs to "
    "the sentence that follows it",
)
def test_a_heading_is_a_sentence_if_it_ends_as_one() -> None:
    assert ends_as_sentence("Nothing is written.")
    assert not ends_as_sentence("Why is it empty?")
    assert not ends_as_sentence("The rules")
    assert not ends_as_sentence("It says " + CODE * 4)
