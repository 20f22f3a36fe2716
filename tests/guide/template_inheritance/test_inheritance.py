"""Inheritance: docs/guide/template-inheritance.md."""

from __future__ import annotations

import pytest

from proven.claims.proofs import proves
from snippets.templates import inheritance
from snippets.templates.try_out import render
from tests.guide.templates.common import LAYOUT, lines


@proves(
    "guide/template-inheritance",
    "A page that extends the layout fills some of these blocks.",
    "self.title() renders a block again.",
    "To show a block again, write {{ self.title() }}.",
)
def test_a_page_fills_blocks_and_another_extends_it() -> None:
    assert lines(inheritance.app, "/") == [
        "<!doctype html>",
        "<title>My notes | Notes</title>",
        '<nav><a href="/">All</a></nav>',
        "<main>",
        "<h1>My notes</h1>",
        "<p>bread</p>",
        "<p>butter</p>",
        "</main>",
    ]
    numbered = lines(inheritance.app, "/numbered")
    assert numbered[2] == '<nav><a href="/">All</a> | My notes | Notes</nav>'
    assert numbered[5:7] == ["<p>1. bread</p>", "<p>2. butter</p>"]


@proves(
    "guide/template-inheritance",
    "super() renders the same block of the template that is extended, and super.super() "
    "that of the next one up.",
)
def test_super_twice_is_two_templates_up() -> None:
    files = {**LAYOUT, "middle.html": "{% extends 'layout.html' %}{% block main %}m{% endblock %}"}
    page = (
        "{% extends 'middle.html' %}{% block main %}{{ super.super() }}{{ super() }}{% endblock %}"
    )
    assert render(page, files) == "[basem]"


@proves(
    "guide/template-inheritance",
    "The name after extends can be a variable, and extends can stand inside an if.",
)
@pytest.mark.parametrize("short", [True, False])
def test_the_layout_may_be_a_variable_or_stand_in_an_if(short: bool) -> None:
    files = {**LAYOUT, "short.html": "({% block main %}{% endblock %})"}
    block = "{% block main %}x{% endblock %}"
    expected = "(x)" if short else "[x]"
    assert render(
        "{% extends name %}" + block, files, name=f"{'short' if short else 'layout'}.html"
    ) == (expected)
    choice = (
        "{% if short %}{% extends 'short.html' %}{% else %}{% extends 'layout.html' %}{% endif %}"
    )
    assert render(choice + block, files, short=short) == expected


@proves(
    "guide/template-inheritance",
    "{% set %}, {% import %} and macros outside of the blocks take effect, and the blocks "
    "see them.",
)
def test_outside_the_blocks_imports_and_macros_are_run() -> None:
    files = {**LAYOUT, "m.html": "{% macro show() %}macro{% endmacro %}"}
    page = "{% extends 'layout.html' %}{% from 'm.html' import show %}{% macro own() %}own{% endmacro %}"
    assert render(page + "{% block main %}{{ show() }} {{ own() }}{% endblock %}", files) == (
        "[macro own]"
    )


@proves(
    "guide/template-inheritance", "A variable that is set in one block is not available in another."
)
def test_a_set_in_one_block_is_not_seen_in_another() -> None:
    page = "{% block a %}{% set n = 1 %}{{ n }}{% endblock %}({% block b %}{{ n }}{% endblock %})"
    assert render(page) == "1()"


@proves(
    "guide/template-inheritance", "An if around it has no effect, so put the if inside the block."
)
def test_an_if_inside_a_block_does_help() -> None:
    page = "{% extends 'layout.html' %}{% block main %}{% if false %}shown{% endif %}{% endblock %}"
    assert render(page, LAYOUT) == "[]"
