"""Methods, with HEAD and OPTIONS."""

import os
import subprocess
import sys

import pytest
from flask import Flask, request

from proven.claims.proofs import proves
from snippets.routing import (
    automatic_methods,
    methods,
    smallest,
)
from tests.guide.routing.helpers import ALLOWED, ROOT, new_app, on_the_page, send, view


@proves("guide/routing", "Two functions may have the same path if their methods differ.")
def test_one_path_leads_to_two_functions_by_method() -> None:
    client = methods.create_app().test_client()
    assert client.get("/notes").json == ["milk"]
    added = client.post("/notes", data={"text": "bread"})
    assert (added.status_code, added.json) == (201, ["milk", "bread"])
    assert client.get("/notes").json == ["milk", "bread"]


@proves("guide/routing", "Each function has a different endpoint.")
def test_the_two_functions_have_an_endpoint_each() -> None:
    app = methods.create_app()
    assert [rule.endpoint for rule in app.url_map.iter_rules() if rule.rule == "/notes"] == [
        "list_notes",
        "add_note",
    ]


@proves("guide/routing", "By default a route accepts GET.")
def test_a_route_answers_get_alone_unless_it_names_others() -> None:
    assert send(smallest.app, "/", "POST").status_code == 405
    app = methods.create_app()
    assert [send(app, "/login", method).json for method in ("GET", "POST")] == [
        {"method": "GET"},
        {"method": "POST"},
    ]


@proves(
    "guide/routing",
    "get(), post(), put(), patch() and delete() register a route for one method each.",
)
@pytest.mark.parametrize("name", ["get", "post", "put", "patch", "delete"])
def test_each_shortcut_names_one_method(name: str) -> None:
    app = new_app()
    getattr(app, name)("/x", provide_automatic_options=False)(view)
    rule = next(app.url_map.iter_rules("view"))
    assert rule.methods == {name.upper()} | ({"HEAD"} if name == "get" else set())


def test_there_is_no_shortcut_for_other_methods() -> None:
    assert not any(hasattr(Flask, name) for name in ("head", "options", "trace"))


@proves("guide/routing", "For several methods, pass a list to route, in upper or lower case.")
def test_the_case_of_a_method_does_not_matter() -> None:
    app = new_app()
    app.add_url_rule("/x", view_func=view, methods=["post", "Put"])
    assert [send(app, "/x", method).status_code for method in ("POST", "PUT")] == [200, 200]


@proves(
    "guide/routing", 'methods="POST" is a string, not a list of strings; write methods=["POST"].'
)
def test_methods_as_a_string_are_refused() -> None:
    message = on_the_page(
        'Allowed methods must be a list of strings, for example: @app.route(..., methods=["POST"])'
    )
    with pytest.raises(TypeError) as caught:
        new_app().route("/save", methods="POST")(view)
    assert str(caught.value) == message


@proves("guide/routing", "The shortcuts do not accept methods: use route for that.")
def test_a_shortcut_takes_no_methods() -> None:
    message = on_the_page("Use the 'route' decorator to use the 'methods' argument.")
    with pytest.raises(TypeError) as caught:
        new_app().post("/save", methods=["PUT"])
    assert str(caught.value) == message


@proves(
    "guide/routing",
    'For a HEAD request Flask calls the view as for GET; request.method is "HEAD".',
    "The response keeps its headers, including Content-Length, but has no body.",
)
def test_head_runs_the_view_and_sends_the_headers_without_the_body() -> None:
    answer = send(automatic_methods.app, "/report", "HEAD")
    assert (answer.status_code, answer.data) == (200, b"")
    assert answer.headers["X-View-Ran"] == "HEAD"
    assert answer.content_length == len(send(automatic_methods.app, "/report").data) == 12


