"""--app in every form, the variables, and the messages when there is no application: docs/guide/command-line.md."""

from __future__ import annotations

import os
from pathlib import Path
from unittest.mock import patch

import click
import pytest
from click.testing import Result
from flask.cli import FlaskGroup

from proven.claims.proofs import proves
from snippets.command_line.own_commands import add
from tests.guide.command_line.common import on_the_page
from tests.guide.command_line.conftest import Flask

SMALLEST = "snippets.command_line.smallest"
# An application that says its name with `flask which`.
WHICH = """import click
from flask import Flask

def named(name):
    site = Flask(name)
    site.cli.add_command(click.Command("which", callback=lambda: click.echo(name)))
    return site

"""


def write(path: Path, code: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(WHICH + code, encoding="utf-8")


def which(result: Result) -> str:
    assert result.exit_code == 0, result.output
    return result.output.strip()


@proves(
    "guide/command-line",
    "--app shop | the module or package shop, seen from the current folder",
    "--app shop.web | the module web in the package shop",
    "--app shop.py | the same as --app shop",
    "--app src/shop | the module shop in the folder src",
)
def test_a_module(project: Path, flask: Flask) -> None:
    write(project / "shop.py", "app = named('file')")
    assert which(flask("--app", "shop", "which")) == "file"
    assert which(flask("--app", "shop.py", "which")) == "file"
    (project / "shop.py").unlink()
    write(project / "shop/__init__.py", "app = named('package')")
    write(project / "shop/web.py", "app = named('web')")
    write(project / "src/shop.py", "app = named('src')")
    assert which(flask("--app", "shop", "which")) == "package"
    assert which(flask("--app", "shop.web", "which")) == "web"
    assert which(flask("--app", "src/shop", "which")) == "src"


@proves(
    "guide/command-line",
    "--app names a module and, after a colon, an object in it:",
    "--app shop:site | the variable site of the module",
    "--app shop:make_site | the return value of make_site()",
    "--app \"shop:make_site('zh')\" | the return value of make_site('zh')",
)
def test_a_name_in_it(project: Path, flask: Flask) -> None:
    write(
        project / "shop.py",
        "site, app = named('site'), named('app')\ndef make_site(name='none'):\n    return named(name)\n",
    )
    assert which(flask("--app", "shop:site", "which")) == "site"
    assert which(flask("--app", "shop:make_site", "which")) == "none"
    assert which(flask("--app", "shop:make_site('zh')", "which")) == "zh"


@proves(
    "guide/command-line",
    "Without a name after the colon, Flask looks in the module for app, then for application, then for the only "
    "variable that is an application, and then calls create_app() or make_app().",
)
def test_the_order_of_names(project: Path, flask: Flask) -> None:
    ways = [
        "def make_app(): return named('make_app')",
        "def create_app(): return named('create_app')",
        "only = named('only')",
        "application = named('application')",
        "app = named('app')",
    ]
    for number, name in enumerate(["make_app", "create_app", "only", "application", "app"], 1):
        write(project / "shop.py", "\n".join(ways[:number]))
        assert which(flask("--app", "shop", "which")) == name


@proves(
    "guide/command-line",
    "Without --app, Flask reads the variable FLASK_APP.",
    "If that is not set either, it imports wsgi.py or app.py of the current folder, in this order.",
)
def test_without_app(project: Path, flask: Flask) -> None:
    for name in ("app", "wsgi", "shop", "other"):
        write(project / f"{name}.py", f"app = named('{name}')")
    assert which(flask("--app", "other", "which", FLASK_APP="shop")) == "other"
    assert which(flask("which", FLASK_APP="shop")) == "shop"
    assert which(flask("which")) == "wsgi"
    (project / "wsgi.py").unlink()
    assert which(flask("which")) == "app"


@proves("guide/command-line", "Arguments of a factory are literals, such as texts and numbers:")
def test_arguments_are_literals(project: Path, flask: Flask) -> None:
    write(project / "shop.py", "x = 1\ndef make(*a): return named(str(a))")
    assert which(flask("--app", "shop:make('a', 2)", "which")) == "('a', 2)"
    result = flask("--app", "shop:make(x)", "which")
    assert "Failed to parse arguments as literal values: 'make(x)'." in result.output


@proves(
    "guide/command-line",
    "--app, --debug and --env-file stand before the name of the command.",
    "run takes --debug behind its name too.",
    "flask run --app shop is in the wrong order.",
)
def test_where_an_option_stands(project: Path, flask: Flask) -> None:
    write(project / "app.py", "app = named('app')")
    options = {"--app": "app", "--debug": "", "--env-file": str(project / "app.py")}
    assert {o for p in FlaskGroup().params for o in p.opts} >= set(options)
    for option, value in options.items():
        for command in ("routes", "run"):
            result = flask(command, option, *filter(None, [value]), "--help")
            good = (command, option) == ("run", "--debug")
            assert (result.exit_code == 0) is good
            assert (f"No such option '{option}'." in result.output) is not good
    assert on_the_page("`Error: No such option '--app'.`")


@proves(
    "guide/command-line",
    "Every option has an environment variable.",
    "FLASK_APP and FLASK_DEBUG stand for --app and --debug.",
    "For an option of a command, the name of the command comes in between: FLASK_RUN_PORT stands for --port of run.",
    "An option that you type wins over the variable.",
)
def test_variables(flask: Flask) -> None:
    with FlaskGroup().make_context("flask", ["routes"]) as above:
        for name, command in [*FlaskGroup().commands.items(), ("books-add", add)]:
            with click.Context(command, parent=above, info_name=name) as context:
                options = [p for p in command.params if isinstance(p, click.Option)]
                for option in options:
                    variable = f"FLASK_{name}_{option.name}".replace("-", "_").upper()
                    with patch.dict(os.environ, {variable: "7"}):
                        assert option.resolve_envvar_value(context) == "7", variable
    words = ["run", "--port", "eight"]
    assert (
        "'seven' is not a valid" in flask("run", FLASK_APP=SMALLEST, FLASK_RUN_PORT="seven").output
    )
    assert (
        "'eight' is not a valid" in flask(*words, FLASK_APP=SMALLEST, FLASK_RUN_PORT="seven").output
    )
    assert flask("greet", "x", FLASK_APP=SMALLEST).output == "Hello, x!\n"
    code = "app = named('x')\n@app.cli.command()\ndef debug(): click.echo(app.debug)"
    write(Path("shop.py"), code)
    assert which(flask("debug", FLASK_APP="shop", FLASK_DEBUG="1")) == "True"
    assert which(flask("--no-debug", "debug", FLASK_APP="shop", FLASK_DEBUG="1")) == "False"
    name = "snippets.command_line.own_commands"
    words = ["--app", name, "books", "add", "围城"]
    assert flask(*words, FLASK_BOOKS_ADD_COPIES="7").output == "围城: 7\n"
    assert flask(*words, "--copies", "2", FLASK_BOOKS_ADD_COPIES="7").output == "围城: 2\n"


@proves(
    "guide/command-line",
    "Seen from the current folder there is no module shop.",
    "The module was found, but one of its imports failed.",
    "The last line of the traceback names it.",
    "The module has several applications, and none is called app or application.",
    "The message goes on: Use the 'flask --app' option, 'FLASK_APP' environment variable, or a 'wsgi.py' or 'app.py' "
    "file in the current directory. You are in another folder, or your file has another name.",
)
@pytest.mark.parametrize(
    ("file", "code", "words", "message"),
    [
        (
            "other.py",
            "app = named('x')",
            [],
            "Error: Could not locate a Flask application. Use the 'flask --app' option, "
            "'FLASK_APP' environment variable, or a 'wsgi.py' or 'app.py' file in the current directory.",
        ),
        ("other.py", "app = named('x')", ["--app", "shop"], "Error: Could not import 'shop'."),
        (
            "shop.py",
            "import nowhere",
            ["--app", "shop"],
            "Error: While importing 'shop', an ImportError was raised:",
        ),
        (
            "shop.py",
            "one, two = named('1'), named('2')",
            ["--app", "shop"],
            "Error: Detected multiple Flask applications "
            "in module 'shop'. Use 'shop:name' to specify the correct one.",
        ),
    ],
)
def test_messages(
    project: Path, flask: Flask, file: str, code: str, words: list[str], message: str
) -> None:
    write(project / file, code)
    result = flask(*words, "routes")
    assert result.exit_code == 2
    assert message in result.output
    for part in message.split(" Use the "):
        assert on_the_page(part)
    if "ImportError" in message:
        assert (
            result.output.strip().splitlines()[-1]
            == "ModuleNotFoundError: No module named 'nowhere'"
        )


@proves(
    "guide/command-line",
    "Run flask in the folder that contains shop.py or the package shop, not inside the package.",
)
def test_inside_a_package(project: Path, flask: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    write(project / "shop/__init__.py", "app = named('package')")
    assert which(flask("--app", "shop", "which")) == "package"
    monkeypatch.chdir(project / "shop")
    assert "Could not import 'shop.shop'." in flask("--app", "shop", "which").output


@proves(
    "guide/command-line",
    "Flask found another application, or none: look at the lines above the message.",
    "If it is the right one, the module that contains the command was not imported.",
)
def test_no_such_command(project: Path, flask: Flask) -> None:
    write(project / "shop.py", "app = named('shop')")
    result = flask("greet")
    assert result.output.index("Could not locate a Flask application") < result.output.index(
        "Error: No such command 'greet'."
    )
    assert on_the_page("`Error: No such command 'greet'.`")
    result = flask("--app", "shop", "greet")
    assert "Could not locate" not in result.output
    assert "Error: No such command 'greet'." in result.output
    write(
        project / "commands.py",
        "from shop import app\n@app.cli.command()\ndef greet(): click.echo('hello')",
    )
    assert "No such command" in flask("--app", "shop", "greet").output
    with (project / "shop.py").open("a") as file:
        file.write("\nimport commands\n")
    assert which(flask("--app", "shop", "greet")) == "hello"


@proves(
    "guide/command-line",
    "The module calls app.run() when it is imported.",
    'Put the call under if __name__ == "__main__":, or delete it: flask run starts the server.',
)
def test_a_call_of_run_is_ignored(project: Path, flask: Flask) -> None:
    write(project / "shop.py", "app = named('shop')\napp.run()")
    message = "Ignoring a call to 'app.run()' that would block the current 'flask' CLI command."
    assert message in flask("--app", "shop", "which").output
    assert on_the_page(message)
    write(project / "shop.py", "app = named('shop')\nif __name__ == '__main__':\n    app.run()")
    assert which(flask("--app", "shop", "which")) == "shop"


@proves("guide/command-line", "FLASK_ENV=development. The variable has no effect any more: ….")
def test_flask_env_is_not_read(project: Path, flask: Flask) -> None:
    write(
        project / "shop.py",
        "app = named('shop')\n@app.cli.command()\ndef debug(): click.echo(app.debug)",
    )
    assert which(flask("--app", "shop", "debug", FLASK_ENV="development")) == "False"
    assert which(flask("--app", "shop", "--debug", "debug")) == "True"
    assert which(flask("--app", "shop", "debug", FLASK_DEBUG="1")) == "True"


@proves(
    "guide/command-line",
    "The module shop is found because flask puts the current folder at the front of sys.path.",
)
def test_the_current_folder_is_on_the_path(project: Path, flask: Flask) -> None:
    write(project / "shop.py", "import sys\napp = named(sys.path[0])")
    assert Path(which(flask("--app", "shop", "which"))) == project.resolve()
