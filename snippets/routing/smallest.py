"""Three routes: a fixed path, a variable part and a typed variable part."""

from flask import Flask
from markupsafe import escape

app = Flask(__name__)


@app.route("/")
def index() -> str:
    return "Front page"


@app.route("/users/<name>")
def profile(name: str) -> str:
    # a string is sent as HTML, so escape text from the URL
    return f"Profile of {escape(name)}"


@app.route("/notes/<int:number>")
def note(number: int) -> str:
    return f"Note {number}, the next one is {number + 1}"
