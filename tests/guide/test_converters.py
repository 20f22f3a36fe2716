"""Every claim that the page on URL converters makes."""

import inspect
import json
import re
import warnings
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from flask import Blueprint, Flask, abort, g, url_for
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface
from flask.testing import FlaskClient
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import HTTPException, MethodNotAllowed, NotFound
from werkzeug.routing import BaseConverter, BuildError, Map, MapAdapter, Rule, ValidationError

from snippets.converters import CONVERTERS, model_converter
from snippets.url_converters import (
    arguments,
    blueprint,
    builtin,
    careless,
    choices,
    first,
    methods,
    model,
    model_sqlalchemy,
    month,
    pattern,
    pattern_limits,
    precedence,
    ready_made,
    robust_pattern,
    signed,
)

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT.joinpath("docs/guide/converters.md").read_text(encoding="utf-8")


def get(app: Flask, path: str, method: str = "GET") -> Any:
    """Return the JSON of the answer, or its status if it is not 200."""
    response = app.test_client().open(path, method=method)
    return response.json if response.status_code == 200 else response.status_code


def urls(rule: str, **converters: type[BaseConverter]) -> MapAdapter:
    return Map([Rule(rule, endpoint="page")], converters=converters).bind("example.com")


def match(rule: str, path: str, **converters: type[BaseConverter]) -> Any:
    try:
        return urls(rule, **converters).match(path)[1]["value"]
    except HTTPException as error:
        return type(error)


def build(rule: str, value: object, **converters: type[BaseConverter]) -> str:
    return urls(rule, **converters).build("page", {"value": value})


# --- the smallest thing ---------------------------------------------------------------------------


def test_the_converter_gives_the_view_an_int_and_url_for_writes_it_back() -> None:
    assert get(first.app, "/articles/7") == {"number": 7, "next": "/articles/8"}


