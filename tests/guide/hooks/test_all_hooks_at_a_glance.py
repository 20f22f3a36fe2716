"""All hooks at a glance: docs/guide/hooks.md."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import flask
import pytest
from flask import Blueprint, Flask, Response, after_this_request, render_template_string
from werkzeug.exceptions import NotFound

from proven.claims.proofs import proves
from tests.guide.hooks.common import PAGE, new_app, rows, send


@proves(
    "guide/hooks",
    "The names are methods of flask.Flask, except flask.after_this_request(), which is a function.",
    "A flask.Blueprint has all of these methods except teardown_appcontext.",
)
def test_the_table_names_hooks_that_exist() -> None:
    names = [re.findall(r"`(\w+)", row[0])[0] for row in rows("hook-kinds")]
    assert names == [
        "url_value_preprocessor",
        "before_request",
        "after_this_request",
        "after_request",
        "teardown_request",
        "teardown_appcontext",
        "errorhandler",
        "context_processor",
    ]
    methods = {name for name in names if hasattr(Flask, name)}
    assert set(names) - methods == {"after_this_request"}
    assert hasattr(flask, "after_this_request")
    assert methods - {name for name in names if hasattr(Blueprint, name)} == {"teardown_appcontext"}


@proves(
    "guide/hooks",
    "A blueprint also has methods with app in the name, whose functions run for every "
    "request: before_app_request, after_app_request, teardown_app_request, "
    "app_errorhandler, app_context_processor, app_url_value_preprocessor.",
)
@pytest.mark.parametrize(
    "name",
    [
        "before_app_request",
        "after_app_request",
        "teardown_app_request",
        "app_errorhandler",
        "app_context_processor",
        "app_url_value_preprocessor",
    ],
)
def test_a_blueprint_has_names_with_app_in_them(name: str) -> None:
    assert f"`{name}`" in PAGE
    assert hasattr(Blueprint, name)
    assert not hasattr(Flask, name)


@proves(
    "guide/hooks",
    "url_value_preprocessor | the endpoint and the values from the URL | nothing | before "
    "all others",
    "before_request | nothing | None, or a response that ends the request | before the view",
    "after_this_request | the response | a response | after the view, in one request",
    "after_request | the response | a response | after the view",
    "teardown_request | the error or None | nothing | when the request is over",
    "teardown_appcontext | the error or None | nothing | after teardown_request, and at "
    "the end of a command",
    "errorhandler | the error | a response | when a view or a hook before it raises",
    "context_processor | nothing | a dictionary | for each template",
)
def test_what_each_hook_of_the_table_is_called_with() -> None:
    app = new_app()
    got: list[tuple[Any, ...]] = []

    def noting(name: str, returned: Any = None) -> Callable[..., Any]:
        def hook(*args: Any) -> Any:
            got.append((name, *args))
            return returned(*args) if callable(returned) else returned

        return hook

    # what a hook that returns nothing returns all the same is ignored
    app.url_value_preprocessor(noting("values", "ignored"))
    app.before_request(noting("before"))
    app.after_request(noting("after", lambda response: response))
    app.teardown_request(noting("teardown", "ignored"))
    app.teardown_appcontext(noting("appcontext", "ignored"))
    app.context_processor(noting("context", {"word": "shown"}))
    app.register_error_handler(KeyError, noting("handler", "handled"))

    @app.get("/<name>")
    def view(name: str) -> str:
        after_this_request(noting("this", lambda response: response))
        return render_template_string("{{ word }}") if name == "ada" else {}["missing"]

    assert send(app, "/ada").text == "shown"
    assert [(name, *map(type, args)) for name, *args in got] == [
        ("values", str, dict),
        ("before",),
        ("context",),
        ("this", Response),
        ("after", Response),
        ("teardown", type(None)),
        ("appcontext", type(None)),
    ]
    assert got[0] == ("values", "view", {"name": "ada"})
    got.clear()
    assert send(app, "/bob").text == "handled"
    assert [(name, *map(type, args)) for name, *args in got][2] == ("handler", KeyError)


@proves(
    "guide/hooks",
    "teardown_request | the error or None | nothing | when the request is over",
    "teardown_appcontext | the error or None | nothing | after teardown_request, and at "
    "the end of a command",
)
@pytest.mark.parametrize("name", ["teardown_request", "teardown_appcontext"])
def test_teardown_functions_get_the_error(name: str) -> None:
    app, got = new_app(), []
    app.add_url_rule("/bug", "bug", lambda: 1 / 0)
    getattr(app, name)(got.append)
    send(app, "/bug")
    send(app)
    assert [type(error) for error in got] == [ZeroDivisionError, type(None)]


@proves(
    "guide/hooks", "A function that you register there runs for requests of the blueprint only."
)
def test_functions_of_a_blueprint_run_for_its_requests_only() -> None:
    app, blueprint, seen = new_app(), Blueprint("b", "b"), []
    blueprint.url_value_preprocessor(lambda endpoint, values: seen.append("values"))
    blueprint.before_request(lambda: seen.append("before"))
    blueprint.after_request(lambda response: seen.append("after") or response)
    blueprint.teardown_request(lambda error: seen.append("teardown"))
    blueprint.context_processor(lambda: seen.append("context") or {})
    blueprint.register_error_handler(KeyError, lambda error: seen.append("handler") or "handled")

    def view() -> str:
        render_template_string("")
        return {}["missing"]

    blueprint.add_url_rule("/own", "own", view)
    app.add_url_rule("/other", "other", view)
    app.register_blueprint(blueprint)
    assert send(app, "/other").status_code == 500
    assert send(app, "/nowhere").status_code == 404
    assert seen == []
    assert send(app, "/own").text == "handled"
    assert seen == ["values", "before", "context", "handler", "after", "teardown"]


@proves(
    "guide/hooks",
    "A blueprint also has methods with app in the name, whose functions run for every "
    "request: before_app_request, after_app_request, teardown_app_request, "
    "app_errorhandler, app_context_processor, app_url_value_preprocessor.",
)
def test_names_with_app_hold_for_every_request() -> None:
    app, blueprint, seen = new_app(), Blueprint("b", "b"), []

    @blueprint.before_app_request
    def before() -> None:
        seen.append("before")

    @blueprint.after_app_request
    def after(response: Response) -> Response:
        seen.append("after")
        return response

    @blueprint.teardown_app_request
    def teardown(error: BaseException | None) -> None:
        seen.append("teardown")

    @blueprint.app_url_value_preprocessor
    def values(endpoint: str | None, values: dict[str, Any] | None) -> None:
        seen.append("values")

    @blueprint.app_context_processor
    def context() -> dict[str, str]:
        return {"word": "everywhere"}

    @blueprint.app_errorhandler(404)
    def handler(error: NotFound) -> tuple[str, int]:
        return "from the blueprint", 404

    app.add_url_rule("/word", "word", lambda: render_template_string("{{ word }}"))
    app.register_blueprint(blueprint)
    assert send(app, "/word").text == "everywhere"
    assert seen == ["values", "before", "after", "teardown"]
    assert send(app, "/nowhere").text == "from the blueprint"


@proves(
    "guide/hooks",
    "url_value_preprocessor | the endpoint and the values from the URL | nothing | before "
    "all others",
    "before_request | nothing | None, or a response that ends the request | before the view",
    "after_this_request | the response | a response | after the view, in one request",
    "after_request | the response | a response | after the view",
    "teardown_request | the error or None | nothing | when the request is over",
    "teardown_appcontext | the error or None | nothing | after teardown_request, and at "
    "the end of a command",
    "context_processor | nothing | a dictionary | for each template",
    "A request of the test client runs all hooks.",
)
def test_all_kinds_run_in_the_order_of_the_table() -> None:
    app, seen = new_app(), []
    app.url_value_preprocessor(lambda endpoint, values: seen.append("values"))
    app.before_request(lambda: seen.append("before"))
    app.context_processor(lambda: seen.append("context") or {})
    app.teardown_appcontext(lambda error: seen.append("appcontext"))
    app.teardown_request(lambda error: seen.append("teardown"))

    @app.after_request
    def after(response: Response) -> Response:
        seen.append("after")
        return response

    @app.get("/view")
    def view() -> str:
        @after_this_request
        def this(response: Response) -> Response:
            seen.append("this")
            return response

        return render_template_string("")

    send(app, "/view")
    assert seen == ["values", "before", "context", "this", "after", "teardown", "appcontext"]
