"""Relative file names that start at the instance folder."""

import tomllib
from pathlib import Path

from flask import Flask


def create_app() -> Flask:
    app = Flask(
        __name__,
        # by default Flask looks for `instance` beside the top-level package
        instance_path=str(Path(__file__).parent / "instance"),
        instance_relative_config=True,
    )
    app.config["TITLE"] = "书店"
    app.config.from_file("shop.toml", load=tomllib.load, text=False, silent=True)

    @app.get("/")
    def index() -> str:
        return f"{app.config['TITLE']}"

    return app
