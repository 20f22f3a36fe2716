"""Hooks: docs/guide/blueprints.md."""

from __future__ import annotations

from flask import Blueprint, render_template_string

from proven.claims.proofs import proves
from tests.guide.blueprints.common import answer, new_app, new_blueprint, send


@proves(
    "guide/blueprints",
    "A hook of a blueprint runs for requests of its views, and of the views of blueprints "
    "nested in it.",
    "The same decorator with app in its name registers for every request.",
)
def test_a_hook_runs_for_the_blueprint_and_with_app_in_its_name_for_all() -> None:
    blueprint, seen = new_blueprint(url_prefix="/notes"), []
    blueprint.before_request(lambda: seen.append("own"))
    blueprint.before_app_request(lambda: seen.append("all"))
    app = new_app(blueprint)
    app.add_url_rule("/", "index", answer)
    send(app, "/")
    assert seen == ["all"]
    send(app, "/notes/")
    assert seen == ["all", "all", "own"]


@proves(
    "guide/blueprints",
    "Functions for templates always belong to the whole application: a blueprint has "
    "app_template_filter, app_template_global and app_template_test, and no others.",
    "Only context_processor is limited to the blueprint.",
)
def test_functions_for_templates_are_for_the_whole_application() -> None:
    for kind in ("filter", "global", "test"):
        assert hasattr(Blueprint, f"app_template_{kind}")
        assert not hasattr(Blueprint, f"template_{kind}")
    blueprint = new_blueprint()
    blueprint.add_url_rule("/own", "own", lambda: render_template_string("{{ word }}"))
    blueprint.context_processor(lambda: {"word": "mine"})
    app = new_app(blueprint)
    app.add_url_rule("/app", "app", lambda: render_template_string("{{ word }}"))
    assert [send(app, path).text for path in ("/own", "/app")] == ["mine", ""]
