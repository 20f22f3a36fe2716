"""Debug and testing: docs/guide/environment-variables.md."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import Any

import flask
import pytest
from click.testing import CliRunner
from flask import Flask
from flask.cli import cli

from proven.claims.proofs import proves
from snippets.configuration import debug_in_code
from tests.guide.configuration.common import failing, section


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Keep the development server from starting and return what it would start with."""
    seen: dict[str, Any] = {}

    def run_simple(host: str, port: int, app: Flask, **options: Any) -> None:
        seen.update(options, host=host, port=port, debug=app.debug)

    monkeypatch.setattr("flask.cli.run_simple", run_simple)
    monkeypatch.setattr("werkzeug.serving.run_simple", run_simple)
    # The command sets these variables, and leaves them set.
    monkeypatch.setenv("FLASK_DEBUG", "")
    monkeypatch.setenv("FLASK_RUN_FROM_CLI", "")
    return seen


def debug_blocks() -> list[tuple[str, str]]:
    text = section("config-debug-and-testing").split("```{code-block} console\n")[1].split("```")[0]
    parts = re.split(r"(?m)^\$ flask ", text)[1:]
    return [(part.partition("\n")[0], part.partition("\n")[2]) for part in parts]


@proves(
    "reference/configuration",
    "In debug mode the development server shows an interactive debugger, Jinja loads "
    "changed templates again, and app.logger passes messages from level DEBUG up.",
)
@proves(
    "guide/environment-variables",
    "When you start the server with the flask command, DEBUG in your code has no effect.",
    "The command reads the option --debug or the variable FLASK_DEBUG, and overwrites the "
    "key after it has loaded the application.",
    "So DEBUG = True in a settings file has no effect on flask run.",
)
@proves("guide/configuration", "It has no effect when you start the server with flask run.")
@pytest.mark.parametrize(("command", "output"), debug_blocks())
def test_under_the_flask_command_debug_in_code_has_no_effect(
    server: dict[str, Any], monkeypatch: pytest.MonkeyPatch, command: str, output: str
) -> None:
    monkeypatch.delenv("FLASK_DEBUG")
    result = CliRunner().invoke(cli, command.split(), catch_exceptions=False)
    assert result.output == output
    wanted = command.endswith("--debug")
    assert (server["debug"], server["use_debugger"], server["use_reloader"]) == (wanted,) * 3


def test_both_commands_of_the_page_were_found() -> None:
    assert [command.split()[-1] for command, _ in debug_blocks()] == ["run", "--debug"]


@proves(
    "guide/environment-variables",
    "Other servers do not overwrite the key.",
    "The test client calls the application directly and shows the value from the code:",
)
def test_any_other_server_keeps_debug_as_the_code_says() -> None:
    debug_in_code.app.config["DEBUG"] = True  # the command above has overwritten it
    assert debug_in_code.app.test_client().get("/").json == {"debug": True}


@proves(
    "guide/environment-variables",
    "FLASK_DEBUG turns debug mode on for every value except 0, false and no, in upper or "
    "lower case, and the empty string.",
)
@proves(
    "guide/old-configuration-keys",
    "When the application is created, the value comes only from FLASK_DEBUG.",
)
@pytest.mark.parametrize(
    ("value", "debug"),
    [
        *[(value, True) for value in ("1", "true", "on", "2")],
        *[(value, False) for value in ("0", "false", "False", "no", "NO", "")],
    ],
)
def test_flask_debug_is_on_for_every_value_but_four(
    monkeypatch: pytest.MonkeyPatch, value: str, debug: bool
) -> None:
    monkeypatch.setenv("FLASK_DEBUG", value)
    assert Flask("shop").debug is debug


@proves("guide/old-configuration-keys", "FLASK_ENV and the key ENV have no effect any more (…).")
@proves("guide/configuration", "Both are gone (…).")
def test_flask_env_and_the_key_env_mean_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FLASK_ENV", "development")
    app = Flask("shop")
    assert "ENV" not in app.config
    assert app.debug is False


@proves(
    "guide/configuration",
    'app.config["DEBUG"] = True followed by app.run() still works in a script.',
)
def test_app_run_still_follows_debug_in_the_configuration(
    app: Flask, server: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("FLASK_DEBUG")
    app.config["DEBUG"] = True
    app.run()
    assert (server["use_debugger"], server["use_reloader"]) == (True, True)


@proves(
    "guide/environment-variables",
    "In production it lets exceptions bypass your error page for status 500.",
    "PROPAGATE_EXCEPTIONS overrides that.",
)
@pytest.mark.parametrize(
    ("settings", "propagates"),
    [
        ({}, False),
        ({"TESTING": True}, True),
        ({"DEBUG": True}, True),
        ({"PROPAGATE_EXCEPTIONS": True}, True),
        ({"TESTING": True, "PROPAGATE_EXCEPTIONS": False}, False),
    ],
)
def test_testing_lets_exceptions_through_unless_propagate_exceptions_says_otherwise(
    settings: dict[str, bool], propagates: bool
) -> None:
    app = failing(Flask("failing"))
    app.config.update(settings)
    if propagates:
        with pytest.raises(ZeroDivisionError):
            app.test_client().get("/boom")
    else:
        assert app.test_client().get("/boom").text == "my page for error 500"


@proves(
    "guide/environment-variables",
    "TESTING has one effect in Flask: an exception in a view reaches the test instead of "
    "becoming a 500 response.",
)
def test_testing_does_one_thing_in_flask() -> None:
    readers = []
    for file in Path(flask.__file__).parent.rglob("*.py"):
        for function in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(function, ast.FunctionDef):
                for node in ast.walk(function):
                    if isinstance(node, ast.Attribute) and node.attr == "testing":
                        readers.append(function.name)
                    if isinstance(node, ast.Subscript):
                        assert ast.unparse(node.slice) != "'TESTING'"
    assert readers == ["handle_exception"]


@proves("guide/environment-variables", "The test client does not set it, so set it yourself.")
def test_the_test_client_does_not_set_testing(app: Flask) -> None:
    app.test_client()
    assert app.testing is False
