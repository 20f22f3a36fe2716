"""Strings: docs/guide/template-escaping.md."""

from __future__ import annotations

import string
from typing import Any

import pytest
from flask import render_template, render_template_string
from jinja2.sandbox import SandboxedEnvironment

from proven.claims.proofs import proves
from snippets.templates import strings, user_text
from snippets.templates.try_out import create_app


@proves(
    "guide/template-escaping",
    "render_template_string() takes the source of a template.",
    "It escapes values as in a .html file, and compiles the source at each call.",
)
@proves(
    "guide/templates",
    "Jinja compiles a template to Python code once, and keeps up to 400 templates.",
    "gets the template from the environment, which loads it if necessary,",
)
def test_a_string_is_compiled_at_each_call_and_a_file_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    app = create_app({"page.html": "x"})
    compiled: list[str] = []
    compile_ = app.jinja_env.compile

    def count(source: str, *args: Any, **options: Any) -> Any:
        compiled.append(source)
        return compile_(source, *args, **options)

    monkeypatch.setattr(app.jinja_env, "compile", count)
    with app.app_context():
        for _ in range(3):
            render_template("page.html")
            render_template_string("y")
    assert sorted(compiled) == ["x", "y", "y", "y"]


@proves(
    "guide/template-escaping",
    "The second visitor reads the secret key.",
    "The third one puts a tag into the page, because the text of a template is not escaped.",
)
def test_a_source_from_a_visitor_is_run_and_a_value_is_not() -> None:
    client = strings.app.test_client()
    key = {"name": "{{ config.SECRET_KEY }}"}
    assert client.get("/value", query_string=key).text == "<p>Hello {{ config.SECRET_KEY }}</p>"
    assert client.get("/source", query_string=key).text == "<p>Hello dev</p>"
    tag = {"name": "<b>"}
    assert client.get("/value", query_string=tag).text == "<p>Hello &lt;b&gt;</p>"
    assert client.get("/source", query_string=tag).text == "<p>Hello <b></p>"


@proves("guide/template-escaping", "string.Template offers just that.")
def test_texts_of_users_have_gaps_or_a_sandbox() -> None:
    client = user_text.app.test_client()
    text = "<b>$name ${total} $other {{ config }}"
    assert client.post("/gaps", data={"text": text}).text == (
        "<p>&lt;b&gt;Ada 12.50 $other {{ config }}</p>"
    )
    text = "{% if total > 10 %}{{ name }}{{ '%.2f'|format(total) }}{{ config }}{% endif %}"
    assert client.post("/sandbox", data={"text": text}).text == "Ada12.50"
    for text, error in [
        ("{{ config.SECRET_KEY }}", "'config' is undefined"),
        ("{{ name.", "expected name or number"),
        ("{{ 1 / 0 }}", "division by zero"),
        ("{% include 'page.html' %}", "no loader for this environment specified"),
        ("{{ name.__class__.x }}", "access to attribute '__class__' of 'str' object is unsafe."),
    ]:
        answer = client.post("/sandbox", data={"text": text})
        assert (answer.status_code, answer.json) == (400, {"error": error})


@proves(
    "guide/template-escaping",
    "A sandbox restricts attributes, methods and range.",
    "It limits neither time nor memory, and a template can read every value that you pass to it.",
)
def test_what_a_sandbox_bounds_and_what_not() -> None:
    sandbox = SandboxedEnvironment(autoescape=True)
    with pytest.raises(OverflowError, match="Range too big"):
        sandbox.from_string("{{ range(1000000)|length }}").render()
    assert len(sandbox.from_string("{{ 'x' * 1000000 }}").render()) == 1_000_000
    with pytest.raises(TypeError, match="no loader for this environment specified"):
        sandbox.from_string("{% include 'page.html' %}").render()
    config = {"SECRET_KEY": "dev"}
    assert sandbox.from_string("{{ config.SECRET_KEY }}").render(config=config) == "dev"


@proves(
    "guide/template-escaping",
    "str.format with a text from a user is as dangerous: "
    '"{config[SECRET_KEY]}".format(config=app.config) returns the secret key.',
    "string.Template offers just that.",
)
def test_str_format_reads_keys_and_string_template_does_not() -> None:
    app = create_app()
    app.secret_key = "dev"
    text_of_a_user = "{config[SECRET_KEY]}"
    assert text_of_a_user.format(config=app.config) == "dev"
    with pytest.raises(ValueError, match="Invalid placeholder"):
        string.Template("${config[SECRET_KEY]}").substitute(config=app.config)
