"""Error handlers: docs/guide/blueprint-files.md."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

import pytest
from flask import Blueprint, Flask, abort, request
from werkzeug.exceptions import HTTPException, InternalServerError

from proven.claims.proofs import proves
from snippets.blueprints import error_scope, unknown_urls
from tests.guide.blueprints.common import PAGE, answer, new_app, new_blueprint, send


@proves(
    "guide/blueprint-files",
    "The error handlers of a blueprint are used only if one of its rules has matched.",
    "Before that, the request belongs to no blueprint, however its path begins.",
)
@pytest.mark.parametrize(
    ("method", "path", "status", "text"),
    [
        ("GET", "/shop/items/2", 200, "5 left"),
        ("GET", "/shop/items/12", 404, "The shop says 404"),
        ("GET", "/shop/items/0", 500, "The shop says 500"),
        ("GET", "/shop/items/one", 404, "The site says 404"),
        ("GET", "/shop/nowhere", 404, "The site says 404"),
        ("POST", "/shop/items/2", 405, "The site says 405"),
    ],
)
def test_a_blueprint_is_asked_once_one_of_its_rules_has_matched(
    method: str, path: str, status: int, text: str
) -> None:
    got = send(error_scope.app, path, method)
    assert (got.status_code, got.text) == (status, text)


def scope_app() -> Flask:
    """Return an application for every row of the table of error handlers."""
    shop = Blueprint(
        "shop", __name__, url_prefix="/shop", static_folder="x", static_url_path="/files"
    )
    inner = Blueprint("inner", __name__, url_prefix="/inner")
    other = Blueprint("other", __name__, url_prefix="/other")
    app = Flask("scope", static_folder=None)
    owners: Mapping[str, Flask | Blueprint] = {"site": app, "shop": shop, "inner": inner}
    for name, owner in owners.items():
        owner.register_error_handler(404, lambda error, name=name: (name, 404))
    app.register_error_handler(405, lambda error: ("site", 405))
    shop.register_error_handler(405, lambda error: ("shop", 405))
    shop.register_error_handler(500, lambda error: ("shop", 500))

    @app.before_request
    def of_the_application() -> None:
        if "app" in request.args:
            abort(404)

    @shop.before_request
    def of_the_shop() -> None:
        if "shop" in request.args:
            abort(404)

    def view(number: int = 0) -> str:
        if "bug" in request.args:
            raise LookupError
        if "abort" in request.args:
            abort(404)
        return "Fine"

    for blueprint in (shop, inner, other):
        blueprint.add_url_rule("/<int:number>", "view", view)
    shop.register_blueprint(inner)
    app.register_blueprint(shop)
    app.register_blueprint(other)
    return app


@proves(
    "guide/blueprint-files",
    "abort or a bug in one of its views | used",
    "a view of a blueprint nested in it | used, after those of the inner one",
    "one of its before_request functions | used",
    "a before_request function of the application, on the way to its view | used",
    "a file missing in its static folder | used",
    "an unknown URL below its prefix: 404 | not used",
    "a value that the converter refuses: 404 | not used",
    "a method that the rule does not allow: 405 | not used",
    "the view of another blueprint | not used",
)
@pytest.mark.parametrize(
    ("row", "path", "method", "text"),
    [
        ("`abort` or a bug in one of its views", "/shop/1?abort", "GET", "shop"),
        ("`abort` or a bug in one of its views", "/shop/1?bug", "GET", "shop"),
        ("a view of a blueprint nested in it", "/shop/inner/1?abort", "GET", "inner"),
        ("a view of a blueprint nested in it", "/shop/inner/1?bug", "GET", "shop"),
        ("one of its `before_request` functions", "/shop/1?shop", "GET", "shop"),
        ("a `before_request` function of the application", "/shop/1?app", "GET", "shop"),
        ("a file missing in its static folder", "/shop/files/none", "GET", "shop"),
        ("an unknown URL below its prefix: 404", "/shop/none", "GET", "site"),
        ("a value that the converter refuses: 404", "/shop/one", "GET", "site"),
        ("a method that the rule does not allow: 405", "/shop/1", "POST", "site"),
        ("the view of another blueprint", "/other/1?abort", "GET", "site"),
    ],
)
def test_each_row_of_the_table_of_error_handlers(
    row: str, path: str, method: str, text: str
) -> None:
    (said,) = re.findall(rf"^\| {re.escape(row)}.*\| (used|not used)", PAGE, re.MULTILINE)
    app = scope_app()
    assert send(app, path, method).text == text
    assert said == ("not used" if text == "site" else "used")


@proves(
    "guide/blueprint-files",
    "For the errors in the last four rows, register a handler with app_errorhandler or on "
    "the application, and look at request.path in it, as JSON errors for an API does for "
    "an API.",
)
def test_app_errorhandler_of_a_blueprint_hears_of_all_of_them() -> None:
    blueprint = new_blueprint(url_prefix="/notes")
    blueprint.app_errorhandler(HTTPException)(lambda error: (f"Heard {error.code}", error.code))
    app = new_app(blueprint)
    assert send(app, "/notes/unknown").text == "Heard 404"
    assert send(app, "/notes/", "POST").text == "Heard 405"


@proves("guide/blueprints", "Its handler for 500 is called for unexpected errors in its views.")
def test_a_blueprint_handles_500() -> None:
    blueprint, got = new_blueprint(), []
    blueprint.add_url_rule("/bug", "bug", lambda: 1 / 0)

    @blueprint.errorhandler(500)
    def handler(error: InternalServerError) -> tuple[str, int]:
        got.append(error.original_exception)
        return "Ours", 500

    assert send(new_app(blueprint), "/bug").text == "Ours"
    assert [type(error) for error in got] == [ZeroDivisionError]


@proves(
    "guide/blueprint-files",
    "You can also add a rule to the blueprint that matches them.",
    "The rule does not match /shop/ itself.",
    "The response to POST /shop/nowhere is now a 405.",
)
@proves(
    "guide/blueprint-files",
    "The other rules of this example match first; Which rule matches a URL says why.",
)
@pytest.mark.parametrize(
    ("method", "path", "status", "own"),
    [
        ("GET", "/shop/tea", 200, None),
        ("GET", "/shop/nowhere", 404, True),
        ("GET", "/shop/no/where", 404, True),
        ("GET", "/shop/", 404, False),
        ("GET", "/shop", 404, False),
        ("POST", "/shop/tea", 405, None),
        ("POST", "/shop/nowhere", 405, None),
    ],
)
def test_a_path_rule_owns_the_unknown_urls_below_the_prefix(
    method: str, path: str, status: int, own: bool | None
) -> None:
    got = send(unknown_urls.app, path, method)
    assert got.status_code == status
    assert own in (got.text == "Not in the shop", None)


@proves(
    "guide/blueprint-files",
    "Then they are requests of the blueprint, with its error handlers and its hooks, for "
    "example a check for a log-in.",
)
def test_hooks_of_the_blueprint_run_for_unknown_urls_that_it_owns() -> None:
    blueprint, seen = Blueprint("b", __name__, url_prefix="/b"), []
    blueprint.before_request(lambda: seen.append(request.path))
    blueprint.add_url_rule("/<path:rest>", "unknown", lambda rest: abort(404))
    app = new_app(blueprint)
    for path in ("/b/x", "/b/", "/x"):
        send(app, path)
    assert seen == ["/b/x"]


@proves(
    "guide/blueprint-files",
    "If you allow more methods in the rule, the response to POST /shop/tea is a 404 "
    "instead of a 405.",
)
def test_with_more_methods_405_becomes_404() -> None:
    blueprint = Blueprint("b", __name__)
    blueprint.add_url_rule("/tea", "tea", answer)
    unknown: Callable[[str], str] = lambda rest: abort(404)  # noqa: E731
    blueprint.add_url_rule("/<path:rest>", "unknown", unknown, methods=["GET", "POST"])
    assert send(new_app(blueprint), "/tea", "POST").status_code == 404
