"""Circular imports: docs/guide/application-factory.md."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

import pytest

from proven.claims.proofs import proves
from tests.guide.blueprints.common import FLASK, HERE, PAGE, ROOT, files, flask, on_the_page, python


def circular(folder: Path, **changed: str) -> None:
    """Write the page's two modules, or others in their place."""
    for name in ("app", "views"):
        source = (HERE / f"circular/{name}.py.txt").read_text(encoding="utf-8")
        files(folder, **{name: changed.get(name, source)})


def source_of(name: str) -> str:
    return (HERE / f"circular/{name}.py.txt").read_text(encoding="utf-8")


@proves(
    "guide/application-factory",
    "Two modules need each other: the application imports the views, the views import the "
    "application.",
    "app.py has run only up to its third line, so it contains no app yet when views.py imports it.",
)
def test_the_circular_import_ends_as_the_page_shows(tmp_path: Path) -> None:
    circular(tmp_path)
    code, said = flask(tmp_path, "--app", "app", "run")
    assert code == 2
    lines = said.rstrip().replace(str(tmp_path.resolve()), "/srv/shop").splitlines()
    shown = PAGE.split("$ flask --app app run\n")[1].split("\n```")[0].splitlines()
    head, tail = shown[: shown.index("  ...")], shown[shown.index("  ...") + 1 :]
    start = lines.index(head[0])
    assert lines[start : start + len(head)] == head
    assert lines[-len(tail) :] == tail
    title = PAGE.split(":::{pitfall} `ImportError")[1].split("`")[0]
    assert lines[-1] == f"ImportError{title} (/srv/shop/app.py)"


@proves(
    "guide/application-factory",
    "Which of the two modules is named depends on where the import began: python -c "
    "\"import views\" raises cannot import name 'notes' from partially initialized module "
    "'views'.",
)
def test_the_name_in_the_error_depends_on_where_the_import_began(tmp_path: Path) -> None:
    circular(tmp_path)
    assert '`python -c "import views"` raises' in PAGE
    code, said = python(tmp_path, "-c", "import views")
    assert code == 1
    message = on_the_page("cannot import name 'notes' from partially initialized module 'views'")
    assert f"ImportError: {message} (most likely due to a circular import)" in said


@proves(
    "guide/application-factory", "Then each module can be imported first, in a test or in a shell."
)
@pytest.mark.parametrize("first", ["", ".extensions", ".notes", ".search"])
def test_each_module_of_the_factory_can_be_imported_first(first: str) -> None:
    code = f"import snippets.blueprints.notebook{first}; "
    code += "from snippets.blueprints.notebook import create_app; print(create_app().blueprints)"
    done, said = python(ROOT, "-W", "error", "-c", code)
    assert done == 0, said
    assert said.startswith("{'notes': <")


@proves(
    "guide/application-factory",
    "With a factory there is no circle: __init__.py imports the blueprints, the "
    "blueprints import extensions.py, and nothing imports the application.",
)
def test_all_arrows_of_the_factory_point_one_way() -> None:
    arrows: dict[str, set[str]] = {}
    for file in HERE.joinpath("notebook").glob("*.py"):
        found = set()
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.level:
                found |= {node.module} if node.module else {alias.name for alias in node.names}
        arrows[file.stem] = found
    assert arrows == {
        "__init__": {"extensions", "notes", "search"},
        "notes": {"extensions"},
        "search": {"extensions"},
        "extensions": set(),
    }


@proves(
    "guide/application-factory",
    "It works as long as app is imported first.",
    "A test that begins with import views gets the ImportError again.",
)
def test_an_import_at_the_end_works_from_one_side_only(tmp_path: Path) -> None:
    moved = source_of("app").replace("from views import notes\n\n", "")
    moved = moved.replace("app.register", "from views import notes\n\napp.register")
    circular(tmp_path, app=moved)
    assert python(tmp_path, "-c", "import app") == (0, "")
    code, said = python(tmp_path, "-c", "import views")
    assert code == 1
    assert "ImportError: cannot import name 'notes' from partially initialized" in said


@proves(
    "guide/application-factory",
    "Python looks up the name later, so a view can use app.app.",
    "At the top level of the module this raises AttributeError: partially initialized "
    "module 'app' has no attribute 'app' (most likely due to a circular import).",
    "In newer versions of Python the message can be AttributeError: module 'app' has no "
    "attribute 'app' (consider renaming '/srv/shop/app.py' if it has the same name as a "
    "third-party module you intended to import).",
)
def test_import_app_works_in_a_view_and_not_at_the_top(tmp_path: Path) -> None:
    later = source_of("views").replace("from app import app", "import app")
    later = later.replace("{app.config", "{app.app.config")
    circular(tmp_path, views=later)
    code = "import app; print(app.app.test_client().get('/notes/').text)"
    assert python(tmp_path, "-c", code) == (0, "2 on a page\n")
    circular(tmp_path, views=later.replace("import app\n", "import app\n\napp.app.name\n"))
    failed, said = python(tmp_path, "-c", "import app")
    assert failed == 1
    last = said.splitlines()[-1].replace(str(tmp_path.resolve()), "/srv/shop")
    if sys.version_info < (3, 13):
        expected = "partially initialized module 'app' has no attribute 'app'"
        expected += " (most likely due to a circular import)"
    else:
        expected = "module 'app' has no attribute 'app' (consider renaming '/srv/shop/app.py' if"
        expected += " it has the same name as a third-party module you intended to import)"
    assert last == on_the_page(f"AttributeError: {expected}")


@proves(
    "guide/application-factory",
    "This works, but you have to repeat it in every view, and each view is bound to one "
    "application.",
)
@pytest.mark.parametrize("first", ["app", "views"])
def test_an_import_inside_the_view_works_from_both_sides(tmp_path: Path, first: str) -> None:
    inside = source_of("views").replace("from app import app\n\n", "")
    inside = inside.replace("    return", "    from app import app\n\n    return")
    circular(tmp_path, views=inside)
    code = f"import {first}; from app import app; print(app.test_client().get('/notes/').text)"
    assert python(tmp_path, "-c", code) == (0, "2 on a page\n")


@proves(
    "guide/application-factory",
    "app.py ends with import views, and views.py uses the app that it imports from app.py.",
    "If you start app.py as a script, it is the module __main__.",
    "The import runs the file a second time as app and creates a second application, and "
    "the routes are registered on that one.",
    "Start it with flask, or use a factory.",
)
def test_started_as_a_script_there_are_two_applications(tmp_path: Path) -> None:
    views = "from app import app\n\n\n@app.get('/notes')\ndef notes():\n    return 'Notes'\n"
    app = f"{FLASK}app = Flask(__name__)\nimport views\nif __name__ == '__main__':\n"
    app += "    print(app.test_client().get('/notes').status)\n"
    circular(tmp_path, app=app, views=views)
    assert python(tmp_path, "app.py") == (0, "404 NOT FOUND\n")
    code, said = flask(tmp_path, "--app", "app", "routes")
    assert (code, "/notes" in said) == (0, True)
