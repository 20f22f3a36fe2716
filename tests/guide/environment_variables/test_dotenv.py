"""Files of environment variables, .env and .flaskenv: docs/guide/environment-variables.md."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from flask.cli import FlaskGroup
from gunicorn.app.base import BaseApplication

from proven.claims.proofs import proves
from tests.guide.configuration.common import on_page, section


@pytest.fixture(autouse=True)
def environment() -> Iterator[None]:
    """Take back what the command sets."""
    with patch.dict("os.environ"):
        yield


def shown() -> tuple[dict[str, str], str, str]:
    """Return the files of the console block by name, its last command and what that prints."""
    block = section("config-dotenv").split("```{code-block} console\n")[1].split("```")[0]
    parts = [part.partition("\n")[::2] for part in re.split(r"(?m)^\$ ", block)[1:]]
    files = {command.removeprefix("cat "): text for command, text in parts[:-1]}
    return files, *parts[-1]


def run(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> tuple[Result, dict[str, Any]]:
    """Run the flask command without a server; return what it printed and what it would serve."""
    seen: dict[str, Any] = {}

    def run_simple(host: str, port: int, app: Flask, **options: Any) -> None:
        seen.update(app=app, **options)

    monkeypatch.setattr("flask.cli.run_simple", run_simple)
    monkeypatch.setattr("werkzeug.serving.run_simple", run_simple)
    group = FlaskGroup(name="flask")
    return CliRunner().invoke(group, list(arguments), catch_exceptions=False), seen


def write(folder: Path, **names: str) -> None:
    for name, value in names.items():
        folder.joinpath(f".{name}").write_text(value, encoding="utf-8")


@proves(
    "guide/environment-variables",
    "If python-dotenv is installed, the flask command reads the files .flaskenv and .env "
    "before it imports your application, and sets the environment variables that they "
    "list.",
)
def test_the_command_reads_both_files_before_it_imports_the_application(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    files, command, output = shown()
    assert set(files) == {".flaskenv", ".env"}
    for name, text in files.items():
        tmp_path.joinpath(name).write_text(text)
    result, seen = run(monkeypatch, *command.split()[1:])
    assert result.output == output
    assert seen["app"].config["DATABASE"] == {"url": "sqlite:///shop.db", "pool": 10}
    assert seen["use_debugger"] is True


APP = "snippets.configuration.environment"


@proves(
    "guide/environment-variables",
    ".env overrides .flaskenv.",
    "A variable that is already set in the environment overrides both files.",
    "flask --env-file production.env run reads one more file, which overrides the other two.",
)
@pytest.mark.parametrize(
    ("flaskenv", "env", "set_before", "option", "size"),
    [
        ("1", None, None, None, 1),
        ("1", "2", None, None, 2),
        ("1", "2", "3", None, 3),
        ("1", "2", None, "4", 4),
        ("1", "2", "3", "4", 3),
    ],
)
def test_the_environment_overrides_the_option_that_env_and_that_flaskenv(
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    flaskenv: str,
    env: str | None,
    set_before: str | None,
    option: str | None,
    size: int,
) -> None:
    monkeypatch.chdir(tmp_path)
    write(tmp_path, flaskenv=f"SHOP_PAGE_SIZE={flaskenv}\n")
    if env:
        write(tmp_path, env=f"SHOP_PAGE_SIZE={env}\n")
    if set_before:
        monkeypatch.setenv("SHOP_PAGE_SIZE", set_before)
    extra = ["--env-file", "production.env"] if option else []
    tmp_path.joinpath("production.env").write_text(f"SHOP_PAGE_SIZE={option}\n")
    _, seen = run(monkeypatch, *extra, "--app", APP, "run")
    assert seen["app"].config["PAGE_SIZE"] == size
    assert on_page("`flask --env-file production.env run`")


@proves(
    "guide/environment-variables",
    "The command looks for each file in the current folder and then in the folders above it.",
)
def test_the_files_are_looked_for_in_the_current_folder_and_then_above_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    below = tmp_path / "deeper" / "still"
    below.mkdir(parents=True)
    monkeypatch.chdir(below)
    write(tmp_path, env="SHOP_PAGE_SIZE=7\n")
    _, seen = run(monkeypatch, "--app", APP, "run")
    assert seen["app"].config["PAGE_SIZE"] == 7
    write(below, env="SHOP_TITLE=near\n")
    os.environ.pop("SHOP_PAGE_SIZE")
    _, seen = run(monkeypatch, "--app", APP, "run")
    assert seen["app"].config["TITLE"] == "near"
    assert "PAGE_SIZE" not in seen["app"].config


@proves("guide/environment-variables", "app.run() reads the files too.")
def test_app_run_reads_the_files(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    write(tmp_path, env="SHOP_PAGE_SIZE=7\n")
    monkeypatch.setattr("werkzeug.serving.run_simple", lambda *args, **options: None)
    Flask("shop").run()
    assert os.environ["SHOP_PAGE_SIZE"] == "7"


@proves(
    "guide/environment-variables",
    "A production server such as Gunicorn does not: set the variables where you start it.",
)
def test_gunicorn_does_not_read_the_files(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    class Server(BaseApplication):  # type: ignore[misc]  # gunicorn has no annotations
        def load_config(self) -> None:
            """Take the defaults."""

        def load(self) -> Flask:
            return Flask("shop")

    monkeypatch.chdir(tmp_path)
    write(tmp_path, env="SHOP_PAGE_SIZE=7\n")
    Server().wsgi()
    assert "SHOP_PAGE_SIZE" not in os.environ


@proves(
    "guide/environment-variables",
    "Without python-dotenv the command does not read the files; it prints Tip: There are "
    ".env files present. Install python-dotenv to use them.",
)
def test_without_python_dotenv_the_command_says_so_and_reads_nothing(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    write(tmp_path, env="SHOP_PAGE_SIZE=7\n")
    monkeypatch.setitem(sys.modules, "dotenv", None)
    result, seen = run(monkeypatch, "--app", APP, "run")
    assert "PAGE_SIZE" not in seen["app"].config
    tip = result.stderr.strip().removeprefix("* ")
    assert tip == "Tip: There are .env files present. Install python-dotenv to use them."
    assert on_page(f"`{tip}`")
