"""Converters from a regular expression."""

import inspect
import re
import warnings

import pytest
from flask import Blueprint, Flask
from werkzeug.exceptions import NotFound
from werkzeug.routing import (
    BaseConverter,
    Map,
    RequestRedirect,
    Rule,
)

from proven.claims.proofs import proves
from snippets.converters import CONVERTERS
from snippets.url_converters import (
    pattern,
    pattern_limits,
    robust_pattern,
)
from tests.guide.converters.helpers import PAGE, get, match, urls, winner


@proves("guide/regex-converters", "Flask has no built-in converter for regular expressions.")
def test_flask_brings_no_converter_for_regular_expressions() -> None:
    assert set(Flask("plain").url_map.converters) == {
        "default", "string", "any", "path", "int", "float", "uuid",
    }  # fmt: skip


@proves("guide/regex-converters", "You can write one in four lines:")
def test_four_lines_are_one() -> None:
    client = pattern.app.test_client()
    assert client.get("/send/13800138000").text == "send message to 13800138000"
    assert client.get("/send/10086").status_code == 404
    source = inspect.getsource(pattern.RegexConverter)
    assert len([line for line in source.splitlines() if line.strip()[:1] not in {"", "#"}]) == 4


@proves(
    "guide/regex-converters",
    "When a rule is added, Werkzeug creates an object of the class from the URL map and "
    "the arguments in the rule.",
)
@proves(
    "guide/converters",
    "When a rule is added, Werkzeug creates one converter object for each variable with "
    "converters[name](url_map, *args, **kwargs).",
    "All requests in all threads use that object, so do not store data of a request in it.",
)
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


@proves(
    "guide/converters",
    "Old posts write the class with super().__init__(map=url_map); it still works.",
)
def test_the_notes_class_works_with_its_call_of_the_base_class() -> None:
    class RegexConverter(BaseConverter):
        def __init__(self, url_map: Map, regex: str) -> None:
            super().__init__(map=url_map)
            self.regex = regex

    assert (
        match(r'/send/<re(r"\d{11}"):value>', "/send/13800138000", re=RegexConverter)
        == "13800138000"
    )


@proves(
    "guide/regex-converters",
    "The parser uses the text between the quotes unchanged, with its backslashes.",
    "An r before these quotes has no effect.",
)
def test_the_r_in_the_rule_changes_nothing_and_backslashes_stay() -> None:
    for rule in (r'/<re(r"\d{3}"):value>', r'/<re("\d{3}"):value>', r"/<re(r'\d{3}'):value>"):
        assert match(rule, "/123", re=pattern.RegexConverter) == "123"
        assert match(rule, "/12", re=pattern.RegexConverter) is NotFound


@proves(
    "guide/regex-converters",
    "One exception: two slashes in a row become one, as everywhere in a rule; write /[/] instead.",
)
def test_two_slashes_in_a_row_become_one_in_the_pattern_too() -> None:
    assert match('/<re("a//b"):value>', "/a/b", **CONVERTERS) == "a/b"
    assert match('/<re("a/[/]b"):value>', "/a//b", **CONVERTERS) == "a//b"


@proves(
    "guide/regex-converters",
    "Put the r before the string of the whole rule; otherwise Python interprets the "
    "backslashes first.",
    "The second rule contains a backspace character, so no request matches it, and no "
    "error is raised.",
    "For \\d Python at least issues a warning, because \\d is not an escape sequence of Python.",
)
@proves(
    "guide/converters",
    "They omit the r before the rule, as in '/send/<re(r\"\\d{11}\"):mobile>'; today Python "
    "warns about that.",
)
def test_without_an_r_before_the_rule_python_reads_the_backslashes() -> None:
    assert match('/<re("\bnews"):value>', "/news", re=pattern.RegexConverter) is NotFound
    assert match(r'/<re("\bnews"):value>', "/news", re=pattern.RegexConverter) == "news"
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        compile("""'/<re("\\d"):value>'""", "rule", "eval")
        compile("""'/<re("\\b"):value>'""", "rule", "eval")
    assert len(caught) == 1
    assert "invalid escape sequence" in str(caught[0].message).replace("is an ", "")


