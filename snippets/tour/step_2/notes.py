"""A form adds a note, and the browser is sent back to the list."""

from flask import Flask, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

app = Flask(__name__)
notes = ["Buy tea", "Call Ada"]


@app.get("/")
def index() -> str:
    return render_template("notes.html", notes=notes, text="", error="")


@app.post("/")
def add() -> ResponseReturnValue:
    text = request.form["text"].strip()
    if not 1 <= len(text) <= 200:
        error = "A note has 1 to 200 characters."
        return render_template("notes.html", notes=notes, text=text, error=error), 422
    notes.append(text)
    return redirect(url_for("index"), 303)
