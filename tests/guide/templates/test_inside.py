"""Inside: docs/guide/templates.md."""

from __future__ import annotations

import traceback
from pathlib import Path
from typing import Any

import jinja2
import pytest
from flask import Flask, before_render_template, template_rendered
from jinja2 import UndefinedError

from proven.claims.proofs import proves
from snippets.templates.try_out import create_app
from tests.guide.templates.common import LAYOUT, SAID, folder_app, get, rendered


@proves(
    "guide/templates",
    "app.jinja_env is a jinja2.Environment.",
    "create_jinja_environment() creates it at its first use.",
    "Jinja compiles a template to Python code once, and keeps up to 400 templates.",
)
@proves(
    "guide/template-filters",
    "Flask reads jinja_options when it creates the environment, at the first use of app.jinja_env.",
)
def test_the_environment_is_made_at_its_first_use_and_keeps_400() -> None:
    app = Flask("x")
    assert "jinja_env" not in vars(app)
    environment = app.jinja_env
    assert "jinja_env" in vars(app)
    assert environment.cache is not None
    assert environment.cache.capacity == 400  # type: ignore[union-attr]
    assert "up to 400 templates" in SAID


@proves(
    "guide/templates",
    "render_template() then",
    "calls the context processors, whose values do not replace those that you passed,",
    "sends before_render_template, runs the template, and sends template_rendered.",
    "extends, include and import use the same loader, but they send no signals and call "
    "no context processors.",
    "In a test, the signal template_rendered passes the template and its values.",
)
def test_signals_and_context_processors_are_for_the_whole_page() -> None:
    app = create_app(
        {
            **LAYOUT,
            "page.html": "{% extends 'layout.html' %}{% from 'm.html' import m %}"
            "{% block main %}{% include 'i.html' %}{{ m() }}{{ site }}{% endblock %}",
            "i.html": "{{ site }}",
            "m.html": "{% macro m() %}macro{% endmacro %}",
        }
    )
    happened: list[str] = []

    @app.context_processor
    def site() -> dict[str, str]:
        happened.append("processor")
        return {"site": "S"}

    def before(sender: Flask, template: jinja2.Template, **extra: Any) -> None:
        happened.append(f"before {template.name}")

    def after(sender: Flask, template: jinja2.Template, **extra: Any) -> None:
        happened.append(f"after {template.name}")

    with (
        before_render_template.connected_to(before, app),
        template_rendered.connected_to(after, app),
    ):
        assert get(app, "/") == "[SmacroS]"
        assert happened == ["processor", "before page.html", "after page.html"]
        assert rendered(app, "page.html", site="passed") == "[passedmacropassed]"


@proves("guide/templates", "A traceback names the file of the template and the line in it.")
def test_a_traceback_has_the_file_and_the_line_of_the_template(tmp_path: Path) -> None:
    app = folder_app(tmp_path, {"a.html": "one\n{{ user.name }}"})
    with pytest.raises(UndefinedError) as caught:
        rendered(app, "a.html")
    places = [
        (Path(f.filename).name, f.lineno) for f in traceback.extract_tb(caught.value.__traceback__)
    ]
    assert ("a.html", 2) in places
