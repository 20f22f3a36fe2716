"""What a template sees: docs/guide/templates.md."""

from __future__ import annotations

import re

import pytest

from proven.claims.proofs import proves
from snippets.templates.try_out import create_app, render
from tests.guide.templates.common import section


@proves(
    "guide/templates",
    "A template sees the values that you pass, request, session, g and config, the "
    "functions url_for and get_flashed_messages, and range, dict, lipsum, cycler, joiner "
    "and namespace from Jinja.",
)
def test_the_names_without_an_import() -> None:
    jinja = {"range", "dict", "lipsum", "cycler", "joiner", "namespace"}
    of_flask = {"request", "session", "g", "config", "url_for", "get_flashed_messages"}
    assert set(create_app().jinja_env.globals) == jinja | of_flask
    for name in jinja | of_flask:
        assert f"`{name}`" in section("templates-names")


@proves("guide/templates", "Other functions of Python are not available.")
@proves("guide/template-filters", "Functions of Python are not globals of a template.")
@pytest.mark.parametrize("name", ["len", "enumerate", "str", "zip", "sorted"])
def test_functions_of_python_are_not_there(name: str) -> None:
    assert render("{{ " + name + " is defined }}") == "False"


@proves(
    "guide/templates",
    "a.b looks for an attribute first and for a key second.",
    'a["b"] looks for the key first.',
    "A key with the name of a method therefore needs brackets:",
)
def test_a_dot_asks_for_the_attribute_first_and_brackets_for_the_key() -> None:
    class Both(dict[str, str]):
        x = "attribute"

    both = Both(x="key")
    assert render("{{ b.x }} {{ b['x'] }}", b=both) == "attribute key"
    assert render("{{ d.x }}", d={"x": "key"}) == "key"
    assert render("{{ b['clear'] is callable }}", b=both) == "True"


@proves("guide/templates", "An if has no scope of its own, but {% with %} has one.")
def test_an_if_has_no_scope_of_its_own() -> None:
    assert render("{% if true %}{% set n = 1 %}{% endif %}{{ n }}") == "1"


@proves(
    "guide/templates",
    "~ joins values as text.",
    '+ adds as in Python, so "n" + 1 raises a TypeError.',
)
def test_the_tilde_joins_and_the_plus_adds() -> None:
    assert render("{{ 'n' ~ 1 }} {{ 1 + 1 }}") == "n1 2"
    with pytest.raises(TypeError, match="can only concatenate str"):
        render("{{ 'n' + 1 }}")


@proves(
    "guide/templates",
    "loop also has index0, first, previtem, nextitem, depth and changed(value).",
    "The part after else is rendered for an empty list.",
)
def test_what_a_loop_knows() -> None:
    told = re.findall(r"`(\w+)(?:\(value\))?`", section("templates-loops").partition("also has")[2])
    names = told[: told.index("else")]
    assert names == ["index0", "first", "previtem", "nextitem", "depth", "changed"]
    page = "{% for n in 'aab' %}" + "".join(
        "{{ loop." + name + ("(n)" if name == "changed" else "") + " }} " for name in names
    )
    assert render(page + "/{% endfor %}").split("/") == [
        "0 True  a 1 True ",
        "1 False a b 1 False ",
        "2 False a  1 True ",
        "",
    ]
    assert render("{% for n in [] %}{% else %}none{% endfor %}") == "none"
