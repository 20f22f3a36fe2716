"""Settings in Python files: the first is required, the other two are optional."""

from flask import Flask


def create_app() -> Flask:
    app = Flask(__name__)
    app.config.from_pyfile("shop.cfg")
    # optional: overrides of one developer
    app.config.from_pyfile("local.cfg", silent=True)
    # optional: the file whose path is in the variable SHOP_SETTINGS
    app.config.from_envvar("SHOP_SETTINGS", silent=True)

    @app.get("/")
    def index() -> dict[str, str]:
        keys = ("PAGE_SIZE", "PERMANENT_SESSION_LIFETIME", "hours")
        return {key: str(app.config.get(key)) for key in keys}

    return app
