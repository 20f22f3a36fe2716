"""The prefix: docs/guide/blueprints.md."""

from __future__ import annotations

import pytest
from flask import Blueprint

from proven.claims.proofs import proves
from snippets.blueprints import prefixes
from tests.guide.blueprints.common import (
    answer,
    error_of,
    new_app,
    new_blueprint,
    on_the_page,
    rules,
    send,
)


@proves(
    "guide/blueprints",
    "Flask puts the prefix in front of every rule.",
    "A prefix that you pass to register_blueprint replaces the prefix of the blueprint; "
    "the two are not joined.",
    "With a prefix, the rule can be empty: it then matches the prefix without a slash.",
    "A variable in the prefix is an argument of every view.",
)
@pytest.mark.parametrize(
    ("path", "status", "text"),
    [
        ("/about", 200, "The company"),
        ("/about/", 404, None),
        ("/teams/red/", 200, "Pages of team red"),
        ("/teams/red/home", 200, "Page home of team red"),
        ("/wiki/", 404, None),
        ("/teams/red/wiki/", 404, None),
    ],
)
def test_a_prefix_at_registration_replaces_the_blueprints_own(
    path: str, status: int, text: str | None
) -> None:
    got = send(prefixes.app, path)
    assert got.status_code == status
    assert text in (got.text, None)


@proves(
    "guide/blueprints",
    "Between prefix and rule there is always exactly one slash, however many you write.",
)
@pytest.mark.parametrize("prefix", ["/p", "/p/", "/p//"])
@pytest.mark.parametrize("rule", ["x", "/x", "//x"])
def test_the_slash_between_prefix_and_rule_is_always_one(prefix: str, rule: str) -> None:
    blueprint = Blueprint("b", __name__, url_prefix=prefix)
    blueprint.add_url_rule(rule, "x", answer)
    assert rules(new_app(blueprint)) == {"b.x": "/p/x"}


@proves(
    "guide/blueprints",
    'url_prefix="/" removes the prefix of a blueprint, and None does not change it.',
)
@pytest.mark.parametrize(("prefix", "path"), [("/", "/"), (None, "/notes/")])
def test_a_slash_takes_a_prefix_away_and_none_leaves_it(prefix: str | None, path: str) -> None:
    app = new_app(new_blueprint(url_prefix="/notes"), url_prefix=prefix)
    assert rules(app) == {"notes.index": path}


@proves(
    "guide/blueprints",
    "The prefix does not begin with a slash.",
    'Write url_prefix="/notes".',
    "The error is raised by register_blueprint, not by the line with the mistake.",
)
def test_a_prefix_without_its_slash_is_refused_when_it_is_registered() -> None:
    blueprint = new_blueprint(url_prefix="notes")
    message = on_the_page("ValueError: URL rule 'notes/' must start with a slash.")
    assert error_of(lambda: new_app(blueprint)) == message


@proves(
    "guide/blueprints",
    "URL rule '' must start with a slash. means an empty rule in a blueprint without a prefix.",
)
def test_an_empty_rule_needs_a_prefix() -> None:
    blueprint = Blueprint("b", __name__)
    blueprint.add_url_rule("", "index", answer)
    message = on_the_page("URL rule '' must start with a slash.")
    assert error_of(lambda: new_app(blueprint)) == f"ValueError: {message}"
