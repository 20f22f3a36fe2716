"""The pages with notes, which say what was done."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

# in your package: a module of its own
from snippets.tour.step_4.models import Note, db

bp = Blueprint("pages", __name__)


def page(text: str = "") -> str:
    notes = db.session.scalars(select(Note).order_by(Note.id))
    return render_template("notes.html", notes=notes, text=text)


@bp.get("/")
def index() -> str:
    return page()


@bp.post("/")
def add() -> ResponseReturnValue:
    text = request.form["text"].strip()
    if not 1 <= len(text) <= 200:
        flash("A note has 1 to 200 characters.")
        return page(text), 422
    db.session.add(Note(text=text))
    db.session.commit()
    flash("The note is stored.")
    return redirect(url_for(".index"), 303)


@bp.post("/<int:key>/delete")
def delete(key: int) -> ResponseReturnValue:
    db.session.delete(db.get_or_404(Note, key))
    db.session.commit()
    flash("The note is deleted.")
    return redirect(url_for(".index"), 303)
