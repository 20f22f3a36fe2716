"""Flash a message in one request and show it in the next."""

from flask import Flask, flash, redirect, render_template_string, request, url_for
from werkzeug import Response

app = Flask(__name__)
# For this example only: read a real key from outside the code.
app.secret_key = "dev"

PAGE = """\
{% for message in get_flashed_messages() %}
<p>{{ message }}</p>
{% else %}
<p>Nothing new.</p>
{% endfor %}
"""


@app.get("/")
def index() -> str:
    return render_template_string(PAGE)


@app.post("/notes")
def add() -> Response:
    flash(f"Saved: {request.form['text']}")
    return redirect(url_for("index"))
