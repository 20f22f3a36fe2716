"""JSON: docs/guide/requests.md."""

from __future__ import annotations

import json

import pytest
from flask import Flask, request
from werkzeug.exceptions import BadRequest, UnsupportedMediaType

from proven.claims.proofs import proves
from snippets.requests import json_body
from tests.guide.requests.common import CHOSEN_BY_CLIENT, app_of, new_app, on_the_page, send


@proves(
    "guide/requests",
    "get_json() parses the body as JSON.",
    "It requires the content type application/json or application/…+json.",
    "request.json returns the same as request.get_json().",
    "get_json(), json, is_json | the body parsed as JSON",
    "Use request.is_json, or call get_json(silent=True).",
)
def test_get_json_insists_on_a_content_type_that_says_so() -> None:
    for content_type in ("application/json", "application/merge-patch+json; charset=x"):
        with new_app().test_request_context(method="POST", data=b"[1]", content_type=content_type):
            assert request.is_json is True
            assert request.get_json() == request.json == [1]
    for content_type in ("text/json", "text/plain", ""):
        with new_app().test_request_context(method="POST", data=b"[1]", content_type=content_type):
            assert request.is_json is False
            with pytest.raises(UnsupportedMediaType):
                request.get_json()
            with pytest.raises(UnsupportedMediaType):
                _ = request.json


def test_json_is_checked_before_it_is_used() -> None:
    assert send(json_body.app, "/notes", "POST", json={"text": "bread"}).status_code == 201
    for body in ('["bread"]', '{"text": 1}', "{}", "null", '"bread"'):
        options = {"data": body, "content_type": "application/json"}
        answer = send(json_body.app, "/notes", "POST", **options)
        assert answer.status_code == 400
        assert "Send an object with a text." in answer.text


@pytest.mark.parametrize(
    ("content_type", "body", "status"),
    [
        ("application/json", '{"text": "bread"}', 201),
        ("application/json", "{text: bread}", 400),
        ("application/json", "", 400),
        ("text/plain", '{"text": "bread"}', 415),
    ],
)
def test_what_the_strict_view_answers(content_type: str, body: str, status: int) -> None:
    options = {"data": body, "content_type": content_type}
    assert send(json_body.app, "/notes", "POST", **options).status_code == status


def test_the_lenient_view_takes_anything() -> None:
    for body, received in (
        ('{"text": "bread"}', {"text": "bread"}),
        ("{text", None),
        ("", None),
        ("null", None),
    ):
        answer = send(json_body.app, "/hook", "POST", data=body, content_type="text/plain")
        assert answer.json == {"received": received}


@proves(
    "guide/requests",
    "force=True ignores the content type.",
    "With silent=True it returns None where it would otherwise respond with 400 or 415.",
    "A body null is None too.",
)
def test_force_ignores_the_content_type_and_silent_the_errors() -> None:
    with new_app().test_request_context(method="POST", data=b"[1]"):
        assert request.get_json(force=True) == [1]
    with new_app().test_request_context(method="POST", data=b"[1]"):
        assert request.get_json(silent=True) is None
    with new_app().test_request_context(method="POST", data=b"[", content_type="application/json"):
        assert request.get_json(silent=True) is None


@proves(
    "guide/requests",
    "The body must be encoded in UTF-8, UTF-16 or UTF-32; a charset in the content type "
    "is ignored.",
)
def test_the_encoding_is_found_out_whatever_the_charset_says() -> None:
    for encoding in ("utf-8", "utf-8-sig", "utf-16", "utf-32"):
        with new_app().test_request_context(
            method="POST",
            data='["早"]'.encode(encoding),
            content_type="application/json; charset=gbk",
        ):
            assert request.get_json() == ["早"]


@proves(
    "guide/requests",
    "JSON in GBK leads to a 400.",
    "If it is 'utf-8' codec can't decode byte 0xd4 in position 6, the body is encoded in GBK.",
)
def test_json_in_gbk_is_a_400() -> None:
    body = '{"a":"早"}'.encode("gbk")
    app = app_of(lambda: request.get_json(), testing=False)
    options = {"data": body, "content_type": "application/json; charset=gbk"}
    assert send(app, method="POST", **options).status_code == 400
    with (
        pytest.raises(BadRequest) as caught,
        debugging().test_request_context(method="POST", **options),
    ):
        request.get_json()
    on_the_page("'utf-8' codec can't decode byte 0xd4 in position 6")
    assert caught.value.description == (
        "Failed to decode JSON object: 'utf-8' codec can't decode byte 0xd4 in position 6: "
        "invalid continuation byte"
    )


def debugging() -> Flask:
    return new_app(DEBUG=True)


@proves(
    "guide/requests",
    "The client sent JSON without the content type of JSON.",
    "A GET request without a body leads to the same response.",
    "Today request.json responds with 415 in that case.",
)
def test_json_that_does_not_say_so_is_a_415_that_explains_itself() -> None:
    message = on_the_page(
        "415 Unsupported Media Type: Did not attempt to load JSON data because the request "
        "Content-Type was not 'application/json'."
    )
    for app in (new_app(), debugging()):
        for options in ({"method": "POST", "data": "{}"}, {"method": "GET"}):
            with app.test_request_context(**options), pytest.raises(UnsupportedMediaType) as caught:
                request.get_json()
            assert str(caught.value) == message
    answer = send(json_body.app, "/notes", "POST", data="{}")
    assert message.partition(": ")[2].replace("'", "&#39;") in answer.text


@proves(
    "guide/requests",
    "The body is empty.",
    "Flask shows the text behind 400 Bad Request: only in debug mode.",
)
@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("", "Expecting value: line 1 column 1 (char 0)"),
        ("{'text': 1}", "Expecting property name enclosed in double quotes"),
        ("{text: 1}", "Expecting property name enclosed in double quotes"),
    ],
)
def test_broken_json_is_explained_in_debug_mode_only(body: str, message: str) -> None:
    options = {"method": "POST", "data": body, "content_type": "application/json"}
    on_the_page(message)
    with debugging().test_request_context(**options), pytest.raises(BadRequest) as caught:
        request.get_json()
    assert str(caught.value).startswith(f"400 Bad Request: Failed to decode JSON object: {message}")
    on_the_page("400 Bad Request: Failed to decode JSON object: Expecting value")
    with new_app().test_request_context(**options), pytest.raises(BadRequest) as caught:
        request.get_json()
    assert str(caught.value) == f"400 Bad Request: {CHOSEN_BY_CLIENT}"


@proves(
    "guide/requests",
    "If the message is Expecting property name enclosed in double quotes, the names have "
    "single quotes or none: str() of a dict is not JSON.",
)
def test_str_of_a_dict_is_not_json() -> None:
    with pytest.raises(json.JSONDecodeError, match="Expecting property name"):
        json.loads(str({"text": 1}))


@proves(
    "guide/requests",
    "The body is valid JSON, but not an object.",
    "It can also be a list, a string, a number, true, false or null.",
)
def test_json_need_not_be_an_object() -> None:
    message = on_the_page("'list' object has no attribute 'get'")
    with pytest.raises(AttributeError) as caught:
        send(app_of(lambda: request.get_json().get("text")), method="POST", json=[])
    assert str(caught.value) == message
