"""JSON and Chinese: docs/guide/responses.md."""

from __future__ import annotations

import datetime
import decimal
import json
import uuid
from dataclasses import dataclass

import pytest
from flask import jsonify
from markupsafe import Markup

from proven.claims.proofs import proves
from snippets.requests import json_default, json_out
from tests.guide.requests.common import app_of, new_app, on_the_page, returned, send


@proves(
    "guide/responses",
    "Flask converts a dict or a list to JSON with app.json, the application's JSON provider.",
    "By default the provider sorts the keys and writes every character that is not ASCII as \\u…:",
    "That is correct JSON, and a client that parses it reads 早.",
)
def test_what_flask_does_if_you_change_nothing() -> None:
    answer = send(json_default.app, "/note")
    assert answer.text == (
        r'{"day":"Thu, 01 Jan 2026 00:00:00 GMT","price":"9.90","text":"\u65e9"}' + "\n"
    )
    assert answer.json["text"] == "早"


@proves(
    "guide/responses",
    "To send Chinese text unchanged, write a subclass of the provider:",
    "For every other type it calls default.",
    "Convert the value, or give the provider a function default as above.",
)
def test_a_provider_of_your_own() -> None:
    answer = send(json_out.app, "/note")
    assert answer.text == '{"text":"早","day":"2026-01-01","tags":["新","红"]}\n'
    assert answer.headers["Content-Type"] == "application/json"
    assert send(json_out.app, "/count").text == "3\n"
    with pytest.raises(TypeError, match="Object of type object is not JSON serializable"):
        json_out.app.json.dumps(object())


@dataclass
class Point:
    x: int


@proves(
    "guide/responses",
    "The provider supports date and datetime, which it writes as an HTTP date, UUID, "
    "Decimal, which it writes as a string, dataclasses, and objects with __html__.",
)
def test_what_the_provider_knows() -> None:
    dumps = new_app().json.dumps
    assert dumps(datetime.datetime(2026, 1, 1, 8)) == '"Thu, 01 Jan 2026 08:00:00 GMT"'
    assert dumps(datetime.date(2026, 1, 1)) == '"Thu, 01 Jan 2026 00:00:00 GMT"'
    assert dumps(uuid.UUID(int=1)) == '"00000000-0000-0000-0000-000000000001"'
    assert dumps(decimal.Decimal("9.90")) == '"9.90"'
    assert dumps(Point(1)) == '{"x": 1}'
    assert dumps({"html": Markup("<b>")}) == '{"html": "<b>"}'
    # json itself takes a Markup for a string; the provider asks others with the method

    class Badge:
        def __html__(self) -> str:
            return "<i>"

    assert dumps(Badge()) == '"<i>"'


@proves(
    "guide/responses",
    "flask.jsonify creates a response from every value that can be written as JSON.",
    "flask.jsonify creates the same response from any value, and from keyword arguments: "
    "jsonify(id=7).",
    "A dict or a list no longer needs it, other values still do.",
)
def test_jsonify_takes_any_value_and_keyword_arguments() -> None:
    with new_app().test_request_context():
        for value, body in ((3, "3"), (None, "null"), ("早", '"\\u65e9"'), (Point(1), '{"x":1}')):
            assert jsonify(value).data == f"{body}\n".encode()
        assert jsonify(id=7).json == {"id": 7}


@proves("guide/responses", "The provider does not support the type in the message.")
def test_a_type_that_json_does_not_know() -> None:
    with pytest.raises(TypeError) as caught:
        returned({"tags": {1}})
    assert str(caught.value) == on_the_page("Object of type set is not JSON serializable")


@proves(
    "guide/responses",
    "A dict has keys of both types, and the provider tries to sort them.",
    "Use strings as keys, or set sort_keys = False.",
)
def test_keys_of_two_types() -> None:
    message = on_the_page("'<' not supported between instances of 'str' and 'int'")
    with pytest.raises(TypeError) as caught:
        returned({1: "a", "b": 2})
    assert str(caught.value) == message
    app = app_of(lambda: {1: "a", "b": 2})
    app.json = json_out.OurJSON(app)
    assert send(app).json == {"1": "a", "b": 2}


@proves(
    "guide/responses",
    "return json.dumps(note) returns a string, so Flask sends it as text/html, and a "
    "script in a name is executed.",
)
def test_a_string_of_json_is_html() -> None:
    answer = returned(json.dumps({"name": "<script>"}))
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    assert "<script>" in answer.text