@proves("guide/regex-converters", "The rule is added before the converter is registered.")
def test_a_name_that_is_not_registered_is_a_lookup_error() -> None:
    with pytest.raises(LookupError) as unknown:
        urls(r'/<re(r"\d"):value>')
    assert str(unknown.value) == "the converter 're' does not exist"


@proves(
    "guide/regex-converters",
    "For rules of a blueprint, move it above flask.Flask.register_blueprint().",
)
@proves(
    "guide/converters",
    "Its rules are added to the application when the blueprint is registered, and the "
    "converters that they name must be registered before that.",
)
def test_for_a_blueprint_it_is_raised_when_the_blueprint_is_registered() -> None:
    app, pages = Flask("late"), Blueprint("pages", "late")
    pages.add_url_rule(r'/<re(r"\d"):value>', "page")
    with pytest.raises(LookupError, match="the converter 're' does not exist"):
        app.register_blueprint(pages)


@proves(
    "guide/regex-converters",
    "The pattern has no quotes: <re(\\d+):number>.",
    "The parser does not recognise it as an argument and passes no argument to the class.",
)
def test_a_pattern_without_quotes_does_not_arrive() -> None:
    with pytest.raises(TypeError) as missing:
        urls(r"/<re(\d+):number>", re=pattern.RegexConverter)
    message = "RegexConverter.__init__() missing 1 required positional argument: 'regex'"
    assert str(missing.value) == message
    assert f"`TypeError: {message}`" in PAGE


@proves(
    "guide/regex-converters",
    'The pattern contains the kind of quote that encloses it, as in <re(r"\\d+\\""):size>.',
    "A backslash does not help.",
    "Use the other kind of quote, or write \\x22 for \" and \\x27 for '.",
)
def test_a_pattern_cannot_contain_its_quote() -> None:
    with pytest.raises(ValueError) as refusal:
        urls(r'/<re(r"\d+\""):size>', re=pattern.RegexConverter)
    message = str(refusal.value)
    assert message == """Cannot parse converter argument 'r"\\d+\\'"""
    assert f"`ValueError: {message}`" in PAGE
    for rule in (r"""/<re(r'\d+"'):value>""", r'/<re(r"\d+\x22"):value>'):
        assert match(rule, '/27"', re=pattern.RegexConverter) == '27"'
    assert match(r"/<re(r'it\x27s'):value>", "/it's", re=pattern.RegexConverter) == "it's"


@proves(
    "guide/regex-converters",
    "\\d matches the digits of every script, also in the int converter.",
    "A phone number in full-width digits matches, and the view receives it unchanged.",
    "If another system accepts only the digits 0 to 9, write [0-9].",
)
def test_backslash_d_and_int_match_the_digits_of_every_script() -> None:
    full_width = "１３８００１３８０００"
    response = pattern.app.test_client().get(f"/send/{full_width}")
    assert response.text == f"send message to {full_width}"
    assert match("/<int:value>", "/１２３") == 123
    assert match('/<re("[0-9]{3}"):value>', "/１２３", re=pattern.RegexConverter) is NotFound


@proves(
    "guide/regex-converters",
    "Werkzeug splits the path at its slashes and compares segment by segment.",
    "A slash in the pattern does not match, because a segment contains no slash.",
)
def test_a_slash_in_the_pattern_never_matches() -> None:
    assert get(pattern_limits.app, "/archive/2025/01") == 404
    assert get(pattern_limits.app, "/archive/2025%2F01") == 404


@proves(
    "guide/regex-converters",
    "A converter that spans segments must set part_isolating = False.",
    "Werkzeug sets it for you if regex is an attribute of the class and contains a slash, "
    "but not if __init__ sets regex.",
)
def test_werkzeug_notices_a_slash_in_a_regex_of_the_class_only() -> None:
    class OfTheClass(BaseConverter):
        regex = r"\d{4}/\d{2}"

    class Said(pattern.RegexConverter):
        part_isolating = False

    assert OfTheClass.part_isolating is False
    assert pattern.RegexConverter.part_isolating is True
    assert match("/<it:value>", "/2025/01", it=OfTheClass) == "2025/01"
    assert match(r'/<it(r"\d{4}/\d{2}"):value>', "/2025/01", it=Said) == "2025/01"


