"""Read a value from the query string and return a sentence."""

from flask import Flask, request
from markupsafe import escape

app = Flask(__name__)


@app.get("/hello")
def hello() -> str:
    name = request.args.get("name", "stranger")
    # a string is sent as HTML, so escape text from the request
    return f"Hello, {escape(name)}!"
