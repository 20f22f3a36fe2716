"""Undefined: docs/guide/template-errors.md."""

from __future__ import annotations

import pytest
from jinja2 import ChainableUndefined, DebugUndefined, StrictUndefined, Undefined, UndefinedError

from proven.claims.proofs import proves
from snippets.templates import strict
from snippets.templates.try_out import create_app, render
from tests.guide.templates.common import TEXT, get, table

UNDEFINED = [Undefined, ChainableUndefined, StrictUndefined, DebugUndefined]


@proves(
    "guide/template-errors",
    "{{ x }} | | | error | {{ x }}",
    "{{ x.y }} | error | | error | error",
    "{{ x + 1 }} | error | error | error | error",
    "{{ x|upper }} | | | error | {{ X }}",
    "{% if x %}yes{% else %}no{% endif %} | no | no | error | no",
    "{% for i in x %}{% else %}none{% endfor %} | none | none | error | none",
    "{{ x == 1 }} | False | False | error | False",
    "{{ x is defined }} | False | False | False | False",
    '{{ x|default("-") }} | - | - | - | -',
    "Its class decides what you can do with it.",
    "An empty cell means that the output is empty:",
    "In an old one, each {% if error %} raises an error if the view does not pass error.",
    "{{ user }} alone has an empty output and raises nothing.",
    "If the value may be missing, write {% if user %}.",
    "The value of a name that does not exist is a jinja2.Undefined.",
)
@pytest.mark.parametrize("row", table("templates-undefined"))
def test_the_table_of_undefined_values(row: list[str]) -> None:
    expression, *outputs = row
    for kind, output in zip(UNDEFINED, outputs, strict=True):
        app = create_app({"page.html": expression})
        app.jinja_env.undefined = kind
        app.testing = True
        if output == "error":
            with pytest.raises(UndefinedError, match="'x' is undefined"):
                get(app, "/")
        else:
            assert get(app, "/") == output


def test_the_table_names_the_classes_and_has_rows() -> None:
    head = " | ".join(f"`{kind.__name__}`" for kind in UNDEFINED)
    assert f"| Expression | {head} |\n" in TEXT
    assert len(table("templates-undefined")) == 9


@proves(
    "guide/template-errors",
    "An attribute or a key that a value does not have behaves like a name that does not exist.",
    "None is not undefined: its output is None, and default does not replace it unless "
    "its second argument is true.",
)
def test_a_missing_attribute_or_key_is_like_a_missing_name_and_none_is_not() -> None:
    assert render("[{{ d.x }}{{ d['x'] }}{{ s.x }}]", d={}, s="") == "[]"
    assert render("{{ n }} {{ n is defined }} {{ n|default('-') }}", n=None) == "None True None"
    assert render("{{ n|default('-', true) }}", n=None) == "-"


@proves("guide/template-errors", "StrictUndefined finds spelling mistakes.")
def test_strict_finds_a_typing_error(monkeypatch: pytest.MonkeyPatch) -> None:
    assert get(strict.app, "/optional") == "none"
    assert strict.app.test_client().get("/typo").status_code == 500
    monkeypatch.setattr(strict.app, "testing", True)
    with pytest.raises(UndefinedError, match="'subtitel' is undefined"):
        get(strict.app, "/typo")