def test_text_that_is_no_number_answers_404_before_the_view_is_called(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    called: list[object] = []
    monkeypatch.setitem(
        first.app.view_functions, "article", lambda number: called.append(number) or ""
    )
    assert get(first.app, "/articles/seven") == 404
    assert called == []


# --- built-in converters --------------------------------------------------------------------------


def table() -> dict[str, list[str]]:
    """Return the rows of the page's table by converter."""
    rows = [line.strip("| ").split(" | ") for line in PAGE.splitlines() if line.startswith("| `")]
    return {row[0].strip("`"): row for row in rows}


def test_the_table_has_every_converter_that_werkzeug_brings() -> None:
    assert set(table()) == set(Map.default_converters) - {"default"}
    assert Map.default_converters["default"] is Map.default_converters["string"]


@pytest.mark.parametrize("name", sorted(set(Map.default_converters) - {"default"}))
def test_the_table_says_the_weight_and_the_arguments(name: str) -> None:
    converter = Map.default_converters[name]
    row = table()[name]
    assert row[4] == str(converter.weight)
    parameters = list(inspect.signature(converter).parameters.values())[1:]
    named = [f"`{p.name}={p.default}`" for p in parameters if p.default is not p.empty]
    expected = ", ".join(named) or ("the words" if name == "any" else "none")
    assert row[3] == expected


VALUES = {
    "/string/hello": ("str", "hello"),
    "/default/hello": ("str", "hello"),
    "/int/7": ("int", "7"),
    "/int/007": ("int", "7"),
    "/float/1.5": ("float", "1.5"),
    "/path/a/b/c.txt": ("str", "a/b/c.txt"),
    "/any/about": ("str", "about"),
    "/any/terms-of-use": ("str", "terms-of-use"),
    "/uuid/9c5b94b1-35ad-49bb-b118-8e8fc24abf80": ("UUID", "9c5b94b1-35ad-49bb-b118-8e8fc24abf80"),
    "/uuid/9C5B94B1-35AD-49BB-B118-8E8FC24ABF80": ("UUID", "9c5b94b1-35ad-49bb-b118-8e8fc24abf80"),
}


@pytest.mark.parametrize("path", VALUES)
def test_each_built_in_converter_gives_the_value_of_its_type(path: str) -> None:
    kind, value = VALUES[path]
    assert get(builtin.app, path) == {"type": kind, "value": value}
    name = path.split("/")[1]
    assert name == "default" or table()[name][2].rpartition(".")[2].strip("`") == kind


@pytest.mark.parametrize(
    "path",
    ["/string/a/b", "/string/", "/int/-7", "/int/1.5", "/int/seven", "/float/1", "/float/.5",
     "/float/1e5", "/float/-1.5", "/any/contact", "/any/About",
     "/uuid/9c5b94b135ad49bbb1188e8fc24abf80", "/path/"],
)  # fmt: skip
def test_what_they_do_not_accept_answers_404(path: str) -> None:
    assert get(builtin.app, path) == 404


@given(st.text(st.characters(codec="utf-8", exclude_characters="/"), min_size=1))
@settings(deadline=None)
def test_string_takes_any_character_but_a_slash(text: str) -> None:
    assert match("/v/<value>", f"/v/{text}") == text


def test_path_takes_no_slash_at_the_start() -> None:
    response = builtin.app.test_client().get("/path//a")
    assert (response.status_code, response.location) == (308, "http://localhost/path/a")


# --- arguments ------------------------------------------------------------------------------------


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


def test_length_overrides_minlength_and_maxlength() -> None:
    rule = "/<string(minlength=5, maxlength=9, length=2):value>"
    assert match(rule, "/ab") == "ab"
    assert match(rule, "/abcdef") is NotFound


def test_fixed_digits_counts_characters_and_url_for_fills_up_with_zeros() -> None:
    assert build("/<int(fixed_digits=4):value>", 42) == "/0042"
    assert match("/<int(fixed_digits=4):value>", "/42") is NotFound


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


# --- what url_for checks --------------------------------------------------------------------------


def test_any_refuses_what_its_rule_would_not_match() -> None:
    with pytest.raises(ValueError) as refusal:
        build("/<any(open, closed):value>", "lost")
    assert str(refusal.value) == "'lost' is not one of 'closed', 'open'"


@pytest.mark.parametrize(
    ("rule", "value", "path"),
    [
        ("/<int(max=99):value>", 100, "/100"),
        ("/<int:value>", -1, "/-1"),
        ("/<float:value>", 0.00001, "/1e-05"),
        ("/<string(length=2):value>", "zho", "/zho"),
        ("/<string:value>", "a/b", "/a/b"),
        ("/<uuid:value>", "nonsense", "/nonsense"),
        ("/<path:value>", "", "/"),
    ],
)
def test_the_others_build_dead_links(rule: str, value: object, path: str) -> None:
    assert build(rule, value) == path
    assert match(rule, path) is NotFound


def test_int_cuts_off() -> None:
    assert build("/<int:value>", 3.9) == "/3"


@pytest.mark.parametrize("value", [".", ".."])
def test_a_dot_segment_matches_if_it_arrives(value: str) -> None:
    assert build("/files/<value>", value) == f"/files/{value}"
    assert match("/files/<value>", f"/files/{value}") == value


def test_a_value_that_cannot_be_written_raises_what_the_converter_raises() -> None:
    with pytest.raises(ValueError) as refusal:
        build("/<int:value>", "seven")
    assert str(refusal.value) == "invalid literal for int() with base 10: 'seven'"


def test_a_missing_value_raises_build_error() -> None:
    message = "Could not build url for endpoint 'page'. Did you forget to specify values ['value']?"
    for values in ({}, {"value": None}):
        with pytest.raises(BuildError) as error:
            urls("/<int:value>").build("page", values)
        assert str(error.value) == message


def test_url_for_lets_these_errors_through() -> None:
    with first.app.test_request_context():
        with pytest.raises(ValueError, match="invalid literal for int"):
            url_for("article", number="seven")
        with pytest.raises(BuildError):
            url_for("article")


# --- a regular expression -------------------------------------------------------------------------


def test_flask_brings_no_converter_for_regular_expressions() -> None:
    assert set(Flask("plain").url_map.converters) == {
        "default", "string", "any", "path", "int", "float", "uuid",
    }  # fmt: skip


def test_four_lines_are_one() -> None:
    client = pattern.app.test_client()
    assert client.get("/send/13800138000").text == "send message to 13800138000"
    assert client.get("/send/10086").status_code == 404
    source = inspect.getsource(pattern.RegexConverter)
    assert len([line for line in source.splitlines() if line.strip()[:1] not in {"", "#"}]) == 4


def test_the_class_is_called_once_for_each_rule_when_it_is_added() -> None:
    made: list[object] = []

    class Noting(pattern.RegexConverter):
        def __init__(self, url_map: Map, regex: str) -> None:
            super().__init__(url_map, regex)
            made.append((url_map, regex))

    app = Flask("noting")
    app.url_map.converters["re"] = Noting
    app.add_url_rule(r'/<re(r"\d+"):value>/<re("[a-z]+"):name>', "page", lambda value, name: name)
    expected = [(app.url_map, r"\d+"), (app.url_map, "[a-z]+")]
    assert made == expected
    for path in ("/1/a", "/2/b", "/x/c"):
        app.test_client().get(path)
    assert made == expected


def test_the_notes_class_works_with_its_call_of_the_base_class() -> None:
    class RegexConverter(BaseConverter):
        def __init__(self, url_map: Map, regex: str) -> None:
            super().__init__(map=url_map)
            self.regex = regex

    assert (
        match(r'/send/<re(r"\d{11}"):value>', "/send/13800138000", re=RegexConverter)
        == "13800138000"
    )


def test_the_r_in_the_rule_changes_nothing_and_backslashes_stay() -> None:
    for rule in (r'/<re(r"\d{3}"):value>', r'/<re("\d{3}"):value>', r"/<re(r'\d{3}'):value>"):
        assert match(rule, "/123", re=pattern.RegexConverter) == "123"
        assert match(rule, "/12", re=pattern.RegexConverter) is NotFound


def test_two_slashes_in_a_row_become_one_in_the_pattern_too() -> None:
    assert match('/<re("a//b"):value>', "/a/b", **CONVERTERS) == "a/b"
    assert match('/<re("a/[/]b"):value>', "/a//b", **CONVERTERS) == "a//b"


def test_without_an_r_before_the_rule_python_reads_the_backslashes() -> None:
    assert match('/<re("\bnews"):value>', "/news", re=pattern.RegexConverter) is NotFound
    assert match(r'/<re("\bnews"):value>', "/news", re=pattern.RegexConverter) == "news"
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        compile("""'/<re("\\d"):value>'""", "rule", "eval")
        compile("""'/<re("\\b"):value>'""", "rule", "eval")
    assert len(caught) == 1
    assert "invalid escape sequence" in str(caught[0].message).replace("is an ", "")


def test_a_name_that_is_not_registered_is_a_lookup_error() -> None:
    with pytest.raises(LookupError) as unknown:
        urls(r'/<re(r"\d"):value>')
    assert str(unknown.value) == "the converter 're' does not exist"


def test_for_a_blueprint_it_is_raised_when_the_blueprint_is_registered() -> None:
    app, pages = Flask("late"), Blueprint("pages", "late")
    pages.add_url_rule(r'/<re(r"\d"):value>', "page")
    with pytest.raises(LookupError, match="the converter 're' does not exist"):
        app.register_blueprint(pages)


def test_a_pattern_without_quotes_does_not_arrive() -> None:
    with pytest.raises(TypeError) as missing:
        urls(r"/<re(\d+):number>", re=pattern.RegexConverter)
    message = "RegexConverter.__init__() missing 1 required positional argument: 'regex'"
    assert str(missing.value) == message
    assert f"`TypeError: {message}`" in PAGE


def test_a_pattern_cannot_contain_its_quote() -> None:
    with pytest.raises(ValueError) as refusal:
        urls(r'/<re(r"\d+\""):size>', re=pattern.RegexConverter)
    message = str(refusal.value)
    assert message == """Cannot parse converter argument 'r"\\d+\\'"""
    assert f"`ValueError: {message}`" in PAGE
    for rule in (r"""/<re(r'\d+"'):value>""", r'/<re(r"\d+\x22"):value>'):
        assert match(rule, '/27"', re=pattern.RegexConverter) == '27"'
    assert match(r"/<re(r'it\x27s'):value>", "/it's", re=pattern.RegexConverter) == "it's"


def test_backslash_d_and_int_match_the_digits_of_every_script() -> None:
    full_width = "１３８００１３８０００"
    response = pattern.app.test_client().get(f"/send/{full_width}")
    assert response.text == f"send message to {full_width}"
    assert match("/<int:value>", "/１２３") == 123
    assert match('/<re("[0-9]{3}"):value>', "/１２３", re=pattern.RegexConverter) is NotFound


# --- patterns that fail ---------------------------------------------------------------------------


def test_a_slash_in_the_pattern_never_matches() -> None:
    assert get(pattern_limits.app, "/archive/2025/01") == 404
    assert get(pattern_limits.app, "/archive/2025%2F01") == 404


def test_werkzeug_notices_a_slash_in_a_regex_of_the_class_only() -> None:
    class OfTheClass(BaseConverter):
        regex = r"\d{4}/\d{2}"

    class Said(pattern.RegexConverter):
        part_isolating = False

    assert OfTheClass.part_isolating is False
    assert pattern.RegexConverter.part_isolating is True
    assert match("/<it:value>", "/2025/01", it=OfTheClass) == "2025/01"
    assert match(r'/<it(r"\d{4}/\d{2}"):value>', "/2025/01", it=Said) == "2025/01"


def test_an_anchor_fails_beside_other_text_and_changes_nothing_alone() -> None:
    short = pattern.RegexConverter
    assert get(pattern_limits.app, "/pages/home.html") == 404
    assert get(pattern_limits.app, "/sections/home") == {"value": "home"}
    assert match('/page-<re("^[a-z]+"):value>', "/page-home", re=short) is NotFound
    for edges in ("{}", "^{}$", "^{}", "{}$"):
        rule = f'/<re("{edges.format("[a-z]+")}"):value>/edit'
        assert match(rule, "/home/edit", re=short) == "home"
        assert match(rule, "/home1/edit", re=short) is NotFound


def test_a_reference_to_a_group_raises_when_the_first_request_comes() -> None:
    adapter = urls(r'/<re(r"(\w)\1"):value>', re=pattern.RegexConverter)
    with pytest.raises(re.error, match="cannot refer to an open group"):
        adapter.match("/aa")
    assert get(pattern_limits.app, "/twice/aa") == 500


def test_alternatives_and_groups_work() -> None:
    short = pattern.RegexConverter
    assert match('/<re("red|green"):value>.html', "/green.html", re=short) == "green"
    adapter = urls(r'/<re(r"(v\d+)-(src|doc)"):a>/<re("(x)|(y)"):b>-<c>', re=short)
    assert adapter.match("/v2-doc/y-z") == ("page", {"a": "v2-doc", "b": "y", "c": "z"})


def test_two_groups_of_the_same_name_in_one_segment_do_not() -> None:
    rule = '/<re("(?P<n>a)"):a>-<re("(?P<n>b)"):b>'
    with pytest.raises(re.error, match="redefinition of group name 'n'"):
        urls(rule, re=pattern.RegexConverter).match("/a-b")


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("/send/13800138000", "13800138000"),
        ("/archive/2025/01", "2025/01"),
        ("/pages/home.html", "home"),
        ("/files/v2-src", "v2-src"),
        ("/files/v2-doc", "v2-doc"),
        ("/colors/green", "green"),
    ],
)
def test_the_converter_of_the_site_takes_them(path: str, value: str) -> None:
    assert get(robust_pattern.app, path) == {"value": value}


