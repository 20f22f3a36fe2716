"""Four layers of settings: for each key, the last layer that sets it wins."""

import tomllib
from collections.abc import Mapping
from typing import Any

from flask import Flask


class Defaults:
    CURRENCY = "CNY"
    TITLE = "shop"
    PAGE_SIZE = 10


def create_app(overrides: Mapping[str, Any] | None = None) -> Flask:
    app = Flask(__name__)
    app.config.from_object(Defaults)
    app.config.from_file("shop.toml", load=tomllib.load, text=False, silent=True)
    app.config.from_prefixed_env("SHOP")
    # the values that a test passes in
    app.config.from_mapping(overrides)

    @app.get("/")
    def index() -> dict[str, Any]:
        return {key: app.config[key] for key in ("CURRENCY", "TITLE", "PAGE_SIZE")}

    return app
