"""What the docstring of the module says."""

from enum import Enum

import pytest
from flask import Flask, url_for
from werkzeug.routing import (
    Map,
    Rule,
)

from proven.claims.proofs import proves
from snippets.converters import (
    CONVERTERS,
    BaseNConverter,
    DateConverter,
    ListConverter,
    RegexConverter,
    SignedConverter,
    enum_converter,
    model_converter,
)


@proves(
    "reference/converters",
    "Register the five converters that need no configuration in one line, before the "
    "first rule that uses them:",
    "The converters of this module that need no configuration, by name.",
)
def test_the_names_in_converters_are_those_of_the_docstring() -> None:
    expected = {
        "re": RegexConverter,
        "list": ListConverter,
        "date": DateConverter,
        "base": BaseNConverter,
        "signed": SignedConverter,
    }
    assert expected == CONVERTERS


@proves(
    "reference/converters",
    "Their weight is 75, between the weights of numbers (50) and plain text (100), so "
    '<re("[a-z]+"):slug> is tried before <name>.',
)
@pytest.mark.parametrize(
    ("rule", "path"),
    [
        ("<re('[0-9]+'):value>", "/5"),
        ("<date:value>", "/2025-01-31"),
        ("<base:value>", "/5"),
        ("<color:value>", "/red"),
    ],
)
def test_they_come_before_plain_text_and_after_numbers(rule: str, path: str) -> None:
    color = enum_converter(Enum("Color", {"RED": "red"}))
    rules = [Rule("/<text>", endpoint="text"), Rule(f"/{rule}", endpoint="ours")]
    adapter = Map(rules, converters=CONVERTERS | {"color": color}).bind("example.com")
    assert adapter.match(path)[0] == "ours"
    rules = [Rule(f"/{rule}", endpoint="ours"), Rule("/<int:number>", endpoint="number")]
    adapter = Map(rules, converters=CONVERTERS | {"color": color}).bind("example.com")
    assert adapter.match("/5")[0] == "number"


def test_a_signed_value_comes_before_plain_text() -> None:
    app = Flask("weight")
    app.secret_key = "for the tests"
    app.url_map.converters.update(CONVERTERS)
    app.add_url_rule("/<text>", "text")
    app.add_url_rule("/<signed('it'):value>", "signed")
    with app.test_request_context():
        path = url_for("signed", value=1)
        assert app.url_map.bind("example.com").match(path)[0] == "signed"


def test_a_list_comes_after_plain_text() -> None:
    rules = [Rule("/<list:value>", endpoint="list"), Rule("/<text>", endpoint="text")]
    assert Map(rules, converters=CONVERTERS).bind("example.com").match("/a,b")[0] == "text"


@proves(
    "reference/converters",
    "Their weight is 75, between the weights of numbers (50) and plain text (100), so "
    '<re("[a-z]+"):slug> is tried before <name>.',
    "There are two exceptions: a list matches nearly any text and has the weight 150, and "
    "a model converter has the weight of the converter of its key.",
)
def test_the_weight_is_75_but_for_lists_and_models() -> None:
    weights = {name: converter.weight for name, converter in CONVERTERS.items()}
    assert weights.pop("list") == 150
    assert set(weights.values()) == {75}
    assert enum_converter(Enum("Color", {"RED": "red"})).weight == 75
    for using, weight in [("int", 50), ("string", 100), ("path", 200)]:
        model = model_converter({}.get, key=str, using=using)
        rule = Rule("/<model:value>", endpoint="model")
        Map([rule], converters={"model": model})
        assert rule._converters["value"].weight == weight
