"""Two views are a blueprint, and the application takes them in below one prefix."""

from flask import Blueprint, Flask, url_for

notes = Blueprint("notes", __name__, url_prefix="/notes")


@notes.get("/")
def index() -> list[str]:
    return [url_for("notes.show", number=number) for number in (1, 2)]


@notes.get("/<int:number>")
def show(number: int) -> str:
    return f"Note {number}"


app = Flask(__name__)
app.register_blueprint(notes)
