"""Doubled slashes: merged in a fixed path, kept inside a path variable."""

from flask import Flask
from markupsafe import escape

app = Flask(__name__)


@app.get("/docs/intro")
def intro() -> str:
    return "Introduction"


@app.get("/fetch/<path:address>")
def fetch(address: str) -> str:
    return f"Would fetch {escape(address)}"


@app.get("/exact/path", merge_slashes=False)
def exact() -> str:
    return "One spelling only"
