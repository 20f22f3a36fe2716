"""Old lines of the page on the database; each function returns what came of it."""

import warnings

from flask import Flask
from flask_sqlalchemy import SQLAlchemy


def shop(**config):
    """Return an application with its database."""
    app = Flask("shop")
    app.config.update({"SQLALCHEMY_DATABASE_URI": "sqlite://", **config})
    return app, SQLAlchemy(app)


def track_modifications():
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        shop()
    return [warning.category.__name__ for warning in caught]


def pool_size():
    app, db = shop(SQLALCHEMY_DATABASE_URI="mysql+pymysql://u:p@h/d", SQLALCHEMY_POOL_SIZE=7)
    with app.app_context():
        return db.engine.pool.size()


def commit_on_teardown():
    app, db = shop(SQLALCHEMY_DATABASE_URI="sqlite:///tea.db", SQLALCHEMY_COMMIT_ON_TEARDOWN=True)
    Tea = type("Tea", (db.Model,), {"id": db.Column(db.Integer, primary_key=True)})
    with app.app_context():
        db.create_all()
        db.session.add(Tea())
    with app.app_context():
        return Tea.query.count()


def create_all():
    app, db = shop()
    return db.create_all(app=app)
