"""The notes are rows of a table, and survive a restart."""

from flask import Flask, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import String, select
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

app = Flask(__name__)
# in your folder: sqlite:///notes.db, a file in the folder instance
app.config["SQLALCHEMY_DATABASE_URI"] = "sqlite://"
app.config.from_prefixed_env()


class Base(DeclarativeBase):
    pass


db = SQLAlchemy(app, model_class=Base)


class Note(Base):
    __tablename__ = "note"
    id: Mapped[int] = mapped_column(primary_key=True)
    text: Mapped[str] = mapped_column(String(200))


with app.app_context():
    db.create_all()


def page(text: str = "", error: str = "") -> str:
    notes = db.session.scalars(select(Note).order_by(Note.id))
    return render_template("notes.html", notes=notes, text=text, error=error)


@app.get("/")
def index() -> str:
    return page()


@app.post("/")
def add() -> ResponseReturnValue:
    text = request.form["text"].strip()
    if not 1 <= len(text) <= 200:
        return page(text, "A note has 1 to 200 characters."), 422
    db.session.add(Note(text=text))
    db.session.commit()
    return redirect(url_for("index"), 303)


@app.post("/<int:key>/delete")
def delete(key: int) -> ResponseReturnValue:
    db.session.delete(db.get_or_404(Note, key))
    db.session.commit()
    return redirect(url_for("index"), 303)
