"""Log in and log out."""

import secrets

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.globals import app_ctx
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from werkzeug.security import check_password_hash, generate_password_hash

from . import attempts, audit
from .forms import LoginForm
from .languages import gettext as _
from .languages import marked
from .models import User, db
from .targets import wanted
from .users import log_in, log_out, only_strangers

bp = Blueprint("logins", __name__)
# an unknown number takes as long as a wrong password
NOBODY = generate_password_hash(secrets.token_hex())


@bp.route("/login", methods=["GET", "POST"])
def login() -> ResponseReturnValue:
    if away := only_strangers():
        return away
    form = LoginForm()
    if form.validate_on_submit():
        number = str(form.mobile.data)
        attempts.count("login", number)
        user = db.session.scalar(select(User).where(User.mobile == number))
        known = user.password_hash if user else NOBODY
        if check_password_hash(known, form.password.data) and user:
            attempts.forget("login", number)
            audit.logged_in.send(app_ctx.app, user_id=user.id)
            log_in(user)
            return redirect(wanted("notes.index"), 303)
        audit.login_failed.send(app_ctx.app, user_id=user and user.id)
        form.password.errors = [marked("The number or the password is wrong.")]
    return render_template("login.html", form=form), 422 if form.errors else 200


@bp.post("/logout")
def logout() -> ResponseReturnValue:
    log_out()
    flash(_("You are logged out."))
    return redirect(url_for("registration.welcome"), 303)
