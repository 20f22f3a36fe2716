"""The smallest blueprint: docs/guide/blueprints.md."""

from __future__ import annotations

from flask import Blueprint

from proven.claims.proofs import proves
from snippets.blueprints import smallest
from tests.guide.blueprints.common import answer, new_app, new_blueprint, rules, send


@proves("guide/blueprints", "The application registers all of it with one call.")
def test_the_smallest_blueprint_answers_below_its_prefix() -> None:
    assert send(smallest.app, "/notes/").json == ["/notes/1", "/notes/2"]
    assert send(smallest.app, "/notes/2").text == "Note 2"


@proves(
    "guide/blueprints",
    "A blueprint has the same decorators as an application, but it only records what you decorate.",
    "flask.Flask.register_blueprint() then registers all of it on the application, with "
    "the prefix and the name of the blueprint.",
)
def test_a_blueprint_does_nothing_until_it_is_registered() -> None:
    app = new_app()
    blueprint = new_blueprint(url_prefix="/notes")
    blueprint.before_request(lambda: None)
    assert (rules(app), app.blueprints) == ({}, {})
    app.register_blueprint(blueprint)
    assert rules(app) == {"notes.index": "/notes/"}
    assert app.blueprints == {"notes": blueprint}


@proves(
    "guide/blueprints",
    "So the module needs no app, and several applications can register the same blueprint.",
)
def test_several_applications_take_in_the_same_blueprint() -> None:
    blueprint = new_blueprint()
    assert rules(new_app(blueprint)) == rules(new_app(blueprint)) == {"notes.index": "/"}


def test_route_gives_the_function_back_unchanged() -> None:
    assert Blueprint("b", __name__).route("/")(answer) is answer
