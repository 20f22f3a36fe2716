"""An application with one view and one command."""

import click
from flask import Flask

app = Flask(__name__)


@app.get("/")
def index() -> str:
    return "Tea and books"


@app.cli.command()
@click.argument("name")
def greet(name: str) -> None:
    """Greet somebody."""
    click.echo(f"Hello, {name}!")
