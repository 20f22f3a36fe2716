"""How it works inside: docs/guide/blueprints.md."""

from __future__ import annotations

from flask import Blueprint
from flask.blueprints import BlueprintSetupState
from flask.views import MethodView
from werkzeug.exceptions import NotFound

from proven.claims.proofs import proves
from snippets.blueprints import nested, setup_state
from tests.guide.blueprints.common import answer, new_app, new_blueprint, rules, send


@proves(
    "guide/blueprints",
    "A blueprint stores each route, and everything that has app in its name, as a "
    "function in its list deferred_functions.",
    "When the blueprint is registered, Flask calls these functions with a "
    "flask.blueprints.BlueprintSetupState, which contains the application, the prefix and "
    "the name.",
    "flask.Blueprint.record() adds your function to the list.",
)
def test_routes_are_kept_in_a_list_and_hooks_in_dictionaries() -> None:
    blueprint = Blueprint("notes", __name__, url_prefix="/notes")
    assert blueprint.deferred_functions == []
    blueprint.get("/")(answer)
    blueprint.before_app_request(answer)
    blueprint.app_errorhandler(404)(answer)
    assert len(blueprint.deferred_functions) == 3
    blueprint.before_request(answer)
    blueprint.register_error_handler(404, answer)
    assert len(blueprint.deferred_functions) == 3
    assert blueprint.before_request_funcs == {None: [answer]}
    states: list[BlueprintSetupState] = []
    blueprint.record(states.append)
    app = new_app(blueprint)
    (state,) = states
    assert (state.app, state.url_prefix, state.name) == (app, "/notes", "notes")


@proves(
    "guide/blueprints",
    "The hooks and error handlers of the blueprint are stored in dictionaries, which "
    "Flask copies into those of the application, with the name of the blueprint as key.",
)
def test_hooks_and_handlers_are_copied_under_the_name_of_the_blueprint() -> None:
    blueprint = new_blueprint()
    blueprint.before_request(answer)
    blueprint.register_error_handler(404, answer)
    app = new_app(blueprint)
    assert app.before_request_funcs == {"notes": [answer]}
    assert app.error_handler_spec["notes"][404] == {NotFound: answer}


@proves(
    "guide/blueprints",
    "In such a function, a blueprint can read the configuration before the first request:",
    "Before the first request, use record.",
)
def test_record_sees_the_configuration_before_the_first_request() -> None:
    plain = setup_state.create_app()
    exporting = setup_state.create_app(NOTES_EXPORT=True, NOTES_PER_PAGE=5)
    assert send(plain, "/notes/").text == "20 on a page"
    assert send(plain, "/notes/export").status_code == 404
    assert send(exporting, "/notes/").text == "5 on a page"
    assert send(exporting, "/notes/export").text == "All notes"
    assert rules(exporting)["notes.export"] == "/notes/export"


@proves(
    "guide/blueprints",
    "record_once() does the same, but only once if a blueprint is registered several times.",
)
def test_record_runs_each_time_and_record_once_the_first_time() -> None:
    app, blueprint, seen = new_app(), Blueprint("b", __name__), []
    blueprint.record(lambda state: seen.append(f"record {state.name}"))
    blueprint.record_once(lambda state: seen.append(f"once {state.name}"))
    app.register_blueprint(blueprint)
    app.register_blueprint(blueprint, name="c")
    assert seen == ["record b", "once b", "record c"]


@proves(
    "guide/blueprints",
    "flask.Flask.blueprints contains the blueprints of an application under their full "
    "names, in the order in which they were registered:",
)
def test_blueprints_are_kept_under_their_full_names_in_order() -> None:
    assert list(nested.app.blueprints) == ["shop", "shop.comments", "blog", "blog.comments"]
    assert nested.app.blueprints["blog.comments"] is nested.comments


def test_a_class_based_view_has_the_name_of_the_blueprint_too() -> None:
    blueprint = Blueprint("notes", __name__)
    blueprint.add_url_rule("/", view_func=MethodView.as_view("all"))
    assert list(rules(new_app(blueprint))) == ["notes.all"]
