"""One value in through the query string, one sentence out."""

from flask import Flask, request
from markupsafe import escape

app = Flask(__name__)


@app.get("/hello")
def hello() -> str:
    name = request.args.get("name", "stranger")
    # a string is sent as HTML, so escape what came with the request
    return f"Hello, {escape(name)}!"
