"""A value that is refused answers 405 where another rule has the same URL for another method."""

from flask import Flask

app = Flask(__name__)


@app.delete("/pages/<int(max=99):number>")
def remove(number: int) -> str:
    return "removed"


@app.get("/pages/<int(max=99):number>")
def show(number: int) -> str:
    return f"page {number}"
