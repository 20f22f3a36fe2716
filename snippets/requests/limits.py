"""Limits for all requests, and smaller ones for three views."""

from flask import Flask, request

app = Flask(__name__)
app.config["MAX_CONTENT_LENGTH"] = 16 * 1024 * 1024
# these two are the defaults
app.config["MAX_FORM_MEMORY_SIZE"] = 500_000
app.config["MAX_FORM_PARTS"] = 1_000


@app.post("/note")
def note() -> str:
    # set the limit before the body is read
    request.max_content_length = 20
    return f"{len(request.get_data())} bytes"


@app.post("/comment")
def comment() -> str:
    # small only for this example: below 65_536, every larger form is rejected
    request.max_form_memory_size = 250
    return f"{len(request.form['text'])} characters"


@app.post("/album")
def album() -> str:
    request.max_form_parts = 2
    return f"{len(request.form)} fields and {len(request.files)} photos"


@app.post("/ignored")
def ignored() -> str:
    request.max_content_length = 20
    return "Nobody read the body."
