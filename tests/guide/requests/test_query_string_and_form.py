"""Query string and form: docs/guide/requests.md."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

import pytest
from flask import request
from werkzeug.datastructures import ImmutableMultiDict
from werkzeug.exceptions import BadRequestKeyError

from proven.claims.proofs import proves
from snippets.requests import fields
from tests.guide.requests.common import (
    CHOSEN_BY_CLIENT,
    SAID,
    app_of,
    new_app,
    on_the_page,
    send,
    upload,
)


@proves(
    "guide/requests",
    "args contains the fields of the query string, the part of the URL behind the ?.",
    "form contains the fields of a form in the body.",
    "args | the query string",
    "form | the fields of a form in the body",
)
def test_one_value_a_number_and_several_values() -> None:
    answer = send(fields.app, "/notes?page=2&tag=red&tag=new")
    assert answer.json == {"page": 2, "tags": ["red", "new"]}
    answer = send(fields.app, "/notes", "POST", data={"text": "bread", "tag": ["red", "new"]})
    assert (answer.status_code, answer.json) == (201, {"text": "bread", "tags": ["red", "new"]})


@proves(
    "guide/requests",
    "Both are dictionaries that can contain several values under one name, and all values "
    "are strings.",
)
def test_all_values_are_strings() -> None:
    with new_app().test_request_context("/?page=2"):
        assert request.args == ImmutableMultiDict([("page", "2")])


@proves(
    "guide/requests",
    '["text"] requires the field: if it is missing, the view ends there and the client gets 400.',
)
def test_a_demanded_field_that_is_missing_answers_400_and_ends_the_view() -> None:
    answer = send(fields.app, "/notes", "POST", data={"txt": "bread"})
    assert answer.status_code == 400
    assert CHOSEN_BY_CLIENT in answer.text
    ran = []

    def view() -> str:
        request.args["q"]
        ran.append(True)
        return ""

    assert send(app_of(view, testing=False)).status_code == 400
    assert ran == []


@proves("guide/requests", '.get("text") returns None in that case, or the default that you pass.')
def test_get_gives_none_or_the_default() -> None:
    with new_app().test_request_context("/"):
        assert request.args.get("text") is None
        assert request.args.get("text", "x") == "x"


@proves("guide/requests", "type is a function that converts the value.")
def test_a_value_that_type_refuses_counts_as_missing() -> None:
    assert send(fields.app, "/notes?page=two").json == {"page": 1, "tags": []}
    with new_app().test_request_context("/?page=two&page=3"):
        assert request.args.get("page", type=int) is None
        assert request.args.getlist("page", type=int) == [3]


@proves(
    "guide/requests",
    "If it raises ValueError or TypeError, the value counts as missing, so page=two is "
    "page 1 and no error is raised.",
    "Any other exception becomes a 500.",
)
@pytest.mark.parametrize(
    ("error", "missing"),
    [(ValueError, True), (TypeError, True), (KeyError, False), (ArithmeticError, False)],
)
def test_only_two_exceptions_of_type_count_as_missing(
    error: type[Exception], missing: bool
) -> None:
    def convert(text: str) -> int:
        raise error(text)

    app = app_of(lambda: str(request.args.get("q", 5, type=convert)), testing=False)
    answer = send(app, "/?q=x")
    assert (answer.status_code, answer.text == "5") == ((200, True) if missing else (500, False))


@proves(
    "guide/requests",
    'request.args.get("price", type=Decimal) becomes a 500 for ?price=abc: the exception '
    "of Decimal is not a ValueError.",
    "Catch it in a function of yours that raises ValueError, and pass that function as type.",
)
def test_a_decimal_that_is_none_is_a_500() -> None:
    app = app_of(lambda: str(request.args.get("price", type=Decimal)))
    assert send(app, "/?price=1.50").text == "1.50"
    with pytest.raises(InvalidOperation) as caught:
        send(app, "/?price=abc")
    assert f"`decimal.InvalidOperation: {caught.value}`" in SAID

    def number(text: str) -> Decimal:
        try:
            return Decimal(text)
        except InvalidOperation as error:
            raise ValueError from error

    app = app_of(lambda: str(request.args.get("price", type=number)))
    assert send(app, "/?price=abc").text == "None"


@proves(
    "guide/requests",
    "getlist returns all values of a name, or an empty list if there is none.",
    '["tag"] and .get("tag") return the first value.',
    "to_dict() returns an ordinary dict with the first value of each name, "
    "to_dict(flat=False) one with lists of values.",
)
def test_first_values_all_values_and_plain_dictionaries() -> None:
    with new_app().test_request_context("/?tag=red&tag=new&a=1"):
        assert request.args.getlist("tag") == ["red", "new"]
        assert request.args.getlist("nothing") == []
        assert request.args["tag"] == request.args.get("tag") == "red"
        assert request.args.to_dict() == {"tag": "red", "a": "1"}
        assert request.args.to_dict(flat=False) == {"tag": ["red", "new"], "a": ["1"]}


@proves("guide/requests", 'An empty field has the value ""; it does not count as missing.')
def test_an_empty_field_is_not_a_missing_one() -> None:
    with new_app().test_request_context("/?q=&r"):
        assert (request.args["q"], request.args["r"]) == ("", "")


@proves(
    "guide/requests",
    "form parses application/x-www-form-urlencoded and multipart/form-data, for every HTTP method.",
)
@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "PATCH", "DELETE"])
def test_form_is_read_with_any_method(method: str) -> None:
    for options in ({"data": {"a": "1"}}, {"data": {"a": "1", "f": upload()}}):
        with new_app().test_request_context(method=method, **options):
            assert request.form.to_dict() == {"a": "1"}


@proves(
    "guide/requests",
    "form parses application/x-www-form-urlencoded and multipart/form-data, for every HTTP method.",
    "For any other content type it is empty.",
)
def test_form_reads_two_content_types_and_is_empty_for_others() -> None:
    for content_type, form in (
        ("application/x-www-form-urlencoded", {"a": "1"}),
        ("text/plain", {}),
        ("application/json", {}),
        (None, {}),
    ):
        with new_app().test_request_context(
            method="POST",
            data=b"a=1",
            headers={"Content-Type": content_type} if content_type else {},
        ):
            assert request.form.to_dict() == form


@proves(
    "guide/requests",
    'Your code reads request.form["text"], and the form has no field of that name.',
    "In debug mode the debugger shows this error, and it ends with KeyError: 'text'.",
    "Otherwise the client gets a 400.",
)
def test_the_debugger_shows_which_field_is_missing() -> None:
    def view() -> str:
        return request.form["text"]

    with pytest.raises(BadRequestKeyError) as caught:
        send(app_of(view, DEBUG=True), method="POST")
    name = f"{BadRequestKeyError.__module__}.{BadRequestKeyError.__name__}"
    title, key = str(caught.value).split("\n")
    assert f"`{name}: {title}`" in SAID
    assert title == f"400 Bad Request: {CHOSEN_BY_CLIENT}"
    assert key == on_the_page("KeyError: 'text'")


@proves(
    "guide/requests",
    "bool returns True for every string except the empty one.",
    'Compare the text: request.args.get("draft") == "true".',
)
def test_type_bool_is_true_for_false() -> None:
    with new_app().test_request_context("/?draft=false&empty="):
        assert request.args.get("draft", type=bool) is True
        assert request.args.get("empty", type=bool) is False
        assert (request.args.get("draft") == "true") is False
