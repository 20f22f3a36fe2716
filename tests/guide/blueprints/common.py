"""What the tests of docs/guide/blueprints.md share."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Blueprint, Flask, request
from flask.cli import FlaskGroup
from werkzeug.test import TestResponse

from tests.subjects import text_of

ROOT = Path(__file__).parents[3]


HERE = ROOT / "snippets/blueprints"


PAGE = text_of("blueprints")


BP_DONE = (
    "It has already been registered at least once, any changes will not be applied consistently."
    " Make sure all imports, decorators, functions, etc. needed to set up the blueprint are done"
    " before registering it."
)


def send(app: Flask, path: str = "/", method: str = "GET", **options: Any) -> TestResponse:
    """Send one request with a client of its own, and read the whole answer."""
    return app.test_client().open(path, method=method, buffered=True, **options)


def new_app(*blueprints: Blueprint, **options: Any) -> Flask:
    """Return an application with these blueprints, registered with these options."""
    app = Flask("blueprints-test", static_folder=None)
    for blueprint in blueprints:
        app.register_blueprint(blueprint, **options)
    return app


def answer() -> str:
    """Say which endpoint answers."""
    return str(request.endpoint)


def new_blueprint(name: str = "notes", **options: Any) -> Blueprint:
    """Return a blueprint with the view `index`."""
    blueprint = Blueprint(name, __name__, **options)
    blueprint.add_url_rule("/", "index", answer)
    return blueprint


def rules(app: Flask) -> dict[str, str]:
    """Return the rules of an application: endpoint to path."""
    return {rule.endpoint: rule.rule for rule in app.url_map.iter_rules()}


def on_the_page(message: str) -> str:
    """Return the message, having made sure that the page quotes each sentence of it to the letter."""
    for sentence in re.split(r"(?<=\.)\s", message):
        assert sentence in PAGE
    return message


def error_of(function: Callable[[], object]) -> str:
    """Return the type and the message of what the function raises, on one line."""
    with pytest.raises(Exception) as caught:
        function()
    return f"{type(caught.value).__name__}: {' '.join(str(caught.value).split())}"


def files(folder: Path, **contents: str) -> None:
    """Write modules: name without suffix to content."""
    for name, content in contents.items():
        folder.joinpath(f"{name}.py").write_text(content, encoding="utf-8")


def python(folder: Path, *arguments: str) -> tuple[int, str]:
    """Run Python in a folder and return the exit code with all that it says."""
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout


def flask(folder: Path, *arguments: str) -> tuple[int, str]:
    """Run the flask command in a folder."""
    return python(folder, "-m", "flask", *arguments)


def invoke(app: Flask, *arguments: str) -> tuple[int, str]:
    """Run a command of an application as the flask command does."""
    group = FlaskGroup(create_app=lambda: app)
    done = app.test_cli_runner().invoke(group, arguments)
    return done.exit_code, done.output


FLASK = "from flask import Flask\n"


MAKE = f'{FLASK}def make(name):\n    app = Flask("b", static_folder=None)\n'
MAKE += '    app.add_url_rule("/" + name, name, lambda: name)\n    return app\n'
