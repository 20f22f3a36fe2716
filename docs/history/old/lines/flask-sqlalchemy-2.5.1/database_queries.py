"""Old lines of the page on queries; each function returns what came of it."""

from flask import Flask
from flask_sqlalchemy import SQLAlchemy


def shop(**config):
    """Return an application with its database."""
    app = Flask("shop")
    app.config.update({"SQLALCHEMY_DATABASE_URI": "sqlite://", **config})
    return app, SQLAlchemy(app)


def debug_queries():
    from flask_sqlalchemy import get_debug_queries

    return get_debug_queries.__name__


def plain_string():
    app, db = shop()
    with app.app_context():
        return db.session.execute("SELECT 1").scalar()
