"""With Flask-SQLAlchemy: the URL contains the primary key, the view receives the row."""

from functools import partial
from operator import attrgetter

from flask import Flask, url_for
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from snippets.converters import model_converter


class Base(DeclarativeBase):
    pass


class Note(Base):
    __tablename__ = "note"
    id: Mapped[int] = mapped_column(primary_key=True)
    text: Mapped[str]


db = SQLAlchemy(model_class=Base)


def create_app() -> Flask:
    app = Flask(__name__)
    app.config["SQLALCHEMY_DATABASE_URI"] = "sqlite://"
    db.init_app(app)
    app.url_map.converters["note"] = model_converter(
        partial(db.session.get, Note), key=attrgetter("id")
    )
    with app.app_context():
        Base.metadata.create_all(db.engine)
        db.session.add(Note(text="buy milk"))
        db.session.commit()

    # SQLite raises OverflowError for a key of more than 64 bits.
    @app.get("/notes/<note(max=9223372036854775807):note>")
    def show(note: Note) -> dict[str, str]:
        return {"text": note.text, "link": url_for("show", note=note)}

    return app
