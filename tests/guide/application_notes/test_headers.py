"""Headers: docs/guide/application-notes.md."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from proven.claims.proofs import proves
from snippets.application import headers
from tests.guide.application.common import PACKAGE, Visitor


@proves(
    "guide/application-notes",
    "The package secure creates security headers, and a hook adds them to every response, "
    "including error pages.",
    "The content security policy allows scripts and styles only from files of this site.",
)
@proves(
    "guide/application",
    "In after_request(), add sets the headers and named marks the page with its language.",
)
@pytest.mark.parametrize("path", ["/", "/login", "/nothing", "/notes/", "/static/notes.css"])
def test_every_answer_has_the_headers(app: Flask, path: str) -> None:
    answer = Visitor(app).get(path)
    for name, value in headers.HEADERS.headers.items():
        assert answer.headers[name] == value
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self';" in policy
    assert "unsafe" not in policy
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    # what never changes may be kept
    kept = "no-cache" if path == "/static/notes.css" else "no-store"
    assert answer.headers["Cache-Control"] == kept
    assert re.fullmatch("[0-9a-f]{32}", answer.headers["X-Request-ID"])
    answer.close()


@proves("guide/application-notes", "Strict-Transport-Security is sent over HTTPS only.")
def test_https_is_kept_to_where_there_is_https(app: Flask) -> None:
    client = app.test_client()
    name = "Strict-Transport-Security"
    assert name not in client.get("/").headers
    for path in ("/", "/nothing", "/static/notes.css", "/notes/"):
        answer = client.get(path, base_url="https://localhost")
        assert answer.headers[name] == f"max-age={365 * 24 * 3600}"
        answer.close()


def test_the_cookies_are_out_of_reach_of_scripts_and_other_sites(app: Flask, ada: Visitor) -> None:
    def set_by(call: Callable[[Visitor], TestResponse]) -> set[str]:
        [header] = call(Visitor(app)).headers.getlist("Set-Cookie")
        return set(header.split("; "))

    for call in (lambda visitor: visitor.login(), lambda visitor: visitor.get("/language/zh")):
        app.config["SESSION_COOKIE_SECURE"] = False
        assert {"HttpOnly", "SameSite=Lax"} <= set_by(call)
        app.config["SESSION_COOKIE_SECURE"] = True
        assert "Secure" in set_by(call)


MODULE = """<script type="module" src="{{ url_for('static', filename='times.js') }}"></script>"""


def test_no_template_has_script_or_style_in_it() -> None:
    for file in PACKAGE.joinpath("templates").glob("*.html"):
        source = file.read_text(encoding="utf-8").replace(MODULE, "")
        assert not re.search(r"<script|<style|\bstyle=|\bon\w+=|https?://", source), file