def test_only_a_pattern_with_a_slash_spans_segments() -> None:
    assert match('/<re(".+"):value>', "/a/b", **CONVERTERS) is NotFound
    assert match('/<re(".+/.+"):value>', "/a/b", **CONVERTERS) == "a/b"


# The refusals of RegexConverter stand on the page as doctests; tests/reference/test_converters.py has them all.


# --- to_python and to_url -------------------------------------------------------------------------


def test_to_python_makes_the_value_and_to_url_the_text() -> None:
    assert get(month.app, "/reports/2025-02") == {
        "month": "February 2025",
        "year before": "/reports/2024-02",
    }


def test_validation_error_answers_404() -> None:
    assert get(month.app, "/reports/2025-13") == 404
    assert issubclass(ValidationError, ValueError)


@given(st.dates().map(lambda day: day.replace(day=1)))
@settings(deadline=None)
def test_every_month_comes_back(day: date) -> None:
    adapter = month.app.url_map.bind("example.com")
    assert adapter.match(adapter.build("report", {"month": day}))[1] == {"month": day}


def test_to_python_gets_the_text_without_percent_encoding() -> None:
    app = Flask("encoded")
    app.add_url_rule("/<value>", "page", lambda value: {"value": value})
    assert get(app, "/%E4%BD%A0%20%25") == {"value": "你 %"}


