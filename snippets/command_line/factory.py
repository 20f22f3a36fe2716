"""A factory whose argument can come from the command line."""

import click
from flask import Flask, current_app

WELCOME = {"en": "Welcome", "zh": "欢迎"}


def create_app(language: str = "en") -> Flask:
    app = Flask(__name__)
    app.config["LANGUAGE"] = language

    @app.cli.command()
    def welcome() -> None:
        """Say the welcome of the configured language."""
        click.echo(WELCOME[current_app.config["LANGUAGE"]])

    return app
