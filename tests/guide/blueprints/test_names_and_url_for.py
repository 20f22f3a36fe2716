"""Names and url_for: docs/guide/blueprints.md."""

from __future__ import annotations

import pytest
from flask import Blueprint, render_template_string, request, url_for
from werkzeug.routing import BuildError

from proven.claims.proofs import proves
from snippets.blueprints import url_names
from tests.guide.blueprints.common import (
    PAGE,
    answer,
    error_of,
    new_app,
    new_blueprint,
    on_the_page,
    send,
)


@proves(
    "guide/blueprints",
    "Each endpoint of a blueprint begins with the name of the blueprint and a dot.",
    '"index" | the application\'s index, everywhere',
    '".index" | index of the blueprint of the request; index of the application if there is none',
    '"notes.index" | index of the blueprint notes, everywhere',
    "The dot refers to the blueprint of the request, not to the file.",
)
@pytest.mark.parametrize(
    ("path", "relative"), [("/", "/"), ("/notes/", "/notes/"), ("/tags/", "/tags/")]
)
def test_a_dot_means_the_blueprint_of_the_request(path: str, relative: str) -> None:
    links = {"index": "/", ".index": relative, "notes.index": "/notes/"}
    assert send(url_names.app, path).json == links


@proves(
    "guide/blueprints",
    "A template that two blueprints render contains links of the blueprint that renders it.",
)
def test_a_template_of_two_blueprints_gets_the_links_of_the_one_that_renders_it() -> None:
    app, source = new_app(), "{{ url_for('.index') }}"
    for name in ("notes", "tags"):
        blueprint = new_blueprint(name, url_prefix=f"/{name}")
        blueprint.add_url_rule("/link", "link", lambda: render_template_string(source))
        app.register_blueprint(blueprint)
    assert [send(app, f"/{name}/link").text for name in ("notes", "tags")] == ["/notes/", "/tags/"]


@proves(
    "guide/blueprints",
    "A request for an unknown URL has no blueprint, so .index on an error page means "
    "index of the application.",
    '".index" | index of the blueprint of the request; index of the application if there is none',
)
def test_on_the_error_page_of_an_unknown_url_the_dot_means_the_application() -> None:
    app = new_app(new_blueprint(url_prefix="/notes"))
    app.add_url_rule("/", "index", answer)
    app.register_error_handler(404, lambda error: (url_for(".index"), 404))
    assert send(app, "/notes/unknown").text == "/"


@proves(
    "guide/blueprints",
    "flask.Request.blueprint is the name of the blueprint of the request, and "
    "flask.Request.endpoint begins with it.",
)
def test_the_request_knows_its_blueprint_and_endpoint() -> None:
    app = new_app(new_blueprint(url_prefix="/notes"))
    with app.test_request_context("/notes/"):
        assert (request.blueprint, request.endpoint) == ("notes", "notes.index")
    with app.test_request_context("/notes/unknown"):
        assert (request.blueprint, request.endpoint) == (None, None)


@proves(
    "guide/blueprints",
    "The name of the blueprint is missing.",
    'A view of the blueprint needs it too: write "notes.index", or ".index" in the '
    "blueprint itself.",
    'The same holds for {{ url_for("index") }} in a template.',
)
@pytest.mark.parametrize("path", ["/", "/notes/"])
def test_without_the_name_of_the_blueprint_there_is_no_such_endpoint(path: str) -> None:
    app = new_app(new_blueprint(url_prefix="/notes"))
    message = on_the_page(
        "Could not build url for endpoint 'index'. Did you mean 'notes.index' instead?"
    )
    with app.test_request_context(path):
        assert error_of(lambda: url_for("index")) == f"BuildError: {message}"
        in_template = error_of(lambda: render_template_string('{{ url_for("index") }}'))
        assert in_template == f"BuildError: {message}"
    assert "BuildError: Could" in PAGE
    assert issubclass(BuildError, LookupError)


@proves(
    "guide/blueprints",
    "The dot separates the name from the endpoint, so neither may contain one.",
    "For an endpoint the message is ValueError: 'endpoint' may not contain a dot '.' "
    "character. For an empty name it is ValueError: 'name' may not be empty.",
    "That raises a ValueError now.",
)
def test_neither_a_name_nor_an_endpoint_has_a_dot() -> None:
    dot = on_the_page("ValueError: 'name' may not contain a dot '.' character.")
    assert error_of(lambda: Blueprint("shop.cart", __name__)) == dot
    none = on_the_page("ValueError: 'name' may not be empty.")
    assert error_of(lambda: Blueprint("", __name__)) == none
    endpoint = on_the_page("ValueError: 'endpoint' may not contain a dot '.' character.")
    blueprint = Blueprint("b", __name__)
    assert error_of(lambda: blueprint.add_url_rule("/", "a.b", answer)) == endpoint
