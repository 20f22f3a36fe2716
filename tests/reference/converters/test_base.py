"""BaseNConverter: short numbers."""

import string

import pytest
from hypothesis import strategies as st
from werkzeug.exceptions import NotFound
from werkzeug.routing import (
    Map,
)

from proven.claims.proofs import proves
from snippets.converters import (
    BaseNConverter,
)
from tests.reference.converters.helpers import (
    domain,
    domain_round_trip,
    holds_for,
    match,
    round_trip,
    urls,
)

BIGINT = 2**63 - 1


BASES = st.integers(2, 62)


@proves(
    "reference/converters",
    "An integer in a base of up to 62, so that it is short: /s/2lkCB1 is 2147483647.",
    "Return the number.",
    "Return the number in the base.",
)
@holds_for(BASES, st.integers(0, BIGINT))
def test_every_number_comes_back_in_every_base(base: int, number: int) -> None:
    assert round_trip(f"/v/<base({base}):value>", number) == number


@proves("reference/converters", "Each number has one spelling: leading zeros do not match.")
@holds_for(BASES, st.text(string.digits + string.ascii_letters, max_size=12))
def test_what_matches_is_the_one_spelling_of_its_number(base: int, text: str) -> None:
    number = match(f"/<base({base}):value>", f"/{text}")
    if number is not NotFound:
        assert urls(f"/<base({base}):value>").build("it", {"value": number}) == f"/{text}"


@proves(
    "reference/converters",
    "The digits are 0 to 9, then a to z, then A to Z, as many as the base needs.",
)
@holds_for(st.integers(2, 36), st.integers(0, BIGINT))
def test_up_to_base_36_it_is_what_int_reads(base: int, number: int) -> None:
    text = urls(f"/<base({base}):value>").build("it", {"value": number})[1:]
    assert int(text, base) == number


@proves(
    "reference/converters",
    "The digits are 0 to 9, then a to z, then A to Z, as many as the base needs.",
)
def test_sixty_two_is_the_default() -> None:
    assert match("/<base:value>", "/2lkCB1") == match("/<base(62):value>", "/2lkCB1") == 2**31 - 1


@proves("reference/converters", "Each number has one spelling: leading zeros do not match.")
@pytest.mark.parametrize("text", ["00", "01", "-1", "", "a b", "１", "zz"])
def test_other_spellings_answer_404(text: str) -> None:
    assert match("/<base(16):value>", f"/{text}") is NotFound


@proves(
    "reference/converters",
    "max (int) -- The largest number; by default the largest that a BIGINT column can hold.",
    "ValidationError -- If it is larger than max.",
)
def test_the_largest_number_is_that_of_a_bigint() -> None:
    largest = urls("/<base(10):value>").build("it", {"value": BIGINT})
    assert largest == "/9223372036854775807"
    assert match("/<base(10):value>", largest) == BIGINT
    assert match("/<base(10):value>", "/9223372036854775808") is NotFound
    assert match("/<base(10):value>", "/1" + 5000 * "0") is NotFound
    assert match("/<base(10, max=99):value>", "/99") == 99
    assert match("/<base(10, max=99):value>", "/100") is NotFound
    assert match("/<base(10, max=0):value>", "/0") == 0


@proves(
    "reference/converters",
    "ValueError -- If the value is not an int, is negative, or is larger than max.",
)
@pytest.mark.parametrize("value", [-1, 100, 1.0, "7"])
def test_url_for_refuses_what_is_no_number_in_range(value: object) -> None:
    with pytest.raises(ValueError) as refusal:
        urls("/<base(36, max=99):value>").build("it", {"value": value})
    assert str(refusal.value) == f"{value!r} is not a whole number between 0 and 99"


@proves(
    "reference/converters",
    "base (int) -- The base, 2 to 62.",
    "ValueError -- When the rule is added, if the base is not between 2 and 62, if max is "
    "negative, or if a base above 36 stands in a subdomain or host.",
)
@pytest.mark.parametrize(("base", "largest"), [(1, 9), (63, 9), (-1, 9), (10, -1)])
def test_a_base_out_of_range_is_refused(base: int, largest: int) -> None:
    with pytest.raises(ValueError) as refusal:
        BaseNConverter(Map(), base, largest)
    assert (
        str(refusal.value) == f"base {base} is not between 2 and 62, or max {largest} is negative"
    )


@proves(
    "reference/converters",
    "Host names have no uppercase letters, so in a subdomain the largest base is 36.",
    "ValueError -- When the rule is added, if the base is not between 2 and 62, if max is "
    "negative, or if a base above 36 stands in a subdomain or host.",
)
@pytest.mark.parametrize("place", ["subdomain", "host"])
@pytest.mark.parametrize("base", [37, 62])
def test_a_base_with_capital_letters_is_refused_in_a_host_name(place: str, base: int) -> None:
    with pytest.raises(ValueError) as refusal:
        domain(place, f"<base({base}):value>")
    reason = "needs capital letters, and browsers write host names in lower case"
    assert str(refusal.value) == f"base {base} {reason}"


@holds_for(st.integers(2, 36), st.integers(0, BIGINT))
def test_the_others_come_back_from_a_host_name(base: int, number: int) -> None:
    assert domain_round_trip(f"<base({base}):value>", number) == number
