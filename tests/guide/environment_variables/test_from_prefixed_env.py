"""From_prefixed_env: docs/guide/environment-variables.md."""

from __future__ import annotations

import inspect
import os
import re
from collections.abc import Mapping
from unittest.mock import patch

import pytest
from flask import Flask

from proven.claims.proofs import proves
from snippets.configuration import environment, key_rotation
from tests.guide.configuration.common import new_keys, section, title_on_page


@proves(
    "guide/environment-variables",
    "Two underscores go one level down: SHOP_DATABASE__pool sets the item pool of the "
    "dict DATABASE and leaves its other items alone.",
)
def test_two_underscores_go_one_level_down_and_leave_the_rest_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("SHOP_PAGE_SIZE", "50")
    monkeypatch.setenv("SHOP_DATABASE__pool", "10")
    config = environment.create_app().config
    assert config["PAGE_SIZE"] == 50
    assert config["DATABASE"] == {"url": "sqlite:///shop.db", "pool": 10}


def test_without_variables_nothing_changes() -> None:
    assert new_keys(environment.create_app().config) == {
        "DATABASE": {"url": "sqlite:///shop.db", "pool": 5}
    }


@proves(
    "guide/environment-variables",
    "If the dict does not exist, it is created.",
    "The rest of the name is used exactly as it is spelled, lower case included.",
)
def test_dicts_that_are_missing_on_the_way_are_created(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SHOP_MAIL__tls__verify", "true")
    app.config.from_prefixed_env("SHOP")
    assert app.config["MAIL"] == {"tls": {"verify": True}}


@proves(
    "guide/environment-variables",
    "Each environment variable whose name begins with the prefix and an underscore "
    "becomes a key, without the prefix.",
    "The default prefix is FLASK.",
)
def test_the_prefix_is_flask_if_none_is_named(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FLASK_PAGE_SIZE", "50")
    monkeypatch.setenv("FLASKPAGE", "1")
    app.config.from_prefixed_env()
    assert new_keys(app.config) == {"PAGE_SIZE": 50}


def as_on_windows(variables: dict[str, str]) -> Mapping[str, str]:
    """Return the environment that Python makes of these variables on Windows."""
    assert "return encode(key).upper()" in inspect.getsource(os)
    environment = os._Environ({}, str.upper, str, str, str)  # type: ignore[type-var]
    with patch("os.putenv"):
        environment.update(variables)
    return environment


@proves(
    "guide/environment-variables",
    "On Windows the names of environment variables are always uppercase.",
    "SHOP_DATABASE__pool arrives there as SHOP_DATABASE__POOL and sets the item POOL.",
)
def test_on_windows_the_names_are_uppercase(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    variables = {"SHOP_DATABASE__pool": "10", "SHOP_page_size": "20"}
    monkeypatch.setattr("os.environ", as_on_windows(variables))
    app.config.from_prefixed_env("SHOP")
    assert new_keys(app.config) == {"DATABASE": {"POOL": 10}, "PAGE_SIZE": 20}


def value_rows() -> list[tuple[str, str]]:
    cell = r"\| `(.+)` +"
    return re.findall(rf"(?m)^{cell}{cell}\|$", section("config-from-prefixed-env"))


@proves(
    "guide/environment-variables",
    "Each value is parsed as JSON.",
    "A value that is not valid JSON stays a string; no error is raised:",
    "50 | 50",
    "\"50\" | '50'",
    "1e3 | 1000.0",
    "true | True",
    "True | 'True'",
    "null | None",
    "[\"a\", \"b\"] | ['a', 'b']",
    '["a", "b" | \'["a", "b"\'',
    "你好 | '你好'",
)
@pytest.mark.parametrize(("written", "read"), value_rows())
def test_each_value_is_read_as_json_or_stays_a_string(
    app: Flask, monkeypatch: pytest.MonkeyPatch, written: str, read: str
) -> None:
    monkeypatch.setenv("SHOP_VALUE", written)
    app.config.from_prefixed_env("SHOP")
    assert repr(app.config["VALUE"]) == read


def test_the_table_of_values_was_found() -> None:
    assert len(value_rows()) == 9


@proves(
    "guide/environment-variables",
    'from_prefixed_env("SHOP", loads=str) keeps every value a string.',
)
def test_loads_str_keeps_every_value_a_string(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHOP_PAGE_SIZE", "50")
    app.config.from_prefixed_env("SHOP", loads=str)
    assert app.config["PAGE_SIZE"] == "50"


@proves(
    "guide/environment-variables",
    "from_prefixed_env() uses the prefix FLASK, so it reads FLASK_DEBUG too.",
    "False is not valid JSON, so DEBUG becomes the non-empty string 'False', which counts as true.",
    "Pass another prefix, or write false or 0.",
)
def test_flask_debug_false_is_true_after_from_prefixed_env(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("FLASK_DEBUG", "False")
    app = Flask("shop")
    assert app.debug is False
    app.config.from_prefixed_env()
    assert app.config["DEBUG"] == "False"
    assert bool(app.debug) is True
    for value in ("false", "0"):
        monkeypatch.setenv("FLASK_DEBUG", value)
        app.config.from_prefixed_env()
        assert bool(app.debug) is False


@proves(
    "guide/secrets",
    "FLASK_SECRET_KEY=12345678 is set and your code calls from_prefixed_env().",
    "The value is parsed as JSON and becomes a number.",
    "Put it in two pairs of quotes, FLASK_SECRET_KEY='\"12345678\"'.",
)
def test_a_key_of_digits_becomes_a_number_and_cannot_sign(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("FLASK_SECRET_KEY", "12345678")
    app = key_rotation.create_app()
    app.config.from_prefixed_env()
    app.testing = True
    with pytest.raises(TypeError) as caught:
        app.test_client().post("/login")
    assert title_on_page(caught.value)
    monkeypatch.setenv("FLASK_SECRET_KEY", '"12345678"')
    app.config.from_prefixed_env()
    assert app.secret_key == "12345678"
    assert app.test_client().post("/login").status_code == 200


@proves(
    "guide/environment-variables",
    "The variables SHOP_DATABASE and SHOP_DATABASE__pool are both set.",
    "The first makes DATABASE a string, and from_prefixed_env cannot set an item of a string.",
)
def test_a_string_on_the_way_cannot_be_gone_into(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SHOP_DATABASE", "sqlite:///shop.db")
    monkeypatch.setenv("SHOP_DATABASE__pool", "10")
    with pytest.raises(TypeError) as caught:
        app.config.from_prefixed_env("SHOP")
    assert title_on_page(caught.value)


@proves(
    "guide/environment-variables",
    "from_object does not copy values.",
    "If DATABASE is a dict on your class, SHOP_DATABASE__pool changes that dict, and the "
    "next application in the same process starts with the change.",
)
def test_a_nested_variable_changes_the_class_of_defaults(monkeypatch: pytest.MonkeyPatch) -> None:
    class Defaults:
        DATABASE = {"pool": 5}  # noqa: RUF012  the mistake in question

    monkeypatch.setenv("SHOP_DATABASE__pool", "10")
    first = Flask("shop")
    first.config.from_object(Defaults)
    first.config.from_prefixed_env("SHOP")
    second = Flask("shop")
    second.config.from_object(Defaults)
    assert second.config["DATABASE"] == {"pool": 10}
