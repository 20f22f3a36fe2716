"""Allow the scripts of a page by a nonce, and none that somebody has slipped into it."""

import secrets

from flask import Flask, Response, g, render_template_string, request

POLICY = (
    "default-src 'self'; script-src 'nonce-{}'; object-src 'none'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
PAGE = """<!doctype html>
<title>Guest book</title>
<script nonce="{{ g.nonce }}">document.title = "my script ran";</script>
<div id="entry">{{ entry|safe }}</div>
"""

app = Flask(__name__)


@app.before_request
def make_nonce() -> None:
    g.nonce = secrets.token_urlsafe(16)


@app.after_request
def add_policy(response: Response) -> Response:
    response.headers["Content-Security-Policy"] = POLICY.format(g.nonce)
    return response


@app.get("/")
def guest_book() -> str:
    # |safe is the mistake that the policy makes harmless
    return render_template_string(PAGE, entry=request.args.get("entry", ""))
