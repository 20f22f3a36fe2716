"""Several variables in one segment."""

from datetime import date

import pytest
from werkzeug.routing import (
    Map,
    Rule,
)

from proven.claims.proofs import proves
from snippets.converters import (
    CONVERTERS,
)
from tests.reference.converters.helpers import urls


@pytest.mark.parametrize(
    ("rule", "path", "values"),
    [
        ('/<re("[a-z]+"):a><re("[0-9]+"):b>', "/abc12", {"a": "abc", "b": "12"}),
        ('/<re(".+"):a>.<re("[a-z]+"):b>', "/x.tar.gz", {"a": "x.tar", "b": "gz"}),
        ('/<re("[a-z]+"):a>-<b>', "/x-y-z", {"a": "x", "b": "y-z"}),
        ("/<int:a>-<date:b>", "/7-2025-01-31", {"a": 7, "b": date(2025, 1, 31)}),
        ("/<base(10):a>.<list:b>", "/7.x.y,z", {"a": 7, "b": ["x.y", "z"]}),
        ('/<path:a>/<re("[^/]+"):b>', "/x/y/z", {"a": "x/y", "b": "z"}),
        ('/<re(".+"):a>/<int:b>/c', "/x/y/7/c", {"a": "x/y", "b": 7}),
        ('/<re("[^/]+"):a>/<re("[^/]+"):b>', "/x/y", {"a": "x", "b": "y"}),
        (
            '/<re("[a-z]+"):a>-<re("[a-z]+"):b>-<re(".+"):c>',
            "/x-y-z-7",
            {"a": "x", "b": "y", "c": "z-7"},
        ),
        ('/<re("a+"):a>1<re("1+"):b>a<re("a+"):c>', "/aa111aaa", {"a": "aa", "b": "11", "c": "aa"}),
        ('/<re("[a-z]+"):a>and<re("[0-9]+"):b>', "/bandand1", {"a": "band", "b": "1"}),
    ],
)
def test_two_variables_in_a_segment_work_where_it_is_clear_which_is_which(
    rule: str, path: str, values: dict[str, object]
) -> None:
    adapter = urls(rule)
    assert adapter.match(path) == ("it", values)
    assert adapter.build("it", values) == path


@proves(
    "reference/converters",
    "If a rule cannot guarantee this, adding it raises ValueError, for example if nothing "
    "separates two variables in one segment.",
)
@pytest.mark.parametrize(
    ("rule", "second"),
    [
        ("/<list:a>-<list:b>", "<list:b>"),
        ("/<base:a><base:b>", "<base:b>"),
        ("/<name>-<list:b>", "<list:b>"),
        ('/<re("[a-z]+"):a><re("[a-z0-9]+"):b>', '<re("[a-z0-9]+"):b>'),
        ('/<re("[a-z]+"):a><re("[a-z]+"):b>-<re("[0-9]+"):c>', '<re("[a-z]+"):b>'),
        ('/<re("(?i:a)"):a><re("A"):b>', '<re("A"):b>'),
        ('/<re(".+"):a>/<re(".+"):b>', '<re(".+"):b>'),
        ('/<path:a>/edit/<re(".+"):b>', '<re(".+"):b>'),
        ('/<re(".+"):a>-<re("[0-9]+"):b>.<re(".+"):c>', '<re(".+"):c>'),
    ],
)
def test_a_rule_that_does_not_say_where_one_ends_is_refused(rule: str, second: str) -> None:
    with pytest.raises(ValueError) as refusal:
        urls(rule)
    assert str(refusal.value) == (
        f"the rule {rule!r} does not say where the variable before {second} ends: put text between the two that one "
        "of them cannot contain"
    )


def test_variables_of_the_host_and_of_the_path_do_not_meet() -> None:
    rule = Rule('/<re(".+"):path>', subdomain='<re(".+"):sub>', endpoint="it")
    adapter = Map([rule], converters=CONVERTERS).bind("example.com", subdomain="a.b")
    assert adapter.match("/c/d") == ("it", {"sub": "a.b", "path": "c/d"})
    with pytest.raises(ValueError, match="does not say where the variable before"):
        Map([Rule("/", subdomain='<re(".+"):a>.<re(".+"):b>')], converters=CONVERTERS)
