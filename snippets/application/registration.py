"""A stranger arrives and registers with a mobile number."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.globals import app_ctx
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import IntegrityError
from werkzeug.security import generate_password_hash

from . import audit
from .forms import RegistrationForm
from .languages import gettext as _
from .languages import marked
from .models import User, db
from .users import current_user, log_in

bp = Blueprint("registration", __name__)


@bp.get("/")
def welcome() -> ResponseReturnValue:
    return redirect(url_for("notes.index")) if current_user() else render_template("welcome.html")


@bp.route("/register", methods=["GET", "POST"])
def register() -> ResponseReturnValue:
    form = RegistrationForm()
    if form.validate_on_submit():
        user = User(
            mobile=form.mobile.data, password_hash=generate_password_hash(form.password.data)
        )
        db.session.add(user)
        try:
            db.session.commit()
        except IntegrityError:
            # the database decides, also between two requests at the same moment
            db.session.rollback()
            form.mobile.errors = [marked("This number is registered already: log in instead.")]
        else:
            audit.registered.send(app_ctx.app, user_id=user.id)
            target = log_in(user)
            flash(_("Welcome! Write your first note."))
            return redirect(target, 303)
    return render_template("register.html", form=form), 422 if form.errors else 200
