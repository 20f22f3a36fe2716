"""The `flask sessions` commands: `app.cli.add_command(sessions_cli)` adds them to an application."""

import click
from flask import current_app
from flask.cli import AppGroup

from .base import ServerSideSessionInterface

sessions_cli = AppGroup("sessions", help="Look after the sessions on the server.")


@sessions_cli.command()
def purge() -> None:
    """Remove expired sessions from the store."""
    interface = current_app.session_interface
    if not isinstance(interface, ServerSideSessionInterface):
        raise click.ClickException("the application does not keep its sessions on the server")
    click.echo(f"Expired sessions removed: {interface.purge()}")
