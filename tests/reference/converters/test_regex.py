"""RegexConverter: patterns."""

import re
from decimal import Decimal
from urllib.parse import unquote, urljoin

import pytest
from flask import Flask
from hypothesis import strategies as st
from werkzeug.exceptions import NotFound
from werkzeug.routing import (
    Map,
    RequestRedirect,
    Rule,
)

from proven.claims.proofs import proves
from snippets.converters import (
    CONVERTERS,
    RegexConverter,
)
from tests.reference.converters.helpers import (
    Size,
    holds_for,
    match,
    round_trip,
    rules,
    urls,
)


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


@proves(
    "reference/converters",
    "Text that matches a regular expression as a whole.",
    "The converter matches a value if and only if re.fullmatch() matches it, whatever "
    "text stands beside the variable in the rule.",
    "Groups, named or not, and alternatives work.",
    "Anchors at the edges (^[0-9]+$) are allowed, but have no effect.",
)
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
        (r"[a-z]++", "abc", "ab1"),
        (r"[a-z]+\b", "abc", "ab1"),
        (r"[a-z]+(?!\.html)", "abc", "ab1"),
        (r"(?<![a-z])[a-z]+", "abc", "ab1"),
        (r"\B-", "-", "--"),
        (r"a{2}b{,3}c{1,}", "aabc", "abc"),
        (r"a{x}", "a{x}", "aax"),
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
        if not accepted and before == "/" and after == "/edit":
            with pytest.raises(ValueError, match="'' would leave a segment of the URL empty"):
                round_trip(rule, accepted)
        else:
            assert round_trip(rule, accepted) == accepted


@pytest.mark.parametrize("repetition", ["*+", "++", "{1,3}+", "*", "+?"])
def test_a_repetition_that_gives_nothing_back_leaves_what_the_rule_needs(repetition: str) -> None:
    assert match(f'/<re("[a-z]{repetition}"):value>z', "/abz") == "ab"


def patterns() -> st.SearchStrategy[str]:
    """Return regular expressions with groups, alternatives, repetitions, slashes, and a look at what is beside."""
    atoms = st.sampled_from(
        ["a", "b", "1", "-", r"\.", "/", r"\x2f", ".", r"\d", r"\w", "[ab]", "[^/]", "[^a]", "a++", "[a-z]++",
         "(?>a|ab)",
         r"\b", r"\B", "(?=a)", "(?!b)", "(?!a-)", r"(?!\w)", "(?!.*/)", "(?<=a)", "(?<!-)"]
    )  # fmt: skip
    return st.recursive(
        atoms,
        lambda inner: st.one_of(
            st.tuples(inner, inner).map("".join),
            st.tuples(inner, inner).map("|".join),
            inner.map("({})".format),
            inner.map("(?:{})".format),
            inner.map("(?P<name>{})".format),
            inner.map("(?:{})?".format),
            inner.map("(?:{})*?".format),
            inner.map("(?:{})++".format),
            inner.map("(?:{}){{1,2}}".format),
        ),
        max_leaves=6,
    )


BEFORE = st.sampled_from(["/", "/v/", "/x-", "/v/_", "/a", "/.", "/1/b"])


AFTER = st.sampled_from(["", ".html", "_old", "a", "/", "/edit", "-b/c", ".", "1/"])


OTHER = st.sampled_from(
    [
        "-<re('[0-9]+'):other>",
        "<re('[0-9]+'):other>",
        "/<re('.+'):other>",
        "/<re('[^/]+'):other>",
        "-<other>",
    ]
)


@proves(
    "reference/converters",
    "The converter matches a value if and only if re.fullmatch() matches it, whatever "
    "text stands beside the variable in the rule.",
    "Lookaround ((?!admin\\b), (?<!-), \\b), possessive quantifiers and atomic groups apply "
    "only to the value.",
)
@proves(
    "guide/regex-converters",
    "It matches a value if and only if re.fullmatch() matches it, whatever text stands "
    "beside the variable.",
)
@holds_for(
    patterns(),
    st.sampled_from(["{}", "^{}", "{}$", "^{}$"]),
    st.text("ab1-./", max_size=6),
    BEFORE,
    AFTER,
)
def test_a_value_matches_exactly_if_fullmatch_says_so(
    pattern: str, edges: str, value: str, before: str, after: str
) -> None:
    pattern = edges.format(pattern)
    adapter = rules(pattern, value, before, after)
    # Werkzeug makes one slash of two, in the rule as in the path.
    if adapter is None or "//" in pattern or "//" in f"{before}{value}{after}":
        return
    expected = bool(re.fullmatch(pattern, value))
    try:
        matched = adapter.match(f"{before}{value}{after}")[1]["value"]
    except NotFound:
        matched = NotFound
    assert matched == (value if expected else NotFound)


