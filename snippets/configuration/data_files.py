"""Settings in TOML and JSON: `from_file` opens, the loader reads."""

import json
import tomllib
from typing import Any

from flask import Flask


def create_app() -> Flask:
    app = Flask(__name__)
    app.config.from_file("shop.toml", load=tomllib.load, text=False)
    app.config.from_file("shop.json", load=json.load, text=False)

    @app.get("/")
    def index() -> dict[str, Any]:
        keys = ("PAGE_SIZE", "TITLE", "DATABASE", "currency")
        return {key: app.config.get(key) for key in keys}

    return app
