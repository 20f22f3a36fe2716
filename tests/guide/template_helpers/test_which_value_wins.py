"""Which value wins: docs/guide/template-helpers.md."""

from __future__ import annotations

import flask
import pytest
from flask import Blueprint
from jinja2 import DictLoader

from proven.claims.proofs import proves
from snippets.hooks import template_scope
from tests.guide.template_helpers.common import new_app, on_the_page, render, send


@proves(
    "guide/template-helpers",
    "One name can come from an argument of the template, from a context processor of the "
    "blueprint, from a context processor of the application, and from a global.",
    "The first of these wins.",
    "An imported macro sees only globals, unless the import ends in with context.",
)
@pytest.mark.parametrize(
    ("path", "place"),
    [
        ("/argument", "ARGUMENT!"),
        ("/shop", "BLUEPRINT!"),
        ("/", "APPLICATION!"),
        ("/macro", "GLOBAL!"),
    ],
)
def test_the_nearest_value_wins(path: str, place: str) -> None:
    assert send(template_scope.app, path).text == place


@proves(
    "guide/template-helpers",
    "An imported macro sees only globals, unless the import ends in with context.",
)
def test_a_macro_imported_with_context_sees_context_processors() -> None:
    template = '{% from "macros.html" import where with context %}{{ where() }}'
    assert render(template_scope.app, template) == "APPLICATION!"


@proves(
    "guide/template-helpers",
    "context_processor exists on a blueprint too.",
    "It runs for templates that a view of the blueprint renders, wherever the template is stored.",
)
def test_the_view_decides_which_context_processors_run_and_not_the_template() -> None:
    app, shop = new_app(), Blueprint("shop", "shop")
    app.jinja_loader = DictLoader({"page.html": "{{ place }}"})
    shop.context_processor(lambda: {"place": "shop"})
    shop.add_url_rule("/shop", "shop", lambda: flask.render_template("page.html"))
    app.add_url_rule("/other", "other", lambda: flask.render_template("page.html"))
    app.register_blueprint(shop)
    assert [send(app, path).text for path in ("/shop", "/other")] == ["shop", ""]


@proves(
    "guide/template-helpers",
    "A context processor returned None.",
    "It has to return a dictionary; if there is nothing to add, return an empty one.",
)
def test_a_context_processor_without_return_is_a_type_error() -> None:
    app = new_app()
    app.context_processor(lambda: None)  # type: ignore[arg-type, return-value]
    with pytest.raises(TypeError) as caught:
        render(app, "")
    assert str(caught.value) == on_the_page("'NoneType' object is not iterable")
