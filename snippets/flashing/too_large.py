"""Flash a message for each faulty line, which does not fit into a cookie, or a summary, which does."""

from flask import Flask, flash, redirect, render_template_string, request, url_for
from werkzeug import Response

app = Flask(__name__)
app.secret_key = "dev"


@app.get("/")
def index() -> str:
    return render_template_string("{{ get_flashed_messages() | join('\n') }}")


@app.post("/import")
def each_line() -> Response:
    for line in request.form["lines"].splitlines():
        flash(f"Not a date: {line}", "error")
    return redirect(url_for("index"))


@app.post("/summary")
def summary() -> Response:
    lines = request.form["lines"].splitlines()
    flash(f"{len(lines)} lines are not dates. The first is: {lines[0][:80]}", "error")
    return redirect(url_for("index"))
