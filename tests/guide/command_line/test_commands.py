"""Own commands, the shell, and how it works inside: docs/guide/command-line.md."""

from __future__ import annotations

import importlib
import os
import subprocess
import sys
from functools import partial
from pathlib import Path
from unittest.mock import patch

import click
import pytest
from flask import Flask as Application
from flask import current_app, g, has_request_context
from flask.cli import AppGroup, FlaskGroup, ScriptInfo

from proven.base.project import ROOT
from proven.claims.proofs import proves
from snippets.command_line import factory, own_commands, shell_names, smallest, started_once
from tests.guide.command_line.conftest import Flask


@proves(
    "guide/command-line",
    "routes, run and shell are commands of Flask, and greet is one of the application.",
)
def test_whose_commands(flask: Flask) -> None:
    assert set(FlaskGroup().commands) == {"routes", "run", "shell"}
    assert set(smallest.app.cli.commands) == {"greet"}
    assert smallest.app.test_client().get("/").text == "Tea and books"
    runner = smallest.app.test_cli_runner()
    assert runner.invoke(args=["greet", "阿达"]).output == "Hello, 阿达!\n"


def test_the_factory_has_a_language() -> None:
    for language, text in factory.WELCOME.items():
        runner = factory.create_app(language).test_cli_runner()
        assert runner.invoke(args=["welcome"]).output == f"{text}\n"


@proves(
    "guide/command-line",
    "A command is a function with the decorator @app.cli.command().",
    "Its docstring is the help.",
    "An AppGroup collects commands under one name:",
    "A click.ClickException prints its text to standard error and ends with exit code 1.",
    "A wrong option or a missing argument ends with 2.",
)
def test_a_group_of_commands() -> None:
    books = own_commands.app.config["BOOKS"]
    with patch.dict(books):
        runner = own_commands.app.test_cli_runner()
        assert runner.invoke(args=["books", "add", "活着"]).output == "活着: 1\n"
        assert books["活着"] == 1
        assert runner.invoke(args=["books", "remove", "活着"], input="n\n").exit_code == 1
        assert "活着" in books
        assert runner.invoke(args=["books", "remove", "活着"], input="y\n").exit_code == 0
        assert "活着" not in books
        gone = runner.invoke(args=["books", "remove", "活着", "--yes"])
        assert (gone.exit_code, gone.stderr) == (1, "Error: there is no book '活着'\n")
        assert "Add a book." in runner.invoke(args=["books", "add", "--help"]).output
        assert runner.invoke(args=["books", "add"]).exit_code == 2
        assert runner.invoke(args=["books", "add", "活着", "--colour"]).exit_code == 2


@proves(
    "guide/command-line",
    "The second command fails because each command is a process of its own, and the snippet keeps the books in memory.",
)
def test_each_command_begins_anew(flask: Flask) -> None:
    words = ["--app", "snippets.command_line.own_commands", "books"]
    runner = own_commands.app.test_cli_runner()
    with patch.dict(own_commands.app.config["BOOKS"]):
        runner.invoke(args=["books", "add", "红楼梦"])
        assert runner.invoke(args=["books", "remove", "红楼梦", "--yes"]).exit_code == 0
    for command in (["add", "红楼梦"], ["remove", "红楼梦", "--yes"]):
        done = subprocess.run(
            [Path(sys.executable).with_name("flask"), *words, *command], cwd=ROOT, check=False
        )
    assert done.returncode == 1


@proves(
    "guide/command-line",
    "The name of a command is the name of its function, with a hyphen for each underscore, and without a suffix such "
    "as _command.",
)
def test_the_name_of_a_command() -> None:
    app = Application("shop")

    @app.cli.command()
    def delete_old_carts_command() -> None:
        """Delete."""

    assert set(app.cli.commands) == {"delete-old-carts"}


@proves(
    "guide/command-line",
    "A command runs in an application context, so current_app, g and the database work.",
    "There is no request.",
    "@app.cli.command() wraps the function in with_appcontext().",
)
def test_the_context_of_a_command() -> None:
    app = Application("shop")

    @app.cli.command()
    def state() -> None:
        g.x = current_app.name
        click.echo(f"{g.x} {has_request_context()}")

    @app.cli.command(with_appcontext=False)
    def bare() -> None:
        click.echo(bool(current_app))

    runner = app.test_cli_runner()
    assert runner.invoke(args=["state"]).output == "shop False\n"
    assert runner.invoke(app.cli.commands["bare"]).output == "False\n"
    assert runner.invoke(app.cli.commands["state"]).output == "shop False\n"


