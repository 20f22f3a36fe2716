"""Who is there: in a session, in none, or in one that is over."""

from typing import cast

from flask import Flask, abort, current_app, g, redirect, request, session, url_for
from flask.typing import ResponseReturnValue

from snippets.sessions import ServerSideSessionInterface

from .models import User, db


def current_user() -> User | None:
    # asked once a request, and only by those who want to know
    if "user" not in g:
        user_id, generation = session.get("user", (None, None))
        user = db.session.get(User, user_id) if user_id else None
        g.user = user if user and user.generation == generation else None
    return cast(User | None, g.user)


def the_user() -> User:
    return current_user() or abort(401)


def require_login() -> ResponseReturnValue | None:
    if current_user():
        return None
    if request.method != "GET":
        # no redirect: the page for 401 gives back what was written
        abort(401)
    session["target"] = request.script_root + request.full_path.rstrip("?")
    return redirect(url_for("logins.login"), 303)


def log_in(user: User) -> str:
    """Start a new session for the user, and return where they wanted to go."""
    target: str = session.get("target") or url_for("notes.index")
    # whoever knew the old id, or its CSRF token, is left with nothing
    log_out()
    session["user"] = (user.id, user.generation)
    g.user = user
    return target


def log_out() -> None:
    cast(ServerSideSessionInterface, current_app.session_interface).destroy(session)
    g.user = None


def end_all_sessions(user: User) -> None:
    # added by the database, so that two at once are two
    user.generation = User.generation + 1
    db.session.commit()


def init_app(app: Flask) -> None:
    app.context_processor(lambda: {"current_user": current_user})
