"""One settings class per environment; inherited attributes are loaded too."""

from typing import Any

from flask import Flask


class Config:
    TESTING = False
    DATABASE_URI = "sqlite:///:memory:"
    # lower case: from_object skips it
    page_size = 20


class ProductionConfig(Config):
    DATABASE_URI = "mysql+pymysql://shop@localhost/shop"


class TestingConfig(Config):
    TESTING = True


def create_app(
    settings: str = "snippets.configuration.settings_classes.ProductionConfig",
) -> Flask:
    app = Flask(__name__)
    app.config.from_object(settings)

    @app.get("/")
    def index() -> dict[str, Any]:
        keys = ("TESTING", "DATABASE_URI", "page_size")
        return {key: app.config.get(key) for key in keys}

    return app
