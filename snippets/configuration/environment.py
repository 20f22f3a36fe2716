"""Environment variables with the prefix `SHOP_` become configuration keys."""

from flask import Flask


def create_app() -> Flask:
    app = Flask(__name__)
    app.config["DATABASE"] = {"url": "sqlite:///shop.db", "pool": 5}
    app.config.from_prefixed_env("SHOP")
    return app