@proves(
    "guide/regex-converters",
    "It builds one expression for each segment of the rule, and your pattern becomes a "
    "group in that expression.",
    "An anchor has no effect if the variable fills its segment, as in /sections/home.",
    "It fails if other text stands on that side: $ is followed by .html, so the rule "
    "matches nothing.",
)
def test_an_anchor_fails_beside_other_text_and_changes_nothing_alone() -> None:
    short = pattern.RegexConverter
    assert get(pattern_limits.app, "/pages/home.html") == 404
    assert get(pattern_limits.app, "/sections/home") == {"value": "home"}
    assert match('/page-<re("^[a-z]+"):value>', "/page-home", re=short) is NotFound
    for edges in ("{}", "^{}$", "^{}", "{}$"):
        rule = f'/<re("{edges.format("[a-z]+")}"):value>/edit'
        assert match(rule, "/home/edit", re=short) == "home"
        assert match(rule, "/home1/edit", re=short) is NotFound


@proves(
    "guide/regex-converters",
    "A reference to a group, such as \\1, counts the groups of the whole segment.",
    "The first group is one that Werkzeug adds, so the number is wrong.",
    "Here the first request raises re.error; adding the rule raises nothing.",
)
def test_a_reference_to_a_group_raises_when_the_first_request_comes() -> None:
    adapter = urls(r'/<re(r"(\w)\1"):value>', re=pattern.RegexConverter)
    with pytest.raises(re.error, match="cannot refer to an open group"):
        adapter.match("/aa")
    assert get(pattern_limits.app, "/twice/aa") == 500


@proves(
    "guide/regex-converters",
    "Alternatives and groups work: red|green and (v\\d+)-(src|doc) match as expected.",
)
def test_alternatives_and_groups_work() -> None:
    short = pattern.RegexConverter
    assert match('/<re("red|green"):value>.html', "/green.html", re=short) == "green"
    adapter = urls(r'/<re(r"(v\d+)-(src|doc)"):a>/<re("(x)|(y)"):b>-<c>', re=short)
    assert adapter.match("/v2-doc/y-z") == ("page", {"a": "v2-doc", "b": "y", "c": "z"})


@proves("guide/regex-converters", "Two named groups with the same name in one segment do not work.")
def test_two_groups_of_the_same_name_in_one_segment_do_not() -> None:
    rule = '/<re("(?P<n>a)"):a>-<re("(?P<n>b)"):b>'
    with pytest.raises(re.error, match="redefinition of group name 'n'"):
        urls(rule, re=pattern.RegexConverter).match("/a-b")


@proves("guide/regex-converters", "You use snippets.converters.RegexConverter in the same way.")
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


# The refusals of RegexConverter stand on the page as doctests; tests/reference/converters/test_regex.py has them all.
@proves(
    "guide/regex-converters",
    "A pattern that can match a slash spans segments.",
    ".+ can match a slash, so it matches the rest of the path.",
    "[^/]+ cannot match one, so it stays within its segment.",
    "Only the characters in the pattern count: (?!.*/).+ is treated as a pattern that can "
    "match a slash.",
    "In a subdomain or a host, both match any name.",
)
def test_what_the_page_says_of_spanning_segments() -> None:
    assert match('/files/<re(".+"):value>', "/files/a/b", **CONVERTERS) == "a/b"
    assert match('/files/<re("[^/]+"):value>', "/files/a/b", **CONVERTERS) is NotFound
    assert CONVERTERS["re"](Map(), "[^/]+").part_isolating
    assert not CONVERTERS["re"](Map(), "(?!.*/).+").part_isolating
    for pattern_ in (".+", "[^/]+"):
        rule = Rule("/", subdomain=f'<re("{pattern_}"):value>', endpoint="page")
        adapter = Map([rule], converters=CONVERTERS).bind("example.com", subdomain="a.b")
        assert adapter.match("/")[1] == {"value": "a.b"}


