"""What wins: docs/guide/configuration.md."""

from __future__ import annotations

import pytest
from flask import Flask

from proven.claims.proofs import proves
from snippets.configuration import layers
from tests.guide.configuration.test_the_ways_in import WAYS, fill


@proves(
    "guide/configuration",
    "For each key, the last call that sets it wins, so the order of your calls decides.",
)
def test_the_last_layer_that_sets_a_key_wins(monkeypatch: pytest.MonkeyPatch) -> None:
    def effective(app: Flask) -> object:
        return app.test_client().get("/").json

    general = {"CURRENCY": "CNY", "TITLE": "书店"}
    assert effective(layers.create_app()) == general | {"PAGE_SIZE": 20}
    monkeypatch.setenv("SHOP_PAGE_SIZE", "50")
    assert effective(layers.create_app()) == general | {"PAGE_SIZE": 50}
    assert effective(layers.create_app({"PAGE_SIZE": 2})) == general | {"PAGE_SIZE": 2}


@proves("guide/configuration", "The sources have no fixed order of priority.")
def test_the_order_of_the_calls_is_the_whole_ranking(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SHOP_PAGE_SIZE", "50")
    app.config.from_prefixed_env("SHOP")
    app.config.from_object(layers.Defaults)
    assert app.config["PAGE_SIZE"] == 10


@proves(
    "guide/configuration",
    "A new value for a key replaces the old one, even if both are dicts.",
    "Of the methods above, only from_prefixed_env changes single items of a dict, by its "
    "double underscore.",
)
@pytest.mark.parametrize("way", [way for way, _, _ in WAYS])
def test_only_from_prefixed_env_changes_an_item_of_a_dict(
    app: Flask, monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    monkeypatch.setenv("SHOP_DATABASE__pool", "10")
    app.config["DATABASE"] = {"url": "sqlite:///shop.db", "pool": 5}
    new = {"DATABASE": {"pool": 10}}
    fill(app, way, monkeypatch, new)
    kept = {"url": "sqlite:///shop.db"} if way == "from_prefixed_env" else {}
    assert app.config["DATABASE"] == kept | {"pool": 10}
