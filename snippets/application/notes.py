"""List the notes of the user by pages, and write new ones."""

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from .forms import NoteForm
from .languages import gettext as _
from .models import Note, db
from .users import require_login, the_user

bp = Blueprint("notes", __name__, url_prefix="/notes")
bp.before_request(require_login)


@bp.get("/")
def index() -> str:
    # from 1 to what an OFFSET can be; without both numbers, the URL would choose them
    number = min(request.args.get("page", 1, type=int), 10**6)
    own = select(Note).filter_by(owner_id=the_user().id).order_by(Note.id.desc())
    page = db.paginate(own, page=number, per_page=current_app.config["PER_PAGE"])
    return render_template("notes.html", page=page)


@bp.route("/new", methods=["GET", "POST"])
def write() -> ResponseReturnValue:
    form = NoteForm()
    if form.validate_on_submit():
        db.session.add(Note(owner_id=the_user().id, title=form.title.data, text=form.text.data))
        db.session.commit()
        flash(_("Saved."))
        return redirect(url_for(".index"), 303)
    return render_template("note.html", form=form), 422 if form.errors else 200
