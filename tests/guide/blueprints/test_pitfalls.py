"""Pitfalls: docs/guide/blueprints.md."""

from __future__ import annotations

import inspect
from pathlib import Path

import pytest
from flask import Blueprint, Flask

from proven.claims.proofs import proves
from snippets.blueprints.notebook import notes as notebook_notes
from tests.guide.blueprints.common import (
    BP_DONE,
    FLASK,
    answer,
    error_of,
    files,
    new_app,
    new_blueprint,
    on_the_page,
    python,
    send,
)

APP_DONE = "It has already handled its first request, any changes will not be applied consistently."


@proves(
    "guide/blueprints",
    "The message goes on: It has already been registered at least once, any changes will "
    "not be applied consistently. Make sure all imports, decorators, functions, etc. "
    "needed to set up the blueprint are done before registering it.",
    "A route was added after register_blueprint.",
    "The message can name another decorator, such as 'get' or 'before_request'.",
)
@pytest.mark.parametrize("name", ["route", "get", "before_request"])
def test_a_blueprint_that_is_registered_takes_no_more(name: str) -> None:
    blueprint = new_blueprint()
    new_app(blueprint)
    message = on_the_page(
        "AssertionError: The setup method 'route' can no longer be called on the blueprint"
        f" 'notes'. {BP_DONE}"
    )
    got = error_of(lambda: getattr(blueprint, name)("/late"))
    assert got == message.replace("'route'", f"'{name}'")


@proves(
    "guide/blueprints",
    "Often the module with the views is imported below that call, or a route is defined "
    "in create_app, which ran a second time.",
)
def test_a_route_in_create_app_fails_the_second_time() -> None:
    blueprint = Blueprint("notes", __name__)

    def create_app() -> Flask:
        blueprint.route("/")(answer)
        return new_app(blueprint)

    create_app()
    assert "can no longer be called on the blueprint 'notes'" in error_of(create_app)


@proves(
    "guide/blueprints",
    "The blueprint is not registered, or the module with its views is not imported: "
    "notes/__init__.py creates the blueprint, and the views are in notes/views.py.",
    "Import them in __init__.py, below the line that creates the blueprint.",
)
def test_views_that_are_not_imported_are_404(tmp_path: Path) -> None:
    app = f"{FLASK}from notes import bp\napp = Flask(__name__)\napp.register_blueprint(bp)\n"
    app += "print(app.test_client().get('/').status)\n"
    made = "from flask import Blueprint\nbp = Blueprint('notes', __name__)\n"
    files(tmp_path, app=app)
    (tmp_path / "notes").mkdir()
    files(tmp_path / "notes", __init__=made)
    views = "from . import bp\n@bp.get('/')\ndef index():\n    return 'Notes'\n"
    files(tmp_path / "notes", views=views)
    assert python(tmp_path, "app.py") == (0, "404 NOT FOUND\n")
    files(tmp_path / "notes", __init__=f"{made}from . import views\n")
    assert python(tmp_path, "app.py") == (0, "200 OK\n")


@proves(
    "guide/blueprints",
    "Two views of the blueprint have the same name.",
    "The error is raised when the blueprint is registered, so the traceback shows neither of them.",
)
def test_two_views_of_one_name_are_refused_when_the_blueprint_is_registered() -> None:
    blueprint = new_blueprint()
    blueprint.add_url_rule("/again", "index", lambda: "")
    assert error_of(lambda: new_app(blueprint)) == on_the_page(
        "AssertionError: View function mapping is overwriting an existing endpoint function:"
        " notes.index"
    )
    with pytest.raises(AssertionError) as caught:
        new_app(blueprint)
    # of these files, only the call and the line that registers
    here = [entry.name for entry in caught.traceback if entry.path.parent == Path(__file__).parent]
    assert here == [inspect.stack()[0].function, "new_app"]


@proves(
    "guide/blueprints",
    "A blueprint has no configuration, no logger and no teardown_appcontext.",
    "The message names the attribute that you used.",
)
@pytest.mark.parametrize("name", ["config", "logger", "teardown_appcontext"])
def test_a_blueprint_is_no_application(name: str) -> None:
    message = on_the_page("AttributeError: 'Blueprint' object has no attribute 'config'")
    got = error_of(lambda: getattr(new_blueprint(), name))
    assert got == message.replace("'config'", f"'{name}'")
    assert hasattr(Flask("b"), name)


@proves(
    "guide/blueprints",
    "register_blueprint got the module, not the blueprint in it: register_blueprint(notes.bp).",
)
def test_register_blueprint_does_not_take_a_module(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(notebook_notes, "__name__", "notebook.notes")
    assert error_of(lambda: new_app(notebook_notes)) == on_the_page(  # type: ignore[arg-type]
        "AttributeError: module 'notebook.notes' has no attribute 'register'"
    )


@proves("guide/blueprints", "The second argument is missing.")
def test_import_name_is_required() -> None:
    assert error_of(lambda: Blueprint("notes")) == on_the_page(  # type: ignore[call-arg]
        "TypeError: Blueprint.__init__() missing 1 required positional argument: 'import_name'"
    )


@proves(
    "guide/blueprints",
    "A blueprint was registered after the first request.",
    "Register all blueprints in create_app.",
    "The message goes on: It has already handled its first request, any changes will not "
    "be applied consistently.",
    "The error also occurs if all tests share one application and each test registers a blueprint.",
)
def test_an_application_takes_in_no_blueprint_after_its_first_request() -> None:
    app = new_app()
    send(app)
    got = error_of(lambda: app.register_blueprint(new_blueprint()))
    assert got.startswith(
        on_the_page(
            "AssertionError: The setup method 'register_blueprint' can no longer be called on the"
            f" application. {APP_DONE}"
        )
    )
