"""Show an error of a form at once, and a success after a redirect."""

from flask import Flask, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from jinja2 import DictLoader

app = Flask(__name__)
app.secret_key = "dev"
app.jinja_loader = DictLoader(
    {
        "base.html": """\
{% for category, message in get_flashed_messages(with_categories=true) -%}
<p class="{{ category }}">{{ message }}</p>
{% endfor -%}
{% block main %}{% endblock %}
""",
        "form.html": """\
{% extends "base.html" %}
{% block main %}<form method="post"><input name="text"></form>{% endblock %}
""",
    }
)


@app.route("/", methods=["GET", "POST"])
def index() -> ResponseReturnValue:
    if request.method == "GET":
        return render_template("form.html")
    if not request.form["text"]:
        flash("A note needs a text.", "error")
        # Without a redirect, this response shows the message.
        return render_template("form.html"), 422
    flash("Saved.")
    return redirect(url_for("index"))
