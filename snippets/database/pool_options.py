"""Options of the connection pool, for a server that closes idle connections."""

from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import text
from sqlalchemy.orm import DeclarativeBase


class Base(DeclarativeBase):
    pass


db = SQLAlchemy(model_class=Base)


def create_app(database: str = "mysql+pymysql://shop@db.example/shop") -> Flask:
    app = Flask(__name__)
    app.config["SQLALCHEMY_DATABASE_URI"] = database
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = {
        # Test a connection before each use, and replace it if the server does not respond.
        "pool_pre_ping": True,
        # Shorter than the server, or a proxy before it, allows.
        "pool_recycle": 280,
        "pool_size": 5,
        "max_overflow": 10,
        "pool_timeout": 5,
    }
    db.init_app(app)

    @app.get("/")
    def ask() -> str:
        return str(db.session.scalar(text("SELECT 1")))

    return app
