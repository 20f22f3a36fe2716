"""What the tests of the page on URL converters share."""

from pathlib import Path
from typing import Any

from flask import Flask
from werkzeug.exceptions import HTTPException
from werkzeug.routing import (
    BaseConverter,
    Map,
    MapAdapter,
    Rule,
)

from tests.subjects import text_of

ROOT = Path(__file__).resolve().parents[3]
PAGE = text_of("converters")


def get(app: Flask, path: str, method: str = "GET") -> Any:
    """Return the JSON of the answer, or its status if it is not 200."""
    response = app.test_client().open(path, method=method)
    return response.json if response.status_code == 200 else response.status_code


def urls(rule: str, **converters: type[BaseConverter]) -> MapAdapter:
    return Map([Rule(rule, endpoint="page")], converters=converters).bind("example.com")


def match(rule: str, path: str, **converters: type[BaseConverter]) -> Any:
    try:
        return urls(rule, **converters).match(path)[1]["value"]
    except HTTPException as error:
        return type(error)


def build(rule: str, value: object, **converters: type[BaseConverter]) -> str:
    return urls(rule, **converters).build("page", {"value": value})


def winner(path: str, *rules: str, **converters: type[BaseConverter]) -> str:
    """Return the rule that takes the path."""
    url_map = Map([Rule(rule, endpoint=rule) for rule in rules], converters=converters)
    return str(url_map.bind("example.com").match(path)[0])
