"""An application that is alive and not ready, because its database does not answer."""

from flask import Flask

from . import shop


def database_answers() -> None:
    raise ConnectionError("connection refused")


def create_app() -> Flask:
    app = shop.create_app()
    app.config["CHECKS"] = [database_answers]
    return app