def test_to_url_of_the_base_class_encodes() -> None:
    assert BaseConverter(Map()).to_url("C# 100%?") == "C%23%20100%25%3F"
    assert BaseConverter(Map()).to_url(5) == "5"


def test_a_value_error_answers_500() -> None:
    assert careless.app.test_client().get("/log/2025-02-28").text == "2025-02-28"
    assert get(careless.app, "/log/2025-02-30") == 500


def test_added_the_other_way_round_get_answers_404() -> None:
    rules = [
        Rule("/<int(max=99):value>", endpoint=method, methods=[method])
        for method in ("GET", "DELETE")
    ]
    with pytest.raises(NotFound):
        Map(rules).bind("example.com").match("/100", method="GET")


def test_text_that_is_not_encoded_ends_at_the_hash() -> None:
    assert urlsplit("http://example.com/a?b#c").path == "/a"
    assert get(careless.app, "/cloud") == {"link": "/tags/C#"}
    assert get(careless.app, "/tags/C#") == {"tag": "C"}


def test_a_number_from_to_url_is_a_type_error() -> None:
    class Returning(BaseConverter):
        def to_url(self, value: Any) -> Any:
            return value

    with pytest.raises(TypeError) as error:
        build("/pages/<it:value>", 5, it=Returning)
    assert str(error.value) == "sequence item 1: expected str instance, int found"


