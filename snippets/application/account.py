"""Show the page of the user: the audit trail, a new password, the logout everywhere."""

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.globals import app_ctx
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from werkzeug.security import check_password_hash

from . import attempts, audit
from .forms import ChangePasswordForm
from .generations import end_all_sessions, set_password
from .languages import gettext as _
from .languages import marked
from .models import AuditEntry, db
from .users import log_in, log_out, require_login, the_user

bp = Blueprint("account", __name__, url_prefix="/account")
bp.before_request(require_login)


@bp.get("/")
def index() -> str:
    own = select(AuditEntry).where(AuditEntry.user_id == the_user().id)
    entries = db.session.scalars(own.order_by(AuditEntry.id.desc()).limit(10))
    return render_template("account.html", entries=entries)


@bp.route("/password", methods=["GET", "POST"])
def change_password() -> ResponseReturnValue:
    user, form = the_user(), ChangePasswordForm()
    if form.validate_on_submit():
        # somebody who finds an open browser cannot guess the password here
        attempts.count("login", user.mobile)
        if check_password_hash(user.password_hash, form.current.data):
            attempts.forget("login", user.mobile)
            if not set_password(user, form.password.data):
                abort(401)
            audit.password_changed.send(app_ctx.app, user_id=user.id)
            log_in(user)
            flash(_("The password is changed. Every other login has ended."))
            return redirect(url_for(".index"), 303)
        form.current.errors = [marked("The password is wrong.")]
    return render_template("password.html", form=form), 422 if form.errors else 200


@bp.post("/logout-everywhere")
def logout_everywhere() -> ResponseReturnValue:
    user = the_user()
    end_all_sessions(user)
    audit.logged_out_everywhere.send(app_ctx.app, user_id=user.id)
    log_out()
    flash(_("You are logged out in every browser."))
    return redirect(url_for("logins.login"), 303)
