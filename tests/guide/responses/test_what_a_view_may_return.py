"""What a view may return: docs/guide/responses.md."""

from __future__ import annotations

import pytest
from flask import Response
from werkzeug.exceptions import NotFound

from proven.claims.proofs import proves
from snippets.requests import return_values
from tests.guide.requests.common import on_the_page, returned, send


@proves(
    "guide/responses",
    "The type of the returned value decides how Flask creates the response.",
    "str, bytes | body with the type text/html; charset=utf-8",
    "dict, list | JSON",
    "a generator or another iterator of str or bytes | streamed with the type text/html; "
    "charset=utf-8",
    "(body, status), (body, headers), (body, status, headers) | one of the values above "
    "as the body, with a status, additional headers or both",
    "Flask sends a string as HTML.",
)
@pytest.mark.parametrize(
    ("method", "path", "status", "content_type", "body"),
    [
        ("GET", "/text", 200, "text/html; charset=utf-8", "<h1>早</h1>"),
        ("GET", "/dict", 200, "application/json", '{"id":7}\n'),
        ("GET", "/list", 200, "application/json", "[1,2,3]\n"),
        ("POST", "/status", 201, "application/json", '{"id":7}\n'),
        ("GET", "/headers", 418, "text/html; charset=utf-8", "short and stout"),
        ("GET", "/response", 200, "text/plain; charset=utf-8", "1 < 2"),
        ("GET", "/stream", 200, "text/html; charset=utf-8", "one, two"),
    ],
)
def test_what_a_view_may_return(
    method: str, path: str, status: int, content_type: str, body: str
) -> None:
    answer = send(return_values.app, path, method)
    found = answer.status_code, answer.headers["Content-Type"], answer.text
    assert found == (status, content_type, body)
    assert answer.headers.get("X-Tea") == ("green" if path == "/headers" else None)
    assert ("Content-Length" not in answer.headers) is (path == "/stream")


@proves(
    "guide/responses",
    "str, bytes | body with the type text/html; charset=utf-8",
    "a generator or another iterator of str or bytes | streamed with the type text/html; "
    "charset=utf-8",
    "(body, status), (body, headers), (body, status, headers) | one of the values above "
    "as the body, with a status, additional headers or both",
    "a flask.Response | that object, unchanged",
    "a WSGI application | the response of that application",
)
def test_the_other_rows_of_the_table() -> None:
    assert returned(b"\xff").headers["Content-Type"] == "text/html; charset=utf-8"
    assert returned(iter([b"a", b"b"])).data == b"ab"
    assert returned(("x", {"X-Tea": "green"})).headers["X-Tea"] == "green"
    assert returned(([1], 201, {"X-Tea": "green"})).status == "201 CREATED"
    response = Response("as it is", 202)
    assert returned(response).text == "as it is"
    answer = returned(NotFound("from a WSGI application"))
    assert (answer.status_code, "from a WSGI application" in answer.text) == (404, True)


@proves(
    "guide/responses",
    'The status is a number or a string such as "201 Made".',
    "Headers are a dictionary or a list of pairs.",
)
def test_a_status_is_a_number_or_a_text_and_headers_are_a_dictionary_or_pairs() -> None:
    assert returned(("x", "201 Made")).status == "201 Made"
    pairs = [("X-Tea", "green"), ("X-Tea", "black")]
    assert returned(("x", pairs)).headers.getlist("X-Tea") == ["green", "black"]


@proves("guide/responses", 'For an empty response write return "", 204.')
def test_an_empty_answer() -> None:
    answer = returned(("", 204))
    assert (answer.status, answer.data) == ("204 NO CONTENT", b"")


@proves(
    "guide/responses",
    "A branch of the view ends without return, or a decorator around the view does not "
    "return its result.",
)
def test_a_view_that_ends_without_return() -> None:
    with pytest.raises(TypeError) as caught:
        returned(None)
    assert str(caught.value) == on_the_page(
        "The view function for 'index' did not return a valid response. The function either "
        "returned None or ended without a return statement."
    )


@proves(
    "guide/responses",
    "The message ends with the type of the value, for example bool, set or a model class.",
    "The provider does not support the type in the message.",
)
@pytest.mark.parametrize("value", [5, True, {1, 2}, object()])
def test_a_view_that_returns_something_else(value: object) -> None:
    message = on_the_page(
        "The view function did not return a valid response. The return type must be a string, "
        "dict, list, tuple with headers or status, Response instance, or WSGI callable, but it "
        "was a int."
    )
    with pytest.raises(TypeError) as caught:
        returned(value)
    assert str(caught.value) == message.replace(" int.", f" {type(value).__name__}.")


@proves(
    "guide/responses",
    "Flask treats a tuple as body, status and headers, so return 1, 2, 3, 4 has one item too many.",
)
@pytest.mark.parametrize("value", [(1, 2, 3, 4), ("a",), ()])
def test_a_tuple_of_another_length(value: tuple[object, ...]) -> None:
    with pytest.raises(TypeError) as caught:
        returned(value)
    assert str(caught.value) == on_the_page(
        "The view function did not return a valid response tuple. The tuple must have the form "
        "(body, status, headers), (body, status), or (body, headers)."
    )


@proves(
    "guide/responses",
    'A tuple of two items raises no error, but has a strange result: return "a", "b" has '
    "the status 0 b.",
)
def test_a_tuple_of_two_strings_has_a_strange_status() -> None:
    answer = returned(("a", "b"))
    assert (answer.status, answer.text) == ("0 b", "a")
