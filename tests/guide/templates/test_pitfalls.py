"""Pitfalls: docs/guide/templates.md."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import jinja2
import pytest
from flask import Blueprint, Flask, render_template
from jinja2 import TemplateNotFound, TemplatesNotFound, UndefinedError

from proven.claims.proofs import proves
from snippets.templates.try_out import create_app, render
from tests.guide.templates.common import SAID, TEXT, folder_app, rendered, section, write

ERRORS: list[tuple[str, dict[str, str], dict[str, Any]]] = [
    ("{% include 'index.html' %}", {}, {}),
    ("{% include ['a.html', 'b.html'] %}", {}, {}),
    ("{{ user.name }}", {}, {}),
    ("{{ note.author.name.title() }}", {}, {"note": {"author": None}}),
    ("{{ len([]) }}", {}, {}),
    ("{% for i in [1] %}{% include 'i.html' %}{% endfor %}", {"i.html": "{{ loop.index }}"}, {}),
    ("{{ data|tojson }}", {}, {}),
    ("{% from 'forms.html' import feild %}{{ feild() }}", {"forms.html": ""}, {}),
    ("{% block main %}{{ super() }}{% endblock %}", {}, {}),
    ("{% macro panel() %}{{ caller() }}{% endmacro %}{{ panel() }}", {}, {}),
    ("{% for x in [] %}{% break %}{% endfor %}", {}, {}),
    ("{% for x in [] %}{% if x %}x{% endfor %}{% endif %}", {}, {}),
    ("{{ note name }}", {}, {}),
    ("{{ “a” }}", {}, {}),
    ("{% block title %}{% endblock %}{% block title %}{% endblock %}", {}, {}),
    ("{{ 'a'|nl2br }}", {}, {}),
    ("{% extends 'l.html' %}", {"l.html": "{% block main required %}{% endblock %}"}, {}),
    ("{% macro field(a) %}{% endmacro %}{{ field(placeholder=1) }}", {}, {}),
    ("{% set note.title = 'x' %}", {}, {"note": {}}),
]


@proves(
    "guide/template-inheritance",
    "Two blocks of the same name in one file are an error.",
    "If the layout marks a block as required, a page that does not fill it raises an error.",
    "The included template sees the values around it, including the variable of a loop, "
    "but not loop itself.",
    "If the body does not use them, such arguments raise an error.",
    "An included template uses loop, which it does not see.",
    "A block calls super(), and the layout has no block of that name.",
    "A macro that uses caller() was called with {{ panel() }}.",
    "A file contains two blocks of the same name.",
    "The page does not fill a block that the layout marks as required.",
    "The macro was called with an argument that it does not list.",
)
@proves("guide/templates", "The file is in none of the folders that Flask searches.")
@proves(
    "guide/template-errors",
    "The template contains {{ user.name }}, and it has no value user.",
    "The template contains {{ note.author.name.title() }}, and note.author is None.",
    "Its name is undefined, and .title() of an undefined value raises this error.",
    "An if in the loop was not closed.",
    "There is no operator between two words: {{ note name }}.",
    '{% set note.title = "x" %} works only with a namespace.',
)
@proves(
    "guide/template-escaping",
    "The template contains {{ data|tojson }}, and data or a value in it is undefined.",
)
@proves("guide/template-filters", "The filter is not registered, or its module was not imported.")
@pytest.mark.parametrize(("page", "files", "values"), ERRORS, ids=[error[0] for error in ERRORS])
def test_an_error_is_a_title_on_the_page(
    page: str, files: dict[str, str], values: dict[str, Any]
) -> None:
    with pytest.raises(Exception) as caught:
        render(page, files, **values)
    kind = type(caught.value)
    name = (
        kind.__qualname__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__name__}"
    )
    assert f":::{{pitfall}} `{name}: {caught.value}`" in TEXT


@proves(
    "guide/template-errors",
    "For a dictionary the message is 'dict object' has no attribute 'author', for a list "
    "list object has no element 0.",
    "If the message begins with Unexpected end of template. and ends in the same "
    "sentence, a tag was not closed anywhere.",
    "In a statement the message is expected token 'end of statement block', got '=' for "
    "{% if a = 1 %}, and got 'if' for {% else if %}, which has to be elif.",
)
@proves(
    "guide/template-inheritance",
    "The opposite, {% call %} with a macro that does not use caller(), raises TypeError: "
    "macro 'panel' was invoked with two values for the special caller argument. This is "
    "most likely a bug.",
    "For too many positional arguments the message ends in takes not more than 3 argument(s).",
)
@proves("guide/template-filters", "For a test the message begins with No test named.")
@pytest.mark.parametrize(
    ("page", "values", "message"),
    [
        ("{{ note.author.name }}", {"note": {}}, "'dict object' has no attribute 'author'"),
        ("{{ notes[0].name }}", {"notes": []}, "list object has no element 0"),
        ("{% macro panel() %}{% endmacro %}{% call panel() %}{% endcall %}", {}, None),
        ("{% for x in [] %}", {}, "Unexpected end of template."),
        ("{% if a = 1 %}{% endif %}", {}, "expected token 'end of statement block', got '='"),
        ("{% if a %}{% else if b %}{% endif %}", {}, "got 'if'"),
        ("{{ 'a' is nl2br }}", {}, "No test named"),
        ("{% macro m(a, b, c) %}{% endmacro %}{{ m(1, 2, 3, 4) }}", {}, None),
    ],
)
def test_an_error_is_named_in_the_text(
    page: str, values: dict[str, Any], message: str | None
) -> None:
    with pytest.raises(Exception) as caught:
        render(page, **values)
    message = message or str(caught.value).removeprefix("macro 'm' ")
    assert message in str(caught.value)
    assert re.search(rf"`[^`]*{re.escape(message)}[^`]*`", SAID)


@proves(
    "guide/template-errors",
    "The template contains punctuation of a Chinese keyboard or of a word processor: “ ” "
    "‘ ’ ， （ ）.",
    "The characters ?, & and ! lead to the same error: write a if b else c, and and not.",
)
@pytest.mark.parametrize("character", [*"“”‘’，（）?&!"])
def test_characters_that_are_no_jinja(character: str) -> None:
    named = section("templates-pitfalls-syntax").partition("unexpected char")[2].partition(":::")[0]
    assert character in named
    with pytest.raises(jinja2.TemplateSyntaxError) as caught:
        render("{{ " + character + "a }}")
    assert str(caught.value) == f"unexpected char {character!r} at 3"
    assert render("{{ 1 if 2 and not 3 else 4 }}") == "4"


@proves("guide/templates", "break and continue need an extension.")
@proves(
    "guide/template-errors",
    "Some tags need an extension: break and continue need jinja2.ext.loopcontrols, do "
    "needs jinja2.ext.do, and trans needs jinja2.ext.i18n.",
    "If the message ends after the tag, as in Encountered unknown tag 'endblock'., no tag "
    "is open at this place.",
)
@pytest.mark.parametrize("tag", ["break", "continue", "do", "trans", "else", "endblock"])
def test_tags_that_nothing_knows(tag: str) -> None:
    with pytest.raises(jinja2.TemplateSyntaxError, match=rf"^Encountered unknown tag '{tag}'\.$"):
        render("{% " + tag + " %}")
    extensions = ["jinja2.ext.loopcontrols", "jinja2.ext.do", "jinja2.ext.i18n"]
    app = Flask("x")
    app.jinja_options = {"extensions": extensions}
    tags = {t for extension in app.jinja_env.extensions.values() for t in extension.tags}
    assert {"break", "continue", "do", "trans"} <= tags
    for extension in extensions:
        assert f"`{extension}`" in section("templates-pitfalls-syntax")


@proves(
    "guide/templates",
    "render_template or include got a list of names, and none of the templates exists.",
    "except TemplateNotFound catches this error too.",
    "extends takes no list and raises TypeError: unhashable type: 'list'.",
)
def test_a_list_of_names_is_caught_as_one() -> None:
    assert issubclass(TemplatesNotFound, TemplateNotFound)
    with pytest.raises(TemplatesNotFound):
        render("{% include ['a', 'b'] %}")
    with pytest.raises(TemplatesNotFound):
        rendered(Flask("x"), ["a", "b"])
    with pytest.raises(TypeError) as caught:
        render("{% extends ['a', 'b'] %}")
    # newer Pythons say more after it
    assert "unhashable type: 'list'" in str(caught.value)
    assert "`TypeError: unhashable type: 'list'`" in SAID


@proves(
    "guide/templates",
    "render_template was called in a script, a thread or a test.",
    "Use with app.app_context():.",
    "A template that reads request or session needs a request context: with "
    "app.test_request_context():.",
    "url_for needs one too, or SERVER_NAME.",
)
def test_outside_an_application_and_outside_a_request() -> None:
    with pytest.raises(RuntimeError) as caught:
        render_template("page.html")
    first = str(caught.value).splitlines()[0]
    assert f":::{{pitfall}} `RuntimeError: {first}`" in TEXT
    app = create_app({"r.html": "{{ request.path }}", "s.html": "{{ session }}"})
    app.jinja_loader.mapping["u.html"] = "{{ url_for('index') }}"  # type: ignore[union-attr]
    with app.app_context():
        assert render_template("page.html") == "Hello"
        for name in ("r.html", "s.html"):
            with pytest.raises(RuntimeError, match=r"^Working outside of request context\."):
                render_template(name)
        with pytest.raises(RuntimeError, match="without 'SERVER_NAME' configured"):
            render_template("u.html")
    assert rendered(app, "r.html") + rendered(app, "u.html") == "//"


@proves(
    "guide/templates",
    "The template was saved in GBK.",
    "A BOM becomes the first character of the page, even before the layout.",
)
def test_a_template_in_gbk_and_one_with_a_bom(tmp_path: Path) -> None:
    files = {
        "gbk.html": "中文".encode("gbk"),
        "bom.html": b"\xef\xbb\xbf{% extends 'layout.html' %}",
        "layout.html": "layout",
    }
    app = folder_app(tmp_path, files)
    with pytest.raises(UnicodeDecodeError) as caught:
        rendered(app, "gbk.html")
    assert f":::{{pitfall}} `UnicodeDecodeError: {caught.value}`" in TEXT
    assert rendered(app, "bom.html") == "\ufefflayout"


@proves(
    "guide/template-inheritance",
    "A template extends or includes itself.",
    "Often the layout and the page have the same name in two folders, and Flask finds the "
    "page both times.",
)
@pytest.mark.parametrize("tag", ["extends", "include"])
def test_a_page_that_extends_or_includes_itself(tmp_path: Path, tag: str) -> None:
    app = folder_app(tmp_path, {"layout.html": "{% " + tag + " 'layout.html' %}"})
    write(tmp_path / "shop", {"layout.html": "the layout that was meant"})
    app.register_blueprint(Blueprint("shop", "x", root_path=str(tmp_path), template_folder="shop"))
    with pytest.raises(RecursionError) as caught:
        rendered(app, "layout.html")
    said = "maximum recursion depth exceeded"
    assert str(caught.value).startswith(said)
    assert f":::{{pitfall}} `RecursionError: {said}`" in TEXT


@proves(
    "guide/template-escaping",
    "The template contains {{ data|tojson }}, and data or a value in it is undefined.",
    "|default(none) writes null instead.",
)
def test_an_undefined_value_in_json_has_a_default() -> None:
    assert render("{{ data|default(none)|tojson }}") == "null"
    with pytest.raises(TypeError, match="Object of type Undefined is not JSON serializable"):
        render("{{ {'a': data}|tojson }}")


@proves(
    "guide/template-inheritance",
    "A macro whose name begins with _ cannot be imported.",
    'The line {% from "forms.html" import feild %} contains a spelling mistake, or the '
    "macro is in a file that forms.html itself includes.",
    "The error is raised when the name is used.",
)
def test_what_an_import_may_name() -> None:
    files = {
        "forms.html": "{% include 'more.html' %}{% macro _own() %}{% endmacro %}",
        "more.html": "{% macro more() %}{% endmacro %}",
    }
    assert render("{% from 'forms.html' import more %}not used", files) == "not used"
    with pytest.raises(UndefinedError, match="does not export the requested name 'more'"):
        render("{% from 'forms.html' import more %}{{ more() }}", files)
    with pytest.raises(jinja2.TemplateAssertionError, match="underline can not be imported"):
        render("{% from 'forms.html' import _own %}", files)


@proves(
    "guide/template-inheritance", "Use {% call panel() %}, or check {% if caller %} in the macro."
)
def test_a_macro_may_ask_for_its_caller() -> None:
    macro = "{% macro m() %}{% if caller %}{{ caller() }}{% else %}none{% endif %}{% endmacro %}"
    assert render(macro + "{{ m() }}{% call m() %}x{% endcall %}") == "nonex"


@proves("guide/template-errors", "Jinja replaces the placeholder before the browser gets the page.")
def test_vue_in_a_template_prints_nothing() -> None:
    assert render("[{{ name }}]") == "[]"
