"""A link on each page leads to the same page in the other language, and a cookie keeps the choice."""

from datetime import timedelta

from flask import Blueprint, Flask, current_app, redirect
from flask.typing import ResponseReturnValue

from .preferred import NAMES
from .targets import here, wanted

bp = Blueprint("language_switch", __name__)


@bp.get("/language/<any(en, zh):code>")
def choose(code: str) -> ResponseReturnValue:
    response = redirect(wanted("registration.welcome"), 303)
    # no session for this: it would be a file for each stranger
    response.set_cookie(
        "language",
        code,
        max_age=timedelta(days=365),
        secure=current_app.config["SESSION_COOKIE_SECURE"],
        httponly=True,
        samesite="Lax",
    )
    return response


def init_app(app: Flask) -> None:
    app.context_processor(lambda: {"language_names": NAMES, "here": here})