@proves(
    "reference/converters",
    "A URL that url_for builds with these converters matches its rule, and the view "
    "receives an equal value, also after a browser has resolved the URL.",
)
@proves(
    "guide/converter-examples", "The view receives an equal value, or url_for raises ValueError."
)
@holds_for(
    st.data(),
    patterns(),
    BEFORE,
    st.one_of(AFTER, OTHER),
    st.booleans(),
)
def test_what_is_built_is_what_a_browser_asks_for_and_comes_back(
    data: st.DataObject, pattern: str, before: str, after: str, strict: bool
) -> None:
    adapter = rules(pattern, "", before, after, strict_slashes=strict)
    if adapter is None:
        return
    value = data.draw(st.one_of(st.from_regex(pattern, fullmatch=True), st.text("ab1-./")))
    values = {"value": value} | ({"other": "7"} if "other" in after else {})
    try:
        url = adapter.build("it", values)
    except ValueError:
        return
    assert urljoin("http://example.com/a/page", url) == f"http://example.com{url}"
    assert adapter.match(unquote(url)) == ("it", values)


@proves(
    "reference/converters",
    "A pattern that can match a slash, such as .+, spans segments of the path.",
)
@pytest.mark.parametrize(
    "pattern",
    [".+", ".*?", "a/b", r"a\x2fb", r"\u002f", r"\U0000002f", r"\057", r"\N{SOLIDUS}", "[/]", "[+-9]+", "[^a]+", r"\D",
     r"\W", r"\S+", "(?:a|b/)c", "a/?", "(?!/x)/", "(?!/).+", "(?i:[^a])", "(?a:.)"],
)  # fmt: skip
def test_a_pattern_that_can_match_a_slash_spans_segments(pattern: str) -> None:
    assert not RegexConverter(Map(), pattern).part_isolating


@proves("reference/converters", "A pattern that cannot, such as [^/]+, stays within its segment.")
@pytest.mark.parametrize(
    "pattern",
    ["[^/]+", r"[^\x2f]+", r"[^\W]", r"\w+", r"\d", "[a-z]", "(?#/)a", "(?!.*/)a", "(?=/)?a", "(?<!/)a", "(?:(?!/).)+",
     r"(?:(?![/\\]).)*", "(?i:[^/])", "a{2}", r"\|", r"\("],
)  # fmt: skip
def test_a_pattern_that_cannot_match_a_slash_stays_in_its_segment(pattern: str) -> None:
    assert RegexConverter(Map(), pattern).part_isolating


@holds_for(patterns(), st.text("ab1-./", max_size=6))
def test_no_pattern_that_matches_a_slash_is_taken_for_one_that_does_not(
    pattern: str, value: str
) -> None:
    try:
        converter = RegexConverter(Map(), pattern)
    except ValueError:
        return
    if "/" in value and re.fullmatch(pattern, value):
        assert not converter.part_isolating


def test_one_segment_and_the_rest_go_together() -> None:
    adapter = urls('/<re("[^/]+"):bucket>/<re(".+"):key>')
    values = {"bucket": "b", "key": "k/with/slash"}
    assert adapter.match("/b/k/with/slash") == ("it", values)
    assert adapter.build("it", values) == "/b/k/with/slash"


def test_a_pattern_of_one_segment_comes_after_a_number_also_with_text_behind() -> None:
    rules = [
        Rule('/<re("[^/]+"):value>/edit', endpoint="re"),
        Rule("/<int:value>/edit", endpoint="int"),
    ]
    adapter = Map(rules, converters=CONVERTERS).bind("example.com")
    assert adapter.match("/7/edit") == ("int", {"value": 7})
    assert adapter.match("/x/edit") == ("re", {"value": "x"})


