"""SignedConverter: values with a signature."""

import re
import string
from datetime import date

import pytest
from flask import Flask
from hypothesis import strategies as st

from proven.claims.proofs import proves
from snippets.converters import (
    SignedConverter,
)
from tests.reference.converters.helpers import (
    TEXT,
    domain,
    holds_for,
    link,
    round_trip,
    signed_app,
    status,
    urls,
)

SIGNATURE = re.compile(r"[A-Za-z0-9_-]{43}")


@proves(
    "reference/converters",
    "Another converter converts the value, which stays readable.",
    "Return the value that was signed.",
    "Return the value, a dot and its signature.",
)
@holds_for(st.integers(0))
def test_a_signed_number_comes_back(number: int) -> None:
    assert round_trip("/v/<signed('order'):value>", number) == number


@proves("reference/converters", "**kwargs (Any) -- Keyword arguments for that converter.")
@holds_for(st.integers())
def test_a_signed_negative_number_comes_back(number: int) -> None:
    assert round_trip("/v/<signed('order', 'int', signed=True):value>", number) == number


@proves("reference/converters", "ValueError -- If the view would not receive an equal value.")
@pytest.mark.parametrize("value", [3.9, "42", None, float("inf"), [1]])
def test_a_value_that_would_come_back_as_another_one_is_not_signed(value: object) -> None:
    app = signed_app()
    converter = SignedConverter(app.url_map, "order")
    with app.app_context(), pytest.raises(ValueError) as refusal:
        converter.to_url(value)
    assert str(refusal.value) == f"{value!r} would not match in a URL"


@proves(
    "reference/converters",
    "ValueError -- When the rule is added, if max_age is not an integer above 0, or if "
    "the converter stands in a subdomain or host, where a signature would lose its "
    "uppercase letters.",
)
@pytest.mark.parametrize("place", ["subdomain", "host"])
def test_a_signature_is_refused_in_a_host_name(place: str) -> None:
    with pytest.raises(ValueError) as refusal:
        domain(place, "<signed('it'):value>")
    assert str(refusal.value) == (
        "a signature needs capital letters, and browsers write host names in lower case"
    )


@holds_for(TEXT.filter(lambda text: "/" not in text))
def test_a_signed_text_comes_back(text: str) -> None:
    assert round_trip("/v/<signed('page', 'string'):value>", text) == text


@proves("reference/converters", "*args (Any) -- Positional arguments for that converter.")
@holds_for(st.lists(st.dates(), min_size=1))
def test_signed_and_list_go_together(days: list[date]) -> None:
    assert round_trip("/v/<signed('days', 'list', 'date'):value>", days) == days


@proves("reference/converters", "using (str) -- Name of the converter for the value.")
def test_a_signed_path_spans_segments() -> None:
    assert round_trip("/v/<signed('file', 'path'):value>", "a/b c.txt") == "a/b c.txt"


@proves(
    "reference/converters",
    "Another converter converts the value, which stays readable.",
    "The signature is an HMAC-SHA256 made by itsdangerous.signer.Signer, 43 characters long.",
)
def test_the_value_stays_readable_and_43_characters_follow() -> None:
    value, dot, signature = link(signed_app()).removeprefix("/orders/").partition(".")
    assert (value, dot) == ("42", ".")
    assert SIGNATURE.fullmatch(signature)


@proves(
    "reference/converters",
    "Without the secret key nobody can change the value, guess the URL of another value, "
    "or use the signature for another purpose.",
)
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


@proves(
    "reference/converters",
    "Without the secret key nobody can change the value, guess the URL of another value, "
    "or use the signature for another purpose.",
    "ValidationError -- If the signature is not valid for this value and purpose, or if "
    "it is too old.",
)
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


@proves(
    "reference/converters",
    "Without the secret key nobody can change the value, guess the URL of another value, "
    "or use the signature for another purpose.",
    "A signature for one purpose is not valid for another.",
    "ValidationError -- If the signature is not valid for this value and purpose, or if "
    "it is too old.",
)
def test_a_signature_for_one_purpose_is_not_valid_for_another() -> None:
    app = signed_app()
    assert link(app, "order").partition(".")[2] != link(app, "bill").partition(".")[2]
    assert status(app, link(app, "order").replace("orders", "bills")) == 404


@proves(
    "reference/converters",
    "A value with a signature that only this application can create: /orders/42.p2Fv….",
)
def test_another_application_cannot_sign() -> None:
    assert status(signed_app(), link(signed_app(SECRET_KEY="another"))) == 404


@proves(
    "reference/converters",
    "The key is the application's SECRET_KEY.",
    "URLs that were signed with a key in SECRET_KEY_FALLBACKS still match; new URLs are "
    "signed with SECRET_KEY.",
)
def test_old_keys_are_accepted_and_the_new_one_signs() -> None:
    old, older = link(signed_app(SECRET_KEY="old")), link(signed_app(SECRET_KEY="older"))
    rotated = signed_app(SECRET_KEY="new", SECRET_KEY_FALLBACKS=["older", "old"])
    assert status(rotated, old) == status(rotated, older) == 200
    assert link(rotated) == link(signed_app(SECRET_KEY="new"))
    assert status(signed_app(SECRET_KEY="new", SECRET_KEY_FALLBACKS=["old"]), older) == 404
    assert status(signed_app(SECRET_KEY="new"), old) == 404


