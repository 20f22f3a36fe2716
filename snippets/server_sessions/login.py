"""Sessions in files, with a new id at login and an end at logout."""

import tempfile

from flask import Flask, redirect, request, session, url_for
from werkzeug.wrappers import Response

from snippets.sessions import FileSystemSessionInterface, sessions_cli


def create_app() -> Flask:
    app = Flask(__name__)
    # in your application: a folder that outlives the process, such as /var/lib/shop/sessions
    sessions = FileSystemSessionInterface(tempfile.mkdtemp(prefix="flask-sessions-"))
    app.session_interface = sessions
    app.cli.add_command(sessions_cli)

    @app.get("/")
    def front_page() -> dict[str, str | None]:
        return {"user": session.get("user"), "cart": session.get("cart")}

    @app.post("/cart")
    def fill_cart() -> Response:
        session["cart"] = request.form["item"]
        return redirect(url_for("front_page"))

    @app.post("/login")
    def log_in() -> Response:
        # whoever knew the id before the login is left with nothing
        sessions.regenerate(session)
        session["user"] = request.form["name"]
        return redirect(url_for("front_page"))

    @app.post("/logout")
    def log_out() -> Response:
        sessions.destroy(session)
        return redirect(url_for("front_page"))

    return app