@pytest.mark.parametrize("pattern", [".*", ".*?", ".+", ".+?", "(?s:.*)", "[^?]*", r"[\s\S]*?"])
def test_a_pattern_for_everything_takes_everything(pattern: str) -> None:
    rule = f'/<re("{pattern}"):value>'
    for value in ("a", "a/b", "a/b/", "a//b", "目录/文件"):
        assert match(rule, f"/{value}") == value
        assert round_trip(rule, value) == value


@proves("reference/converters", "A value that begins a segment does not begin with a slash.")
def test_a_value_with_slashes_begins_with_one_only_behind_text() -> None:
    redirect = urls('/v/<re(".+"):value>')
    with pytest.raises(RequestRedirect) as moved:
        redirect.match("/v//a")
    assert moved.value.new_url == "http://example.com/v/a"
    assert round_trip('/v<re("(?:/.+)?"):value>', "/a/b") == "/a/b"
    assert round_trip('/v<re("(?:/.+)?"):value>', "") == ""


@proves(
    "reference/converters",
    "For any other value url_for raises ValueError, for example for a wrong type, a path "
    "with the segment .., or an uppercase letter in a host name.",
    "ValueError -- If the pattern does not match, the value is not text, or browsers "
    "would rewrite it in its place: the segments . and .., a slash at the start, no text "
    "between two slashes, and in a host name everything but lower-case letters, digits, "
    "-, _ and ..",
)
@pytest.mark.parametrize(
    ("rule", "value", "reason"),
    [
        ('/<re(".+"):value>', "/evil.example", "would leave a segment of the URL empty"),
        ('/v/<re(".+"):value>', "/a", "would leave a segment of the URL empty"),
        ('/<re(".*"):value>/edit', "", "would leave a segment of the URL empty"),
        ('/v/<re(".+"):value>/', "a/", "would leave a segment of the URL empty"),
        ('/v/<re(".+"):value>/edit', "a/", "would leave a segment of the URL empty"),
        ('/v/<re("[^/]+"):value>', ".", "has a segment '.' or '..', which browsers take for a folder"),
        ('/v/<re("[^/]+"):value>', "..", "has a segment '.' or '..', which browsers take for a folder"),
        ('/v/<re(".+"):value>', "a/../b", "has a segment '.' or '..', which browsers take for a folder"),
        ('/v/<re(".+"):value>', "./a", "has a segment '.' or '..', which browsers take for a folder"),
        ('/v/.<re("[.]*"):value>', ".", "has a segment '.' or '..', which browsers take for a folder"),
        ('/v/.<re("[.]*"):value>', "", "has a segment '.' or '..', which browsers take for a folder"),
        ('/v/<re(".+"):value>.', "a/.", "has a segment '.' or '..', which browsers take for a folder"),
    ],
)  # fmt: skip
def test_url_for_refuses_what_a_browser_would_rewrite(rule: str, value: str, reason: str) -> None:
    with pytest.raises(ValueError) as refusal:
        urls(rule).build("it", {"value": value})
    assert str(refusal.value) == f"{value!r} {reason}"


@pytest.mark.parametrize(
    ("rule", "value"),
    [
        ('/v/x<re("[.]+"):value>', ".."),
        ('/v/<re("[.]+"):value>.html', ".."),
        ('/v/<re(".+"):value>', "a/"),
        ('/v/<re(".+"):value>', "a//b"),
        ('/v/<re(".+"):value>', "%2e%2e/%2f"),
        ('/v/<re(".+"):value>', "a\\..\\b"),
        ('/<re("[a-z]*"):value>', ""),
        ('/v/<re("[a-z]*"):value>', ""),
        ('/v/<re("[a-z]*"):value>.html', ""),
    ],
)
def test_what_only_looks_like_it_comes_back(rule: str, value: str) -> None:
    assert round_trip(rule, value) == value


@pytest.mark.parametrize("pattern", ["[^/]+", ".+", "a/b|a", r"(?!x)[a-z/]+", "[a-z]+/?"])
def test_without_strict_slashes_a_slash_at_the_end_makes_no_difference(pattern: str) -> None:
    rule = Rule(f'/x/<re("{pattern}"):value>', endpoint="it", strict_slashes=False)
    adapter = Map([rule], converters=CONVERTERS).bind("example.com")
    with_slash = "a/" if re.fullmatch(pattern, "a/") else "a"
    assert adapter.match("/x/a") == ("it", {"value": "a"})
    assert adapter.match("/x/a/") == ("it", {"value": with_slash})
    assert adapter.build("it", {"value": "a"}) == "/x/a"


