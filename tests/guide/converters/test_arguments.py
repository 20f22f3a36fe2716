"""The arguments of the built-in converters."""

import pytest
from werkzeug.exceptions import NotFound
from werkzeug.routing import (
    BaseConverter,
    Map,
    ValidationError,
)

from proven.claims.proofs import proves
from snippets.url_converters import (
    arguments,
)
from tests.guide.converters.helpers import PAGE, build, get, match, urls


@proves(
    "guide/converters",
    "Write arguments in parentheses behind the name of the converter.",
    "length is the exact length.",
    "min and max are the smallest and the largest number that match.",
    "signed=True allows a minus sign.",
    "Without it, the converter matches no negative number.",
)
@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("/language/zh", "zh"),
        ("/language/z", None),
        ("/language/zho", None),
        ("/nickname/ab", "ab"),
        ("/nickname/abcdefghijkl", "abcdefghijkl"),
        ("/nickname/a", None),
        ("/nickname/abcdefghijklm", None),
        ("/page/1", "1"),
        ("/page/99", "99"),
        ("/page/0", None),
        ("/page/100", None),
        ("/ticket/0042", "42"),
        ("/ticket/42", None),
        ("/floor/-2", "-2"),
        ("/floor/2", "2"),
        ("/latitude/-33.9", "-33.9"),
        ("/latitude/90.0", "90.0"),
        ("/latitude/90.5", None),
    ],
)
def test_arguments_narrow_what_matches(path: str, value: str | None) -> None:
    answer = get(arguments.app, path)
    assert answer == 404 if value is None else answer["value"] == value


@proves("guide/converters", "It overrides minlength and maxlength.")
def test_length_overrides_minlength_and_maxlength() -> None:
    rule = "/<string(minlength=5, maxlength=9, length=2):value>"
    assert match(rule, "/ab") == "ab"
    assert match(rule, "/abcdef") is NotFound


@proves(
    "guide/converters",
    "fixed_digits is the number of characters: /ticket/42 has two characters, not four.",
    "url_for adds leading zeros.",
)
def test_fixed_digits_counts_characters_and_url_for_fills_up_with_zeros() -> None:
    assert build("/<int(fixed_digits=4):value>", 42) == "/0042"
    assert match("/<int(fixed_digits=4):value>", "/42") is NotFound


@proves("guide/converters", "It accepts numbers, True, False, None, words and quoted strings.")
@pytest.mark.parametrize(
    ("argument", "value"),
    [("5", 5), ("1.5", 1.5), ("True", True), ("False", False), ("None", None), ("word", "word"),
     ("'quoted text'", "quoted text"), ('"quoted text"', "quoted text"), ("5, 6", (5, 6))],
)  # fmt: skip
def test_numbers_constants_words_and_quoted_strings_can_be_arguments(
    argument: str, value: object
) -> None:
    got: list[tuple[object, ...]] = []

    class Noting(BaseConverter):
        def __init__(self, url_map: Map, *arguments: object) -> None:
            super().__init__(url_map)
            got.append(arguments)

    urls(f"/<noting({argument}):value>", noting=Noting)
    assert got == [value if isinstance(value, tuple) else (value,)]


@proves(
    "guide/converters",
    "Werkzeug parses the arguments with a small parser, not with Python.",
    "These four forms look right but raise an error:",
    "You cannot write a negative number.",
    "Without a space after the comma, two numbers are parsed as one value.",
)
@pytest.mark.parametrize(
    ("rule", "message"),
    [
        (
            "/<int(signed=True, min=-5):floor>",
            "Cannot parse converter argument ' min=-'",
        ),
        ("/<any(terms-of-use):page>", "Cannot parse converter argument 'terms-of-'"),
        (
            "/<any(2024, 2025):year>",
            "decoding to str: need a bytes-like object, int found",
        ),
        ("/<string(2,12):name>", "invalid literal for int() with base 10: '2,12'"),
    ],
)
def test_arguments_that_the_parser_does_not_read(rule: str, message: str) -> None:
    with pytest.raises((TypeError, ValueError)) as refusal:
        urls(rule)
    assert str(refusal.value) == message
    assert f"{type(refusal.value).__name__}: {message}\n" in PAGE


@proves(
    "guide/converters",
    "Put quotes around a word with a hyphen and around a word that consists of digits: "
    'any("terms-of-use", "2025").',
    "Write the names of the arguments: string(minlength=2, maxlength=12).",
)
def test_the_ways_out_of_them() -> None:
    assert match('/<any("terms-of-use", "2025"):value>', "/terms-of-use") == "terms-of-use"
    assert match('/<any("terms-of-use", "2025"):value>', "/2025") == "2025"
    assert match("/<string(2, 12):value>", "/ab") == "ab"
    assert match("/<string(minlength=2, maxlength=12):value>", "/ab") == "ab"

    class Floor(BaseConverter):
        regex = "-?[0-9]+"

        def to_python(self, value: str) -> int:
            if int(value) < -5:
                raise ValidationError
            return int(value)

    assert match("/<floor:value>", "/-5", floor=Floor) == -5
    assert match("/<floor:value>", "/-6", floor=Floor) is NotFound
