"""A small limit for every request, a larger one for the view that takes uploads."""

from flask import Flask, request

app = Flask(__name__)
app.config["MAX_CONTENT_LENGTH"] = 16


@app.post("/note")
def note() -> str:
    return f"{len(request.get_data())} bytes"


@app.post("/upload")
def upload() -> str:
    # must be set before the body is read
    request.max_content_length = 1024
    return f"{len(request.get_data())} bytes"