@pytest.mark.parametrize("strict", [True, False])
def test_a_rule_that_ends_in_a_slash_redirects_to_it_or_takes_both(strict: bool) -> None:
    rule = Rule('/x/<re("a/b|a"):value>/', endpoint="it", strict_slashes=strict)
    adapter = Map([rule], converters=CONVERTERS).bind("example.com")
    assert adapter.match("/x/a/b/") == ("it", {"value": "a/b"})
    if strict:
        with pytest.raises(RequestRedirect) as moved:
            adapter.match("/x/a/b")
        assert moved.value.new_url == "http://example.com/x/a/b/"
    else:
        assert adapter.match("/x/a/b") == ("it", {"value": "a/b"})


def test_the_slash_is_not_free_where_text_follows_the_variable() -> None:
    rules = [Rule('/x/<re("a/b|a"):value>/edit', endpoint="it", strict_slashes=False)]
    adapter = Map(rules, converters=CONVERTERS).bind("example.com")
    assert adapter.match("/x/a/b/edit") == ("it", {"value": "a/b"})
    with pytest.raises(NotFound):
        adapter.match("/x/a/b/edit/")


@proves("reference/converters", "Return the text unchanged.", "Return the text, percent-encoded.")
@holds_for(st.from_regex(r"[^/]{1,8}", fullmatch=True).filter(lambda text: text not in {".", ".."}))
def test_any_segment_comes_back(value: str) -> None:
    assert round_trip('/v/<re("[^/]+"):value>', value) == value


@holds_for(st.from_regex(r"(?:\d{3}|[a-z]{2}/)[\w ?#%;&=+]+", fullmatch=True))
def test_any_value_of_a_pattern_with_a_slash_comes_back(value: str) -> None:
    assert round_trip(r'/v/<re("(?:\d{3}|[a-z]{2}/)[\w ?#%;&=+]+"):value>', value) == value


def test_two_patterns_with_groups_of_one_name_stand_in_one_segment() -> None:
    rule = '/<re("(?P<n>a)(b)"):first>-<re("(?P<n>c)|d"):second>'
    assert urls(rule).match("/ab-c") == ("it", {"first": "ab", "second": "c"})


@proves(
    "reference/converters",
    "ValidationError -- If only the text around it in the URL made the pattern match.",
)
def test_a_value_that_only_its_surroundings_make_match_is_refused() -> None:
    rule = '/x-<re("(?<=-)a|b"):value>'
    assert match(rule, "/x-b") == "b"
    assert match(rule, "/x-a") is NotFound


@proves(
    "reference/converters",
    "If fixed text stands beside the variable in its segment, they are checked after the "
    "rule is chosen: a value that only they reject returns 404, and no other rule is "
    "tried.",
)
def test_alone_in_its_segment_what_looks_around_leaves_other_rules_their_chance() -> None:
    rules = [
        Rule('/<re("(?!admin$)[a-z]+"):value>'.replace("$", r"\b"), endpoint="re"),
        Rule("/<value>", endpoint="text"),
        Rule('/v/<re("(?!admin)[a-z]+"):value>.html', endpoint="page"),
        Rule("/v/<value>", endpoint="any page"),
    ]
    adapter = Map(rules, converters=CONVERTERS).bind("example.com")
    assert adapter.match("/ada")[0] == "re"
    assert adapter.match("/admin")[0] == "text"
    assert adapter.match("/v/ada.html")[0] == "page"
    with pytest.raises(NotFound):
        adapter.match("/v/admin.html")