@proves("guide/command-line", "A package may also add commands by the entry point flask.commands.")
def test_commands_of_a_package() -> None:
    class Entry:
        name = "tea"

        @staticmethod
        def load() -> click.Command:
            return click.Command("tea", callback=lambda: click.echo("tea"))

    with patch("importlib.metadata.entry_points", return_value=[Entry]) as asked:
        assert "tea" in FlaskGroup().list_commands(click.Context(FlaskGroup(), obj=ScriptInfo()))
    asked.assert_called_with(group="flask.commands")


@proves(
    "guide/command-line",
    "flask shell opens Python in an application context.",
    "app and g are there, and what a function with shell_context_processor() returns:",
    "There is no request in the shell.",
    'Use client.get("/"), or with app.test_request_context():.',
)
def test_the_shell() -> None:
    lines = [
        "from flask import current_app, has_request_context, request",
        "current_app.name, app.name, g, books, has_request_context()",
        "client.get('/').status_code",
        "with app.test_request_context('/x'): request.path",
        "",
    ]
    done = subprocess.run(
        [
            Path(sys.executable).with_name("flask"),
            "--app",
            "snippets.command_line.shell_names",
            "shell",
        ],
        cwd=ROOT,
        input="\n".join(lines) + "\n",
        capture_output=True,
        text=True,
        check=True,
    )
    name = "'snippets.command_line.shell_names'"
    assert f"({name}, {name}, <flask.g of {name}>, {{'三体': 2}}, False)" in done.stdout
    assert ">>> 404" in done.stdout
    assert "'/x'" in done.stdout
    assert set(shell_names.app.make_shell_context()) == {"app", "g", "books", "client"}


@proves(
    "guide/command-line",
    "flask is a flask.cli.FlaskGroup, a group of Click.",
    "ScriptInfo.load_app imports the application when a command first needs it.",
    "flask --version never does.",
)
def test_inside(project: Path, flask: Flask) -> None:
    assert issubclass(FlaskGroup, AppGroup)
    assert issubclass(AppGroup, click.Group)
    project.joinpath("shop.py").write_text("raise RuntimeError('imported')")
    assert flask("--app", "shop", "--version").exit_code == 0
    info = ScriptInfo(app_import_path="shop")
    with patch.object(sys, "path", sys.path[:]), pytest.raises(RuntimeError, match="imported"):
        info.load_app()


@proves(
    "guide/command-line",
    "Before it runs a command, it reads .env and .flaskenv and keeps the value of --app in a flask.cli.ScriptInfo.",
    "With python-dotenv installed, flask reads such variables from the files .flaskenv and .env.",
)
def test_files_are_read_first(project: Path, flask: Flask) -> None:
    project.joinpath(".flaskenv").write_text("FLASK_APP=snippets.command_line.own_commands\n")
    project.joinpath(".env").write_text("FLASK_BOOKS_ADD_COPIES=9\n")
    assert flask("books", "add", "围城").output == "围城: 9\n"


def test_the_processes_of_the_reloader(monkeypatch: pytest.MonkeyPatch) -> None:
    # Whoever loads snippets anew takes them out of it.
    sys.modules[started_once.__name__] = started_once
    assert started_once.app.test_client().get("/jobs").json == ["clean up"]
    for debug, reloaded, jobs in (("0", "", 1), ("1", "", 0), ("1", "true", 1)):
        monkeypatch.setenv("FLASK_DEBUG", debug)
        monkeypatch.setenv("WERKZEUG_RUN_MAIN", reloaded)
        assert len(importlib.reload(started_once).jobs) == jobs
    monkeypatch.undo()
    importlib.reload(started_once)


@proves("guide/command-line", "python -m flask always uses the environment of python.")
def test_the_environment_of_the_command(tmp_path: Path) -> None:
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", tmp_path / "other"], check=True)
    other = next(tmp_path.glob("other/*/python"))
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    run = partial(subprocess.run, env=environment, capture_output=True, text=True, check=False)
    assert "No module named flask" in run([other, "-m", "flask", "--version"]).stderr
    assert "Flask " in run([sys.executable, "-m", "flask", "--version"]).stdout
    # The command itself names its environment, whatever `python` is.
    assert sys.executable in Path(sys.executable).with_name("flask").read_text()
