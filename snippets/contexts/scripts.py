"""One function for a view, a command and a script."""

import click
from flask import Flask, current_app

app = Flask(__name__)
app.config["SHOP"] = "早茶"


def banner() -> str:
    return f"Welcome to {current_app.config['SHOP']}"


@app.get("/")
def index() -> str:
    # Flask has pushed both contexts
    return banner()


@app.cli.command("banner")
def command() -> None:
    # @app.cli.command has pushed an application context
    click.echo(banner())


def script() -> str:
    # no context has been pushed
    with app.app_context():
        return banner()
