"""The user's own page: the audit trail, and the way out of all browsers at once."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.globals import app_ctx
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from . import audit
from .languages import gettext as _
from .models import AuditEntry, db
from .users import end_all_sessions, log_out, require_login, the_user

bp = Blueprint("account", __name__, url_prefix="/account")
bp.before_request(require_login)


@bp.get("/")
def index() -> str:
    own = select(AuditEntry).where(AuditEntry.user_id == the_user().id)
    entries = db.session.scalars(own.order_by(AuditEntry.id.desc()).limit(10))
    return render_template("account.html", entries=entries)


@bp.post("/logout-everywhere")
def logout_everywhere() -> ResponseReturnValue:
    user = the_user()
    end_all_sessions(user)
    audit.logged_out_everywhere.send(app_ctx.app, user_id=user.id)
    log_out()
    flash(_("You are logged out in every browser."))
    return redirect(url_for("logins.login"), 303)
