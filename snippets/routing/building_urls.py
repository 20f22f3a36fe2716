"""Two endpoints, one of them with two rules, for which `url_for` builds URLs."""

from flask import Flask, request

app = Flask(__name__)


@app.get("/notes")
def notes() -> list[str]:
    return ["milk"]


@app.delete("/notes/<int:number>/trash")
@app.get("/notes/<int:number>")
def note(number: int) -> str:
    return f"{request.method} note {number}"
