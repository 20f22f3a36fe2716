"""Step six without the check of tokens, so that its requests can be recorded."""

from flask import Flask

from snippets.tour import step_6


def create_app() -> Flask:
    app = step_6.create_app()
    app.config["WTF_CSRF_ENABLED"] = False
    return app
