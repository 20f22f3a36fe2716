"""Register a user with a mobile number."""

from flask import Blueprint, flash, redirect, render_template
from flask.globals import app_ctx
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import IntegrityError
from werkzeug.security import generate_password_hash

from . import attempts, audit
from .forms import RegistrationForm
from .languages import gettext as _
from .languages import marked
from .models import User, db
from .targets import wanted
from .users import log_in, only_strangers

bp = Blueprint("registration", __name__)
bp.before_request(only_strangers)


@bp.get("/")
def welcome() -> str:
    return render_template("welcome.html")


@bp.route("/register", methods=["GET", "POST"])
def register() -> ResponseReturnValue:
    form = RegistrationForm()
    if form.validate_on_submit():
        attempts.count("register", str(form.mobile.data))
        user = User(
            mobile=form.mobile.data, password_hash=generate_password_hash(form.password.data)
        )
        db.session.add(user)
        try:
            db.session.commit()
        except IntegrityError:
            # the database decides, also if two requests come at the same time
            db.session.rollback()
            form.mobile.errors = [marked("This number is registered already: log in instead.")]
        else:
            audit.registered.send(app_ctx.app, user_id=user.id)
            log_in(user)
            flash(_("Welcome! Write your first note."))
            return redirect(wanted("notes.index"), 303)
    return render_template("register.html", form=form), 422 if form.errors else 200
