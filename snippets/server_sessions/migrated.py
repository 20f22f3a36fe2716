"""Sessions in a table that belongs to the migrations of the application."""

from flask import Flask, session
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import create_engine

from snippets.sessions import SqlAlchemySessionInterface, session_table

db = SQLAlchemy()


def create_app(url: str) -> Flask:
    app = Flask(__name__)
    app.config["SQLALCHEMY_DATABASE_URI"] = url
    db.init_app(app)
    # in the metadata that your migrations compare with the database
    table = session_table("http_sessions", db.metadata)
    app.session_interface = SqlAlchemySessionInterface(create_engine(url), table)

    @app.post("/visits")
    def count_visits() -> dict[str, int]:
        session["visits"] = session.get("visits", 0) + 1
        return {"visits": session["visits"]}

    return app
