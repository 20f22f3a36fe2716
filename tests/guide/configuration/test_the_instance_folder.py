"""The instance folder: docs/guide/configuration.md."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from flask import Flask

from proven.claims.proofs import proves
from snippets.configuration import instance_folder
from tests.guide.configuration.common import ROOT, title_on_page


@proves("guide/configuration", "app.instance_path is its path.")
def test_relative_names_start_at_the_instance_folder() -> None:
    app = instance_folder.create_app()
    assert app.instance_path == str(ROOT / "snippets/configuration/instance")
    assert app.test_client().get("/").text == "书店（这台服务器）"


@proves(
    "guide/configuration",
    "With instance_relative_config=True it starts at the instance folder.",
    "With instance_relative_config=True, relative paths in from_pyfile, from_envvar and "
    "from_file start there.",
    "Relative paths start at app.root_path, or at app.instance_path with "
    "instance_relative_config=True, and not at the current folder.",
)
@pytest.mark.parametrize("way", ["from_pyfile", "from_envvar", "from_file"])
def test_all_three_file_readers_follow_instance_relative_config(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    app = Flask(
        "shop",
        root_path=str(tmp_path),
        instance_path=str(tmp_path / "instance"),
        instance_relative_config=True,
    )
    Path(app.instance_path).mkdir()
    Path(app.instance_path, "both.cfg").write_text("WHERE = 'instance'\n")
    Path(app.instance_path, "both.json").write_text('{"WHERE": "instance"}')
    monkeypatch.setenv("SHOP_SETTINGS", "both.cfg")
    {
        "from_pyfile": lambda: app.config.from_pyfile("both.cfg"),
        "from_envvar": lambda: app.config.from_envvar("SHOP_SETTINGS"),
        "from_file": lambda: app.config.from_file("both.json", load=json.load),
    }[way]()
    assert app.config["WHERE"] == "instance"


@proves(
    "guide/configuration",
    "If the module is in a package, it is the folder beside the top-level package.",
)
def test_the_folder_is_beside_the_top_level_package() -> None:
    app = Flask("snippets.configuration.instance_folder")
    assert app.instance_path == str(ROOT / "instance")


@proves(
    "guide/configuration",
    "If you pass no instance_path, Flask uses the folder instance beside the module of "
    "the application.",
)
def test_the_folder_is_beside_a_single_module(tmp_path: Path) -> None:
    tmp_path.joinpath("single.py").write_text(
        "from flask import Flask\napp = Flask(__name__)\nprint(app.instance_path)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", "import single"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == str(tmp_path / "instance")


@proves(
    "guide/configuration",
    "For an installed package, it is var/<name>-instance below the prefix of the Python "
    "environment.",
)
def test_for_an_installed_package_the_folder_is_below_the_prefix() -> None:
    assert Flask("werkzeug").instance_path == str(Path(sys.prefix, "var", "werkzeug-instance"))


@proves(
    "guide/configuration",
    "A path that you pass must be absolute.",
    'Your code passes a relative path, as in Flask(__name__, instance_path="instance").',
)
def test_a_relative_instance_path_is_refused() -> None:
    with pytest.raises(ValueError) as caught:
        Flask("shop", instance_path="instance")
    assert title_on_page(caught.value)


@proves(
    "guide/configuration",
    "Flask does not create the folder.",
    "Create it with os.makedirs(app.instance_path, exist_ok=True) before you write to it.",
    "app.open_instance_resource opens a file in it for reading or writing.",
)
def test_flask_does_not_create_the_folder_and_opens_files_in_it_for_writing(app: Flask) -> None:
    assert not os.path.exists(app.instance_path)
    os.makedirs(app.instance_path, exist_ok=True)
    with app.open_instance_resource("note.txt", "w") as file:
        file.write("早")
    assert Path(app.instance_path, "note.txt").read_text(encoding="utf-8") == "早"
