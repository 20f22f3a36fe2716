"""Blueprints: docs/guide/templates.md."""

from __future__ import annotations

from pathlib import Path

from flask import Blueprint, render_template

from proven.claims.proofs import proves
from snippets.templates import blueprint_layout
from tests.guide.templates.common import folder_app, get, lines


@proves(
    "guide/templates",
    "A page of a blueprint extends the layout of the application by its name, like every "
    "other page.",
    "The name of a template is not relative to the blueprint, so the folder of the "
    "blueprint contains a folder admin/.",
)
def test_a_page_of_a_blueprint_in_the_layout_of_the_application() -> None:
    assert lines(blueprint_layout.app, "/")[2] == '<nav><a href="/">All</a></nav>'
    assert lines(blueprint_layout.app, "/admin/")[2:] == [
        '<nav><a href="/">All</a> <a href="/admin/">Admin</a></nav>',
        "<main><p>All is well.</p></main>",
    ]


@proves(
    "guide/templates",
    "The endpoint .dashboard is not relative to the template either, but to the blueprint "
    "of the request.",
    "Views of the application use the layout too, so its links are written without the dot.",
)
def test_a_dot_in_the_layout_looks_at_the_request(tmp_path: Path) -> None:
    app = folder_app(tmp_path, {"layout.html": "{{ url_for('.index') }}"})
    blueprint = Blueprint("admin", "x", url_prefix="/admin")
    for scaffold in (app, blueprint):
        scaffold.add_url_rule("/", "index", lambda: render_template("layout.html"))
    app.register_blueprint(blueprint)
    assert (get(app, "/"), get(app, "/admin/")) == ("/", "/admin/")
