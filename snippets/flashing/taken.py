"""An error page that nobody sees takes the message away."""

from flask import Flask, flash, redirect, render_template_string, request, url_for
from werkzeug import Response
from werkzeug.exceptions import NotFound

app = Flask(__name__)
app.secret_key = "dev"

MESSAGES = "{{ get_flashed_messages() | join }}"


@app.post("/login")
def login() -> Response:
    flash("Welcome back.")
    return redirect(url_for("index"))


@app.get("/")
def index() -> str:
    return render_template_string(f"<p>{MESSAGES}</p>")


@app.errorhandler(404)
def not_found(error: NotFound) -> tuple[str, int]:
    if request.path.startswith("/images/"):
        # no messages where nobody reads them
        return "Not found", 404
    return render_template_string(f"<h1>Not found</h1><p>{MESSAGES}</p>"), 404