@proves(
    "guide/regex-converters",
    "A value with slashes does not begin with a slash: /files//a redirects to /files/a, "
    "as with path.",
)
@pytest.mark.parametrize("rule", ['/files/<re(".+"):value>', "/files/<path:value>"])
def test_a_slash_at_the_start_of_the_value_redirects(rule: str) -> None:
    with pytest.raises(RequestRedirect) as moved:
        urls(rule, **CONVERTERS).match("/files//a")
    assert moved.value.new_url == "http://example.com/files/a"


@proves(
    "guide/regex-converters",
    "With strict_slashes=False, a slash at the end of the URL is ignored if the variable "
    "ends the rule and the pattern does not match the slash.",
    'If text follows a variable that spans segments, as in /<re(".+"):page>/edit, the '
    "extra slash leads to 404, as with path.",
)
@pytest.mark.parametrize("converter", ['re(".+")', "path"])
def test_without_strict_slashes_the_slash_is_ignored_where_the_variable_ends_the_rule(
    converter: str,
) -> None:
    rules = [Rule(f"/<{converter}:page>/edit", endpoint="page", strict_slashes=False)]
    adapter = Map(rules, converters=CONVERTERS).bind("example.com")
    assert adapter.match("/a/b/edit") == ("page", {"page": "a/b"})
    with pytest.raises(NotFound):
        adapter.match("/a/b/edit/")
    rules = [Rule('/<re("a/b"):page>', endpoint="page", strict_slashes=False)]
    adapter = Map(rules, converters=CONVERTERS).bind("example.com")
    assert adapter.match("/a/b") == adapter.match("/a/b/") == ("page", {"page": "a/b"})


@proves(
    "guide/regex-converters",
    "A pattern may contain a lookahead, as in (?!admin\\b)[a-z]+.",
    "If the variable fills its segment, other rules can match /admin.",
    'If text stands beside the variable, as in /<re(r"(?!admin\\b)[a-z]+"):name>.html, the '
    "converter rejects the value after the rule was chosen, and /admin.html returns 404.",
)
def test_a_pattern_that_looks_around_leaves_the_url_to_others_where_it_stands_alone() -> None:
    name = r'<re(r"(?!admin\b)[a-z]+"):name>'
    rules = (f"/{name}", "/<path:rest>")
    assert winner("/admin", *rules, **CONVERTERS) == "/<path:rest>"
    assert winner("/ada", *rules, **CONVERTERS) == f"/{name}"
    beside = (f"/{name}.html", "/<path:rest>")
    assert winner("/ada.html", *beside, **CONVERTERS) == f"/{name}.html"
    with pytest.raises(NotFound):
        winner("/admin.html", *beside, **CONVERTERS)


@proves(
    "guide/converter-examples",
    "Browsers send host names in lower case, so url_for accepts only lowercase letters, "
    "digits, -, _ and . there.",
    "Adding a rule with base(62) or signed in its host name raises an error.",
)
def test_in_a_host_name_url_for_takes_lower_case_only_and_capitals_are_refused() -> None:
    def build_host(rule: str, value: object) -> str:
        rules = [Rule("/", subdomain=rule, endpoint="page")]
        return Map(rules, converters=CONVERTERS).bind("example.com").build("page", {"value": value})

    for character in map(chr, range(256)):
        text = f"a{character}b"
        if re.fullmatch("[a-z0-9._-]", character):
            assert build_host('<re("(?s:.+)"):value>', text) == f"http://{text}.example.com/"
        else:
            with pytest.raises(ValueError, match="is no part of a host name"):
                build_host('<re("(?s:.+)"):value>', text)
    for rule in ("<base(62):value>", "<signed('page'):value>"):
        with pytest.raises(ValueError, match="browsers write host names in lower case"):
            build_host(rule, 1)
