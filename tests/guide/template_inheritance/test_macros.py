"""Macros: docs/guide/template-inheritance.md."""

from __future__ import annotations

from flask import get_template_attribute, render_template_string
from jinja2 import DictLoader
from markupsafe import Markup

from proven.claims.proofs import proves
from snippets.templates import macros
from snippets.templates.try_out import create_app, render
from tests.guide.templates.common import get, lines


@proves(
    "guide/template-inheritance",
    "caller() returns what stands inside {% call %}.",
    "To call a macro from Python, use get_template_attribute().",
)
def test_a_form_of_macros_and_a_macro_called_by_a_view() -> None:
    assert lines(macros.app, "/") == [
        '<label>Name <input name="name" type="text" required=""></label>',
        "<section><h2>密码</h2>",
        '<label>Password <input name="password" type="password" autocomplete="new-password"></label>',
        "</section>",
    ]
    assert get(macros.app, "/field") == (
        '<label>City &amp; country <input name="city" type="text"></label>'
    )


@proves(
    "guide/template-inheritance",
    "A macro returns Markup, which is not escaped again.",
    "The arguments are escaped inside the macro.",
)
def test_a_macro_returns_markup_and_escapes_its_arguments() -> None:
    app = create_app({"m.html": "{% macro bold(x) %}<b>{{ x }}</b>{% endmacro %}"})
    with app.test_request_context():
        made = get_template_attribute("m.html", "bold")("<")
        assert (type(made), made) == (Markup, "<b>&lt;</b>")
    assert render("{% macro bold(x) %}<b>{{ x }}</b>{% endmacro %}{{ bold('<') }}") == "<b>&lt;</b>"


@proves(
    "guide/template-inheritance",
    "In its body, kwargs contains the named arguments that the macro does not list, and "
    "varargs the other ones.",
    "Arguments that the call leaves out are undefined.",
    "Add the argument to the macro, or use kwargs in its body.",
)
def test_arguments_left_out_are_undefined_and_the_others_are_collected() -> None:
    assert render("{% macro m(x) %}{{ x is defined }}{% endmacro %}{{ m() }}") == "False"
    page = "{% macro m() %}{{ varargs|length }} {{ kwargs.b }}{% endmacro %}{{ m(1, 2, b=3) }}"
    assert render(page) == "2 3"


@proves(
    "guide/template-inheritance",
    "Without context, Jinja runs the imported file once and keeps the result: a {% set %} "
    "at its top level has the value of the first import.",
)
def test_an_import_without_context_is_run_once() -> None:
    app = create_app()
    calls: list[int] = []

    @app.template_global()
    def count() -> int:
        calls.append(1)
        return len(calls)

    app.jinja_loader = DictLoader({"m.html": "{% set n = count() %}"})
    plain = "{% import 'm.html' as m %}{{ m.n }}"
    fresh = "{% import 'm.html' as m with context %}{{ m.n }}"
    with app.app_context():
        assert [render_template_string(plain) for _ in range(3)] == ["1", "1", "1"]
        assert [render_template_string(fresh) for _ in range(2)] == ["2", "3"]


@proves(
    "guide/template-inheritance",
    "An imported macro sees the globals, but not the values of the page and of context processors.",
    "request, session, g and config are globals in Flask, so the macro sees them.",
    "With with context it also sees the other values.",
)
@proves(
    "guide/template-filters",
    "A global is a function or a value that each template sees, including imported macros.",
)
@proves(
    "guide/template-errors",
    "The cause is a spelling mistake, an imported macro without context, or a variable of "
    "a loop in a block that is not scoped.",
)
def test_what_an_imported_macro_sees() -> None:
    app = create_app()
    app.context_processor(lambda: {"site": "S"})
    body = "{{ request.path }}{{ session is defined }}{{ g is defined }}{{ config.TESTING }}"
    app.jinja_loader = DictLoader(
        {"m.html": "{% macro m() %}" + body + "{{ site }}{{ user }}{% endmacro %}"}
    )
    with app.test_request_context("/p"):
        found = [
            render_template_string("{% from 'm.html' import m " + way + "%}{{ m() }}", user="U")
            for way in ("", "with context ")
        ]
    assert found == ["/pTrueTrueFalse", "/pTrueTrueFalseSU"]


@proves("guide/template-inheritance", "A macro in the same file sees the values of the page.")
def test_a_macro_of_the_same_file_sees_the_values_of_the_page() -> None:
    assert render("{% macro m() %}{{ user }}{% endmacro %}{{ m() }}", user="Ada") == "Ada"
