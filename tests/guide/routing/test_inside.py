"""How routing works inside."""

from typing import Any

import pytest
from flask import request
from werkzeug.exceptions import MethodNotAllowed
from werkzeug.routing import (
    Map,
    MapAdapter,
    RequestRedirect,
    Rule,
)

from proven.claims.proofs import proves
from snippets.routing import (
    inspecting,
    smallest,
)
from tests.guide.routing.helpers import new_app, send, view


@proves(
    "guide/routing",
    "app.url_map is a werkzeug.routing.Map of Rule objects, and app.view_functions maps "
    "endpoints to functions.",
)
def test_the_map_holds_rules_and_the_application_holds_functions() -> None:
    app = smallest.app
    assert isinstance(app.url_map, Map)
    assert all(isinstance(rule, Rule) for rule in app.url_map.iter_rules())
    assert app.view_functions["note"] is smallest.note


@proves(
    "guide/routing",
    "The result is a MapAdapter, whose method match finds the endpoint and whose method "
    "build builds a URL:",
)
def test_an_adapter_matches_and_builds() -> None:
    adapter = smallest.app.url_map.bind("example.com")
    assert isinstance(adapter, MapAdapter)
    assert adapter.match("/notes/41") == ("note", {"number": 41})
    assert adapter.build("note", {"number": 41}) == "/notes/41"
    with pytest.raises(MethodNotAllowed):
        adapter.match("/notes/41", method="POST")


@proves(
    "guide/requests", "endpoint, view_args, url_rule, routing_exception | the result of routing"
)
@proves(
    "guide/url-matching",
    "Flask stores the result on the request before it calls your functions: "
    "flask.Request.url_rule, flask.Request.endpoint and flask.Request.view_args.",
    "If no rule matched, they are None, and flask.Request.routing_exception holds the "
    "404, 405 or 308.",
    "Flask raises that exception only after the before_request functions, so these run "
    "for unknown URLs too and can respond to them.",
)
@pytest.mark.parametrize(
    ("method", "path", "expected"),
    [
        ("GET", "/notes/3", ["note", "/notes/<int:number>", {"number": 3}, "NoneType"]),
        ("GET", "/nowhere", [None, "None", None, "NotFound"]),
        ("POST", "/notes/3", [None, "None", None, "MethodNotAllowed"]),
    ],
)
def test_before_request_sees_what_routing_found(
    method: str, path: str, expected: list[Any]
) -> None:
    answer = send(inspecting.app, f"{path}?explain", method)
    names = ("endpoint", "rule", "values", "exception")
    assert (answer.status_code, [answer.json[name] for name in names]) == (200, expected)


def test_without_an_answer_from_before_request_routing_goes_on() -> None:
    assert send(inspecting.app, "/notes/3").text == "Note 3"
    assert send(inspecting.app, "/nowhere").status_code == 404


def test_before_request_sees_a_redirect_from_routing() -> None:
    seen: list[object] = []
    app = new_app()
    app.get("/folder/")(view)
    app.before_request(lambda: seen.append(type(request.routing_exception)))
    assert send(app, "/folder").status_code == 308
    assert seen == [RequestRedirect]
