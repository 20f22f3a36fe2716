"""One view shows an object, checks what comes back, and writes it into the object."""

from dataclasses import asdict, dataclass

from flask import Flask, redirect, render_template, request
from flask.typing import ResponseReturnValue
from wtforms import BooleanField, Form, StringField
from wtforms.validators import InputRequired

app = Flask(__name__)


@dataclass
class Note:
    title: str
    done: bool
    owner: str


NOTES = {1: Note("Buy bread", done=True, owner="ada")}


class NoteForm(Form):
    title = StringField("Title", [InputRequired()])
    done = BooleanField("Done")


@app.route("/notes/1/edit", methods=["GET", "POST"])
def edit() -> ResponseReturnValue:
    form = NoteForm(request.form if request.method == "POST" else None, obj=NOTES[1])
    if request.method == "POST" and form.validate():
        form.populate_obj(NOTES[1])
        return redirect("/notes/1")
    return render_template("form.html", form=form), 422 if request.method == "POST" else 200


@app.get("/notes/1")
def show() -> dict[str, object]:
    return asdict(NOTES[1])
