"""Replace a forgotten password through a link that is sent to the phone."""

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.globals import app_ctx
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from . import attempts, audit, messages, reset_tokens
from .forms import ForgotForm, NewPasswordForm
from .generations import set_password
from .languages import gettext as _
from .models import User, db

bp = Blueprint("passwords", __name__)


@bp.route("/forgot", methods=["GET", "POST"])
def forgot() -> ResponseReturnValue:
    form = ForgotForm()
    if form.validate_on_submit():
        number = str(form.mobile.data)
        attempts.count("forgot", number)
        user = db.session.scalar(select(User).where(User.mobile == number))
        if user:
            link = url_for(".reset", token=reset_tokens.make(user), _external=True)
            messages.send(number, _("Choose a new password within 30 minutes: ") + link)
            audit.link_sent.send(app_ctx.app, user_id=user.id)
        # the same response, whether the user exists or not
        return redirect(url_for(".sent"), 303)
    return render_template("forgot.html", form=form), 422 if form.errors else 200


@bp.get("/forgot/sent")
def sent() -> str:
    return render_template("sent.html")


@bp.route("/reset/<token>", methods=["GET", "POST"])
def reset(token: str) -> ResponseReturnValue:
    user = reset_tokens.user_of(token) or abort(410)
    form = NewPasswordForm()
    if form.validate_on_submit():
        if not set_password(user, form.password.data):
            abort(410)
        audit.password_changed.send(app_ctx.app, user_id=user.id)
        attempts.forget("login", user.mobile)
        flash(_("The password is changed. Log in with it."))
        return redirect(url_for("logins.login"), 303)
    return render_template("reset.html", form=form), 422 if form.errors else 200
