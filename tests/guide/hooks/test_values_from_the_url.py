"""Values from the URL: docs/guide/hooks.md."""

from __future__ import annotations

from flask import Blueprint, url_for

from proven.claims.proofs import proves
from snippets.hooks import url_values
from tests.guide.hooks.common import new_app, send


@proves(
    "guide/hooks",
    "A function of url_value_preprocessor gets the values of the URL before the view "
    "does, and can remove some.",
    "A function of url_defaults adds them again when flask.url_for() builds a URL.",
    "A part that all URLs share, such as the language, then appears in no view.",
)
def test_the_language_is_taken_out_and_put_back() -> None:
    for language in ("en", "zh"):
        assert send(url_values.app, f"/{language}/about").json == {
            "language": language,
            "about": f"/{language}/about",
            "front page": "/",
        }
    assert send(url_values.app).location == "/en/about"
    assert send(url_values.app, "/fr/about").status_code == 404


@proves(
    "guide/hooks",
    "All url_value_preprocessor functions run before the first before_request function.",
    "Those of the application run for unknown URLs too, with None as endpoint and as values.",
    "preprocess_request() calls the url_value_preprocessor functions, then the "
    "before_request functions.",
    "On a blueprint, both kinds are called only for endpoints of the blueprint.",
)
def test_preprocessors_run_before_all_before_request_functions_and_for_unknown_urls() -> None:
    app, blueprint, seen = new_app(), Blueprint("b", "b"), []
    app.before_request(lambda: seen.append("before"))
    app.url_value_preprocessor(lambda endpoint, values: seen.append((endpoint, values)))
    blueprint.url_value_preprocessor(lambda endpoint, values: seen.append("blueprint"))
    blueprint.add_url_rule("/<name>/", "view", lambda name: name)
    app.register_blueprint(blueprint)
    send(app, "/ada/")
    assert seen == [("b.view", {"name": "ada"}), "blueprint", "before"]
    seen.clear()
    send(app, "/no/where")
    assert seen == [(None, None), "before"]


@proves(
    "guide/hooks",
    "A url_defaults function of the application is called for every endpoint, so it has "
    "to check whether the rule has such a value.",
    "On a blueprint, both kinds are called only for endpoints of the blueprint.",
)
def test_url_defaults_of_a_blueprint_see_its_endpoints_only() -> None:
    app, blueprint, seen = new_app(), Blueprint("b", "b"), []
    app.url_defaults(lambda endpoint, values: seen.append(("application", endpoint)))
    blueprint.url_defaults(lambda endpoint, values: seen.append(("blueprint", endpoint)))
    blueprint.add_url_rule("/view", "view", lambda: "")
    app.register_blueprint(blueprint)
    with app.test_request_context():
        url_for("front")
        url_for("b.view")
    assert seen == [("application", "front"), ("application", "b.view"), ("blueprint", "b.view")]
