"""From_pyfile and from_envvar: docs/guide/configuration.md."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from flask import Flask

from proven.claims.proofs import proves
from snippets.configuration import python_file
from tests.guide.configuration.common import title_on_page, titles


def test_a_python_file_computes_and_its_lowercase_names_stay_behind() -> None:
    assert python_file.create_app().test_client().get("/").json == {
        "PAGE_SIZE": "20",
        "PERMANENT_SESSION_LIFETIME": "12:00:00",
        "hours": "None",
    }


def test_the_variable_names_a_file_that_overrides_the_first_one(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    file = tmp_path / "production.cfg"
    file.write_text("PAGE_SIZE = 99\n")
    monkeypatch.setenv("SHOP_SETTINGS", str(file))
    assert python_file.create_app().config["PAGE_SIZE"] == 99


@proves(
    "guide/configuration",
    "Both methods execute the file as Python, whatever its extension.",
    "The file can compute values.",
    "Lowercase names in it are not loaded, so you can use them as helpers.",
)
@pytest.mark.parametrize("name", ["settings.py", "settings.cfg", "settings", "settings.txt"])
def test_both_methods_execute_the_file_as_python_whatever_its_extension(
    app: Flask, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    Path(app.root_path, name).write_text("half = 10\nPAGE_SIZE = half * 2\n")
    monkeypatch.setenv("SHOP_SETTINGS", name)
    app.config.from_pyfile(name)
    assert app.config.pop("PAGE_SIZE") == 20
    app.config.from_envvar("SHOP_SETTINGS")
    assert app.config["PAGE_SIZE"] == 20
    assert "half" not in app.config


@proves(
    "guide/configuration",
    "A relative path starts at the folder of the application, app.root_path, not at the "
    "folder in which you started the server.",
    "The same rule applies to a path in the environment variable, so write an absolute path there.",
)
def test_relative_names_start_at_the_root_path_and_not_at_the_current_folder(
    app: Flask, monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    elsewhere.joinpath("shop.cfg").write_text("FROM = 'current folder'\n")
    Path(app.root_path, "shop.cfg").write_text("FROM = 'root path'\n")
    monkeypatch.chdir(elsewhere)
    monkeypatch.setenv("SHOP_SETTINGS", "shop.cfg")
    app.config.from_pyfile("shop.cfg")
    assert app.config.pop("FROM") == "root path"
    app.config.from_envvar("SHOP_SETTINGS")
    assert app.config["FROM"] == "root path"


@proves("guide/configuration", "The message ends with the path that Flask tried to open.")
def test_a_missing_file_names_the_path_that_was_tried(app: Flask) -> None:
    for load in (
        lambda: app.config.from_pyfile("absent.cfg"),
        lambda: app.config.from_file("absent.cfg", load=json.load),
    ):
        with pytest.raises(FileNotFoundError) as caught:
            load()
        text = "[Errno 2] Unable to load configuration file (No such file or directory)"
        assert str(caught.value) == f"{text}: '{app.root_path}/absent.cfg'"
        assert f"FileNotFoundError: {text}" in titles()


@proves(
    "guide/configuration",
    "silent=True ignores a missing file, but not a broken one: a syntax error in the file "
    "still raises SyntaxError.",
)
def test_silent_does_not_forgive_a_syntax_error(app: Flask) -> None:
    Path(app.root_path, "broken.cfg").write_text("PAGE_SIZE =\n")
    with pytest.raises(SyntaxError):
        app.config.from_pyfile("broken.cfg", silent=True)


@proves(
    "guide/configuration",
    "Both methods execute the file on each call, with all the rights of your application.",
)
def test_both_methods_execute_the_file_on_each_call(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    Path(app.root_path, "clock.cfg").write_text("import time\nNOW = time.perf_counter_ns()\n")
    monkeypatch.setenv("SHOP_SETTINGS", "clock.cfg")
    times = []
    for load in (app.config.from_pyfile, app.config.from_envvar) * 2:
        load("clock.cfg" if load == app.config.from_pyfile else "SHOP_SETTINGS")
        times.append(app.config["NOW"])
    assert times == sorted(set(times))


@proves(
    "guide/configuration",
    "from_envvar treats an empty variable like a missing one.",
    'Your code calls from_envvar("SHOP_SETTINGS"), but the variable is missing or empty '
    "in the environment of the server.",
)
@pytest.mark.parametrize("value", [None, ""])
def test_from_envvar_counts_an_empty_variable_as_missing(
    app: Flask, monkeypatch: pytest.MonkeyPatch, value: str | None
) -> None:
    if value is not None:
        monkeypatch.setenv("SHOP_SETTINGS", value)
    with pytest.raises(RuntimeError) as caught:
        app.config.from_envvar("SHOP_SETTINGS")
    assert title_on_page(caught.value)
