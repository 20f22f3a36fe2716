"""Then and now: docs/guide/templates.md."""

from __future__ import annotations

import re

import jinja2
import pytest
from flask import render_template, stream_template

from proven.claims.proofs import proves
from proven.releases.timeline import History
from snippets.templates.try_out import create_app
from tests.guide.templates.common import TEXT, section


@proves(
    "guide/template-escaping",
    "The same error names 'escape' from 'flask', 'Markup' from 'jinja2' or 'escape' from 'jinja2'.",
    "Import both from markupsafe.",
    "If an extension raises cannot import name 'contextfilter' from 'jinja2', update it: "
    "the decorator is now pass_context.",
)
@pytest.mark.parametrize(
    ("module", "name"),
    [
        ("flask", "Markup"),
        ("flask", "escape"),
        ("jinja2", "Markup"),
        ("jinja2", "escape"),
        ("jinja2", "contextfilter"),
    ],
)
def test_imports_of_old_posts(module: str, name: str) -> None:
    with pytest.raises(ImportError) as caught:
        exec(f"from {module} import {name}")
    assert str(caught.value).startswith(f"cannot import name '{name}' from '{module}'")
    assert f"'{name}' from '{module}'" in section("template-escaping-pitfalls")
    assert hasattr(jinja2, "pass_context")


@proves(
    "guide/template-errors",
    "Remove jinja2.ext.autoescape and jinja2.ext.with_ from the extensions: their tags "
    "are built in.",
)
def test_extensions_of_old_posts() -> None:
    for name in ("autoescape", "with_"):
        with pytest.raises(AttributeError) as caught:
            create_app().jinja_env.add_extension(f"jinja2.ext.{name}")
        assert str(caught.value) == f"module 'jinja2.ext' has no attribute '{name}'"
    assert (
        ":::{pitfall} `AttributeError: module 'jinja2.ext' has no attribute 'autoescape'`" in TEXT
    )


@proves(
    "guide/templates",
    "Streaming. Old posts call app.jinja_env.get_template(name).stream(…), which calls no "
    "context processors.",
)
def test_streaming_as_old_posts_do_it_calls_no_context_processor() -> None:
    app = create_app({"page.html": "[{{ site }}]"})
    app.context_processor(lambda: {"site": "S"})
    with app.app_context():
        assert "".join(app.jinja_env.get_template("page.html").stream()) == "[]"
        assert "".join(stream_template("page.html")) == "[S]"


@proves(
    "guide/templates",
    "render_template('html模板路径',**{}). Old posts call it with a name and with values, and "
    "that is still right.",
)
def test_the_call_of_old_posts() -> None:
    with create_app({"html模板路径": "{{ name }}"}).app_context():
        for values, expected in (({}, ""), ({"name": "Ada"}, "Ada")):
            assert render_template("html模板路径", **values) == expected


@proves(
    "guide/templates",
    "Markup and escape. flask.Markup: ….",
    "jinja2.Markup: ….",
    "flask.escape: ….",
    "The decorators. contextfilter: ….",
    "evalcontextfilter: ….",
    "environmentfilter: ….",
    "Extensions. jinja2.ext.with_: ….",
    "jinja2.ext.autoescape: ….",
    "Reloading. app.templates_auto_reload: ….",
    "stream_template: ….",
)
def test_what_the_releases_say_of_old_names() -> None:
    history = History()
    gone = re.findall(r"\{since\}`([^`]+)`", section("templates-then-and-now"))
    assert gone.pop() == "flask.stream_template"
    assert len(gone) == 9
    for name in gone:
        assert history.find(name).removed is not None
    added = history.find("flask.stream_template")
    assert (added.current, added.added is not None) == (True, True)
