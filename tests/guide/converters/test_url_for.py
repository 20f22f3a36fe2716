"""What url_for checks."""

import pytest
from flask import url_for
from werkzeug.exceptions import NotFound
from werkzeug.routing import (
    BuildError,
)

from proven.claims.proofs import proves
from snippets.url_converters import (
    first,
)
from tests.guide.converters.helpers import build, match, urls


@proves("guide/converters", "any raises an error for a value that its rule does not match.")
def test_any_refuses_what_its_rule_would_not_match() -> None:
    with pytest.raises(ValueError) as refusal:
        build("/<any(open, closed):value>", "lost")
    assert str(refusal.value) == "'lost' is not one of 'closed', 'open'"


@proves(
    "guide/converters",
    "The other built-in converters build the URL anyway, even if no rule matches it:",
    "None of the last five URLs matches the rule that built it.",
)
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


@proves("guide/converters", "int also drops decimals: build(\"/<int:value>\", 3.9) returns '/3'.")
def test_int_cuts_off() -> None:
    assert build("/<int:value>", 3.9) == "/3"


@proves(
    "guide/converters",
    "For the values . and .. the URL matches the rule, but browsers do not request it: "
    "they resolve the two as the current and the parent folder.",
)
@pytest.mark.parametrize("value", [".", ".."])
def test_a_dot_segment_matches_if_it_arrives(value: str) -> None:
    assert build("/files/<value>", value) == f"/files/{value}"
    assert match("/files/<value>", f"/files/{value}") == value


@proves(
    "guide/converters",
    "If a converter cannot convert the value at all, url_for raises the exception of the "
    "converter, here a ValueError.",
)
def test_a_value_that_cannot_be_written_raises_what_the_converter_raises() -> None:
    with pytest.raises(ValueError) as refusal:
        build("/<int:value>", "seven")
    assert str(refusal.value) == "invalid literal for int() with base 10: 'seven'"


@proves("guide/converters", "If a value is missing or None, it raises werkzeug.routing.BuildError:")
def test_a_missing_value_raises_build_error() -> None:
    message = "Could not build url for endpoint 'page'. Did you forget to specify values ['value']?"
    for values in ({}, {"value": None}):
        with pytest.raises(BuildError) as error:
            urls("/<int:value>").build("page", values)
        assert str(error.value) == message


@proves("guide/converters", "Every other exception reaches the caller of url_for.")
def test_url_for_lets_these_errors_through() -> None:
    with first.app.test_request_context():
        with pytest.raises(ValueError, match="invalid literal for int"):
            url_for("article", number="seven")
        with pytest.raises(BuildError):
            url_for("article")