@proves("guide/routing", "A rule that accepts GET accepts HEAD too.")
def test_a_rule_without_get_has_no_head() -> None:
    assert send(methods.create_app(), "/notes", "HEAD").status_code == 200
    app = new_app()
    app.post("/x")(view)
    assert send(app, "/x", "HEAD").status_code == 405


@proves(
    "guide/routing",
    "Flask also adds OPTIONS to each rule and responds to it for you.",
    "For an OPTIONS request Flask does not call the view.",
    "The response body is empty.",
)
def test_options_is_answered_without_the_view() -> None:
    answer = send(automatic_methods.app, "/report", "OPTIONS")
    assert (answer.status_code, answer.data) == (200, b"")
    assert set(answer.allow) == ALLOWED
    assert "X-View-Ran" not in answer.headers


@proves(
    "guide/routing",
    "The header Allow lists the methods of all rules for that path, in no fixed order:",
)
def test_allow_lists_the_methods_of_all_rules_for_the_path() -> None:
    answer = send(methods.create_app(), "/notes", "OPTIONS")
    assert set(answer.allow) == {"GET", "HEAD", "OPTIONS", "POST"}


@proves(
    "guide/routing",
    "The header Allow lists the methods of all rules for that path, in no fixed order:",
)
def test_the_order_of_allow_changes_from_process_to_process() -> None:
    code = (
        "from snippets.routing.automatic_methods import app;"
        "print(app.test_client().options('/report').headers['Allow'])"
    )
    orders: set[str] = set()
    for seed in range(20):
        done = subprocess.run(
            [sys.executable, "-c", code],
            cwd=ROOT,
            env=os.environ | {"PYTHONHASHSEED": str(seed)},
            capture_output=True,
            text=True,
            check=True,
        )
        orders.add(done.stdout.strip())
        if len(orders) > 1:
            break
    assert len(orders) == 2
    assert {frozenset(order.split(", ")) for order in orders} == {frozenset(ALLOWED)}


@proves(
    "guide/routing",
    "Functions registered with before_request() run before that.",
    "If one of them requires a login, it also refuses the CORS preflight of a browser, "
    "because a preflight is an OPTIONS request without credentials.",
)
def test_before_request_runs_before_an_automatic_options() -> None:
    app = new_app()
    app.get("/x")(view)
    app.before_request(lambda: None if request.authorization else ("log in", 401))
    assert send(app, "/x", "OPTIONS").status_code == 401


@proves("guide/routing", "To respond to OPTIONS in your view, list it in methods.")
def test_options_in_methods_is_answered_by_the_view() -> None:
    answer = send(automatic_methods.app, "/by-hand", "OPTIONS")
    assert (answer.status_code, answer.headers["Allow"]) == (204, "GET, HEAD, OPTIONS")
    assert answer.headers["X-View-Ran"] == "OPTIONS"
    answer = send(automatic_methods.app, "/by-hand")
    assert (answer.status_code, answer.text) == (200, "Handled by hand")


@proves(
    "guide/routing",
    "To turn OPTIONS off for one rule, pass provide_automatic_options=False; Flask then "
    "responds with 405.",
)
def test_provide_automatic_options_off_refuses_options() -> None:
    answer = send(automatic_methods.app, "/refused", "OPTIONS")
    assert (answer.status_code, set(answer.allow)) == (405, {"GET", "HEAD"})
    assert send(automatic_methods.app, "/refused").text == "No OPTIONS here"


@proves(
    "guide/routing",
    "To turn it off for all rules, set PROVIDE_AUTOMATIC_OPTIONS to False before you add "
    "the first route (…).",
)
def test_the_configuration_key_refuses_options_for_routes_added_after_it() -> None:
    app = new_app()
    app.get("/before", endpoint="before")(view)
    app.config["PROVIDE_AUTOMATIC_OPTIONS"] = False
    app.get("/after", endpoint="after")(view)
    assert send(app, "/before", "OPTIONS").status_code == 200
    assert send(app, "/after", "OPTIONS").status_code == 405
