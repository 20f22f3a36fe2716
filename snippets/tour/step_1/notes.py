"""A page that lists notes."""

from flask import Flask, render_template

app = Flask(__name__)
notes = ["Buy tea", "Call Ada"]


@app.get("/")
def index() -> str:
    return render_template("notes.html", notes=notes)
