"""Static files: docs/guide/blueprint-files.md."""

from __future__ import annotations

from flask import Blueprint

from proven.claims.proofs import proves
from snippets.blueprints import static_files
from tests.guide.blueprints.common import new_app, rules, send


@proves(
    "guide/blueprint-files",
    "static_folder adds a route static to the blueprint.",
    "Its URL is the prefix and the name of the folder, or the prefix and static_url_path.",
    '"static" is always the application\'s folder, ".static" the blueprint\'s own.',
)
def test_one_folder_has_three_addresses() -> None:
    css = "body { color: darkgreen }\n"
    for path in ("/shop/static/shop.css", "/shop-files/shop.css"):
        got = send(static_files.app, path)
        assert (got.text, got.mimetype) == (css, "text/css")
    assert send(static_files.app, "/shop/").json == [
        "/static/shop.css",
        "/shop/static/shop.css",
        "/shop-files/shop.css",
        "/static/shop.css",
    ]


@proves(
    "guide/blueprint-files",
    "The blueprint has no prefix, so its files have the same URLs as those of the "
    "application, and Flask searches only the folder of the application.",
)
def test_static_files_without_a_prefix_are_hidden_by_those_of_the_application() -> None:
    endpoints = [
        r.endpoint for r in static_files.app.url_map.iter_rules() if r.rule[1:7] == "static"
    ]
    assert endpoints == ["static", "hidden.static"]
    assert send(static_files.app, "/static/shop.css").status_code == 404


def test_an_application_without_static_files_does_not_hide_them() -> None:
    assert send(new_app(static_files.hidden), "/static/shop.css").status_code == 200


@proves(
    "guide/blueprint-files",
    "Its URL is the prefix and the name of the folder, or the prefix and static_url_path.",
)
def test_static_url_path_comes_after_the_prefix() -> None:
    blueprint = Blueprint(
        "b", __name__, static_folder=".", static_url_path="/files", url_prefix="/p"
    )
    assert rules(new_app(blueprint)) == {"b.static": "/p/files/<path:filename>"}


@proves(
    "guide/blueprint-files",
    "flask.Blueprint.open_resource() opens a file beside the module for reading.",
)
def test_open_resource_opens_a_file_beside_the_module() -> None:
    with static_files.shop.open_resource("shop/static/shop.css", "r") as file:
        assert file.read() == "body { color: darkgreen }\n"
