"""Redirect to a view, permanently to a new address, and back to the previous page."""

import re

from flask import Flask, redirect, request, url_for
from flask.typing import ResponseReturnValue

app = Flask(__name__)
# one slash, then neither slash nor backslash; no spaces or control characters anywhere
LOCAL = re.compile(r"/(?![/\\])[^\x00-\x20\\]*")


@app.get("/")
def index() -> str:
    return "Welcome"


@app.post("/notes")
def add_note() -> ResponseReturnValue:
    # 303: the browser sends GET next, and a reload does not post the form again
    return redirect(url_for("index"), 303)


@app.get("/old")
def old() -> ResponseReturnValue:
    return redirect("/标签?from=old", 301)


@app.post("/login")
def login() -> ResponseReturnValue:
    target = request.args.get("next", "")
    return redirect(target if LOCAL.fullmatch(target) else url_for("index"))
