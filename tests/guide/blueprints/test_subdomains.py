"""Subdomains: docs/guide/blueprints.md."""

from __future__ import annotations

import pytest
from flask import Blueprint, Flask

from proven.claims.proofs import proves
from snippets.blueprints import subdomains
from tests.guide.blueprints.common import answer, send


@proves(
    "guide/blueprints",
    "The subdomains of nested blueprints are joined, with the inner one first.",
    "subdomain sets the subdomain of all routes of a blueprint, including its static files.",
)
@pytest.mark.parametrize(
    ("host", "path", "status", "text"),
    [
        ("admin.example.com:5000", "/", 200, "http://ada.example.com:5000/"),
        ("api.admin.example.com:5000", "/v1/notes", 200, '["milk"]\n'),
        ("ada.example.com:5000", "/", 200, "Pages of ada"),
        ("example.com:5000", "/", 404, None),
        ("api.example.com:5000", "/v1/notes", 404, None),
    ],
)
def test_a_blueprint_answers_on_its_subdomain_and_nested_ones_in_front_of_it(
    host: str, path: str, status: int, text: str | None
) -> None:
    got = send(subdomains.create_app(), path, base_url=f"http://{host}")
    assert got.status_code == status
    assert text in (got.text, None)


@proves(
    "guide/blueprints",
    "subdomain sets the subdomain of all routes of a blueprint, including its static files.",
)
def test_static_files_are_on_the_subdomain_too() -> None:
    app = Flask("b", static_folder=None, subdomain_matching=True)
    app.config["SERVER_NAME"] = "example.com"
    app.register_blueprint(Blueprint("b", __name__, subdomain="shop", static_folder="."))
    (rule,) = app.url_map.iter_rules()
    assert (rule.endpoint, rule.subdomain) == ("b.static", "shop")


@proves(
    "guide/blueprints",
    "With host matching, each route of the blueprint takes host=.",
    "The blueprint itself has no such parameter.",
)
def test_with_host_matching_each_route_takes_a_host() -> None:
    app = Flask("b", static_folder=None, host_matching=True)
    blueprint = Blueprint("b", __name__)
    blueprint.add_url_rule("/", "index", answer, host="example.com")
    app.register_blueprint(blueprint)
    assert send(app, base_url="http://example.com").text == "b.index"
    assert send(app, base_url="http://example.org").status_code == 404
    with pytest.raises(TypeError, match="unexpected keyword argument 'host'"):
        Blueprint("b", __name__, host="example.com")  # type: ignore[call-arg]
