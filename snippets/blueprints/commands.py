"""Commands of three blueprints: in a group of its name, in one of another name, in none."""

import click
from flask import Blueprint, Flask, current_app

notes = Blueprint("notes", __name__)
tools = Blueprint("tools", __name__, cli_group="maintenance")
status = Blueprint("status", __name__, cli_group=None)


@notes.cli.command("add")
@click.argument("text")
def add_note(text: str) -> None:
    """Add a note."""
    click.echo(f"{text} added to {current_app.config['TITLE']}")


@tools.cli.command("clean")
def clean() -> None:
    """Remove old notes."""
    click.echo("All clean")


@status.cli.command("health")
def health() -> None:
    """Say how it goes."""
    click.echo("Well")


app = Flask(__name__)
app.config["TITLE"] = "the diary"
app.register_blueprint(notes)
app.register_blueprint(tools)
app.register_blueprint(status)
