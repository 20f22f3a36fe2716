"""A layout, a page that extends it, and a page that extends the page."""

from flask import Flask, render_template

app = Flask(__name__)

NOTES = ["bread", "butter"]


@app.get("/")
def index() -> str:
    return render_template("notes/list.html", notes=NOTES)


@app.get("/numbered")
def numbered() -> str:
    return render_template("notes/numbered.html", notes=NOTES)
