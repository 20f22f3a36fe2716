"""The ways in: docs/guide/configuration.md."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Config, Flask

from proven.claims.proofs import proves
from tests.guide.configuration.common import new_keys, section

BOTH = {"UPPER": 1, "lower": 1}


def fill(
    app: Flask, way: str, monkeypatch: pytest.MonkeyPatch, values: Mapping[str, Any] = BOTH
) -> object:
    """Offer values to one of the methods and return what it returns."""
    folder = Path(app.root_path)
    folder.joinpath("both.cfg").write_text("".join(f"{key} = {values[key]}\n" for key in values))
    folder.joinpath("both.json").write_text(json.dumps(values))
    monkeypatch.setenv("SHOP_SETTINGS", str(folder / "both.cfg"))
    for key, value in values.items():
        monkeypatch.setenv(f"WAY_{key}", json.dumps(value))
    prefix = "WAY" if values is BOTH else "SHOP"
    ways: dict[str, Callable[[], object]] = {
        "update": lambda: app.config.update(values),
        "from_mapping": lambda: app.config.from_mapping(values),
        "from_object": lambda: app.config.from_object(SimpleNamespace(**values)),
        "from_pyfile": lambda: app.config.from_pyfile("both.cfg"),
        "from_envvar": lambda: app.config.from_envvar("SHOP_SETTINGS"),
        "from_file": lambda: app.config.from_file("both.json", load=json.load),
        "from_prefixed_env": lambda: app.config.from_prefixed_env(prefix),
    }
    return ways[way]()


WAYS = [
    ("update", None, True),
    ("from_mapping", True, False),
    ("from_object", None, False),
    ("from_pyfile", True, False),
    ("from_envvar", True, False),
    ("from_file", True, False),
    ("from_prefixed_env", True, True),
]


@proves(
    "guide/configuration",
    'app.config["KEY"] = value, update | values in code | no',
    "from_mapping() | a mapping, keyword arguments, or both | yes",
    "from_object() | the attributes of a class, an instance or a module | yes",
    "from_pyfile() | a Python file | yes",
    "from_envvar() | the Python file that an environment variable names | yes",
    "from_file() | a TOML, JSON or other data file, through a loader that you pass | yes",
    "from_prefixed_env() | environment variables with a common prefix | no",
    "All of them write into the same dict, and you can call each of them any number of times.",
    "update and from_object return None, the other methods return True.",
    "A key that is not uppercase is skipped without a message.",
)
@pytest.mark.parametrize(("way", "returned", "takes_lower"), WAYS)
def test_each_way_in_loads_uppercase_keys_and_says_so(
    app: Flask, monkeypatch: pytest.MonkeyPatch, way: str, returned: object, takes_lower: bool
) -> None:
    assert fill(app, way, monkeypatch) is returned
    assert new_keys(app.config) == {"UPPER": 1} | ({"lower": 1} if takes_lower else {})
    row = next(line for line in section("config-ways-in").splitlines() if f"{way}`" in line)
    assert row.endswith("| no |" if takes_lower else "| yes |")


def test_the_table_of_ways_in_has_every_public_method_that_fills() -> None:
    fillers = {name for name in dir(Config) if name.startswith("from_")} - {"fromkeys"}
    assert fillers == {way for way, _, _ in WAYS} - {"update"}


@proves(
    "guide/configuration",
    "With silent=True, from_pyfile, from_envvar and from_file return False for a missing "
    "file instead of raising an error.",
)
@pytest.mark.parametrize(
    "load",
    [
        lambda config: config.from_pyfile("absent.cfg", silent=True),
        lambda config: config.from_envvar("SHOP_SETTINGS", silent=True),
        lambda config: config.from_file("absent.json", load=json.load, silent=True),
    ],
)
def test_silent_makes_a_missing_file_false(app: Flask, load: Callable[[Config], bool]) -> None:
    assert load(app.config) is False
