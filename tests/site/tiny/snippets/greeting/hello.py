"""Greet a visitor."""

from flask import Flask

app = Flask(__name__)


@app.get("/")
def greet() -> str:
    # Everybody is welcome.
    return "hello"


@app.get("/visitors/<int:number>")
def visitor(number: int) -> str:
    return f"visitor {number}"
