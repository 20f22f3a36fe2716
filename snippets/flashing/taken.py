"""Lose a message to an error page that nobody sees."""

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
        # Nobody sees this response, so it shows no messages.
        return "Not found", 404
    return render_template_string(f"<h1>Not found</h1><p>{MESSAGES}</p>"), 404
