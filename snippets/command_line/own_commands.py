"""Commands in a group, with an argument, an option, a question and an error."""

import click
from flask import Flask, current_app
from flask.cli import AppGroup

books = AppGroup("books", help="Manage the books.")


@books.command()
@click.argument("title")
@click.option("--copies", default=1, show_default=True, help="How many copies.")
def add(title: str, copies: int) -> None:
    """Add a book."""
    current_app.config["BOOKS"][title] = copies
    click.echo(f"{title}: {copies}")


@books.command()
@click.argument("title")
@click.confirmation_option(prompt="Remove the book?")
def remove(title: str) -> None:
    """Remove a book."""
    if title not in current_app.config["BOOKS"]:
        raise click.ClickException(f"there is no book {title!r}")
    del current_app.config["BOOKS"][title]
    click.echo(f"{title} is removed")


app = Flask(__name__)
app.config["BOOKS"] = {"三体": 2}  # in your application: a table of the database
app.cli.add_command(books)
