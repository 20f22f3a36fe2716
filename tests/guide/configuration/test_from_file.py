"""From_file: docs/guide/configuration.md."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from proven.claims.proofs import proves
from snippets.configuration import data_files
from tests.guide.configuration.common import PAGE, ROOT, new_keys, title_on_page


@proves(
    "guide/configuration",
    "tomllib and json come with Python.",
    "The second file replaces the whole value of DATABASE, so url is gone: from_file does "
    "not merge dicts.",
)
def test_toml_then_json_with_nothing_merged() -> None:
    assert data_files.create_app().test_client().get("/").json == {
        "PAGE_SIZE": 50,
        "TITLE": "书店",
        "DATABASE": {"pool": 10},
        "currency": None,
    }


@proves(
    "guide/configuration",
    "Only the keys at the top level have to be uppercase: currency is skipped, pool "
    "inside DATABASE is kept.",
)
def test_only_the_keys_at_the_top_have_to_be_uppercase(app: Flask) -> None:
    app.config.root_path = str(ROOT / "snippets/configuration")
    app.config.from_file("shop.toml", load=tomllib.load, text=False)
    assert app.config["DATABASE"] == {"url": "sqlite:///shop.db", "pool": 5}
    assert "currency" not in app.config


@proves(
    "guide/configuration",
    "from_file (…) opens the file and passes it to the loader that you name.",
    "Any function that takes an open file and returns a mapping will do, so a YAML "
    "library works too.",
)
def test_any_loader_will_do(app: Flask) -> None:
    Path(app.root_path, "shop.ini").write_text("PAGE_SIZE=20\nTITLE=shop\n")

    def load(file: Any) -> dict[str, str]:
        return dict(line.strip().split("=") for line in file)

    app.config.from_file("shop.ini", load=load)
    assert new_keys(app.config) == {"PAGE_SIZE": "20", "TITLE": "shop"}


@proves(
    "guide/configuration",
    "tomllib.load() requires that.",
    "Your code calls from_file(…, load=tomllib.load), which opens the file in text mode.",
    "Add text=False.",
)
def test_tomllib_insists_on_binary_mode(app: Flask) -> None:
    app.config.root_path = str(ROOT / "snippets/configuration")
    with pytest.raises(TypeError) as caught:
        app.config.from_file("shop.toml", load=tomllib.load)
    assert title_on_page(caught.value)


@proves(
    "guide/configuration",
    "text=False (…) opens the file in binary mode.",
    "For json.load() it is the safer choice: it then reads UTF-8 on every machine, while "
    "text mode uses the encoding of the system.",
    "Pass text=False; json.load() then detects the encoding itself.",
)
def test_text_mode_uses_the_encoding_of_the_system_and_binary_mode_reads_utf_8(
    tmp_path: Path,
) -> None:
    tmp_path.joinpath("shop.json").write_text('{"TITLE": "书店"}', encoding="utf-8")
    code = """if True:
        import json, sys
        from flask import Flask
        app = Flask("shop", root_path=sys.argv[1])
        app.config.from_file("shop.json", load=json.load, text=False)
        print(ascii(app.config["TITLE"]))
        app.config.from_file("shop.json", load=json.load)
    """
    ascii_only = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path)],
        env=ascii_only,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout == "'\\u4e66\\u5e97'\n"
    assert "UnicodeDecodeError: 'ascii' codec can't decode byte 0xe4" in done.stderr
    assert ":::{pitfall} `UnicodeDecodeError` while loading JSON" in PAGE


@proves(
    "guide/configuration",
    "The file is encoded in UTF-8, but text mode uses the encoding of the system, which "
    "is GBK on a Chinese Windows.",
)
def test_read_as_gbk_the_same_file_is_garbled_or_an_error() -> None:
    garbled = "书店".encode().decode("gbk")
    assert f"or 书店 turns into {garbled}\n" in PAGE
    with pytest.raises(UnicodeDecodeError):
        '"书"'.encode().decode("gbk")
