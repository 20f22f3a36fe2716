"""Remember a login after the browser was closed, and ask for the password again where it matters."""

from datetime import timedelta

from flask import Flask, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import fresh_login_required, login_required, login_user

from .users import check, login_manager


def create_app() -> Flask:
    app = Flask(__name__)
    app.config.update(
        SECRET_KEY="dev",
        REMEMBER_COOKIE_DURATION=timedelta(days=30),
        REMEMBER_COOKIE_SAMESITE="Lax",
        # in production, where the site has HTTPS
        REMEMBER_COOKIE_SECURE=False,
    )
    login_manager.init_app(app)

    @app.post("/login")
    def login() -> ResponseReturnValue:
        user = check(request.form["name"], request.form["password"])
        if user is None:
            return "The name or the password is wrong.", 422
        login_user(user, remember="remember" in request.form)
        return redirect(url_for("account"), 303)

    @app.get("/account")
    @login_required
    def account() -> str:
        return "Your account"

    @app.get("/account/password")
    @fresh_login_required
    def password() -> str:
        return "A form for a new password"

    return app
