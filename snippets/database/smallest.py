"""A table as a class, a row as an object, and a session for each request."""

from flask import Flask, request
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import String, select
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    pass


db = SQLAlchemy(model_class=Base)


class Note(Base):
    __tablename__ = "note"
    id: Mapped[int] = mapped_column(primary_key=True)
    text: Mapped[str] = mapped_column(String(200))


def create_app(database: str = "sqlite://") -> Flask:
    app = Flask(__name__)
    app.config["SQLALCHEMY_DATABASE_URI"] = database
    db.init_app(app)
    with app.app_context():
        db.create_all()

    @app.post("/notes")
    def add() -> tuple[dict[str, int], int]:
        note = Note(text=request.form["text"])
        db.session.add(note)
        db.session.commit()
        return {"id": note.id}, 201

    @app.get("/notes")
    def show_all() -> list[str]:
        notes = db.session.scalars(select(Note).order_by(Note.id))
        return [note.text for note in notes]

    @app.get("/notes/<int:key>")
    def show(key: int) -> str:
        return db.get_or_404(Note, key).text

    return app
