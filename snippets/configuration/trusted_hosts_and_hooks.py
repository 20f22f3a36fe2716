"""A `before_request` function that returns a value replaces the 400 for an untrusted host."""

from flask import Flask, request

app = Flask(__name__)
app.config["TRUSTED_HOSTS"] = ["example.com"]


@app.before_request
def health() -> str | None:
    return "alive" if request.path == "/health" else None


@app.get("/")
def index() -> str:
    return "welcome"
