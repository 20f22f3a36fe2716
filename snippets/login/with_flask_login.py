"""Log in with Flask-Login, and go back to the page that was asked for."""

import re

from flask import Flask, redirect, render_template_string, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user, login_required, login_user, logout_user

from .users import check, login_manager

FORM = """
{% for text in get_flashed_messages() %}<p>{{ text }}</p>{% endfor %}
<form method=post><input name=name><input name=password type=password><button>Log in</button>
"""


def wanted() -> str:
    # a path of this site, because "//host" and "/\\host" lead to another one
    path = request.args.get("next", "")
    return path if re.fullmatch(r"/(?![/\\])[^\\\x00-\x20]*", path) else url_for("account")


def create_app() -> Flask:
    app = Flask(__name__)
    app.secret_key = "dev"
    login_manager.init_app(app)

    @app.route("/login", methods=["GET", "POST"])
    def login() -> ResponseReturnValue:
        if request.method == "GET":
            return render_template_string(FORM)
        user = check(request.form["name"], request.form["password"])
        if user is None:
            return "The name or the password is wrong.", 422
        login_user(user)
        return redirect(wanted(), 303)

    @app.post("/logout")
    def logout() -> ResponseReturnValue:
        logout_user()
        return redirect(url_for("login"), 303)

    @app.get("/account")
    @login_required
    def account() -> str:
        return f"The account of {current_user.name}"

    return app
