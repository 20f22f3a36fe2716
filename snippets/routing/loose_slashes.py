"""`strict_slashes=False` on one of two rules for the same path."""

from flask import Flask

app = Flask(__name__)


@app.get("/drafts", strict_slashes=False)
def list_drafts() -> str:
    return "All drafts"


@app.post("/drafts")
def add_draft() -> str:
    return "Added"
