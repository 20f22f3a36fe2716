"""ListConverter: several items in one segment."""

import uuid
from datetime import date

import pytest
from hypothesis import strategies as st
from werkzeug.exceptions import NotFound
from werkzeug.routing import (
    Map,
)

from proven.claims.proofs import proves
from snippets.converters import (
    ListConverter,
)
from tests.reference.converters.helpers import TEXT, holds_for, match, round_trip, urls


@proves(
    "reference/converters",
    "One or more values in one segment of the path: /compare/3,5,8 is [3, 5, 8].",
    "Each item is text, or the value that another converter makes of the text.",
    "Inside an item, the separator is escaped as ~2, a slash as ~1 and a tilde as ~0, so "
    "an item may be any text.",
    "By default they are text.",
    "Return the items, each converted.",
    "Return the items, each converted and escaped, with separators between them.",
)
@holds_for(
    st.lists(TEXT, min_size=1, max_size=5),
    st.sampled_from([",", "+", ";", " ", "-", ".", "%", "，"]),
)
def test_a_list_of_any_texts_comes_back(items: list[str], sep: str) -> None:
    assert round_trip(f'/v/<list(sep="{sep}"):value>', items) == items


@proves(
    "reference/converters",
    "Percent-encoding does not work for this, because servers decode it before Flask "
    "matches the URL.",
)
@pytest.mark.parametrize("items", [["."], [".."], [".", "."], ["..", "~"], ["~3"], ["/"], [","]])
def test_a_list_survives_what_browsers_and_servers_do_to_paths(items: list[str]) -> None:
    assert round_trip("/v/<list:value>", items) == items


@holds_for(st.lists(st.integers(), min_size=1))
def test_a_list_of_numbers_comes_back_also_negative_ones(items: list[int]) -> None:
    assert round_trip("/v/<list(int, signed=True):value>", items) == items
    assert round_trip('/v/<list(int, sep="-", signed=True):value>', items) == items


@proves("reference/converters", "using (str | None) -- Name of the converter for the items.")
@holds_for(st.lists(st.dates(), min_size=1))
def test_a_list_of_dates_comes_back(items: list[date]) -> None:
    assert round_trip("/v/<list(date):value>", items) == items


@holds_for(st.lists(st.uuids(), min_size=1))
def test_a_list_of_uuids_comes_back(items: list[uuid.UUID]) -> None:
    assert round_trip("/v/<list(uuid):value>", items) == items


@proves(
    "reference/converters",
    "*args (Any) -- Positional arguments of that converter.",
    "**kwargs (Any) -- Keyword arguments of that converter.",
)
def test_items_get_the_arguments_of_their_converter() -> None:
    assert match("/<list('any', 'a,b', c):value>", "/a~2b,c") == ["a,b", "c"]
    assert match("/<list(int, max=9):value>", "/9,8") == [9, 8]
    assert match("/<list(int, max=9):value>", "/9,10") is NotFound


@proves(
    "reference/converters", "ValidationError -- If an item is empty, or its converter rejects it."
)
@pytest.mark.parametrize("path", ["/", "/,", "/a,", "/,a", "/a,,b", "/a~", "/a~9", "/~4"])
def test_an_empty_item_or_an_unknown_escape_is_no_list(path: str) -> None:
    assert match("/<list:value>", path) is NotFound


@proves(
    "reference/converters", "ValidationError -- If an item is empty, or its converter rejects it."
)
def test_text_that_the_items_converter_does_not_match_is_no_list() -> None:
    assert match("/<list(int):value>", "/1,x") is NotFound


@proves(
    "reference/converters",
    "ValueError -- If the value is not a list or tuple, if it or an item is empty, or if "
    "the view would not receive an equal item.",
)
@pytest.mark.parametrize(
    ("rule", "value", "message"),
    [
        ("/<list:value>", [], "an empty list has no URL"),
        ("/<list:value>", "abc", "'abc' is one text, not a list of items"),
        ("/<list:value>", ["a", ""], "'' would not match in a URL"),
        (
            "/<list(string, minlength=0):value>",
            [""],
            "an empty item has no place in a list in a URL",
        ),
        ("/<list:value>", {"a"}, "{'a'} is neither a list nor a tuple"),
        ("/<list:value>", {"a": 1}, "{'a': 1} is neither a list nor a tuple"),
        ("/<list:value>", b"ab", "b'ab' is neither a list nor a tuple"),
        ("/<list:value>", [None], "None would not match in a URL"),
        ("/<list:value>", ["a", 1], "1 would not match in a URL"),
        ("/<list(int):value>", [None], "None would not match in a URL"),
        ("/<list(int):value>", [3.9], "3.9 would not match in a URL"),
        ("/<list(int):value>", ["3"], "'3' would not match in a URL"),
        ("/<list(int):value>", [float("inf")], "inf would not match in a URL"),
        (
            "/<list(uuid):value>",
            [str(uuid.UUID(int=1))],
            f"'{uuid.UUID(int=1)}' would not match in a URL",
        ),
        ("/<list(int):value>", [1, -2], "-2 would not match in a URL"),
        ("/<list(int, max=9):value>", [10], "10 would not match in a URL"),
        ("/<list(float):value>", [1e-07], "1e-07 would not match in a URL"),
    ],
)
def test_url_for_refuses_a_list_that_would_not_come_back(
    rule: str, value: object, message: str
) -> None:
    with pytest.raises(ValueError) as refusal:
        urls(rule).build("it", {"value": value})
    assert str(refusal.value) == message


@proves(
    "reference/converters",
    "sep (str) -- The separator: one character that is not a letter, digit, slash or tilde.",
    "ValueError -- When the rule is added, if sep is not such a character.",
)
@pytest.mark.parametrize("sep", ["", "ab", "a", "1", "/", "~", "、、"])
def test_a_separator_that_cannot_work_is_refused(sep: str) -> None:
    with pytest.raises(ValueError) as refusal:
        ListConverter(Map(), sep=sep)
    assert (
        str(refusal.value)
        == f"the separator {sep!r} is not one character other than letters, digits, '/' and '~'"
    )


@proves(
    "reference/converters",
    "LookupError -- When the rule is added, if no converter is registered under the name using.",
)
def test_a_list_of_an_unknown_converter_is_refused_as_werkzeug_does_it() -> None:
    with pytest.raises(LookupError) as unknown:
        urls("/<list(money):value>")
    with pytest.raises(LookupError) as werkzeugs:
        urls("/<money:value>")
    assert str(unknown.value) == str(werkzeugs.value) == "the converter 'money' does not exist"


def test_arguments_without_a_converter_for_them_are_refused() -> None:
    with pytest.raises(TypeError, match="unexpected keyword argument 'max'"):
        urls("/<list(max=9):value>")
