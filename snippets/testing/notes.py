"""An application with a database to test."""

from collections.abc import Mapping
from typing import Any

from flask import Flask, request
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    pass


db = SQLAlchemy(model_class=Base)


class Note(db.Model):  # type: ignore[misc, name-defined]
    key: Mapped[int] = mapped_column(primary_key=True)
    text: Mapped[str]


def create_app(config: Mapping[str, Any]) -> Flask:
    app = Flask(__name__)
    app.config.from_mapping(config)
    db.init_app(app)

    @app.post("/notes")
    def add() -> tuple[dict[str, int], int]:
        note = Note(text=request.get_json()["text"])
        db.session.add(note)
        db.session.commit()
        return {"key": note.key}, 201

    return app
