"""Show, change and delete one note, which has a signed id in its URL."""

import sqlalchemy as sa
from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.globals import app_ctx
from flask.typing import ResponseReturnValue

from . import audit
from .conflicts import commit
from .forms import EditForm
from .languages import gettext as _
from .models import Note, db
from .users import require_login, the_user

bp = Blueprint("note", __name__, url_prefix='/notes/<signed("note"):note_id>')
bp.before_request(require_login)


def own(note_id: int) -> Note:
    # the note of another user gets the same 404 as one that does not exist
    found: Note = db.first_or_404(sa.select(Note).filter_by(id=note_id, owner_id=the_user().id))
    return found


@bp.route("", methods=["GET", "POST"])
def edit(note_id: int) -> ResponseReturnValue:
    note = own(note_id)
    form = EditForm(obj=note)
    if form.validate_on_submit():
        if form.version.data == note.version and change(note, form):
            flash(_("Saved."))
            return redirect(url_for("notes.index"), 303)
        # changed in another window: the page shows both texts, and the user decides
        note = own(note_id)
        form.version.raw_data, form.version.data = None, note.version
        return render_template("note.html", form=form, note=note, stored=note), 409
    if form.version.errors:
        abort(400)
    return render_template("note.html", form=form, note=note), 422 if form.errors else 200


def change(note: Note, form: EditForm) -> bool:
    note.title, note.text = form.title.data, form.text.data
    return commit()


@bp.post("/delete")
def delete(note_id: int) -> ResponseReturnValue:
    db.session.execute(sa.delete(Note).filter_by(id=own(note_id).id))
    db.session.commit()
    audit.note_deleted.send(app_ctx.app, user_id=the_user().id)
    flash(_("Deleted."))
    return redirect(url_for("notes.index"), 303)
