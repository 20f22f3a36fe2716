"""A view fills the gaps of a template file."""

from flask import Flask, render_template

app = Flask(__name__)


@app.get("/notes/<int:number>")
def note(number: int) -> str:
    return render_template("note.html", number=number, text="面包 & <butter>", tags=["买", "急"])
