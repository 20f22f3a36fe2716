"""Include: docs/guide/template-inheritance.md."""

from __future__ import annotations

from proven.claims.proofs import proves
from snippets.templates.try_out import render
from tests.guide.templates.common import LAYOUT


@proves(
    "guide/template-inheritance",
    "Variables that it sets are not available after the include.",
    "A page cannot replace blocks of an included template.",
)
def test_an_include_gives_nothing_back_and_its_blocks_are_its_own() -> None:
    assert render("{% include 'i.html' %}[{{ n }}]", {"i.html": "{% set n = 1 %}"}) == "[]"
    files = {**LAYOUT, "i.html": "({% block inner %}own{% endblock %})"}
    page = "{% extends 'layout.html' %}{% block main %}{% include 'i.html' %}{% endblock %}"
    assert render(page + "{% block inner %}replaced{% endblock %}", files) == "[(own)]"


@proves(
    "guide/template-inheritance",
    "Write {% set index = loop.index %} before the include, and use index.",
)
def test_loop_is_handed_over_by_a_name_of_ones_own() -> None:
    page = "{% for n in 'ab' %}{% set index = loop.index %}{% include 'i.html' %}{% endfor %}"
    assert render(page, {"i.html": "{{ index }}{{ n }} "}) == "1a 2b "
