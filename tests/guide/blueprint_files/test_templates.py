"""Templates: docs/guide/blueprint-files.md."""

from __future__ import annotations

import logging
import re
from pathlib import Path

import pytest
from flask import Blueprint, Flask, render_template
from jinja2 import TemplateNotFound

from proven.claims.proofs import proves
from snippets.blueprints import which_template
from tests.guide.blueprints.common import HERE, new_app, on_the_page, send


@proves(
    "guide/blueprint-files",
    "template_folder adds a folder to those in which Flask looks for a template.",
    "The blog gets front.html of the shop.",
    "Flask looks in the folder of the application first, then in those of the blueprints "
    "in the order in which they were registered, and uses the first file of that name.",
    "It makes no difference which view renders the template.",
    "So create a folder with the name of the blueprint inside its template folder, as "
    "with blog/entry.html:",
    "Because of this order, an application can replace a template of a blueprint with a "
    "file of the same name.",
    "Here it has its own shop/item.html.",
)
@pytest.mark.parametrize(
    ("path", "template"),
    [
        ("/shop/", "front.html of the shop"),
        ("/blog/", "front.html of the shop"),
        ("/blog/entry", "blog/entry.html of the blog"),
        ("/shop/item", "shop/item.html of the application"),
    ],
)
def test_the_application_wins_and_then_the_blueprint_registered_first(
    path: str, template: str
) -> None:
    assert send(which_template.app, path).text == f"<p>{template}</p>"
    assert (HERE / "shop/templates/shop/item.html").read_text() == (
        "<p>shop/item.html of the shop</p>\n"
    )


@proves(
    "guide/blueprint-files",
    "Flask looks in the folder of the application first, then in those of the blueprints "
    "in the order in which they were registered, and uses the first file of that name.",
)
def test_the_order_of_registration_decides() -> None:
    app = Flask("b", template_folder=None)
    app.register_blueprint(which_template.blog)
    app.register_blueprint(which_template.shop)
    for path in ("/shop/", "/blog/"):
        assert send(app, path).text == "<p>front.html of the blog</p>"


@proves(
    "guide/blueprint-files",
    "The path is relative to the folder of the module that __name__ names.",
    "If the blueprint is a module in the package of the application, "
    'template_folder="templates" is the folder of the application.',
)
def test_a_template_folder_counts_from_the_folder_of_the_module() -> None:
    assert Path(which_template.shop.root_path) == HERE
    in_a_package = Blueprint("b", "snippets.blueprints.notebook.notes")
    assert Path(in_a_package.root_path) == HERE / "notebook"
    assert Path(Blueprint("b", "snippets.blueprints.notebook").root_path) == HERE / "notebook"


@proves(
    "guide/blueprint-files",
    "Two files have the same name.",
    "EXPLAIN_TEMPLATE_LOADING logs each folder that was searched, and Warning: multiple "
    "loaders returned a match for the template. if more than one of them has the file.",
)
def test_explain_template_loading_tells_of_two_files_of_one_name(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    app = Flask("snippets.blueprints.which_template")
    for blueprint in (which_template.shop, which_template.blog):
        app.register_blueprint(blueprint)
    app.config["EXPLAIN_TEMPLATE_LOADING"] = True
    with caplog.at_level(logging.INFO, app.logger.name):
        assert send(app, "/blog/").text == "<p>front.html of the shop</p>"
    (said,) = caplog.messages
    assert on_the_page("Warning: multiple loaders returned a match for the template.") in said
    searched = re.findall(r"trying loader of (\w+ '[\w.]+')", said)
    assert searched == [
        "application 'snippets.blueprints.which_template'",
        "blueprint 'shop'",
        "blueprint 'blog'",
    ]


@proves(
    "guide/blueprint-files",
    "The blueprint has no template_folder, or a wrong one: Flask raises no error for a "
    "folder that does not exist.",
)
@pytest.mark.parametrize("folder", [None, "nowhere"])
def test_without_the_right_folder_the_template_is_not_found(folder: str | None) -> None:
    blueprint = Blueprint("b", "snippets.blueprints.which_template", template_folder=folder)
    blueprint.add_url_rule("/", "index", lambda: render_template("blog/entry.html"))
    app = new_app(blueprint)
    app.testing = True
    with pytest.raises(TemplateNotFound) as caught:
        send(app)
    assert f"jinja2.exceptions.TemplateNotFound: {caught.value}" == on_the_page(
        "jinja2.exceptions.TemplateNotFound: blog/entry.html"
    )
    assert TemplateNotFound.__module__ == "jinja2.exceptions"
