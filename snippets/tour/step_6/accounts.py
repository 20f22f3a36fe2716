"""Register, log in and log out."""

from flask import Blueprint, flash, g, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from werkzeug.security import check_password_hash, generate_password_hash

from .models import User, db

bp = Blueprint("accounts", __name__)
# compared if there is no such user, so that the response takes as long
NOBODY = generate_password_hash("nobody")


@bp.before_app_request
def load_user() -> None:
    key = session.get("user")
    g.user = db.session.get(User, key) if key else None


@bp.route("/register", methods=["GET", "POST"])
def register() -> ResponseReturnValue:
    if request.method == "GET":
        return render_template("account.html", title="Register")
    name, password = request.form["name"].strip(), request.form["password"]
    if not 1 <= len(name) <= 40 or not 8 <= len(password) <= 200:
        flash("A name has 1 to 40 characters, a password 8 to 200.")
        return render_template("account.html", title="Register"), 422
    db.session.add(User(name=name, password=generate_password_hash(password)))
    try:
        db.session.commit()
    except IntegrityError:
        db.session.rollback()
        flash("This name is taken.")
        return render_template("account.html", title="Register"), 422
    return redirect(url_for(".login"), 303)


@bp.route("/login", methods=["GET", "POST"])
def login() -> ResponseReturnValue:
    if request.method == "GET":
        return render_template("account.html", title="Log in")
    user = db.session.scalar(select(User).filter_by(name=request.form["name"].strip()))
    if (
        not check_password_hash(user.password if user else NOBODY, request.form["password"])
        or not user
    ):
        flash("The name or the password is wrong.")
        return render_template("account.html", title="Log in"), 422
    session.clear()
    session["user"] = user.id
    return redirect(url_for("pages.index"), 303)


@bp.post("/logout")
def logout() -> ResponseReturnValue:
    session.clear()
    return redirect(url_for(".login"), 303)
