"""Log in without an extension: a password, a session and a decorator."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import Flask, g, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from werkzeug.security import check_password_hash, generate_password_hash

app = Flask(__name__)
app.secret_key = "dev"
# in your application a table of users
HASHES = {"ada": generate_password_hash("correct horse")}
# compared if there is no such user, so that the response takes as long
NOBODY = generate_password_hash("nobody")


@app.before_request
def load_user() -> None:
    name = session.get("user")
    g.user = name if name in HASHES else None


def login_required(view: Callable[..., ResponseReturnValue]) -> Callable[..., ResponseReturnValue]:
    @wraps(view)
    def guarded(**values: Any) -> ResponseReturnValue:
        return view(**values) if g.user else redirect(url_for("login"), 303)

    return guarded


@app.route("/login", methods=["GET", "POST"])
def login() -> ResponseReturnValue:
    if request.method == "GET":
        return "<form method=post><input name=name><input name=password type=password><button>"
    name = request.form["name"]
    if not check_password_hash(HASHES.get(name, NOBODY), request.form["password"]):
        return "The name or the password is wrong.", 422
    session.clear()
    session["user"] = name
    return redirect(url_for("account"), 303)


@app.post("/logout")
def logout() -> ResponseReturnValue:
    session.clear()
    return redirect(url_for("login"), 303)


@app.get("/account")
@login_required
def account() -> ResponseReturnValue:
    return f"The account of {g.user}"
