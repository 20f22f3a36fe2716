"""Whitespace and options: docs/guide/template-filters.md."""

from __future__ import annotations

from typing import Any

from proven.claims.proofs import proves
from snippets.templates import options
from snippets.templates.try_out import create_app
from tests.guide.templates.common import get


@proves(
    "guide/template-filters",
    "Set the options for all templates once, together with extensions such as the one for "
    "break and continue:",
)
def test_options_of_the_environment() -> None:
    assert get(options.app, "/") == "<ul>\n  <li>1</li>\n  <li>3</li>\n  <li>5</li>\n</ul>"


def with_options(page: str, **chosen: Any) -> str:
    app = create_app({"page.html": page})
    app.jinja_options = chosen
    return get(app, "/")


@proves(
    "guide/template-filters",
    "trim_blocks removes the line break after a statement, and lstrip_blocks the "
    "indentation before it.",
    "+ inside a tag keeps what these two would remove.",
    "The last line break of a file is removed, unless you set keep_trailing_newline.",
)
def test_what_each_option_drops_and_the_plus_keeps() -> None:
    page = "a\n  {% if true %}\nb{% endif %}\n"
    assert with_options(page) == "a\n  \nb"
    assert with_options(page, trim_blocks=True) == "a\n  b"
    assert with_options(page, lstrip_blocks=True) == "a\n\nb"
    assert with_options(page, keep_trailing_newline=True) == "a\n  \nb\n"
    kept = page.replace("{% if true %}", "{%+ if true +%}")
    assert with_options(kept, trim_blocks=True, lstrip_blocks=True) == "a\n  \nb"


@proves(
    "guide/template-filters",
    "Flask reads jinja_options when it creates the environment, at the first use of app.jinja_env.",
    "@app.template_filter() is such a use.",
    "What you assign later has no effect and raises no error.",
)
def test_options_after_the_first_use_have_no_effect() -> None:
    app = create_app({"page.html": "{% if true %}\nb{% endif %}"})
    app.template_filter("f")(str)
    app.jinja_options = {"trim_blocks": True}
    assert get(app, "/") == "\nb"
