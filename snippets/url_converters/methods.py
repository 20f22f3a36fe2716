"""A rejected value leads to 405 if a rule for another method has the same path."""

from flask import Flask

app = Flask(__name__)


@app.delete("/pages/<int(max=99):number>")
def remove(number: int) -> str:
    return "removed"


@app.get("/pages/<int(max=99):number>")
def show(number: int) -> str:
    return f"page {number}"
