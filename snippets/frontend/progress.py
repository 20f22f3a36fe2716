"""Take a large file from a script that shows how far it is."""

from flask import Flask, abort, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import RequestEntityTooLarge

LIMIT = 50 * 1024 * 1024

app = Flask(__name__)
app.config["MAX_CONTENT_LENGTH"] = LIMIT


@app.get("/")
def index() -> str:
    return render_template("upload.html", limit=LIMIT)


@app.post("/files")
def upload() -> ResponseReturnValue:
    file = request.files.get("file") or abort(400)
    # in your application: store it, as the page on uploads shows
    size = sum(len(part) for part in iter(lambda: file.read(65536), b""))
    return {"size": size}, 201


@app.errorhandler(RequestEntityTooLarge)
def too_large(error: RequestEntityTooLarge) -> ResponseReturnValue:
    return {"error": "The file is too large."}, 413