# --- which rule wins ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "rule", "values"),
    [
        ("/items/new", "/items/new", {}),
        ("/items/7", "/items/<int(max=99):number>", {"number": 7}),
        ("/items/seven", "/items/<name>", {"name": "seven"}),
        ("/items/a/b", "/items/<path:rest>", {"rest": "a/b"}),
    ],
)
def test_fixed_text_comes_first_then_the_smallest_weight(
    path: str, rule: str, values: dict[str, object]
) -> None:
    assert get(precedence.app, path) == {"rule": rule, "values": values}


def winner(path: str, *rules: str, **converters: type[BaseConverter]) -> str:
    """Return the rule that takes the path."""
    url_map = Map([Rule(rule, endpoint=rule) for rule in rules], converters=converters)
    return str(url_map.bind("example.com").match(path)[0])


def test_a_variable_with_fixed_text_beside_it_comes_before_one_alone() -> None:
    rules = ("/<int:number>", "/<name>", "/page-<name>", "/<re('page-[a-z]+'):name>")
    assert winner("/page-a", *rules, **CONVERTERS) == "/page-<name>"


def test_with_the_same_weight_the_rule_added_first_wins() -> None:
    class Word(BaseConverter):
        regex = "[a-z]+"

    assert Word.weight == 100 == Map.default_converters["string"].weight
    assert winner("/a", "/<word:name>", "/<name>", word=Word) == "/<word:name>"
    assert winner("/a", "/<name>", "/<word:name>", word=Word) == "/<name>"
    Word.weight = 99
    assert winner("/a", "/<name>", "/<word:name>", word=Word) == "/<word:name>"


