"""A pool in each worker process: as many connections as it has threads, and none from before the fork."""

import os

from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import text
from sqlalchemy.orm import DeclarativeBase


class Base(DeclarativeBase):
    pass


db = SQLAlchemy(model_class=Base)


def create_app(database: str = "postgresql+psycopg://shop@db.example/shop") -> Flask:
    app = Flask(__name__)
    app.config["SQLALCHEMY_DATABASE_URI"] = database
    # For four threads a worker.
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = {"pool_size": 4, "max_overflow": 0}
    app.config.from_prefixed_env("SHOP")
    db.init_app(app)
    with app.app_context():
        app.config["SERVER"] = db.session.scalar(text("SELECT version()"))
        db.session.remove()
        # Closes the connection. With preload, all workers would share it.
        db.engine.dispose()

    @app.get("/")
    def show() -> list[str | int]:
        return [os.getpid(), app.config["SERVER"]]

    return app
