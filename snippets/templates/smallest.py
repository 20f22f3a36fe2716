"""A view passes values to a template file."""

from flask import Flask, render_template

app = Flask(__name__)


@app.get("/notes/<int:number>")
def note(number: int) -> str:
    text = "面包 & <butter>"
    return render_template("note.html", number=number, text=text, tags=["买", "急"])
