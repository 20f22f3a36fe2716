"""Show messages with their categories, or only those of some categories."""

from flask import Flask, flash, redirect, render_template_string, url_for
from werkzeug import Response

app = Flask(__name__)
app.secret_key = "dev"

ALL = """\
{% for category, message in get_flashed_messages(with_categories=true) -%}
<p class="{{ category }}">{{ message }}</p>
{% endfor %}
"""
PICKED = """\
{% for message in get_flashed_messages(category_filter=["error", "warning"]) -%}
<p role="alert">{{ message }}</p>
{% endfor -%}
{% for message in get_flashed_messages(category_filter=["message"]) -%}
<p role="status">{{ message }}</p>
{% endfor %}
"""


@app.post("/import")
def import_notes() -> Response:
    flash("Three notes imported.")
    flash("The disk is almost full.", "warning")
    flash("Line 4 is empty.", category="error")
    return redirect(url_for("show_all"))


@app.get("/")
def show_all() -> str:
    return render_template_string(ALL)


@app.get("/picked")
def show_picked() -> str:
    return render_template_string(PICKED)
