"""Every request needs a log-in, except for the endpoints in one short list."""

import re
import secrets

from flask import Flask, abort, g, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import BadRequest
from werkzeug.security import check_password_hash, generate_password_hash

app = Flask(__name__)
app.config.update(SECRET_KEY="dev", SESSION_COOKIE_SAMESITE="Lax")
PUBLIC = {"show_login", "log_in", "static"}
USERS = {"ada": generate_password_hash("lovelace")}
# an unknown name takes as long as a wrong password
NOBODY = generate_password_hash(secrets.token_hex())
FORM = """<form method="post"><input name="name"><input name="password" type="password">
<button>Log in</button></form>"""


@app.before_request
def require_login() -> ResponseReturnValue | None:
    if isinstance(request.routing_exception, BadRequest):
        raise request.routing_exception  # the host is refused, so no URL can be built
    # looked up in each request, so a deleted account is logged out at once
    g.user = session.get("user") if session.get("user") in USERS else None
    if g.user or request.endpoint in PUBLIC:
        return None
    target = request.full_path if request.method == "GET" else None
    return redirect(url_for("show_login", target=target))


@app.get("/login")
def show_login() -> str:
    return FORM


@app.post("/login")
def log_in() -> ResponseReturnValue:
    name, password = request.form["name"], request.form["password"]
    if not check_password_hash(USERS.get(name, NOBODY), password):
        abort(403, "Wrong name or password")
    session.clear()
    session["user"] = name
    target = request.args.get("target", "")
    # a path of this site only: "//host" and "/\host" lead to another one
    safe = re.fullmatch(r"/(?![/\\])[^\\\t\r\n]*", target)
    return redirect(target if safe else url_for("diary"), 303)


@app.post("/logout")
def log_out() -> ResponseReturnValue:
    session.clear()
    return redirect(url_for("show_login"), 303)


@app.get("/diary")
def diary() -> str:
    return f"The diary of {g.user}"
