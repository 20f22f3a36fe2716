"""Settings in Python files: one belongs to the application, two may be missing."""

from flask import Flask


def create_app() -> Flask:
    app = Flask(__name__)
    app.config.from_pyfile("shop.cfg")
    # a developer's own overrides
    app.config.from_pyfile("local.cfg", silent=True)
    # the file that the variable SHOP_SETTINGS names
    app.config.from_envvar("SHOP_SETTINGS", silent=True)

    @app.get("/")
    def index() -> dict[str, str]:
        keys = ("PAGE_SIZE", "PERMANENT_SESSION_LIFETIME", "hours")
        return {key: str(app.config.get(key)) for key in keys}

    return app
