"""The fixtures that the tests of docs/guide/signals.md share."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from jinja2 import DictLoader

from snippets.signals import all_ten


@pytest.fixture
def app(request: pytest.FixtureRequest) -> Flask:
    """An application with a good and a bad view; the logger has its name, so each has one of its own."""
    app = Flask(request.node.name, static_folder=None)
    app.secret_key = "for the tests"
    app.jinja_loader = DictLoader(
        {
            "base.html": "{% block title %}{% endblock %}",
            "part.html": "part",
            "page.html": "{% extends 'base.html' %}{% block title %}{% include 'part.html' %}{% endblock %}",
            "broken.html": "{{ 1 // 0 }}",
        }
    )
    app.add_url_rule("/", view_func=lambda: "fine", endpoint="index")
    app.add_url_rule("/bug", view_func=lambda: 1 // 0, endpoint="bug")
    return app


@pytest.fixture
def heard(app: Flask) -> list[tuple[str, dict[str, Any]]]:
    """What the signals of the application said, in order."""
    found: list[tuple[str, dict[str, Any]]] = []
    all_ten.watch(app, lambda name, **arguments: found.append((name, arguments)))
    return found