def test_a_value_that_is_refused_ends_the_search() -> None:
    assert get(precedence.app, "/items/100") == 404
    assert "the next URL is tried" in " ".join(str(ValidationError.__doc__).split())


def test_text_that_the_regex_refuses_leaves_the_others_their_chance() -> None:
    assert get(precedence.app, "/items/-1")["rule"] == "/items/<name>"


def test_refused_in_one_method_it_answers_405_where_another_has_the_url() -> None:
    client = methods.app.test_client()
    assert client.get("/pages/7").text == "page 7"
    assert client.delete("/pages/7").text == "removed"
    response = client.get("/pages/100")
    assert response.status_code == 405
    assert set(response.headers["Allow"].split(", ")) == {"DELETE", "OPTIONS"}
    assert client.delete("/pages/100").status_code == 404


def test_one_rule_for_both_methods_answers_404() -> None:
    rule = Rule("/<int(max=99):value>", endpoint="page", methods=["GET", "DELETE"])
    adapter = Map([rule]).bind("example.com")
    for method in ("GET", "DELETE"):
        with pytest.raises(NotFound):
            adapter.match("/100", method=method)


@pytest.mark.parametrize(
    ("error", "answer"), [(ValidationError, MethodNotAllowed), (NotFound, NotFound)]
)
def test_not_found_from_to_python_answers_404(
    error: type[Exception], answer: type[HTTPException]
) -> None:
    class Nothing(BaseConverter):
        def to_python(self, value: str) -> str:
            raise error

    rules = [Rule("/<it:value>", endpoint=method, methods=[method]) for method in ("DELETE", "GET")]
    adapter = Map(rules, converters={"it": Nothing}).bind("example.com")
    with pytest.raises(answer):
        adapter.match("/1", method="GET")


# --- converters to copy ---------------------------------------------------------------------------


def test_the_file_depends_on_flask_and_nothing_else() -> None:
    source = ROOT.joinpath("snippets/converters.py").read_text(encoding="utf-8")
    imported = set(re.findall(r"^(?:from|import) (\w+)", source, re.MULTILINE))
    # ItsDangerous and Werkzeug come with Flask.
    assert imported == {
        "collections", "datetime", "enum", "flask", "hashlib", "itsdangerous", "re", "string",
        "typing", "urllib", "werkzeug",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("path", "answer"),
    [
        ("/compare/8,3,5", {"ids": [8, 3, 5], "link": "/compare/3,5,8"}),
        ("/tagged/flask", {"tags": ["flask"], "link": "/tagged/flask,a~2b,1~12"}),
        (
            "/tagged/flask,a~2b,1~12",
            {"tags": ["flask", "a,b", "1/2"], "link": "/tagged/flask,a~2b,1~12,a~2b,1~12"},
        ),
        ("/log/2025-01-31", {"weekday": "Friday", "link": "/log/0033-01-31"}),
        ("/s/2lkCB1", {"number": 2147483647, "link": "/s/4GFfc2"}),
        ("/compare/3,,5", 404),
        ("/log/2025-02-30", 404),
        ("/s/0s", 404),
        ("/s/zzzzzzzzzzzz", 404),
    ],
)
def test_lists_dates_and_short_numbers(path: str, answer: object) -> None:
    assert get(ready_made.app, path) == answer


def test_a_percent_encoded_comma_would_split_an_item() -> None:
    assert get(ready_made.app, "/tagged/a%2Cb")["tags"] == ["a", "b"]


def test_a_list_takes_the_arguments_of_the_converter_of_its_items() -> None:
    assert match("/<list(int, max=99):value>", "/99,100", **CONVERTERS) is NotFound
    assert match("/<list(int, max=99):value>", "/98,99", **CONVERTERS) == [98, 99]


