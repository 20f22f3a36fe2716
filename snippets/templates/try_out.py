"""Renders a page from a string, for the short examples."""

from collections.abc import Mapping
from typing import Any

from flask import Flask, render_template
from jinja2 import DictLoader


def create_app(files: Mapping[str, str] | None = None) -> Flask:
    app = Flask(__name__)
    app.jinja_loader = DictLoader({"page.html": "Hello", **(files or {})})
    app.add_url_rule("/", "index", lambda: render_template("page.html"))
    return app


def render(page: str, files: Mapping[str, str] | None = None, **values: Any) -> str:
    with create_app({**(files or {}), "page.html": page}).test_request_context():
        return render_template("page.html", **values)
