"""Values: docs/guide/requests.md."""

from __future__ import annotations

from flask import request

from proven.claims.proofs import proves
from snippets.requests import values
from tests.guide.requests.common import new_app, send


@proves(
    "guide/requests",
    "values looks up a name first in args, then in form.",
    "values | args and form together",
)
def test_values_has_the_query_string_first_then_the_form() -> None:
    answer = send(values.app, "/search?q=url", "POST", data={"q": "body"})
    assert answer.json == {"form": ["body"], "values": ["url", "body"], "first of values": "url"}


@proves(
    "guide/requests",
    "For a GET request it does not contain the form.",
    "For every other method values contains both, and the query string wins.",
    "For a GET request it contains only args.",
)
def test_values_leaves_the_form_out_on_get_and_only_there() -> None:
    answer = send(values.app, "/search?q=url", data={"q": "body"})
    assert answer.json == {"form": ["body"], "values": ["url"], "first of values": "url"}
    for method in ("POST", "PUT", "PATCH", "DELETE", "OPTIONS"):
        with new_app().test_request_context("/?q=url", method=method, data={"q": "body"}):
            assert request.values.getlist("q") == ["url", "body"]


@proves(
    "guide/requests",
    "Do not use values in a view that changes data: a link with ?amount=1000 overrides "
    "the field of your form.",
)
def test_a_link_overrides_a_field_in_values() -> None:
    with new_app().test_request_context("/?amount=1000", method="POST", data={"amount": "1"}):
        assert (request.values["amount"], request.form["amount"]) == ("1000", "1")
