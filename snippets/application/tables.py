"""Connect to the database, and create the tables if it is a file."""

from flask import Flask, current_app
from sqlalchemy import make_url
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import StaticPool

from .models import Base, db


def init_app(app: Flask) -> None:
    db.init_app(app)
    # it runs before that of Flask-SQLAlchemy, because teardown functions run in reverse order
    app.teardown_appcontext(close)
    # on a server, the command init-db does it
    if make_url(app.config["SQLALCHEMY_DATABASE_URI"]).get_backend_name() == "sqlite":
        with app.app_context():
            make_tables()


def make_tables() -> None:
    with db.engine.begin() as connection:
        # of two processes that start at once, one waits
        connection.exec_driver_sql("BEGIN EXCLUSIVE")
        Base.metadata.create_all(connection)
    # workers that are forked later must not share a connection; in memory, it is the database
    if not isinstance(db.engine.pool, StaticPool):
        db.engine.dispose()


def close(_: BaseException | None) -> None:
    try:
        db.session.close()
    except DBAPIError:
        # no handler catches an error after the response, and the server would respond with 500
        current_app.logger.warning("A connection of the database died.", exc_info=True)
        db.session().invalidate()
