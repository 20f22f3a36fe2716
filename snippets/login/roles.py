"""Let only users with a role in: for one view, and for a whole blueprint."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import Blueprint, Flask, abort
from flask.typing import ResponseReturnValue
from flask_login import current_user, login_required

from .users import login_manager


def require(role: str) -> None:
    if current_user.role != role:
        abort(403)


def role_required(role: str) -> Callable[..., Callable[..., ResponseReturnValue]]:
    def decorate(view: Callable[..., ResponseReturnValue]) -> Callable[..., ResponseReturnValue]:
        @wraps(view)
        @login_required
        def guarded(**values: Any) -> ResponseReturnValue:
            require(role)
            return view(**values)

        return guarded

    return decorate


admin = Blueprint("admin", __name__, url_prefix="/admin")


@admin.before_request
@login_required
def only_editors() -> None:
    require("editor")


@admin.get("/")
def index() -> str:
    return "Everything in here is for editors"


def create_app() -> Flask:
    app = Flask(__name__)
    app.secret_key = "dev"
    login_manager.init_app(app)
    app.add_url_rule("/login", "login", lambda: "The form")
    app.register_blueprint(admin)

    @app.get("/edit")
    @role_required("editor")
    def edit() -> str:
        return "You may edit"

    return app
