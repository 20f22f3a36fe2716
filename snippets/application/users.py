"""Find the user of the session, and log users in and out."""

from typing import cast

from flask import Flask, abort, current_app, g, redirect, request, session, url_for
from flask.typing import ResponseReturnValue

from snippets.sessions import ServerSideSessionInterface

from .models import User, db
from .targets import SAFE, here


def current_user() -> User | None:
    # loaded at most once per request, and only if somebody asks for it
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
    if request.method not in SAFE:
        # no redirect: the page for 401 shows the text that was sent
        abort(401)
    return redirect(url_for("logins.login", next=here()), 303)


def only_strangers() -> ResponseReturnValue | None:
    return redirect(url_for("notes.index"), 303) if current_user() else None


def log_in(user: User) -> None:
    # an attacker who knew the old id or its CSRF token can use neither now
    log_out()
    session["user"] = (user.id, user.generation)
    g.user = user


def log_out() -> None:
    cast(ServerSideSessionInterface, current_app.session_interface).destroy(session)
    g.user = None


def init_app(app: Flask) -> None:
    app.context_processor(lambda: {"current_user": current_user})
