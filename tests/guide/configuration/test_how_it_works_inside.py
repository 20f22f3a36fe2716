"""How it works inside: docs/guide/configuration.md."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from flask import Config, Flask
from werkzeug.datastructures import ImmutableDict

from proven.claims.proofs import proves


@proves(
    "guide/configuration",
    "Flask() calls make_config().",
    "That method copies the class attribute default_config and sets DEBUG from FLASK_DEBUG.",
)
def test_make_config_copies_the_defaults_and_sets_debug(monkeypatch: pytest.MonkeyPatch) -> None:
    called: list[Config] = []

    class Shop(Flask):
        def make_config(self, instance_relative: bool = False) -> Config:
            called.append(super().make_config(instance_relative))
            return called[-1]

    monkeypatch.setenv("FLASK_DEBUG", "1")
    app = Shop("shop")
    assert called == [app.config]
    assert app.config is called[0]
    assert dict(app.config) == {**Flask.default_config, "DEBUG": True}
    app.config["TITLE"] = "shop"
    assert "TITLE" not in Flask.default_config


@proves(
    "guide/configuration",
    "To change a default before the first rule is added, write a subclass of Flask with "
    "another default_config.",
)
def test_a_subclass_changes_a_default_before_the_first_rule_exists() -> None:
    class Shop(Flask):
        default_config = ImmutableDict(Flask.default_config, PROVIDE_AUTOMATIC_OPTIONS=False)

    assert Shop("shop").test_client().options("/static/shop.css").status_code == 405


@proves(
    "guide/configuration",
    "It creates an object of config_class, whose root_path is the root path or the "
    "instance path of the application.",
)
def test_config_class_is_made_with_the_root_path_or_the_instance_path(tmp_path: Path) -> None:
    class Loud(Config):
        pass

    class Shop(Flask):
        config_class = Loud

    root, instance = str(tmp_path), str(tmp_path / "instance")
    for relative, path in [(False, root), (True, instance)]:
        app = Shop(
            "shop", root_path=root, instance_path=instance, instance_relative_config=relative
        )
        assert type(app.config) is Loud
        assert app.config.root_path == path


@proves(
    "guide/configuration",
    "The methods call each other.",
    "from_envvar calls from_pyfile.",
    "from_pyfile executes the file as a module named config and passes that module to from_object.",
    "from_file passes the result of the loader to from_mapping.",
    "from_prefixed_env reads the variables in sorted order and writes into the dict directly.",
)
def test_the_ways_in_build_on_each_other(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    Path(app.root_path, "shop.cfg").write_text("NAME = __name__\n")
    Path(app.root_path, "shop.json").write_text('{"PAGE_SIZE": 1}')
    monkeypatch.setenv("SHOP_SETTINGS", "shop.cfg")
    called: list[str] = []
    for name in ("from_pyfile", "from_object", "from_mapping"):
        original = getattr(Config, name)

        def noted(self: Config, *args: Any, _of: Any = original, **kwargs: Any) -> Any:
            called.append(_of.__name__)
            return _of(self, *args, **kwargs)

        monkeypatch.setattr(Config, name, noted)
    app.config.from_envvar("SHOP_SETTINGS")
    assert called == ["from_pyfile", "from_object"]
    assert app.config["NAME"] == "config"
    called.clear()
    app.config.from_file("shop.json", load=json.load)
    assert called == ["from_mapping"]
    called.clear()
    monkeypatch.setenv("SHOP_B", "1")
    monkeypatch.setenv("SHOP_A", "1")
    app.config.from_prefixed_env("SHOP")
    assert called == []
    assert list(app.config)[-3:] == ["A", "B", "SETTINGS"]