@proves(
    "reference/converters",
    "RuntimeError -- If the application has no secret key, or SECRET_KEY_FALLBACKS is not "
    "a list of keys.",
    "RuntimeError -- If SECRET_KEY is missing, or SECRET_KEY_FALLBACKS is not a list of keys.",
)
@pytest.mark.parametrize(
    "fallbacks", [[""], ["old", ""], [b""], [None], "old", "", b"old", {"old": "key"}]
)
def test_fallbacks_that_are_no_list_of_keys_are_refused(fallbacks: object) -> None:
    app = signed_app(SECRET_KEY_FALLBACKS=fallbacks)
    app.testing = True
    forged = link(signed_app(SECRET_KEY="o"))
    for use in (lambda: link(app), lambda: status(app, forged)):
        with pytest.raises(RuntimeError) as refusal:
            use()
        assert (
            str(refusal.value) == "SECRET_KEY_FALLBACKS has to be a list of keys that are not empty"
        )


@pytest.mark.parametrize("fallbacks", [None, [], (), ("old",), [b"old"]])
def test_no_fallbacks_or_some_are_accepted(fallbacks: object) -> None:
    app = signed_app(SECRET_KEY_FALLBACKS=fallbacks)
    assert status(app, link(app)) == 200
    assert status(app, link(signed_app(SECRET_KEY="old"))) == (200 if fallbacks else 404)


def timed_app(rule: str) -> Flask:
    app = signed_app()
    app.add_url_rule(rule, "timed", lambda value: str(value))
    return app


def at(monkeypatch: pytest.MonkeyPatch, seconds: int) -> None:
    """Set the clock that signs and checks to a time."""
    monkeypatch.setattr("itsdangerous.timed.time.time", lambda: seconds)


@proves(
    "reference/converters",
    "With it, the URL also contains the time of signing "
    "(itsdangerous.timed.TimestampSigner), so links that are built at different times "
    "differ.",
    "A link that is older than max_age does not match, nor does one from the future, "
    "which occurs if the clocks of two servers differ.",
    "max_age (int | None) -- For how many seconds a link is valid.",
    "ValidationError -- If the signature is not valid for this value and purpose, or if "
    "it is too old.",
)
@pytest.mark.parametrize(
    "rule", ["/t/<signed('it', max_age=60):value>", "/t/<signed('it', 'int', max_age=60):value>"]
)
def test_with_max_age_a_link_ends(monkeypatch: pytest.MonkeyPatch, rule: str) -> None:
    app = timed_app(rule)
    now = 1_800_000_000
    at(monkeypatch, now)
    url = link(app, "timed")
    assert status(app, url) == 200
    for later, expected in [(60, 200), (61, 404), (-1, 404), (10**9, 404)]:
        at(monkeypatch, now + later)
        assert status(app, url) == expected
    assert link(app, "timed") != url


@proves(
    "reference/converters",
    "Without max_age, a link is valid until the key changes.",
    "By default a link does not expire.",
)
def test_without_max_age_a_link_never_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    app = signed_app()
    url = link(app)
    at(monkeypatch, 100 * 365 * 86400)
    assert status(app, url) == 200
    assert link(app) == url


@pytest.mark.parametrize("now", [0, 2**31, 2**32, 2**36])
def test_the_time_of_signing_matches_in_any_year(monkeypatch: pytest.MonkeyPatch, now: int) -> None:
    app = timed_app("/t/<signed('it', max_age=60):value>")
    at(monkeypatch, now)
    assert status(app, link(app, "timed")) == (200 if now else 404)


@proves(
    "reference/converters",
    "Links that were built without max_age do not match a rule with it, and the reverse.",
)
def test_links_with_and_without_an_end_are_not_exchangeable(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    app = timed_app("/t/<signed('order', 'string', max_age=60):value>")
    app.add_url_rule("/s/<signed('order', 'string'):value>", "for ever", lambda value: value)
    at(monkeypatch, 1_800_000_000)
    timed, forever = link(app, "timed", "42"), link(app, "for ever", "42")
    assert status(app, timed) == status(app, forever) == 200
    assert status(app, timed.replace("/t/", "/s/")) == 404
    time = timed.split(".")[1]
    forged = link(app, "for ever", f"42.{time}")
    assert status(app, forged) == 200
    assert status(app, forged.replace("/s/", "/t/")) == 404


@proves(
    "reference/converters",
    "ValueError -- When the rule is added, if max_age is not an integer above 0, or if "
    "the converter stands in a subdomain or host, where a signature would lose its "
    "uppercase letters.",
)
@pytest.mark.parametrize("max_age", ["0", "1.5", "'soon'", "-1"])
def test_a_max_age_that_is_no_number_of_seconds_is_refused(max_age: str) -> None:
    # Werkzeug itself reads no negative number in a rule.
    reason = "max_age .* is not a whole number of seconds above 0|Cannot parse converter argument"
    with pytest.raises(ValueError, match=reason):
        urls(f"/<signed('it', max_age={max_age}):value>")


@proves(
    "reference/converters",
    "The converter reads it for each URL, so you may set it after you add the rules.",
)
def test_the_key_may_be_set_after_the_rules() -> None:
    app = signed_app(SECRET_KEY=None)
    app.secret_key = "late"
    assert status(app, link(app)) == 200


@proves(
    "reference/converters",
    "RuntimeError -- If the application has no secret key, or SECRET_KEY_FALLBACKS is not "
    "a list of keys.",
    "RuntimeError -- If SECRET_KEY is missing, or SECRET_KEY_FALLBACKS is not a list of keys.",
)
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


@proves(
    "reference/converters",
    "LookupError -- When the rule is added, if using is not the name of a converter.",
)
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
