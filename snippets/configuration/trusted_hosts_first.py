"""Refuse untrusted hosts in the first hook, so that no other hook runs for them."""

from flask import Flask, request
from werkzeug.exceptions import SecurityError

app = Flask(__name__)
app.config["TRUSTED_HOSTS"] = ["example.com"]


@app.before_request
def refuse_untrusted_hosts() -> None:
    if isinstance(request.routing_exception, SecurityError):
        raise request.routing_exception


@app.before_request
def health() -> str | None:
    return "alive" if request.path == "/health" else None
