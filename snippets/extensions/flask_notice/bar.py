"""What an application gets: a function for its templates, a style sheet, and commands."""

import sqlite3

import click
from flask import Blueprint, current_app, render_template
from markupsafe import Markup

from .store import current_store

blueprint = Blueprint("notice", __name__, template_folder="templates", static_folder="static")


def bar() -> Markup:
    """Return the notice as HTML; a page without it is better than no page."""
    try:
        text = current_store().read()
    except sqlite3.Error:
        current_app.logger.exception("the notice could not be read")
        return Markup()
    # the template has escaped the text
    return Markup(render_template("notice/bar.html", text=text))  # noqa: S704


@blueprint.cli.command("set")
@click.argument("text")
def set_notice(text: str) -> None:
    """Show TEXT above each page."""
    current_store().write(text)
    click.echo("The notice is set.")


@blueprint.cli.command("show")
def show_notice() -> None:
    """Print the notice."""
    click.echo(current_store().read())
