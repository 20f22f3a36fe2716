"""The converters to copy: what each accepts, refuses and gives back, through real URL building and matching."""

import re
import string
import uuid
from collections.abc import Callable, Sequence
from datetime import date, datetime
from enum import Enum, IntEnum, StrEnum
from functools import cache
from operator import attrgetter
from types import SimpleNamespace
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest
from flask import Flask, current_app, request, session, url_for
from hypothesis import given, settings
from hypothesis import strategies as st
from werkzeug.exceptions import HTTPException, NotFound
from werkzeug.routing import BaseConverter, BuildError, Map, MapAdapter, Rule, ValidationError

from snippets.converters import (
    CONVERTERS,
    BaseNConverter,
    DateConverter,
    ListConverter,
    RegexConverter,
    SignedConverter,
    enum_converter,
    model_converter,
)

BIGINT = 2**63 - 1
SIGNATURE = re.compile(r"[A-Za-z0-9_-]{43}")
# Text in a URL is Unicode without surrogates, which UTF-8 cannot encode.
TEXT = st.text(st.characters(codec="utf-8"), min_size=1)
Converters = dict[str, type[BaseConverter]]


def holds_for(
    *values: st.SearchStrategy[Any],
) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Run a test with many values; how long one takes depends on the machine and is no failure."""
    return lambda test: settings(deadline=None)(given(*values)(test))


def urls(rule: str, **converters: type[BaseConverter]) -> MapAdapter:
    """Return an adapter with one rule, whose endpoint is "it"."""
    return Map([Rule(rule, endpoint="it")], converters=CONVERTERS | converters).bind("example.com")


def match(rule: str, path: str, **converters: type[BaseConverter]) -> Any:
    """Return the value that the rule takes from the path, or the class of the error it answers with."""
    try:
        return urls(rule, **converters).match(path)[1]["value"]
    except HTTPException as error:
        return type(error)


@cache
def app_for(rule: str, *converters: tuple[str, type[BaseConverter]]) -> tuple[Flask, list[Any]]:
    """Return an application whose view keeps the value that it gets in the list."""
    app = Flask("converters")
    app.secret_key = "for the tests"
    app.url_map.converters.update(CONVERTERS, **dict(converters))
    seen: list[Any] = []

    @app.get(rule)
    def view(value: Any) -> str:
        seen.append(value)
        return ""

    return app, seen


def round_trip(rule: str, value: Any, **converters: type[BaseConverter]) -> Any:
    """Build a URL, match it, and request it as a browser would; return the value that came back."""
    app, seen = app_for(rule, *converters.items())
    with app.test_request_context():
        adapter = app.url_map.bind("example.com")
        url = adapter.build("view", {"value": value})
        assert url == url_for("view", value=value)
        assert url.isascii()
        # The server undoes the percent-encoding before Flask sees the path.
        endpoint, values = adapter.match(unquote(urlsplit(url).path))
        assert endpoint == "view"
    # A browser resolves these before it asks.
    assert not {".", ".."} & set(url.split("/"))
    seen.clear()
    assert app.test_client().get(url).status_code == 200
    assert seen == [values["value"]]
    return seen[0]


def test_the_names_in_converters_are_those_of_the_docstring() -> None:
    expected = {
        "re": RegexConverter,
        "list": ListConverter,
        "date": DateConverter,
        "base": BaseNConverter,
        "signed": SignedConverter,
    }
    assert expected == CONVERTERS


@pytest.mark.parametrize(
    ("rule", "path"),
    [
        ("<re('[0-9]+'):value>", "/5"),
        ("<date:value>", "/2025-01-31"),
        ("<base:value>", "/5"),
        ("<color:value>", "/red"),
    ],
)
def test_they_come_before_plain_text_and_after_numbers(rule: str, path: str) -> None:
    color = enum_converter(Enum("Color", {"RED": "red"}))
    rules = [Rule("/<text>", endpoint="text"), Rule(f"/{rule}", endpoint="ours")]
    adapter = Map(rules, converters=CONVERTERS | {"color": color}).bind("example.com")
    assert adapter.match(path)[0] == "ours"
    rules = [Rule(f"/{rule}", endpoint="ours"), Rule("/<int:number>", endpoint="number")]
    adapter = Map(rules, converters=CONVERTERS | {"color": color}).bind("example.com")
    assert adapter.match("/5")[0] == "number"


def test_a_signed_value_comes_before_plain_text() -> None:
    app = Flask("weight")
    app.secret_key = "for the tests"
    app.url_map.converters.update(CONVERTERS)
    app.add_url_rule("/<text>", "text")
    app.add_url_rule("/<signed('it'):value>", "signed")
    with app.test_request_context():
        path = url_for("signed", value=1)
        assert app.url_map.bind("example.com").match(path)[0] == "signed"


def test_a_list_comes_after_plain_text() -> None:
    rules = [Rule("/<list:value>", endpoint="list"), Rule("/<text>", endpoint="text")]
    assert Map(rules, converters=CONVERTERS).bind("example.com").match("/a,b")[0] == "text"


# --- re -------------------------------------------------------------------------------------------


def test_the_rule_of_the_notes_works_as_it_stands_there() -> None:
    app = Flask("notes")
    app.url_map.converters["re"] = RegexConverter

    @app.route('/send/<re(r"\\d{11}"):mobile>')
    def send_message(mobile: str) -> str:
        return f"send message to {mobile}"

    client = app.test_client()
    assert client.get("/send/13800138000").text == "send message to 13800138000"
    assert client.get("/send/1380013800").status_code == 404
    assert client.get("/send/138001380001").status_code == 404


@pytest.mark.parametrize(
    ("pattern", "accepted", "refused"),
    [
        (r"[0-9]{4}/[0-9]{2}", "2025/01", "2025-01"),
        (r"(v\d+)-(src|doc)", "v12-doc", "v12-"),
        (r"(?P<kind>a|b)c", "bc", "c"),
        (r"red|green|blue", "green", "greens"),
        (r"^[a-z]+$", "home", "Home"),
        (r"\A[a-z]+\Z", "home", "home1"),
        (r"^a|b$", "b", "ab"),
        (r"^^a$$", "a", "aa"),
        (r"(?#^ or $)a", "a", "b"),
        (r"(?#before)^a$(?#after)", "a", "b"),
        (r"(?i:abc)", "aBC", "abd"),
        (r"(?!admin\b)[a-z]+", "admins", "admin"),
        (r"[a-z-]+(?<!-)", "a-b", "a-"),
        (r"(?:ab)++", "abab", "aba"),
        (r"(?>a+)b", "aab", "aa"),
        (r"\$\^\(\)", "$^()", "$"),
        (r"[$^()|]+", "(^|$)", "a"),
        (r"[]^]+", "]^", "["),
        (r"[^]/]+", "[a", "]"),
        (r"[\]$]+", "]$", "a"),
        (r"\101\x42", "AB", "ab"),
        (r"你好+", "你好好", "你"),
        (r"\d*", "", "a"),
    ],
)
def test_a_pattern_matches_the_whole_value_wherever_it_stands(
    pattern: str, accepted: str, refused: str
) -> None:
    for before, after in [("/", ""), ("/", ".html"), ("/x-", ""), ("/", "/edit"), ("/x-", "-y/z")]:
        rule = f'/v{before}<re(r"{pattern}"):value>{after}'
        assert match(rule, f"/v{before}{accepted}{after}") == accepted
        assert match(rule, f"/v{before}{refused}{after}") is NotFound
        assert round_trip(rule, accepted) == accepted


def patterns() -> st.SearchStrategy[str]:
    """Return regular expressions with groups, alternatives, repetitions and slashes."""
    atoms = st.sampled_from(
        [
            "a",
            "b",
            "1",
            "-",
            r"\.",
            "/",
            ".",
            r"\d",
            r"\w",
            "[ab]",
            "[^/]",
            "[^a]",
            r"(?=a)",
            r"(?!b)",
            r"\b",
        ]
    )
    return st.recursive(
        atoms,
        lambda inner: st.one_of(
            st.tuples(inner, inner).map("".join),
            st.tuples(inner, inner).map("|".join),
            inner.map("({})".format),
            inner.map("(?:{})".format),
            inner.map("(?P<name>{})".format),
            inner.map("(?:{})?".format),
            inner.map("(?:{}){{1,2}}".format),
        ),
        max_leaves=6,
    )


@holds_for(patterns(), st.sampled_from(["{}", "^{}", "{}$", "^{}$"]), st.text("ab1-./", max_size=5))
def test_a_value_matches_exactly_if_fullmatch_says_so(pattern: str, edges: str, value: str) -> None:
    pattern = edges.format(pattern)
    try:
        compiled = re.compile(pattern)
    except re.error:
        return
    # Werkzeug makes one slash of two, in the rule as in the path.
    if "//" in pattern or "//" in f"/{value}":
        return
    expected = bool(compiled.fullmatch(value)) and ("/" in pattern or "/" not in value)
    rule = f'/v/<re("{pattern}"):value>.x'
    assert match(rule, f"/v/{value}.x") == (value if expected else NotFound)
    if expected:
        assert unquote(urls(rule).build("it", {"value": value})) == f"/v/{value}.x"
    else:
        with pytest.raises(ValueError, match="does not match the pattern"):
            urls(rule).build("it", {"value": value})


@holds_for(st.from_regex(r"[^/]{1,8}", fullmatch=True).filter(lambda text: text not in {".", ".."}))
def test_any_segment_comes_back(value: str) -> None:
    assert round_trip('/v/<re("[^/]+"):value>', value) == value


@holds_for(st.from_regex(r"(?:\d{3}|[a-z]{2}/)[\w ?#%;&=+]+", fullmatch=True))
def test_any_value_of_a_pattern_with_a_slash_comes_back(value: str) -> None:
    assert round_trip(r'/v/<re("(?:\d{3}|[a-z]{2}/)[\w ?#%;&=+]+"):value>', value) == value


def test_an_empty_value_comes_back() -> None:
    assert round_trip('/v/<re("[0-9]*"):value>/edit', "") == ""


def test_two_patterns_with_groups_of_one_name_stand_in_one_segment() -> None:
    rule = '/<re("(?P<n>a)(b)"):first>-<re("(?P<n>c)|d"):second>'
    assert urls(rule).match("/ab-c") == ("it", {"first": "ab", "second": "c"})


def test_a_value_that_only_its_surroundings_make_match_is_refused() -> None:
    rule = '/x-<re("(?<=-)a|b"):value>'
    assert match(rule, "/x-b") == "b"
    assert match(rule, "/x-a") is NotFound


def test_a_pattern_without_a_slash_stays_in_its_segment() -> None:
    assert match('/<re(".+"):value>', "/a/b") is NotFound
    with pytest.raises(ValueError, match=re.escape("'a/b' does not match the pattern '.+'")):
        urls('/<re(".+"):value>').build("it", {"value": "a/b"})


REFUSED = {
    "(": "the pattern '(' is not a regular expression: missing ), unterminated subpattern at position 0",
    "^$": "the pattern '^$' matches empty text only: leave the variable out of the rule",
    r"(a)\1": r"the pattern '(a)\\1' refers back to a group with '\\1', and groups have other numbers inside a "
    "rule: write the repetition out, or check it in to_python",
    "(?P<q>a)(?P=q)": "the pattern '(?P<q>a)(?P=q)' refers back to a group with '(?P=q)', and groups have other "
    "numbers inside a rule: write the repetition out, or check it in to_python",
    "(a)?(?(1)b|c)": "the pattern '(a)?(?(1)b|c)' refers back to a group with '(?(1)', and groups have other "
    "numbers inside a rule: write the repetition out, or check it in to_python",
    "(?i)a": "the pattern '(?i)a' sets a flag for the whole expression, and in a rule it is only a part of one: "
    "write (?i:...) around what the flag is for",
    "a^b": "the pattern 'a^b' has '^' inside, where it depends on what the rule puts around the pattern: leave it "
    r"out, the whole value has to match anyway, or write \b for the end of a word",
    "(a$)": "the pattern '(a$)' has '$' inside, where it depends on what the rule puts around the pattern: leave "
    r"it out, the whole value has to match anyway, or write \b for the end of a word",
    "a(b|^c)": "the pattern 'a(b|^c)' has '^' inside, where it depends on what the rule puts around the pattern: "
    r"leave it out, the whole value has to match anyway, or write \b for the end of a word",
    "(a$|b)c": "the pattern '(a$|b)c' has '$' inside, where it depends on what the rule puts around the pattern: "
    r"leave it out, the whole value has to match anyway, or write \b for the end of a word",
    r"(?!\Aa)b": r"the pattern '(?!\\Aa)b' has '\\A' inside, where it depends on what the rule puts around the "
    r"pattern: leave it out, the whole value has to match anyway, or write \b for the end of a word",
}


@pytest.mark.parametrize("pattern", REFUSED)
def test_a_pattern_that_cannot_work_is_refused_when_the_rule_is_added(pattern: str) -> None:
    app = Flask("refused")
    app.url_map.converters["re"] = RegexConverter
    with pytest.raises(ValueError) as refusal:
        app.add_url_rule(f'/<re(r"{pattern}"):value>', "it")
    assert str(refusal.value) == REFUSED[pattern]
    assert "it" not in {rule.endpoint for rule in app.url_map.iter_rules()}


@pytest.mark.parametrize("arguments", ["", '("")', r"(\d+)", "(12)", "(True)"])
def test_a_pattern_without_quotes_is_refused(arguments: str) -> None:
    with pytest.raises(ValueError) as refusal:
        urls(f"/<re{arguments}:value>")
    assert (
        str(refusal.value)
        == 'the re converter needs a pattern in quotes, as in <re(r"[0-9]+"):name>'
    )


@pytest.mark.parametrize("value", ["10086", "", "138001380001", "1380013800a", 10086])
def test_url_for_refuses_what_the_pattern_does_not_match(value: object) -> None:
    with pytest.raises(ValueError) as refusal:
        urls('/<re("[0-9]{11}"):value>').build("it", {"value": value})
    assert str(refusal.value) == f"{str(value)!r} does not match the pattern '[0-9]{{11}}'"


def test_url_for_takes_a_number_for_a_pattern_of_digits() -> None:
    assert urls('/<re("[0-9]{11}"):value>').build("it", {"value": 13800138000}) == "/13800138000"


# --- list -----------------------------------------------------------------------------------------


@holds_for(
    st.lists(TEXT, min_size=1, max_size=5),
    st.sampled_from([",", "+", ";", " ", "-", ".", "%", "，"]),
)
def test_a_list_of_any_texts_comes_back(items: list[str], sep: str) -> None:
    assert round_trip(f'/v/<list(sep="{sep}"):value>', items) == items


@pytest.mark.parametrize("items", [["."], [".."], [".", "."], ["..", "~"], ["~3"], ["/"], [","]])
def test_a_list_survives_what_browsers_and_servers_do_to_paths(items: list[str]) -> None:
    assert round_trip("/v/<list:value>", items) == items


@holds_for(st.lists(st.integers(), min_size=1))
def test_a_list_of_numbers_comes_back_also_negative_ones(items: list[int]) -> None:
    assert round_trip("/v/<list(int, signed=True):value>", items) == items
    assert round_trip('/v/<list(int, sep="-", signed=True):value>', items) == items


@holds_for(st.lists(st.dates(), min_size=1))
def test_a_list_of_dates_comes_back(items: list[date]) -> None:
    assert round_trip("/v/<list(date):value>", items) == items


@holds_for(st.lists(st.uuids(), min_size=1))
def test_a_list_of_uuids_comes_back(items: list[uuid.UUID]) -> None:
    assert round_trip("/v/<list(uuid):value>", items) == items


def test_items_get_the_arguments_of_their_converter() -> None:
    assert match("/<list('any', 'a,b', c):value>", "/a~2b,c") == ["a,b", "c"]
    assert match("/<list(int, max=9):value>", "/9,8") == [9, 8]
    assert match("/<list(int, max=9):value>", "/9,10") is NotFound


@pytest.mark.parametrize("path", ["/", "/,", "/a,", "/,a", "/a,,b", "/a~", "/a~9", "/~4"])
def test_an_empty_item_or_an_unknown_escape_is_no_list(path: str) -> None:
    assert match("/<list:value>", path) is NotFound


def test_text_that_the_items_converter_does_not_match_is_no_list() -> None:
    assert match("/<list(int):value>", "/1,x") is NotFound


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


@pytest.mark.parametrize("sep", ["", "ab", "a", "1", "/", "~", "、、"])
def test_a_separator_that_cannot_work_is_refused(sep: str) -> None:
    with pytest.raises(ValueError) as refusal:
        ListConverter(Map(), sep=sep)
    assert (
        str(refusal.value)
        == f"the separator {sep!r} is not one character other than letters, digits, '/' and '~'"
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


# --- date -----------------------------------------------------------------------------------------


@holds_for(st.dates())
def test_every_day_comes_back(day: date) -> None:
    assert round_trip("/v/<date:value>", day) == day


@pytest.mark.parametrize("day", [date.min, date(33, 4, 3), date(999, 12, 31), date.max])
def test_a_year_has_four_digits(day: date) -> None:
    url = urls("/<date:value>").build("it", {"value": day})
    assert url == f"/{day.year:04}-{day.month:02}-{day.day:02}"


@pytest.mark.parametrize(
    "text",
    [
        "2025-02-30", "2025-13-01", "0000-01-01", "20250131", "2025-W05-5", "2025-1-31", "33-04-03",
        "12025-01-31", "2025-01-31T00:00", "２０２５-01-31", "2025-01-31\n", "",
    ],
)  # fmt: skip
def test_what_is_no_day_answers_404(text: str) -> None:
    assert match("/<date:value>", f"/{text}") is NotFound


@pytest.mark.parametrize("value", ["2025-01-31", datetime(2025, 1, 31), 20250131])
def test_url_for_refuses_what_is_no_date(value: object) -> None:
    with pytest.raises(ValueError) as refusal:
        urls("/<date:value>").build("it", {"value": value})
    assert str(refusal.value) == f"{value!r} is not a datetime.date"


def test_a_date_takes_no_arguments() -> None:
    with pytest.raises(TypeError):
        urls("/<date(short):value>")


# --- base -----------------------------------------------------------------------------------------

BASES = st.integers(2, 62)


@holds_for(BASES, st.integers(0, BIGINT))
def test_every_number_comes_back_in_every_base(base: int, number: int) -> None:
    assert round_trip(f"/v/<base({base}):value>", number) == number


@holds_for(BASES, st.text(string.digits + string.ascii_letters, max_size=12))
def test_what_matches_is_the_one_spelling_of_its_number(base: int, text: str) -> None:
    number = match(f"/<base({base}):value>", f"/{text}")
    if number is not NotFound:
        assert urls(f"/<base({base}):value>").build("it", {"value": number}) == f"/{text}"


@holds_for(st.integers(2, 36), st.integers(0, BIGINT))
def test_up_to_base_36_it_is_what_int_reads(base: int, number: int) -> None:
    text = urls(f"/<base({base}):value>").build("it", {"value": number})[1:]
    assert int(text, base) == number


def test_sixty_two_is_the_default() -> None:
    assert match("/<base:value>", "/2lkCB1") == match("/<base(62):value>", "/2lkCB1") == 2**31 - 1


@pytest.mark.parametrize("text", ["00", "01", "-1", "", "a b", "１", "zz"])
def test_other_spellings_answer_404(text: str) -> None:
    assert match("/<base(16):value>", f"/{text}") is NotFound


def test_the_largest_number_is_that_of_a_bigint() -> None:
    largest = urls("/<base(10):value>").build("it", {"value": BIGINT})
    assert largest == "/9223372036854775807"
    assert match("/<base(10):value>", largest) == BIGINT
    assert match("/<base(10):value>", "/9223372036854775808") is NotFound
    assert match("/<base(10):value>", "/1" + 5000 * "0") is NotFound
    assert match("/<base(10, max=99):value>", "/99") == 99
    assert match("/<base(10, max=99):value>", "/100") is NotFound
    assert match("/<base(10, max=0):value>", "/0") == 0


@pytest.mark.parametrize("value", [-1, 100, 1.0, "7"])
def test_url_for_refuses_what_is_no_number_in_range(value: object) -> None:
    with pytest.raises(ValueError) as refusal:
        urls("/<base(36, max=99):value>").build("it", {"value": value})
    assert str(refusal.value) == f"{value!r} is not a whole number between 0 and 99"


@pytest.mark.parametrize(("base", "largest"), [(1, 9), (63, 9), (-1, 9), (10, -1)])
def test_a_base_out_of_range_is_refused(base: int, largest: int) -> None:
    with pytest.raises(ValueError) as refusal:
        BaseNConverter(Map(), base, largest)
    assert (
        str(refusal.value) == f"base {base} is not between 2 and 62, or max {largest} is negative"
    )


# --- signed ---------------------------------------------------------------------------------------


@holds_for(st.integers(0))
def test_a_signed_number_comes_back(number: int) -> None:
    assert round_trip("/v/<signed('order'):value>", number) == number


@holds_for(st.integers())
def test_a_signed_negative_number_comes_back(number: int) -> None:
    assert round_trip("/v/<signed('order', 'int', signed=True):value>", number) == number


@holds_for(TEXT.filter(lambda text: "/" not in text))
def test_a_signed_text_comes_back(text: str) -> None:
    assert round_trip("/v/<signed('page', 'string'):value>", text) == text


@holds_for(st.lists(st.dates(), min_size=1))
def test_signed_and_list_go_together(days: list[date]) -> None:
    assert round_trip("/v/<signed('days', 'list', 'date'):value>", days) == days


def test_a_signed_path_spans_segments() -> None:
    assert round_trip("/v/<signed('file', 'path'):value>", "a/b c.txt") == "a/b c.txt"


def signed_app(**config: object) -> Flask:
    app = Flask("signed")
    app.config.update({"SECRET_KEY": "current"} | config)
    app.url_map.converters.update(CONVERTERS)

    @app.get("/orders/<signed('order'):value>")
    def order(value: int) -> str:
        return str(value)

    @app.get("/bills/<signed('bill'):value>")
    def bill(value: int) -> str:
        return str(value)

    return app


def link(app: Flask, endpoint: str = "order", value: int = 42) -> str:
    with app.test_request_context():
        return url_for(endpoint, value=value)


def status(app: Flask, url: str) -> int:
    return app.test_client().get(url).status_code


def test_the_value_stays_readable_and_43_characters_follow() -> None:
    value, dot, signature = link(signed_app()).removeprefix("/orders/").partition(".")
    assert (value, dot) == ("42", ".")
    assert SIGNATURE.fullmatch(signature)


@holds_for(st.data())
def test_not_one_character_can_be_changed(data: st.DataObject) -> None:
    app = signed_app()
    url = link(app)
    position = data.draw(st.integers(len("/orders/"), len(url) - 1))
    other = data.draw(st.sampled_from(string.ascii_letters + string.digits + "-_."))
    forged = url[:position] + other + url[position + 1 :]
    assert status(app, forged) == (200 if forged == url else 404)


@pytest.mark.parametrize("value", range(8))
def test_the_last_character_has_one_spelling_too(value: int) -> None:
    app = signed_app()
    url = link(app, value=value)
    last = [
        c for c in string.ascii_letters + string.digits + "-_" if status(app, url[:-1] + c) == 200
    ]
    assert last == [url[-1]]


@holds_for(st.integers(0), st.integers(0))
def test_a_signature_is_good_for_one_value(value: int, other: int) -> None:
    app = signed_app()
    signature = link(app, value=value).partition(".")[2]
    assert status(app, f"/orders/{other}.{signature}") == (200 if value == other else 404)


@pytest.mark.parametrize("text", ["42", "42.", "42." + 43 * "A", "." + 43 * "A", "42." + 44 * "A"])
def test_without_a_signature_of_ours_the_answer_is_404(text: str) -> None:
    assert status(signed_app(), f"/orders/{text}") == 404


def test_leading_zeros_need_a_signature_of_their_own() -> None:
    app = signed_app()
    assert status(app, link(app).replace("/42.", "/042.")) == 404


def test_a_signature_for_one_purpose_is_not_valid_for_another() -> None:
    app = signed_app()
    assert link(app, "order").partition(".")[2] != link(app, "bill").partition(".")[2]
    assert status(app, link(app, "order").replace("orders", "bills")) == 404


def test_another_application_cannot_sign() -> None:
    assert status(signed_app(), link(signed_app(SECRET_KEY="another"))) == 404


def test_old_keys_are_accepted_and_the_new_one_signs() -> None:
    old, older = link(signed_app(SECRET_KEY="old")), link(signed_app(SECRET_KEY="older"))
    rotated = signed_app(SECRET_KEY="new", SECRET_KEY_FALLBACKS=["older", "old"])
    assert status(rotated, old) == status(rotated, older) == 200
    assert link(rotated) == link(signed_app(SECRET_KEY="new"))
    assert status(signed_app(SECRET_KEY="new", SECRET_KEY_FALLBACKS=["old"]), older) == 404
    assert status(signed_app(SECRET_KEY="new"), old) == 404


def test_the_key_may_be_set_after_the_rules() -> None:
    app = signed_app(SECRET_KEY=None)
    app.secret_key = "late"
    assert status(app, link(app)) == 200


def test_without_a_key_it_says_so() -> None:
    app = signed_app(SECRET_KEY=None)
    app.testing = True
    with pytest.raises(RuntimeError) as missing:
        link(app)
    assert str(missing.value) == "the signed converter needs a SECRET_KEY"
    with pytest.raises(RuntimeError, match="the signed converter needs a SECRET_KEY"):
        app.test_client().get("/orders/42." + 43 * "A")


def test_a_purpose_is_required() -> None:
    with pytest.raises(TypeError, match="missing 1 required positional argument: 'purpose'"):
        urls("/<signed:value>")


def test_signing_an_unknown_converter_is_refused() -> None:
    with pytest.raises(LookupError, match="the converter 'money' does not exist"):
        urls("/<signed('it', 'money'):value>")


def test_a_value_that_would_not_match_is_not_signed() -> None:
    with pytest.raises(ValueError) as refusal:
        link(signed_app(), value=-1)
    assert str(refusal.value) == "-1 would not match in a URL"


def test_the_signature_is_not_that_of_a_session_cookie() -> None:
    app = signed_app(SECRET_KEY="shared")
    serializer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
    cookie = serializer.dumps({"user": 1})
    assert status(app, f"/orders/{cookie}") == 404


# --- enum -----------------------------------------------------------------------------------------


class Color(Enum):
    RED = "red"
    DARK_RED = "dark red"
    CHINESE = "中国红"
    MIXED = "red/green"
    CRIMSON = "red"  # noqa: PIE796  a second name for RED


class Level(IntEnum):
    LOW = 1
    HIGH = 10


class Size(StrEnum):
    S = "s"
    XS = "xs"


@pytest.mark.parametrize("members", [Color, Level, Size])
@pytest.mark.parametrize("rule", ["/v/<it:value>", "/v/<it:value>.html", "/v/x-<it:value>/edit"])
def test_every_member_comes_back(members: type[Enum], rule: str) -> None:
    for member in members:
        assert round_trip(rule, member, it=enum_converter(members)) is member


@holds_for(
    st.lists(TEXT.filter(lambda t: t not in {".", ".."}), min_size=1, max_size=4, unique=True),
    st.data(),
)
def test_members_with_any_texts_come_back(texts: list[str], data: st.DataObject) -> None:
    members: Any = Enum("Members", {f"M{number}": text for number, text in enumerate(texts)})
    member = data.draw(st.sampled_from(list(members)))
    adapter = urls("/v/<it:value>", it=enum_converter(members))
    path = unquote(urlsplit(adapter.build("it", {"value": member})).path)
    assert adapter.match(path) == ("it", {"value": member})


@pytest.mark.parametrize("text", ["RED", "Red", "redd", "", "dark", "dark%20red"])
def test_what_is_no_value_of_a_member_answers_404(text: str) -> None:
    assert match("/<it:value>", f"/{text}", it=enum_converter(Color)) is NotFound


@pytest.mark.parametrize("value", ["red", "RED", Level.LOW, Color])
def test_url_for_refuses_what_is_no_member(value: object) -> None:
    with pytest.raises(ValueError) as refusal:
        urls("/<it:value>", it=enum_converter(Color)).build("it", {"value": value})
    assert str(refusal.value) == f"{value!r} is not a member of Color"


class Same(Enum):
    NUMBER = 1
    TEXT = "1"


class Blank(Enum):
    NOTHING = ""


class Memberless(Enum):
    pass


@pytest.mark.parametrize("members", [Same, Blank, Memberless])
def test_an_enum_whose_members_a_url_cannot_tell_apart_is_refused(members: type[Enum]) -> None:
    with pytest.raises(ValueError) as refusal:
        enum_converter(members)
    assert (
        str(refusal.value)
        == f"the values of {members.__name__} are not texts that are different and not empty"
    )


# --- model ----------------------------------------------------------------------------------------


def user_app(load: Callable[[Any], Any], using: str = "int", arguments: str = "") -> Flask:
    app = Flask("models")
    app.secret_key = "for the tests"
    app.url_map.converters.update(CONVERTERS)
    app.url_map.converters["user"] = model_converter(load, key=attrgetter("id"), using=using)

    @app.get(f"/users/<user{arguments}:user>")
    def profile(user: Any) -> str:
        return f"{user.id} {url_for('profile', user=user)}"

    return app


def user(key: Any) -> SimpleNamespace:
    return SimpleNamespace(id=key)


@holds_for(st.dictionaries(st.integers(0), st.none(), min_size=1))
def test_every_object_comes_back(keys: dict[int, None]) -> None:
    users = {key: user(key) for key in keys}
    it = model_converter(users.get, key=attrgetter("id"))
    adapter = urls("/v/<it:value>", it=it)
    for one in users.values():
        assert adapter.match(adapter.build("it", {"value": one}))[1]["value"] is one


def test_the_view_gets_the_object_and_url_for_takes_it() -> None:
    response = user_app({7: user(7)}.get).test_client().get("/users/7")
    assert response.text == "7 /users/7"


def test_a_key_without_an_object_answers_404() -> None:
    assert status(user_app({7: user(7)}.get), "/users/8") == 404


def test_an_object_that_is_false_is_an_object() -> None:
    empty: list[object] = []
    assert match("/<it:value>", "/1", it=model_converter({1: empty}.get, key=len)) is empty


def test_text_that_is_no_key_answers_404_and_loads_nothing() -> None:
    loaded: list[object] = []
    assert status(user_app(loaded.append), "/users/ada") == 404
    assert loaded == []


def test_the_answer_is_404_also_where_another_method_has_the_url() -> None:
    app = user_app({7: user(7)}.get)
    # The rule for DELETE comes first, so that Werkzeug has seen it when the other one is refused.
    rules = [
        Rule("/users/<user:user>", endpoint="delete", methods=["DELETE"]),
        Rule("/users/<user:user>", endpoint="show", methods=["GET"]),
    ]
    adapter = Map(rules, converters=app.url_map.converters).bind("example.com")
    with pytest.raises(NotFound):
        adapter.match("/users/8", method="GET")


@pytest.mark.parametrize("key", ["ada", "阿达", "a b?#%"])
def test_the_key_can_be_of_another_converter(key: str) -> None:
    users = {key: user(key)}
    it = model_converter(users.get, key=attrgetter("id"), using="string")
    assert round_trip("/v/<it:value>", users[key], it=it) is users[key]


def test_a_path_as_a_key_spans_segments() -> None:
    pages = {"a/b": user("a/b")}
    it = model_converter(pages.get, key=attrgetter("id"), using="path")
    assert round_trip("/v/<it:value>/edit", pages["a/b"], it=it) is pages["a/b"]


def test_arguments_in_the_rule_are_those_of_the_key() -> None:
    loaded: list[object] = []
    app = user_app(loaded.append, arguments="(max=9)")
    assert status(app, "/users/10") == 404
    assert loaded == []
    assert status(app, "/users/9") == 404
    assert loaded == [9]


def test_the_weight_is_that_of_the_key() -> None:
    users = {7: user(7)}
    rules = [Rule("/<name>", endpoint="name"), Rule("/<it:user>", endpoint="user")]
    it = model_converter(users.get, key=attrgetter("id"))
    adapter = Map(rules, converters={"it": it}).bind("example.com")
    assert adapter.match("/7") == ("user", {"user": users[7]})


def test_a_key_that_would_not_match_is_refused() -> None:
    it = model_converter({}.get, key=attrgetter("id"))
    with pytest.raises(ValueError) as refusal:
        urls("/<it:value>", it=it).build("it", {"value": user(-1)})
    assert str(refusal.value) == "-1 would not match in a URL"


def test_building_a_url_loads_nothing() -> None:
    loaded: list[object] = []
    it = model_converter(loaded.append, key=attrgetter("id"))
    assert urls("/<it:value>", it=it).build("it", {"value": user(1)}) == "/1"
    assert loaded == []


def test_an_unknown_converter_for_the_key_is_refused() -> None:
    with pytest.raises(LookupError, match="the converter 'money' does not exist"):
        user_app(user, using="money")


def test_the_loader_finds_application_request_and_session_at_hand() -> None:
    seen: Sequence[object] = []

    def load(key: int) -> SimpleNamespace:
        nonlocal seen
        seen = [current_app.name, request.path, request.endpoint, session.get("user")]
        return user(key)

    client = user_app(load).test_client()
    with client.session_transaction() as stored:
        stored["user"] = "ada"
    assert client.get("/users/7").status_code == 200
    assert seen == ["models", "/users/7", None, "ada"]


def test_an_error_of_the_loader_is_an_error_of_the_request() -> None:
    def load(key: int) -> None:
        raise ConnectionError("the database is down")

    app = user_app(load)
    assert status(app, "/users/7") == 500
    app.testing = True
    with pytest.raises(ConnectionError, match="the database is down"):
        app.test_client().get("/users/7")


# --- what they share ------------------------------------------------------------------------------


class Fussy(BaseConverter):
    """A converter that refuses in to_url with the error that Werkzeug takes for "try the next rule"."""

    def to_url(self, value: object) -> str:
        raise ValidationError


def test_a_wrapped_converter_may_send_werkzeug_to_the_next_rule() -> None:
    with pytest.raises(BuildError):
        urls("/<list(fussy):value>", fussy=Fussy).build("it", {"value": ["a"]})
