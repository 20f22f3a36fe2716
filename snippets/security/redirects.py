"""Go on to the page that a parameter names: anywhere, and only within this site."""

import re

from flask import Flask, redirect, request
from werkzeug.wrappers import Response

app = Flask(__name__)


def within(target: str) -> str:
    # //host and /\host are other sites, and browsers drop tabs and line breaks
    return target if re.fullmatch(r"/(?![/\\])[^\\\x00-\x20]*", target) else "/"


@app.get("/careless")
def careless() -> Response:
    return redirect(request.args["next"])


@app.get("/careful")
def careful() -> Response:
    return redirect(within(request.args["next"]))
