"""A command that creates the tables: flask init-db."""

import click
from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    pass


db = SQLAlchemy(model_class=Base)


class Note(Base):
    __tablename__ = "note"
    id: Mapped[int] = mapped_column(primary_key=True)


def create_app(database: str = "sqlite:///notes.db", instance_path: str | None = None) -> Flask:
    app = Flask(__name__, instance_path=instance_path)
    app.config["SQLALCHEMY_DATABASE_URI"] = database
    db.init_app(app)

    @app.cli.command("init-db")
    def init_db() -> None:
        """Create the tables that do not exist yet."""
        db.create_all()
        click.echo(f"Tables: {', '.join(db.metadata.tables)}")

    return app
