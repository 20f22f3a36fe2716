"""Return messages as JSON, for a script in the page or a client other than a browser."""

from collections.abc import Iterable
from typing import Any

from flask import Flask, flash, get_flashed_messages

app = Flask(__name__)
app.secret_key = "dev"


@app.post("/jobs")
def start() -> tuple[dict[str, Any], int]:
    flash("The job has begun.", "info")
    return {"job": 1}, 202


@app.get("/messages")
def messages() -> list[dict[str, str]]:
    found: Iterable[Any] = get_flashed_messages(with_categories=True)
    return [{"category": category, "text": text} for category, text in found]