def test_an_enum_gives_the_view_its_member() -> None:
    links = ["/issues/open", "/issues/in-review", "/issues/closed"]
    assert get(choices.app, "/issues/in-review") == {"state": "IN_REVIEW", "links": links}
    assert get(choices.app, "/issues/IN_REVIEW") == 404


def test_url_for_takes_members_only() -> None:
    with choices.app.test_request_context():
        for text in ("open", "opne"):
            with pytest.raises(ValueError, match=f"'{text}' is not a member of State"):
                url_for("issues", state=text)


def test_a_signed_identifier_cannot_be_changed_or_used_for_something_else() -> None:
    app = signed.create_app()
    links = get(app, "/mail")
    signature = links["order"].partition(".")[2]
    assert f"GET {links['order']} -> 200" in PAGE
    assert get(app, links["order"]) == {"number": 42}
    assert get(app, links["invoice"]) == {"number": 42}
    assert get(app, f"/orders/43.{signature}") == 404
    assert get(app, f"/invoices/42.{signature}") == 404
    assert get(app, "/orders/42") == 404


def test_old_links_work_while_the_old_key_is_a_fallback() -> None:
    old = get(signed.create_app(), "/mail")["order"]
    fallback = {"SECRET_KEY": "new key", "SECRET_KEY_FALLBACKS": ["old key"]}
    rotated = signed.create_app(fallback)
    assert get(rotated, old) == {"number": 42}
    new = get(rotated, "/mail")["order"]
    assert new != old
    final = signed.create_app({"SECRET_KEY": "new key"})
    assert get(final, new) == {"number": 42}
    assert get(final, old) == 404


def test_a_signed_link_works_for_whoever_holds_it() -> None:
    app = signed.create_app()
    link = get(app, "/mail")["order"]
    assert app.test_client().get(link).json == app.test_client().get(link).json == {"number": 42}


# --- models ---------------------------------------------------------------------------------------


def test_the_view_gets_the_object_and_a_key_without_one_answers_404() -> None:
    app = model.create_app()
    assert get(app, "/users/1") == {"name": "Ada", "link": "/users/1"}
    assert get(app, "/users/3") == 404
    assert get(app, "/users/ada") == 404


@pytest.fixture
def notes() -> Any:
    """The application with a database, closed after the test."""
    app = model_sqlalchemy.create_app()
    yield app
    with app.app_context():
        model_sqlalchemy.db.engine.dispose()


def test_with_flask_sqlalchemy(notes: Flask) -> None:
    assert get(notes, "/notes/1") == {"text": "buy milk", "link": "/notes/1"}
    assert get(notes, "/notes/2") == 404


def test_a_key_beyond_64_bits_answers_404_and_would_raise_without_the_bound(notes: Flask) -> None:
    assert get(notes, "/notes/9223372036854775807") == 404
    assert get(notes, "/notes/9223372036854775808") == 404
    with notes.app_context(), pytest.raises((OverflowError, SQLAlchemyError)):
        model_sqlalchemy.db.session.get(model_sqlalchemy.Note, 2**63)


def guarded(place: str) -> FlaskClient:
    """Return a client of an application that answers 401 to everybody, checked in one place."""
    app, pages = Flask("guarded"), Blueprint("pages", "guarded")
    app.url_map.converters["user"] = model_converter({1: "Ada"}.get, key=len)
    owner = {"application": app, "blueprint": pages}.get(place)
    if owner:
        owner.before_request(lambda: abort(401))

    @pages.get("/users/<user:user>")
    def show(user: str) -> str:
        abort(401 if place == "view" else 500)

    app.register_blueprint(pages)
    return app.test_client()


@pytest.mark.parametrize("place", ["view", "blueprint"])
def test_a_check_after_the_object_was_found_tells_what_exists(place: str) -> None:
    assert guarded(place).get("/users/1").status_code == 401
    assert guarded(place).get("/users/2").status_code == 404


def test_a_hook_of_the_application_answers_401_to_both() -> None:
    assert guarded("application").get("/users/1").status_code == 401
    assert guarded("application").get("/users/2").status_code == 401


