"""The pages with the notes of the user who is logged in."""

from flask import Blueprint, abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from werkzeug.wrappers import Response

from .models import Note, db

bp = Blueprint("pages", __name__)


@bp.before_request
def only_users() -> Response | None:
    return None if g.user else redirect(url_for("accounts.login"), 303)


def page(text: str = "") -> str:
    own = select(Note).filter_by(owner_id=g.user.id).order_by(Note.id)
    return render_template("notes.html", notes=db.session.scalars(own), text=text)


@bp.get("/")
def index() -> str:
    return page()


@bp.post("/")
def add() -> ResponseReturnValue:
    text = request.form["text"].strip()
    if not 1 <= len(text) <= 200:
        flash("A note has 1 to 200 characters.")
        return page(text), 422
    db.session.add(Note(text=text, owner_id=g.user.id))
    db.session.commit()
    flash("The note is stored.")
    return redirect(url_for(".index"), 303)


@bp.post("/<int:key>/delete")
def delete(key: int) -> ResponseReturnValue:
    note = db.session.scalar(select(Note).filter_by(id=key, owner_id=g.user.id)) or abort(404)
    db.session.delete(note)
    db.session.commit()
    flash("The note is deleted.")
    return redirect(url_for(".index"), 303)
