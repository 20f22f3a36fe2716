"""Login and logout."""

import secrets

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.globals import app_ctx
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from werkzeug.security import check_password_hash, generate_password_hash

from . import audit
from .forms import LoginForm
from .languages import gettext as _
from .languages import marked
from .models import User, db
from .users import log_in, log_out

bp = Blueprint("logins", __name__)
# an unknown number takes as long as a wrong password
NOBODY = generate_password_hash(secrets.token_hex())


@bp.route("/login", methods=["GET", "POST"])
def login() -> ResponseReturnValue:
    form = LoginForm()
    if form.validate_on_submit():
        user = db.session.scalar(select(User).where(User.mobile == form.mobile.data))
        known = user.password_hash if user else NOBODY
        if check_password_hash(known, form.password.data) and user:
            audit.logged_in.send(app_ctx.app, user_id=user.id)
            return redirect(log_in(user), 303)
        audit.login_failed.send(app_ctx.app, user_id=user and user.id)
        form.password.errors = [marked("The number or the password is wrong.")]
    return render_template("login.html", form=form), 422 if form.errors else 200


@bp.post("/logout")
def logout() -> ResponseReturnValue:
    log_out()
    flash(_("You are logged out."))
    return redirect(url_for("registration.welcome"), 303)
