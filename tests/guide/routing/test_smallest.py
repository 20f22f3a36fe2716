"""The smallest application, and the two ways to add a rule."""

from typing import Any

import pytest
from flask import Flask

from proven.claims.proofs import proves
from snippets.routing import (
    chinese_urls,
    decorator_order,
    doubled_slashes,
    smallest,
    two_ways,
)
from tests.guide.routing.helpers import new_app, send, view


@proves(
    "guide/routing",
    "Routing decides which function handles a request.",
    "Flask compares the method and the path of the request with the rules of the "
    "application and calls the view function of the rule that matches.",
)
def test_a_fixed_path_leads_to_its_view() -> None:
    assert send(smallest.app, "/").text == "Front page"


@proves(
    "guide/routing", "Flask passes its text to the function as a keyword argument of the same name."
)
def test_a_variable_arrives_as_a_keyword_argument() -> None:
    assert send(smallest.app, "/users/阿达").text == "Profile of 阿达"


@proves("guide/routing", "<name> matches one segment of the path, the text between two slashes.")
def test_a_string_variable_takes_one_segment_whatever_is_in_it() -> None:
    assert send(smallest.app, "/users/a.b-c;d,e").text == "Profile of a.b-c;d,e"
    assert send(smallest.app, "/users/a/b").status_code == 404
    assert send(smallest.app, "/users/").status_code == 404


@pytest.mark.parametrize(
    ("app", "path"),
    [
        (smallest.app, "/users/<b>"),
        (doubled_slashes.app, "/fetch/<b>"),
        (chinese_urls.app, "/标签/<b>/"),
        (chinese_urls.app, "/files/<b>"),
        (chinese_urls.app, "/trees/<b>"),
    ],
)
def test_text_from_the_url_is_escaped(app: Flask, path: str) -> None:
    answer = send(app, path)
    assert (answer.status_code, answer.mimetype) == (200, "text/html")
    assert "&lt;b&gt;" in answer.text
    assert "<b>" not in answer.text


@proves(
    "guide/routing",
    "<int:number> matches only digits, and the view receives an int.",
    "/notes/one therefore returns 404, and the view is not called.",
)
def test_an_int_variable_is_an_int_and_takes_digits_only() -> None:
    assert send(smallest.app, "/notes/41").text == "Note 41, the next one is 42"
    assert send(smallest.app, "/notes/one").status_code == 404
    assert send(smallest.app, "/notes/-1").status_code == 404


@proves("guide/routing", "You can use either.", "These two routes differ only in their names:")
def test_the_decorator_and_add_url_rule_make_the_same_rule() -> None:
    login, logout = (
        next(two_ways.app.url_map.iter_rules(endpoint)) for endpoint in ("login", "logout")
    )
    assert (login.rule, logout.rule) == ("/login", "/logout")
    assert login.methods == logout.methods == {"GET", "HEAD", "OPTIONS", "POST"}
    assert login.get_empty_kwargs() | {"endpoint": ""} == logout.get_empty_kwargs() | {
        "endpoint": ""
    }


def test_both_ways_answer() -> None:
    assert send(two_ways.app, "/login", "POST").text == "Log in"
    assert send(two_ways.app, "/logout", "POST").text == "Log out"


@proves(
    "guide/routing", "flask.Flask.route() is a decorator that calls flask.Flask.add_url_rule()."
)
def test_route_calls_add_url_rule() -> None:
    calls: list[tuple[Any, ...]] = []

    class Recorder(Flask):
        def add_url_rule(self, *args: Any, **options: Any) -> None:
            calls.append((*args, options))

    app = Recorder("recorder", static_folder=None)
    app.route("/x", methods=["PUT"])(view)
    assert calls == [("/x", None, view, {"methods": ["PUT"]})]


@proves(
    "guide/routing",
    "route returns the function unchanged.",
    "route registers the function that it receives.",
)
def test_route_gives_the_function_back_unchanged() -> None:
    app = new_app()
    assert app.route("/x")(view) is view
    assert two_ways.login() == "Log in"


@proves(
    "guide/routing",
    "You can put several routes on one function, and you can still call the function yourself.",
)
def test_one_function_may_have_several_routes() -> None:
    app = new_app()
    app.route("/a")(app.route("/b")(view))
    assert [send(app, path).status_code for path in ("/a", "/b")] == [200, 200]


@proves("guide/routing", "Write @app.route as the topmost decorator.")
def test_a_guard_below_route_guards() -> None:
    app = decorator_order.app
    assert send(app, "/accounts").status_code == 401
    assert send(app, "/accounts", auth=("ada", "secret")).text == "For members"


@proves(
    "guide/routing",
    "If another decorator stands above @app.route, Flask registers the function before "
    "that decorator wraps it, so requests bypass the decorator.",
)
def test_a_guard_above_route_guards_nothing() -> None:
    app = decorator_order.app
    answer = send(app, "/salaries")
    assert (answer.status_code, answer.text) == (200, "For members")
    # the name in the module is guarded, the function that Flask knows is not
    assert app.view_functions["salaries"] is not decorator_order.salaries
    assert app.view_functions["accounts"] is decorator_order.accounts
