"""The command for the database: `flask --app snippets.application init-db`."""

import click
from flask import Flask
from flask.cli import with_appcontext

from .models import db


@click.command("init-db")
@click.option("--fresh", is_flag=True, help="Delete what is there.")
@with_appcontext
def init_db(fresh: bool) -> None:
    """Make the tables that are missing."""
    if fresh:
        click.confirm(f"Delete everything in {db.engine.url!r}?", abort=True)
        db.drop_all()
    db.create_all()
    click.echo(f"Tables: {', '.join(sorted(db.metadata.tables))}")


def init_app(app: Flask) -> None:
    app.cli.add_command(init_db)
