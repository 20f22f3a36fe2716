"""A context manager for tests that records each template and its variables."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask import Flask, render_template, template_rendered
from jinja2 import DictLoader, Template

app = Flask(__name__)
app.jinja_loader = DictLoader(
    {
        "base.html": "<title>{% block title %}{% endblock %}</title>",
        "cart.html": "{% extends 'base.html' %}{% block title %}{{ things | length }}{% endblock %}",
        "empty.html": "<p>Nothing here yet.",
    }
)


@app.get("/cart/<int:count>")
def cart(count: int) -> str:
    if not count:
        return render_template("empty.html")
    return render_template("cart.html", things=["tea"] * count)


@contextmanager
def captured_templates(app: Flask) -> Iterator[list[tuple[Template, dict[str, Any]]]]:
    found: list[tuple[Template, dict[str, Any]]] = []

    def keep(sender: Flask, template: Template, context: dict[str, Any], **extra: Any) -> None:
        found.append((template, context))

    with template_rendered.connected_to(keep, app):
        yield found
