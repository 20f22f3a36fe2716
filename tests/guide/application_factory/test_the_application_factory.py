"""The application factory: docs/guide/application-factory.md."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest
from flask import Flask, current_app
from flask.cli import ScriptInfo

from proven.claims.proofs import proves
from snippets.blueprints import commands, notebook
from snippets.blueprints.notebook import extensions as notebook_extensions
from snippets.blueprints.notebook import notes as notebook_notes
from snippets.blueprints.notebook import search as notebook_search
from tests.guide.blueprints.common import (
    FLASK,
    HERE,
    MAKE,
    PAGE,
    ROOT,
    error_of,
    files,
    flask,
    invoke,
    new_app,
    new_blueprint,
    on_the_page,
    python,
    rules,
    send,
)


@proves("guide/application-factory", "Here it is in the __init__.py of a package:")
def test_the_factory_makes_an_application_with_two_blueprints() -> None:
    app = notebook.create_app()
    assert send(app, "/notes/").json == ["bread", "tea"]
    assert send(app, "/search/?q=ea").json == ["bread", "tea"]
    assert app.blueprints == {"notes": notebook_notes.bp, "search": notebook_search.bp}


@proves(
    "guide/application-factory",
    "Each call creates a new application, with other settings if you like.",
    "Nothing is created on import, and no test sees what another test has changed:",
)
def test_each_call_makes_a_new_application() -> None:
    first, second = notebook.create_app(), notebook.create_app({"PAGE_SIZE": 1})
    added = send(first, "/notes/", "POST", data={"text": "rice"})
    assert (added.status_code, added.location) == (303, "/notes/")
    assert send(first, "/notes/").json == ["tea", "rice"]
    assert send(second, "/notes/").json == ["tea"]


@proves(
    "guide/application-factory",
    "Nothing is created on import, and no test sees what another test has changed:",
)
def test_importing_the_package_makes_no_application() -> None:
    modules = (notebook, notebook_notes, notebook_search, notebook_extensions)
    assert not [v for m in modules for v in vars(m).values() if isinstance(v, Flask)]


@proves(
    "guide/application-factory",
    "It is created without an application, and init_app binds it to each application.",
)
def test_what_modules_share_is_bound_to_each_application() -> None:
    app = notebook.create_app({"FIRST_NOTES": ["早"]})
    with app.app_context():
        assert notebook_extensions.storage.notes == ["早"]


def test_the_folder_is_as_shown() -> None:
    shown = PAGE.split("```{code-block} text\nnotebook/\n")[1].split("```")[0].split()
    assert shown == sorted(file.name for file in HERE.joinpath("notebook").glob("*.py"))


@proves("guide/blueprint-files", "If the blueprint becomes a package, it has a separate folder.")
@proves(
    "guide/application-factory",
    "A blueprint that grows becomes a package, notes/__init__.py, with its own templates "
    "and static beside it.",
    "The factory does not change.",
)
def test_a_blueprint_that_becomes_a_package_has_folders_of_its_own(tmp_path: Path) -> None:
    package = tmp_path / "notebook"
    shutil.copytree(HERE / "notebook", package, ignore=shutil.ignore_patterns("__pycache__"))
    (package / "notes").mkdir()
    moved = (package / "notes.py").read_text().replace("from .extensions", "from ..extensions")
    folders = ', template_folder="templates", static_folder="static")'
    (package / "notes/__init__.py").write_text(
        moved.replace('url_prefix="/notes")', f'url_prefix="/notes"{folders}')
    )
    (package / "notes.py").unlink()
    code = "from notebook import create_app; b = create_app().blueprints['notes']; "
    code += "print(b.jinja_loader.searchpath, b.static_folder)"
    own = package / "notes"
    assert python(tmp_path, "-c", code) == (0, f"{[str(own / 'templates')]} {own / 'static'}\n")


@proves(
    "guide/application-factory",
    "They use the application as flask.current_app, which is the application that handles "
    "the request.",
    "current_app works in views, hooks and commands, not at the top of a module: see "
    "Working outside of application context.",
)
def test_current_app_works_in_views_hooks_and_commands_not_at_the_top(tmp_path: Path) -> None:
    seen = []
    blueprint = new_blueprint()
    blueprint.before_request(lambda: seen.append(current_app.name))
    blueprint.add_url_rule("/name", "name", lambda: current_app.name)
    assert send(new_app(blueprint), "/name").text == "blueprints-test"
    assert seen == ["blueprints-test"]
    assert invoke(commands.app, "notes", "add", "milk")[1] == "milk added to the diary\n"
    files(tmp_path, top="from flask import current_app\ncurrent_app.name\n")
    code, said = python(tmp_path, "top.py")
    assert (code, "RuntimeError: Working outside of application context." in said) == (1, True)


@proves(
    "guide/application-factory",
    "flask --app notebook imports the module and uses app or application.",
    "If there is neither, it uses the only application in the module, and otherwise what "
    "create_app() or make_app() returns.",
)
@pytest.mark.parametrize(
    ("content", "found"),
    [
        ('other = make("other")\napp = make("app")\n', "app"),
        ('other = make("other")\napplication = make("application")\n', "application"),
        ('def create_app():\n    return make("create")\nother = make("other")\n', "other"),
        ('def make_app():\n    return make("made")\n', "made"),
        (
            'def make_app():\n    return make("made")\ndef create_app():\n    return make("x")\n',
            "x",
        ),
    ],
)
def test_where_the_flask_command_finds_the_application(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: str, found: str
) -> None:
    files(tmp_path, found=MAKE + content)
    app = locate(tmp_path, monkeypatch, "found")
    assert list(rules(app)) == [found]


def locate(folder: Path, monkeypatch: pytest.MonkeyPatch, address: str | None) -> Flask:
    """Find an application as `flask --app` does, in this process."""
    known = set(sys.modules)
    monkeypatch.chdir(folder)
    monkeypatch.setattr(sys, "path", list(sys.path))
    try:
        return ScriptInfo(address).load_app()
    finally:
        # a module of the same name in the next test is another one
        for name in set(sys.modules) - known:
            if str(getattr(sys.modules[name], "__file__", "")).startswith(str(folder.resolve())):
                del sys.modules[name]


@proves(
    "guide/application-factory",
    "For a server that needs a variable, write a file wsgi.py with two lines: from "
    "notebook import create_app and app = create_app().",
    "The flask command finds wsgi.py and app.py without --app.",
)
@pytest.mark.parametrize("file", ["wsgi", "app"])
def test_wsgi_py_and_app_py_are_found_without_app(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, file: str
) -> None:
    ignore = shutil.ignore_patterns("__pycache__")
    shutil.copytree(HERE / "notebook", tmp_path / "notebook", ignore=ignore)
    lines = ("from notebook import create_app", "app = create_app()")
    assert all(f"`{line}`" in PAGE for line in lines)
    files(tmp_path, **{file: "\n".join(lines)})
    assert list(locate(tmp_path, monkeypatch, None).blueprints) == ["notes", "search"]


def test_flask_routes_with_arguments_for_the_factory_prints_what_the_page_shows() -> None:
    address = "snippets.blueprints.notebook:create_app({'PAGE_SIZE': 1})"
    shown = PAGE.split(f'$ flask --app "{address}" routes\n')[1].split("\n```")[0]
    code, said = flask(ROOT, "--app", address, "routes")
    assert code == 0
    assert [line.rstrip() for line in said.splitlines()] == shown.splitlines()


@proves("guide/application-factory", "Pass arguments as literals:")
def test_literal_arguments_reach_the_factory(monkeypatch: pytest.MonkeyPatch) -> None:
    address = "snippets.blueprints.notebook:create_app({'PAGE_SIZE': 1})"
    assert locate(ROOT, monkeypatch, address).config["PAGE_SIZE"] == 1


@proves(
    "guide/application-factory",
    "The function has another name, or create_app ends without return app.",
    "If you name the function, the message for the second mistake is Error: A valid Flask "
    "application was not obtained from 'notebook:create_app()'.",
    "Give each parameter a default.",
    "The message goes on: Use 'notebook:create_app(args)' to specify arguments.",
    "A name for an argument is refused: Error: Failed to parse arguments as literal "
    "values: 'create_app(CONFIG)'.",
)
@pytest.mark.parametrize(
    ("content", "address", "message"),
    [
        (
            "def make_it():\n    return Flask(__name__)\n",
            "notebook",
            "Failed to find Flask application or factory in module 'notebook'."
            " Use 'notebook:name' to specify one.",
        ),
        (
            "def create_app():\n    app = Flask(__name__)\n",
            "notebook",
            "Failed to find Flask application or factory in module 'notebook'."
            " Use 'notebook:name' to specify one.",
        ),
        (
            "def create_app():\n    app = Flask(__name__)\n",
            "notebook:create_app()",
            "A valid Flask application was not obtained from 'notebook:create_app()'.",
        ),
        (
            "def create_app(config):\n    return Flask(__name__)\n",
            "notebook",
            "Detected factory 'create_app' in module 'notebook', but could not call it without"
            " arguments. Use 'notebook:create_app(args)' to specify arguments.",
        ),
        (
            "CONFIG = {}\ndef create_app(config):\n    return Flask(__name__)\n",
            "notebook:create_app(CONFIG)",
            "Failed to parse arguments as literal values: 'create_app(CONFIG)'.",
        ),
    ],
)
def test_what_the_flask_command_says_of_a_factory_that_it_cannot_use(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: str, address: str, message: str
) -> None:
    files(tmp_path, notebook=FLASK + content)
    assert error_of(lambda: locate(tmp_path, monkeypatch, address)) == f"NoAppException: {message}"
    on_the_page(f"Error: {message}")


def test_the_flask_command_says_error_before_its_message(tmp_path: Path) -> None:
    files(tmp_path, notebook=f"{FLASK}def create_app():\n    app = Flask(__name__)\n")
    code, said = flask(tmp_path, "--app", "notebook", "routes")
    assert code == 2
    message = "Error: Failed to find Flask application or factory in module 'notebook'."
    assert on_the_page(message) in " ".join(said.split())
