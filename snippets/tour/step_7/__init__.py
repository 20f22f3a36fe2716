"""The same application with settings from outside, error pages and headers, ready for a server."""

import click
from flask import Flask, Response, render_template
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException

# in your package: modules of its own
from snippets.tour.step_6 import accounts, csrf, models, pages


def create_app() -> Flask:
    app = Flask(__name__)
    app.config.update(
        SQLALCHEMY_DATABASE_URI="sqlite:///notes.db",
        SESSION_COOKIE_SAMESITE="Lax",
        MAX_CONTENT_LENGTH=100_000,
    )
    # NOTES_SECRET_KEY, NOTES_SQLALCHEMY_DATABASE_URI, NOTES_SESSION_COOKIE_SECURE
    app.config.from_prefixed_env("NOTES")
    if not app.config["SECRET_KEY"]:
        raise RuntimeError("Set NOTES_SECRET_KEY.")
    models.db.init_app(app)
    csrf.init_app(app)
    app.register_blueprint(accounts.bp)
    app.register_blueprint(pages.bp)

    @app.cli.command("create-tables")
    def create_tables() -> None:
        """Create the tables that are missing."""
        models.db.create_all()
        click.echo("The tables are there.")

    @app.errorhandler(HTTPException)
    def explain(error: HTTPException) -> ResponseReturnValue:
        return render_template("error.html", error=error), error.code or 500

    @app.after_request
    def protect(response: Response) -> Response:
        response.headers["Content-Security-Policy"] = "default-src 'self'"
        response.headers["X-Content-Type-Options"] = "nosniff"
        return response

    return app
