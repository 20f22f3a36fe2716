"""Filters: docs/guide/template-filters.md."""

from __future__ import annotations

import jinja2
import pytest
from flask import Flask, render_template_string

from proven.claims.proofs import proves
from snippets.templates import filters
from snippets.templates.try_out import create_app, render
from tests.guide.templates.common import get, table


@proves(
    "guide/template-filters",
    '"a" + "b"|upper | aB',
    "[1, 2, 3]|length | 3",
    '[3, 1, 2]|sort|join(", ") | 1, 2, 3',
    '["b", "a"]|first | b',
    "[1, 2, 2]|unique|list | [1, 2]",
    "[1, 2, 3]|sum | 6",
    '[1, 2, 3]|select("odd")|list | [1, 3]',
    '[{"n": 1}, {"n": 2}]|map(attribute="n")|list | [1, 2]',
    '[{"n": 1}, {"n": 2}]|selectattr("n", "gt", 1)|map(attribute="n")|list | [2]',
    '[("x", 1), ("y", 2), ("x", 3)]|groupby(0)|map("first")|join | xy',
    '{"b": 1, "a": 2}|dictsort|map("first")|join | ab',
    "[1, 2, 3]|batch(2)|list | [[1, 2], [3]]",
    '"%.2f"|format(2.5) | 2.50',
    "2.5|round | 2.0",
    '"12"|int + 1 | 13',
    '"x"|int | 0',
    "1536|filesizeformat | 1.5 kB",
    'none|default("-") | None',
    'none|default("-", true) | -',
    '"abcdefgh"|truncate(5) | abcdefgh',
    '"abcdefgh"|truncate(5, leeway=0) | ab...',
    '"面包黄油牛奶鸡蛋"|truncate(5, end="…", leeway=0) | 面包黄油…',
    '"面包 黄油"|wordcount | 2',
    '"面包"|urlencode | %E9%9D%A2%E5%8C%85',
    '"<b>bread</b>"|striptags | bread',
    '"https://a.example"|urlize | <a href="https://a.example" rel="noopener">https://a.example</a>',
    '{"名": "a"}|tojson | {"\\u540d": "a"}',
    "missing is defined | False",
    "none is none | True",
    "none is defined | True",
    "7 is odd | True",
    "6 is divisibleby 3 | True",
    "2 is in [1, 2] | True",
    '"ab" is string | True',
    '"ab" is iterable | True',
    "{} is mapping | True",
    "true is number | True",
    "1 is sameas true | False",
)
@pytest.mark.parametrize(("expression", "output"), table("templates-filters"))
def test_the_tables_of_filters_and_tests(expression: str, output: str) -> None:
    if "urlize" in expression:
        assert render("{{ " + expression + " }}") == output
    else:
        # as text: the quotes of a list are not the matter here
        app = Flask("text")
        app.jinja_options = {"autoescape": False}
        with app.app_context():
            assert render_template_string("{{ " + expression + " }}") == output


def test_the_tables_have_rows() -> None:
    assert len(table("templates-filters")) == 27 + 11


@proves(
    "guide/template-filters",
    'It binds more tightly than + and ~: "a" + "b"|upper is aB.',
    "{% filter upper %} applies to everything up to {% endfilter %}.",
)
def test_a_filter_over_a_passage() -> None:
    assert render("{{ 'a' ~ 'b'|upper }}") == "aB"
    assert render("{% filter upper %}a{{ 'b' }}{% endfilter %}") == "AB"


@proves(
    "guide/template-filters",
    "A filter that makes HTML returns Markup, and first checks whether the template escapes:",
    "jinja2.pass_eval_context() passes this setting to the filter, jinja2.pass_context() "
    "the values of the template, and jinja2.pass_environment() the environment.",
)
@proves(
    "guide/template-escaping", "A link or a line break in text: use |urlize, or the filter nl2br."
)
def test_a_filter_makes_html_in_html_only() -> None:
    assert get(filters.app, "/html") == "bread<br>&lt;butter&gt;"
    assert get(filters.app, "/text") == "bread\n<butter>"


@proves(
    "guide/template-filters",
    "jinja2.pass_eval_context() passes this setting to the filter, jinja2.pass_context() "
    "the values of the template, and jinja2.pass_environment() the environment.",
    "Write these decorators below @app.template_filter().",
)
def test_pass_decorators_give_context_and_environment() -> None:
    app = create_app()

    @app.template_filter()
    @jinja2.pass_context
    def with_context(context: jinja2.runtime.Context, value: str) -> str:
        return value + context["user"]

    @app.template_filter()
    @jinja2.pass_environment
    def with_environment(environment: jinja2.Environment, value: str) -> bool:
        return environment is app.jinja_env

    with app.app_context():
        page = "{{ 'x'|with_context }}{{ 'x'|with_environment }}"
        assert render_template_string(page, user="U") == "xUTrue"
