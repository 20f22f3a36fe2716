"""Loading: docs/guide/templates.md."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest
from flask import Blueprint, Flask
from jinja2 import PackageLoader, TemplateNotFound

from proven.claims.proofs import proves
from snippets.templates import loaders
from tests.guide.templates.common import folder_app, get, rendered, write


@proves(
    "guide/templates",
    "Flask(__name__) looks for templates in the folder templates beside the module that "
    "__name__ names.",
    "The argument template_folder= names another folder.",
)
def test_the_folder_is_beside_the_module_or_the_one_that_is_named(tmp_path: Path) -> None:
    app = folder_app(tmp_path, {"a.html": "a"})
    assert rendered(app, "a.html") == "a"
    write(tmp_path / "pages", {"a.html": "other"})
    assert rendered(Flask("x", root_path=str(tmp_path), template_folder="pages"), "a.html") == (
        "other"
    )


@proves(
    "guide/templates",
    "After that, Flask looks into the folders of the blueprints.",
    "The first file of that name is used.",
    "Its loader tries jinja_loader of the application, and then that of each blueprint.",
)
def test_the_application_comes_before_the_blueprints_and_they_in_order(tmp_path: Path) -> None:
    app = folder_app(tmp_path, {"a.html": "application"})
    for name, files in (("one", ("a", "b")), ("two", ("a", "b", "c"))):
        write(tmp_path / name, {f"{file}.html": name for file in files})
        blueprint = Blueprint(name, "x", root_path=str(tmp_path), template_folder=name)
        app.register_blueprint(blueprint)
    found = [rendered(app, f"{name}.html") for name in "abc"]
    assert found == ["application", "one", "two"]


@proves(
    "guide/templates",
    "A name is always relative to the folder.",
    "The separator is / on every system: notes\\row.html is not found.",
    "A name with .. is not found either.",
    "The name repeats the folder: templates/index.html.",
    "The name contains \\.",
)
@pytest.mark.parametrize(
    "name",
    ["../templates/a.html", "notes/../a.html", "templates/a.html", "notes\\row.html"],
)
def test_a_name_counts_from_the_folder(tmp_path: Path, name: str) -> None:
    app = folder_app(tmp_path, {"a.html": "a", "notes/row.html": "row"})
    with pytest.raises(TemplateNotFound) as caught:
        rendered(app, name)
    assert str(caught.value) == name
    assert rendered(app, "notes/row.html") == "row"


@proves(
    "guide/templates",
    "The case differs: Index.html works on a file system that ignores case, and fails on Linux.",
)
def test_whether_case_matters_is_a_matter_of_the_file_system(tmp_path: Path) -> None:
    app = folder_app(tmp_path, {"index.html": "a"})
    if (tmp_path / "templates/Index.html").exists():
        assert sys.platform != "linux"
        assert rendered(app, "Index.html") == "a"
    else:
        with pytest.raises(TemplateNotFound):
            rendered(app, "Index.html")


@proves(
    "guide/templates",
    "The folder is called template, or it is beside the package instead of inside it.",
)
@pytest.mark.parametrize("folder", ["package/template", "templates"])
def test_a_folder_of_another_name_or_beside_the_package_is_not_searched(
    tmp_path: Path, folder: str
) -> None:
    write(tmp_path / folder, {"index.html": "a"})
    app = Flask("package", root_path=str(tmp_path / "package"))
    with pytest.raises(TemplateNotFound, match=r"^index\.html$"):
        rendered(app, "index.html")


@proves(
    "guide/templates",
    "A template in notes/ that includes another file of notes/ writes the whole name, "
    "notes/row.html.",
    "A file of the same folder is included without the name of the folder.",
)
def test_a_neighbour_is_named_with_its_folder(tmp_path: Path) -> None:
    files = {
        "notes/row.html": "row",
        "notes/short.html": "{% include 'row.html' %}",
        "notes/whole.html": "{% include 'notes/row.html' %}",
    }
    app = folder_app(tmp_path, files)
    assert rendered(app, "notes/whole.html") == "row"
    with pytest.raises(TemplateNotFound, match=r"^row\.html$"):
        rendered(app, "notes/short.html")


@proves(
    "guide/templates",
    "You can replace the folder by a loader:",
    "jinja2.FileSystemLoader | a folder, or several in order",
    "jinja2.DictLoader | a dictionary",
    "jinja2.ChoiceLoader | the first of several loaders that has it",
    "jinja2.PrefixLoader | the loader whose prefix the name begins with",
)
def test_loaders_of_ones_own() -> None:
    assert get(loaders.app, "/banner") == "<p>Closed today</p>"
    assert get(loaders.app, "/mail/Ada") == "Hello Ada"
    assert get(loaders.app, "/pages/about") == '<p class="theme">about</p>'
    # what the theme lacks comes from the second folder
    assert "<h1>Note 7</h1>" in rendered(loaders.app, "note.html", number=7)


@proves("guide/templates", "jinja2.PackageLoader | a folder of an installed package")
def test_a_package_has_templates_too() -> None:
    app = Flask("other", template_folder=None)
    app.jinja_loader = PackageLoader("snippets.templates", "templates")
    assert "<h1>Note 7</h1>" in rendered(app, "note.html", number=7)


@proves(
    "guide/templates",
    "render_template also takes a list of names and uses the first template that exists.",
)
def test_a_list_uses_the_first_that_is_there(tmp_path: Path) -> None:
    app = folder_app(tmp_path, {"b.html": "b", "c.html": "c"})
    assert rendered(app, ["a.html", "b.html", "c.html"]) == "b"


@proves(
    "guide/templates",
    "Jinja compiles a template once and keeps the result.",
    "In debug mode it checks the file before each use, and compiles it again if it has changed.",
    "TEMPLATES_AUTO_RELOAD does the same without debug mode.",
    "Without debug mode, Flask reads a template once.",
    "Set TEMPLATES_AUTO_RELOAD, or restart.",
)
@pytest.mark.parametrize("seen", [False, True])
@pytest.mark.parametrize("by", ["debug", "key"])
def test_a_change_is_seen_in_debug_mode_or_with_the_key(
    tmp_path: Path, by: str, seen: bool
) -> None:
    app = folder_app(tmp_path, {"a.html": "old"})
    if by == "debug":
        app.debug = seen
    else:
        app.config["TEMPLATES_AUTO_RELOAD"] = seen
    assert rendered(app, "a.html") == "old"
    change(tmp_path / "templates/a.html", "new")
    assert rendered(app, "a.html") == ("new" if seen else "old")


def change(file: Path, text: str) -> None:
    """Write ``text``, at another time than before."""
    file.write_text(text)
    os.utime(file, (1, 1))


@proves(
    "guide/templates",
    "Set this key before the environment of Jinja is created, because it is read at that moment.",
)
def test_the_key_is_read_when_the_environment_is_made(tmp_path: Path) -> None:
    app = folder_app(tmp_path, {"a.html": "old"})
    assert rendered(app, "a.html") == "old"
    app.config["TEMPLATES_AUTO_RELOAD"] = True
    change(tmp_path / "templates/a.html", "new")
    assert rendered(app, "a.html") == "old"


@proves(
    "guide/templates",
    "A new file is not noticed.",
    "If Flask has already used shop/item.html of a blueprint, a new file of that name in "
    "the folder of the application has no effect until you restart.",
)
def test_a_new_file_that_would_win_is_not_noticed(tmp_path: Path) -> None:
    write(tmp_path / "shop", {"shop/item.html": "blueprint"})
    blueprint = Blueprint("shop", "x", root_path=str(tmp_path), template_folder="shop")

    def start() -> Flask:
        app = folder_app(tmp_path, {})
        app.debug = True
        app.register_blueprint(blueprint)
        return app

    app = start()
    assert rendered(app, "shop/item.html") == "blueprint"
    write(tmp_path / "templates", {"shop/item.html": "application"})
    assert rendered(app, "shop/item.html") == "blueprint"
    assert rendered(start(), "shop/item.html") == "application"