REFUSED = {
    "(?x: a b )": "the pattern '(?x: a b )' is written with spaces and comments (flag x): leave them and it out",
    "(?ix-s:a)": "the pattern '(?ix-s:a)' is written with spaces and comments (flag x): leave them and it out",
    "/a.+": "the pattern '/a.+' begins with a slash, and the rule has one before it: leave one out",
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
    "a$b": "the pattern 'a$b' has '$' inside, where it depends on what the rule puts around the pattern: leave it "
    r"out, the whole value has to match anyway, or write \b for the end of a word",
    "a$b|c": "the pattern 'a$b|c' has '$' inside, where it depends on what the rule puts around the pattern: leave "
    r"it out, the whole value has to match anyway, or write \b for the end of a word",
    "a(b|^c)": "the pattern 'a(b|^c)' has '^' inside, where it depends on what the rule puts around the pattern: "
    r"leave it out, the whole value has to match anyway, or write \b for the end of a word",
    "(a$|b)c": "the pattern '(a$|b)c' has '$' inside, where it depends on what the rule puts around the pattern: "
    r"leave it out, the whole value has to match anyway, or write \b for the end of a word",
    r"(?!\Aa)b": r"the pattern '(?!\\Aa)b' has '\\A' inside, where it depends on what the rule puts around the "
    r"pattern: leave it out, the whole value has to match anyway, or write \b for the end of a word",
}


@proves(
    "reference/converters",
    "Adding the rule raises an error if the pattern cannot work inside a rule: if it is "
    "missing, empty or invalid, or if it contains a backreference, a flag for the whole "
    "expression such as (?i), the flag x, an anchor that is not at an edge, or a slash "
    "with which every value begins.",
    "ValueError -- When the rule is added, if the pattern cannot work in a rule.",
)
@pytest.mark.parametrize("pattern", REFUSED)
def test_a_pattern_that_cannot_work_is_refused_when_the_rule_is_added(pattern: str) -> None:
    app = Flask("refused")
    app.url_map.converters["re"] = RegexConverter
    with pytest.raises(ValueError) as refusal:
        app.add_url_rule(f'/<re(r"{pattern}"):value>', "it")
    assert str(refusal.value) == REFUSED[pattern]
    assert "it" not in {rule.endpoint for rule in app.url_map.iter_rules()}


@proves(
    "reference/converters",
    "Adding the rule raises an error if the pattern cannot work inside a rule: if it is "
    "missing, empty or invalid, or if it contains a backreference, a flag for the whole "
    "expression such as (?i), the flag x, an anchor that is not at an edge, or a slash "
    "with which every value begins.",
    "In the rule it is written in quotes and may not contain the same kind of quote.",
)
@pytest.mark.parametrize("arguments", ["", '("")', r"(\d+)", "(12)", "(True)"])
def test_a_pattern_without_quotes_is_refused(arguments: str) -> None:
    with pytest.raises(ValueError) as refusal:
        urls(f"/<re{arguments}:value>")
    assert (
        str(refusal.value)
        == 'the re converter needs a pattern in quotes, as in <re(r"[0-9]+"):name>'
    )


@proves(
    "reference/converters",
    "ValueError -- If the pattern does not match, the value is not text, or browsers "
    "would rewrite it in its place: the segments . and .., a slash at the start, no text "
    "between two slashes, and in a host name everything but lower-case letters, digits, "
    "-, _ and ..",
)
@pytest.mark.parametrize("value", ["10086", "", "138001380001", "1380013800a", 10086])
def test_url_for_refuses_what_the_pattern_does_not_match(value: object) -> None:
    with pytest.raises(ValueError) as refusal:
        urls('/<re("[0-9]{11}"):value>').build("it", {"value": value})
    assert str(refusal.value) == f"{str(value)!r} does not match the pattern '[0-9]{{11}}'"


@proves(
    "reference/converters",
    "For any other value url_for raises ValueError, for example for a wrong type, a path "
    "with the segment .., or an uppercase letter in a host name.",
    "ValueError -- If the pattern does not match, the value is not text, or browsers "
    "would rewrite it in its place: the segments . and .., a slash at the start, no text "
    "between two slashes, and in a host name everything but lower-case letters, digits, "
    "-, _ and ..",
)
@pytest.mark.parametrize("value", [13800138000, True, None, Decimal("1"), b"1", ["1"]])
def test_url_for_refuses_what_is_not_text(value: object) -> None:
    with pytest.raises(ValueError) as refusal:
        RegexConverter(Map(), ".+").to_url(value)
    assert str(refusal.value) == f"{value!r} is not text and would come back as {str(value)!r}"


def test_url_for_takes_what_is_equal_to_its_text() -> None:
    assert urls('/<re("[a-z]+"):value>').build("it", {"value": Size.XS}) == "/xs"
