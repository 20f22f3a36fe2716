"""Chinese in a rule, in a variable part and in a built URL."""

from flask import Flask, request, url_for
from markupsafe import escape

app = Flask(__name__)


@app.get("/标签/<name>/")
def tag(name: str) -> str:
    url = url_for("tag", name=name)
    return f"{escape(name)}, {escape(request.path)}, {url}"


@app.get("/files/<name>")
def one_segment(name: str) -> str:
    return f"segment {escape(name)}"


@app.get("/trees/<path:name>")
def segments(name: str) -> str:
    return f"path {escape(name)}"