# --- blueprints -----------------------------------------------------------------------------------


def test_a_blueprint_brings_its_converter() -> None:
    app = blueprint.create_app()
    assert app.test_client().get("/diary/2025-01-31").text == "date 2025-01-31"
    assert "date" not in Flask("other").url_map.converters


def test_it_does_not_replace_one_that_is_there() -> None:
    class Own(BaseConverter):
        """Another converter of the same name."""

    app = Flask("own")
    app.url_map.converters["date"] = Own
    app.register_blueprint(blueprint.diary)
    assert app.url_map.converters["date"] is Own
    assert app.test_client().get("/diary/today").text == "str today"


# --- what it costs --------------------------------------------------------------------------------


def test_what_the_page_says_of_the_recorded_result() -> None:
    recorded = json.loads(ROOT.joinpath("docs/_bench/converters.json").read_text(encoding="utf-8"))
    names = [column["name"] for column in recorded["columns"]]
    rows = {row["name"]: dict(zip(names, row["values"], strict=True)) for row in recorded["rows"]}
    slow = {name for name, row in rows.items() if row["match-ratio"] > 1.5}
    assert slow == {"list(int)", 'signed("order")'}
    more = {name: row["match"] - rows["string"]["match"] for name, row in rows.items()}
    assert max(more, key=lambda name: more[name]) == 'signed("order")'
    assert max(more.values()) < rows["string"]["request"] / 5


# --- how it works inside --------------------------------------------------------------------------


def test_each_application_has_a_dictionary_of_its_own() -> None:
    one, other = Flask("one"), Flask("other")
    one.url_map.converters["re"] = pattern.RegexConverter
    assert "re" not in other.url_map.converters
    assert "re" not in Map.default_converters


def test_session_first_then_the_converter_then_the_hooks_then_the_view() -> None:
    order: list[str] = []

    class Interface(SecureCookieSessionInterface):
        def open_session(self, *args: Any) -> SecureCookieSession | None:
            order.append("session")
            return super().open_session(*args)

    class Noting(BaseConverter):
        def to_python(self, value: str) -> str:
            order.append("to_python")
            g.seen = value
            return value

    app = Flask("order")
    app.session_interface = Interface()
    app.url_map.converters["noting"] = Noting
    app.before_request(lambda: order.append("before_request"))
    app.add_url_rule("/<noting:value>", "page", lambda value: order.append("view") or g.seen)
    assert app.test_client().get("/hello").text == "hello"
    assert order == ["session", "to_python", "before_request", "view"]


def test_an_http_error_of_to_python_is_raised_where_the_view_would_have_been_called() -> None:
    class Gone(BaseConverter):
        def to_python(self, value: str) -> str:
            abort(410)

    order: list[str] = []
    app = Flask("gone")
    app.url_map.converters["gone"] = Gone
    app.before_request(lambda: order.append("before_request"))
    app.add_url_rule("/<gone:value>", "page", lambda value: order.append("view") or "")
    app.register_error_handler(410, lambda error: (order.append("error handler") or "sorry", 410))
    response = app.test_client().get("/hello")
    assert (response.status_code, response.text) == (410, "sorry")
    assert order == ["before_request", "error handler"]


def test_validation_error_of_to_url_leads_to_the_next_rule_of_the_endpoint() -> None:
    class Small(BaseConverter):
        def to_url(self, value: Any) -> str:
            if value > 9:
                raise ValidationError
            return super().to_url(value)

    rules = [Rule("/small/<small:value>", endpoint="page"), Rule("/any/<value>", endpoint="page")]
    adapter = Map(rules, converters={"small": Small}).bind("example.com")
    assert adapter.build("page", {"value": 9}) == "/small/9"
    assert adapter.build("page", {"value": 10}) == "/any/10"
    with pytest.raises(BuildError):
        urls("/<small:value>", small=Small).build("page", {"value": 10})
    with pytest.raises(TypeError):
        urls("/<small:value>", small=Small).build("page", {"value": "ten"})
