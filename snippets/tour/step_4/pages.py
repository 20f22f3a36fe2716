"""The pages with notes."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from .models import Note, db

bp = Blueprint("pages", __name__)


def page(text: str = "", error: str = "") -> str:
    notes = db.session.scalars(select(Note).order_by(Note.id))
    return render_template("notes.html", notes=notes, text=text, error=error)


@bp.get("/")
def index() -> str:
    return page()


@bp.post("/")
def add() -> ResponseReturnValue:
    text = request.form["text"].strip()
    if not 1 <= len(text) <= 200:
        return page(text, "A note has 1 to 200 characters."), 422
    db.session.add(Note(text=text))
    db.session.commit()
    return redirect(url_for(".index"), 303)


@bp.post("/<int:key>/delete")
def delete(key: int) -> ResponseReturnValue:
    db.session.delete(db.get_or_404(Note, key))
    db.session.commit()
    return redirect(url_for(".index"), 303)
