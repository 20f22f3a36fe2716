"""The converters in a subdomain or a host."""

import re
from datetime import date
from enum import Enum
from typing import Any

import pytest
from flask import url_for
from hypothesis import strategies as st
from werkzeug.routing import (
    Map,
    Rule,
)

from proven.claims.proofs import proves
from snippets.converters import (
    CONVERTERS,
    enum_converter,
    model_converter,
)
from tests.reference.converters.helpers import (
    TEXT,
    Size,
    domain,
    domain_round_trip,
    holds_for,
)


@pytest.mark.parametrize(
    "pattern", ["[^/]+", ".+", ".*", ".*?", "[^.]+(?:[.][^.]+)?", "(?!www)[^/]+"]
)
@pytest.mark.parametrize("value", ["ada", "a.b"])
def test_a_pattern_matches_in_a_host_name_whether_it_can_match_a_slash_or_not(
    pattern: str, value: str
) -> None:
    assert domain_round_trip(f'<re("{pattern}"):value>', value) == value


def test_text_beside_it_in_the_host_name_stays_out_of_the_value() -> None:
    assert domain_round_trip('user-<re(".+"):value>', "a.b") == "a.b"
    assert domain_round_trip('<re("(?!x)[a-z]+\\b"):value>-user', "ada") == "ada"


@holds_for(st.one_of(st.from_regex(r"[a-z0-9.-]+", fullmatch=True), TEXT))
def test_a_text_comes_back_from_a_host_name_or_is_refused(value: str) -> None:
    rule = '<re("(?s:.+)"):value>'
    labels = value.split(".")
    if all(re.fullmatch("[a-z0-9_-]+", label) and "xn--" not in label for label in labels):
        assert domain_round_trip(rule, value) == value
    else:
        with pytest.raises(
            ValueError, match=f"^{re.escape(repr(value))} is no part of a host name"
        ):
            domain_round_trip(rule, value)


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
    "value",
    [
        "Ada",
        "阿达",
        "a b",
        "a:5000",
        "a@b",
        "a%41",
        "a/b",
        ".",
        "a.",
        ".a",
        "a..b",
        "xn--a",
        "",
        "a\n",
    ],
)
def test_url_for_refuses_what_is_no_host_name(value: str) -> None:
    for place in ("subdomain", "host"):
        app = domain(place, '<re("(?s:.*)"):value>')
        with app.test_request_context(base_url="http://example.com"):
            with pytest.raises(ValueError) as refusal:
                url_for("page", value=value)
            reason = "is no part of a host name in lower-case letters, digits, '-', '_' and '.'"
            assert str(refusal.value) == f"{value!r} {reason}"


@pytest.mark.parametrize(
    ("host", "refused"),
    [
        ("1.2", True), ("0x7f.1", True), ("a.0x", True), ("a.7", True), ("127.0.0.01", True),
        ("127.0.0.1", False), ("a.b", False), ("1.a", False), ("7a", False),
    ],
)  # fmt: skip
def test_a_host_that_browsers_read_as_another_address_is_refused(host: str, refused: bool) -> None:
    for port in ("", ":5000"):
        rules = [Rule("/", host=f'<re(".+"):value>{port}', endpoint="it")]
        adapter = Map(rules, converters=CONVERTERS, host_matching=True).bind("example.com")
        if refused:
            with pytest.raises(ValueError) as refusal:
                adapter.build("it", {"value": host})
            assert str(refusal.value) == f"{host!r} ends in a number and is no IPv4 address"
        else:
            assert adapter.build("it", {"value": host}) == f"http://{host}{port}/"


@pytest.mark.parametrize(
    ("host", "value", "refused"),
    [
        ("127.0.0.<base(10):value>", 1, False),
        ("127.0.0.<base(10):value>", 256, True),
        ("a.<base(10):value>", 1, True),
        ("<base(10):value>.a", 1, False),
    ],
)
def test_what_stands_beside_it_in_the_host_counts(host: str, value: int, refused: bool) -> None:
    rules = [Rule("/", host=host, endpoint="it")]
    adapter = Map(rules, converters=CONVERTERS, host_matching=True).bind("example.com")
    if refused:
        with pytest.raises(ValueError, match="ends in a number and is no IPv4 address"):
            adapter.build("it", {"value": value})
    else:
        expected = host.replace("<base(10):value>", str(value))
        assert adapter.build("it", {"value": value}) == f"http://{expected}/"


@proves("guide/converter-examples", "They also work in a subdomain or a host.")
@pytest.mark.parametrize(
    ("rule", "value"),
    [
        ("<date:value>", date(2025, 1, 31)),
        ("<list(sep='-'):value>", ["a", "b"]),
        ("<list(base, 36, sep='.'):value>", [35, 36]),
        ("<size:value>", Size.XS),
        ("<user:value>", 7),
    ],
)
def test_the_other_converters_work_in_a_host_name(rule: str, value: object) -> None:
    it = model_converter({"a7": 7}.get, key="a{}".format, using="path")
    assert domain_round_trip(rule, value, size=enum_converter(Size), user=it) == value


@pytest.mark.parametrize(
    ("rule", "value"),
    [
        ("<list:value>", ["a", "b"]),
        ("<list(base):value>", [2147483647]),
        ("<color:value>", Enum("Color", {"RED": "Red"})["RED"]),
    ],
)
def test_and_refuse_there_what_a_browser_would_change(rule: str, value: Any) -> None:
    converters = {"color": enum_converter(type(value))} if isinstance(value, Enum) else {}
    with pytest.raises(ValueError, match="is no part of a host name"):
        domain_round_trip(rule, value, **converters)


def test_host_and_subdomain_are_told_apart_as_werkzeug_does_it() -> None:
    # With host matching, a subdomain is ignored; without it, a host is.
    for options, by_host in [
        ({"host": "<base:n>", "subdomain": "a"}, False),
        ({"subdomain": "<base:n>"}, True),
    ]:
        rule = Rule("/<base:value>", endpoint="it", **options)
        adapter = Map([rule], converters=CONVERTERS, host_matching=by_host).bind(
            "example.com", subdomain=None if by_host else "a"
        )
        assert adapter.build("it", {"value": 61}).endswith("/Z")
