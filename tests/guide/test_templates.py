"""Every claim of the page on templates, proved."""

import http.client
import logging
import os
import re
import shutil
import string
import sys
import threading
import traceback
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import flask
import jinja2
import pytest
from flask import (
    Blueprint,
    Flask,
    before_render_template,
    get_template_attribute,
    render_template,
    render_template_string,
    session,
    stream_template,
    stream_template_string,
    template_rendered,
    url_for,
)
from jinja2 import (
    ChainableUndefined,
    DebugUndefined,
    DictLoader,
    PackageLoader,
    StrictUndefined,
    TemplateNotFound,
    TemplatesNotFound,
    Undefined,
    UndefinedError,
)
from jinja2.sandbox import SandboxedEnvironment
from markupsafe import Markup, escape
from playwright.sync_api import sync_playwright
from werkzeug.serving import make_server

from snippets.templates import (
    attributes,
    blueprint_layout,
    by_file_name,
    cache_busting,
    escaping,
    filters,
    inheritance,
    json_in_page,
    loaders,
    macros,
    options,
    smallest,
    streamed,
    strict,
    strings,
    user_text,
    which_file,
)
from snippets.templates.try_out import create_app, render

ROOT = Path(__file__).parents[2]
SNIPPETS = ROOT / "snippets/templates"
TEXT = (ROOT / "docs/guide/templates.md").read_text(encoding="utf-8")
# wherever its lines end
SAID = " ".join(TEXT.split())
LAYOUT = {"layout.html": "[{% block main %}base{% endblock %}]"}


def get(app: Flask, path: str) -> str:
    return app.test_client().get(path).text


def lines(app: Flask, path: str) -> list[str]:
    """Return the lines of an answer that are not empty, without their indentation."""
    return [line.strip() for line in get(app, path).splitlines() if line.strip()]


def folder_app(folder: Path, files: Mapping[str, str | bytes]) -> Flask:
    """Return an application with template files in ``folder``."""
    write(folder / "templates", files)
    return Flask("folder", root_path=str(folder))


def write(folder: Path, files: Mapping[str, str | bytes]) -> None:
    for name, text in files.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text if isinstance(text, bytes) else text.encode())


def rendered(app: Flask, name: str | list[str], **values: Any) -> str:
    with app.test_request_context():
        return render_template(name, **values)


def section(label: str) -> str:
    """Return what stands on the page from a label to the next."""
    found = re.search(rf"^\({label}\)=\n(.*?)(?=^\([\w-]+\)=$|\Z)", TEXT, re.M | re.S)
    assert found
    return found[1]


def table(label: str) -> list[list[str]]:
    """Return the rows of the tables in a section without their heads; code may have escaped bars."""
    text = re.sub(r"^\|.*\n\| ---.*\n", "", section(label), flags=re.MULTILINE)
    rows = [line for line in text.splitlines() if line.startswith("|")]
    return [[code(cell) for cell in re.split(r"(?<!\\)\|", row)[1:-1]] for row in rows]


def code(cell: str) -> str:
    return re.sub(r"^`(.*)`$", r"\1", cell.strip()).replace(r"\|", "|")


# The smallest application


def test_a_view_fills_a_file_and_the_values_are_escaped() -> None:
    assert lines(smallest.app, "/notes/1") == [
        "<h1>Note 1</h1>",
        "<p>面包 &amp; &lt;butter&gt;</p>",
        "<ul>",
        "<li>买</li>",
        "<li>急</li>",
        "</ul>",
    ]
    with smallest.app.test_request_context():
        assert type(render_template("note.html")) is str


# Loading


def test_the_folder_is_beside_the_module_or_the_one_that_is_named(tmp_path: Path) -> None:
    app = folder_app(tmp_path, {"a.html": "a"})
    assert rendered(app, "a.html") == "a"
    write(tmp_path / "pages", {"a.html": "other"})
    assert rendered(Flask("x", root_path=str(tmp_path), template_folder="pages"), "a.html") == (
        "other"
    )


def test_the_application_comes_before_the_blueprints_and_they_in_order(tmp_path: Path) -> None:
    app = folder_app(tmp_path, {"a.html": "application"})
    for name, files in (("one", ("a", "b")), ("two", ("a", "b", "c"))):
        write(tmp_path / name, {f"{file}.html": name for file in files})
        blueprint = Blueprint(name, "x", root_path=str(tmp_path), template_folder=name)
        app.register_blueprint(blueprint)
    found = [rendered(app, f"{name}.html") for name in "abc"]
    assert found == ["application", "one", "two"]


@pytest.mark.parametrize(
    "name",
    ["../templates/a.html", "notes/../a.html", "templates/a.html", "notes\\row.html"],
)
def test_a_name_counts_from_the_folder(tmp_path: Path, name: str) -> None:
    app = folder_app(tmp_path, {"a.html": "a", "notes/row.html": "row"})
    with pytest.raises(TemplateNotFound) as caught:
        rendered(app, name)
    assert str(caught.value) == name
    assert rendered(app, "notes/row.html") == "row"


def test_whether_case_matters_is_a_matter_of_the_file_system(tmp_path: Path) -> None:
    app = folder_app(tmp_path, {"index.html": "a"})
    if (tmp_path / "templates/Index.html").exists():
        assert sys.platform != "linux"
        assert rendered(app, "Index.html") == "a"
    else:
        with pytest.raises(TemplateNotFound):
            rendered(app, "Index.html")


@pytest.mark.parametrize("folder", ["package/template", "templates"])
def test_a_folder_of_another_name_or_beside_the_package_is_not_searched(
    tmp_path: Path, folder: str
) -> None:
    write(tmp_path / folder, {"index.html": "a"})
    app = Flask("package", root_path=str(tmp_path / "package"))
    with pytest.raises(TemplateNotFound, match=r"^index\.html$"):
        rendered(app, "index.html")


def test_a_neighbour_is_named_with_its_folder(tmp_path: Path) -> None:
    files = {
        "notes/row.html": "row",
        "notes/short.html": "{% include 'row.html' %}",
        "notes/whole.html": "{% include 'notes/row.html' %}",
    }
    app = folder_app(tmp_path, files)
    assert rendered(app, "notes/whole.html") == "row"
    with pytest.raises(TemplateNotFound, match=r"^row\.html$"):
        rendered(app, "notes/short.html")


def test_loaders_of_ones_own() -> None:
    assert get(loaders.app, "/banner") == "<p>Closed today</p>"
    assert get(loaders.app, "/mail/Ada") == "Hello Ada"
    assert get(loaders.app, "/pages/about") == '<p class="theme">about</p>'
    # what the theme lacks comes from the second folder
    assert "<h1>Note 7</h1>" in rendered(loaders.app, "note.html", number=7)


def test_a_package_has_templates_too() -> None:
    app = Flask("other", template_folder=None)
    app.jinja_loader = PackageLoader("snippets.templates", "templates")
    assert "<h1>Note 7</h1>" in rendered(app, "note.html", number=7)


def test_a_list_uses_the_first_that_is_there(tmp_path: Path) -> None:
    app = folder_app(tmp_path, {"b.html": "b", "c.html": "c"})
    assert rendered(app, ["a.html", "b.html", "c.html"]) == "b"


@pytest.mark.parametrize("seen", [False, True])
@pytest.mark.parametrize("by", ["debug", "key"])
def test_a_change_is_seen_in_debug_mode_or_with_the_key(
    tmp_path: Path, by: str, seen: bool
) -> None:
    app = folder_app(tmp_path, {"a.html": "old"})
    if by == "debug":
        app.debug = seen
    else:
        app.config["TEMPLATES_AUTO_RELOAD"] = seen
    assert rendered(app, "a.html") == "old"
    change(tmp_path / "templates/a.html", "new")
    assert rendered(app, "a.html") == ("new" if seen else "old")


def change(file: Path, text: str) -> None:
    """Write ``text``, at another time than before."""
    file.write_text(text)
    os.utime(file, (1, 1))


def test_the_key_is_read_when_the_environment_is_made(tmp_path: Path) -> None:
    app = folder_app(tmp_path, {"a.html": "old"})
    assert rendered(app, "a.html") == "old"
    app.config["TEMPLATES_AUTO_RELOAD"] = True
    change(tmp_path / "templates/a.html", "new")
    assert rendered(app, "a.html") == "old"


def test_a_new_file_that_would_win_is_not_noticed(tmp_path: Path) -> None:
    write(tmp_path / "shop", {"shop/item.html": "blueprint"})
    blueprint = Blueprint("shop", "x", root_path=str(tmp_path), template_folder="shop")

    def start() -> Flask:
        app = folder_app(tmp_path, {})
        app.debug = True
        app.register_blueprint(blueprint)
        return app

    app = start()
    assert rendered(app, "shop/item.html") == "blueprint"
    write(tmp_path / "templates", {"shop/item.html": "application"})
    assert rendered(app, "shop/item.html") == "blueprint"
    assert rendered(start(), "shop/item.html") == "application"


# Which template


def test_three_ways_to_the_name_of_a_template() -> None:
    client = which_file.app.test_client()
    assert client.get("/").text == (
        "<p>&lt;TemplateReference &#39;whoami.html&#39;&gt;, whoami.html</p>"
    )
    assert client.get("/files/notes/list.html").json == {
        "file": "templates/notes/list.html",
        "name": "notes/list.html",
    }
    assert client.get("/names").json == ["notes/list.html", "notes/numbered.html"]
    files = (SNIPPETS / "templates").rglob("*.html")
    names = {file.relative_to(SNIPPETS / "templates").as_posix() for file in files}
    assert set(which_file.app.jinja_env.list_templates()) == names


def test_the_log_says_where_was_searched_and_only_once(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    # an environment of its own, so that nothing is kept yet
    monkeypatch.setattr(
        which_file.app, "jinja_env", which_file.app.create_jinja_environment(), raising=False
    )
    with caplog.at_level(logging.INFO, logger=which_file.app.logger.name):
        rendered(which_file.app, "note.html")
        rendered(which_file.app, "note.html")
    [message] = caplog.messages
    [block] = re.findall(
        r"```\{code-block\} text\n(.*?)\n *```", section("templates-which-file"), re.S
    )
    told = "\n".join(line.removeprefix("  ") for line in block.splitlines())
    assert message.replace(str(SNIPPETS), "/app") == told


def test_the_debug_tag_prints_the_configuration_too() -> None:
    app = create_app({"page.html": "{% debug %}"})
    app.secret_key = "a key for this test"
    app.jinja_env.add_extension("jinja2.ext.debug")
    page = get(app, "/")
    assert "a key for this test" in page
    assert "&#39;tojson&#39;" in page
    assert "&#39;divisibleby&#39;" in page


# What a template sees


def test_the_names_without_an_import() -> None:
    jinja = {"range", "dict", "lipsum", "cycler", "joiner", "namespace"}
    of_flask = {"request", "session", "g", "config", "url_for", "get_flashed_messages"}
    assert set(create_app().jinja_env.globals) == jinja | of_flask
    for name in jinja | of_flask:
        assert f"`{name}`" in section("templates-names")


@pytest.mark.parametrize("name", ["len", "enumerate", "str", "zip", "sorted"])
def test_functions_of_python_are_not_there(name: str) -> None:
    assert render("{{ " + name + " is defined }}") == "False"


def test_a_dot_asks_for_the_attribute_first_and_brackets_for_the_key() -> None:
    class Both(dict[str, str]):
        x = "attribute"

    both = Both(x="key")
    assert render("{{ b.x }} {{ b['x'] }}", b=both) == "attribute key"
    assert render("{{ d.x }}", d={"x": "key"}) == "key"
    assert render("{{ b['clear'] is callable }}", b=both) == "True"


def test_an_if_has_no_scope_of_its_own() -> None:
    assert render("{% if true %}{% set n = 1 %}{% endif %}{{ n }}") == "1"


def test_the_tilde_joins_and_the_plus_adds() -> None:
    assert render("{{ 'n' ~ 1 }} {{ 1 + 1 }}") == "n1 2"
    with pytest.raises(TypeError, match="can only concatenate str"):
        render("{{ 'n' + 1 }}")


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


# Inheritance


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


def test_super_twice_is_two_templates_up() -> None:
    files = {**LAYOUT, "middle.html": "{% extends 'layout.html' %}{% block main %}m{% endblock %}"}
    page = (
        "{% extends 'middle.html' %}{% block main %}{{ super.super() }}{{ super() }}{% endblock %}"
    )
    assert render(page, files) == "[basem]"


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


def test_outside_the_blocks_imports_and_macros_are_run() -> None:
    files = {**LAYOUT, "m.html": "{% macro show() %}macro{% endmacro %}"}
    page = "{% extends 'layout.html' %}{% from 'm.html' import show %}{% macro own() %}own{% endmacro %}"
    assert render(page + "{% block main %}{{ show() }} {{ own() }}{% endblock %}", files) == (
        "[macro own]"
    )


def test_a_set_in_one_block_is_not_seen_in_another() -> None:
    page = "{% block a %}{% set n = 1 %}{{ n }}{% endblock %}({% block b %}{{ n }}{% endblock %})"
    assert render(page) == "1()"


def test_an_if_inside_a_block_does_help() -> None:
    page = "{% extends 'layout.html' %}{% block main %}{% if false %}shown{% endif %}{% endblock %}"
    assert render(page, LAYOUT) == "[]"


# Include


def test_an_include_gives_nothing_back_and_its_blocks_are_its_own() -> None:
    assert render("{% include 'i.html' %}[{{ n }}]", {"i.html": "{% set n = 1 %}"}) == "[]"
    files = {**LAYOUT, "i.html": "({% block inner %}own{% endblock %})"}
    page = "{% extends 'layout.html' %}{% block main %}{% include 'i.html' %}{% endblock %}"
    assert render(page + "{% block inner %}replaced{% endblock %}", files) == "[(own)]"


def test_loop_is_handed_over_by_a_name_of_ones_own() -> None:
    page = "{% for n in 'ab' %}{% set index = loop.index %}{% include 'i.html' %}{% endfor %}"
    assert render(page, {"i.html": "{{ index }}{{ n }} "}) == "1a 2b "


# Macros


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


def test_a_macro_returns_markup_and_escapes_its_arguments() -> None:
    app = create_app({"m.html": "{% macro bold(x) %}<b>{{ x }}</b>{% endmacro %}"})
    with app.test_request_context():
        made = get_template_attribute("m.html", "bold")("<")
        assert (type(made), made) == (Markup, "<b>&lt;</b>")
    assert render("{% macro bold(x) %}<b>{{ x }}</b>{% endmacro %}{{ bold('<') }}") == "<b>&lt;</b>"


def test_arguments_left_out_are_undefined_and_the_others_are_collected() -> None:
    assert render("{% macro m(x) %}{{ x is defined }}{% endmacro %}{{ m() }}") == "False"
    page = "{% macro m() %}{{ varargs|length }} {{ kwargs.b }}{% endmacro %}{{ m(1, 2, b=3) }}"
    assert render(page) == "2 3"


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


def test_a_macro_of_the_same_file_sees_the_values_of_the_page() -> None:
    assert render("{% macro m() %}{{ user }}{% endmacro %}{{ m() }}", user="Ada") == "Ada"


# Filters


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


def test_a_filter_over_a_passage() -> None:
    assert render("{{ 'a' ~ 'b'|upper }}") == "aB"
    assert render("{% filter upper %}a{{ 'b' }}{% endfilter %}") == "AB"


def test_a_filter_makes_html_in_html_only() -> None:
    assert get(filters.app, "/html") == "bread<br>&lt;butter&gt;"
    assert get(filters.app, "/text") == "bread\n<butter>"


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


# Whitespace and options


def test_options_of_the_environment() -> None:
    assert get(options.app, "/") == "<ul>\n  <li>1</li>\n  <li>3</li>\n  <li>5</li>\n</ul>"


def with_options(page: str, **chosen: Any) -> str:
    app = create_app({"page.html": page})
    app.jinja_options = chosen
    return get(app, "/")


def test_what_each_option_drops_and_the_plus_keeps() -> None:
    page = "a\n  {% if true %}\nb{% endif %}\n"
    assert with_options(page) == "a\n  \nb"
    assert with_options(page, trim_blocks=True) == "a\n  b"
    assert with_options(page, lstrip_blocks=True) == "a\n\nb"
    assert with_options(page, keep_trailing_newline=True) == "a\n  \nb\n"
    kept = page.replace("{% if true %}", "{%+ if true +%}")
    assert with_options(kept, trim_blocks=True, lstrip_blocks=True) == "a\n  \nb"


def test_options_after_the_first_use_have_no_effect() -> None:
    app = create_app({"page.html": "{% if true %}\nb{% endif %}"})
    app.template_filter("f")(str)
    app.jinja_options = {"trim_blocks": True}
    assert get(app, "/") == "\nb"


# Escaping


def unescaped(app: Flask) -> list[str]:
    found = dict(line.split(": ") for line in get(app, "/").splitlines())
    assert set(found.values()) == {"<", "&lt;"}
    return [name for name, text in found.items() if text == "<"]


def test_the_end_of_the_name_decides() -> None:
    assert unescaped(by_file_name.create_app()) == [
        "a.HTML",
        "a.html.j2",
        "a.jinja",
        "a.txt",
        "a.md",
    ]
    ends = re.findall(r"`(\.\w+)`", section("templates-escaping").partition(", and in a string")[0])
    assert ends == [".html", ".htm", ".xml", ".xhtml", ".svg"]
    names = [f"page{end}" for end in ends]
    for name in names:
        app = Flask("ends")
        app.jinja_loader = DictLoader({name: "{{ value }}"})
        assert rendered(app, name, value="&<>\"'") == "&amp;&lt;&gt;&#34;&#39;"
    with app.app_context():
        assert render_template_string("<b>{{ '<b>' }}") == "<b>&lt;b&gt;"


def test_more_names_by_select_autoescape() -> None:
    assert unescaped(by_file_name.create_app(wider=True)) == ["a.txt", "a.md"]
    with by_file_name.create_app(wider=True).app_context():
        assert render_template_string("{{ '<' }}") == "&lt;"


def test_the_file_decides_in_which_the_value_stands() -> None:
    files = {"base.txt": "{{ name }}{% block main %}{% endblock %}"}
    page = "{% extends 'base.txt' %}{% block main %}{{ name }}{% endblock %}"
    assert render(page, files, name="<") == "<&lt;"


def test_autoescape_off_for_a_passage() -> None:
    page = "{{ x }}{% autoescape false %}{{ x }}{% endautoescape %}{{ x }}"
    assert render(page, x="<") == "&lt;<&lt;"


def test_five_ways_of_one_text() -> None:
    assert get(escaping.app, "/?name=<b>Ada</b>").splitlines() == [
        "&lt;b&gt;Ada&lt;/b&gt;",
        "<b>Ada</b>",
        "<i>&lt;b&gt;Ada&lt;/b&gt;</i>",
        "<i><b>Ada</b></i>",
        "<i>&lt;b&gt;Ada&lt;/b&gt;",
    ]


def test_markup_escapes_what_is_added() -> None:
    made = [
        Markup("<i>{}").format("<"),
        Markup("<i>").join(["", "<"]),
        Markup("<i>") + "<",
        Markup("<i>%s") % "<",
    ]
    assert made == ["<i>&lt;"] * 4
    assert {type(value) for value in made} == {Markup}


def test_escaping_twice_and_not() -> None:
    assert render("{{ x|e }}{{ x|escape|e }}{{ x|e|forceescape }}", x="<") == "&lt;&lt;&amp;lt;"
    assert render("{{ x|string }}", x=Markup("<b>")) == "<b>"
    assert render("{{ x }}", x=str(escape("<"))) == "&amp;lt;"
    assert render("{{ x }}", x=f"{Markup('<b>')}") == "&lt;b&gt;"
    assert "`&amp;lt;` on the page" in TEXT


def test_filters_that_make_safe_html_and_one_that_does_not() -> None:
    assert render("{{ '<b> https://a.example'|urlize }}").startswith("&lt;b&gt; <a href=")
    assert render("{{ '&lt;b&gt;'|striptags|safe }}") == "<b>"
    assert render("{{ '<b>' + x }} {{ '<b>'|safe ~ x }}", x="<") == "&lt;b&gt;&lt; <b>&lt;"


def test_json_for_a_script() -> None:
    page = get(json_in_page.app, "/")
    written = r'"name": "O\u0027Brien \u003c/script\u003e"'
    assert page.count(written) == 3
    assert page.count("</script>") == 2
    assert page.count("&#34;name&#34;: &#34;O\\u0027Brien") == 1
    assert render("{{ x|tojson }}", x=date(2026, 5, 1)) == '"Fri, 01 May 2026 00:00:00 GMT"'
    assert render("{{ x|tojson }}", x="<>&'") == r'"\u003c\u003e\u0026\u0027"'
    assert render("{{ x|tojson|safe }}", x="<") == render("{{ x|tojson }}", x="<")


def test_what_goes_wrong_in_a_script_without_it() -> None:
    assert render("{{ x }}", x={"a": None}) == "{&#39;a&#39;: None}"
    page = "{% set url = url_for('index', q=1, page=2) %}{{ url }} {{ url|tojson }}"
    assert render(page) == r'/?q=1&amp;page=2 "/?q=1\u0026page=2"'
    app = create_app({"page.html": "{{ dumps({'a': '</script>'})|safe }}"})
    app.jinja_env.globals["dumps"] = flask.json.dumps
    assert get(app, "/") == '{"a": "</script>"}'


def test_attributes_that_are_quoted_checked_and_encoded() -> None:
    client = attributes.app.test_client()
    query = {"name": "O'Brien \"<i>", "home": "javascript:void(0)"}
    page = client.get("/", query_string=query).text.splitlines()
    name = "O&#39;Brien &#34;&lt;i&gt;"
    assert page[0] == f'<p title="{name}" data-name="{name}"></p>'
    assert page[1] == '<p lang="zh"></p>'
    assert page[2] == '<a href="/search?q=O%27Brien%20%22%3Ci%3E">search</a>'
    assert "javascript" not in "".join(page)
    page = client.get("/", query_string={**query, "home": 'https://a.example/"'}).text.splitlines()
    assert page[3] == '<a href="https://a.example/&#34;">home</a>'


def test_the_keys_of_xmlattr_are_written_as_they_are() -> None:
    assert render("{{ x|xmlattr }}", x={"onclick": "f()"}) == ' onclick="f()"'
    with pytest.raises(ValueError, match="Invalid character in attribute name: 'a b'"):
        render("{{ x|xmlattr }}", x={"a b": 1})


def test_url_for_encodes() -> None:
    with Flask("x").test_request_context():
        assert (
            url_for("static", filename="图 1.png", q="a&b") == "/static/%E5%9B%BE%201.png?q=a%26b"
        )


@pytest.fixture
def hostile() -> Iterator[str]:
    """Serve pages with values in the wrong and in the right places; yield their address."""
    app = Flask("hostile")
    pages = {
        "safe": "<p>{{ script|safe }}</p>",
        "escaped": "<p>{{ script }}</p>",
        "attributes": """<p id="bare" title={{ bare }}></p><p id="quoted" title="{{ bare }}"></p>
            <a id="link" href="{{ link }}">link</a>
            <button onclick="window.greeted = '{{ name }}'" data-name="{{ name }}">greet</button>""",
        "json": """<script>window.value = {{ value|tojson }}; window.text = "{{ name }}"</script>
            <p id="single" data-value='{{ value|tojson }}'></p>
            <p id="forced" data-value="{{ value|tojson|forceescape }}"></p>
            <p id="double" data-value="{{ value|tojson }}"></p>""",
    }
    values = {
        "script": "<script>window.ran = true</script>",
        "bare": "a lang=zh",
        "link": "javascript:void(0)",
        "name": "O'Brien",
        "value": {"text": "O'Brien \"</script>&"},
    }

    @app.get("/<page>")
    def show(page: str) -> str:
        return render_template_string(pages[page], **values)

    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_what_a_browser_makes_of_it(hostile: str) -> None:
    executable = shutil.which("chromium")
    if executable is None:
        pytest.skip("Chromium is not installed: sudo apt-get install chromium")
    flags = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"]
    flags += ["--disable-background-networking", "--disable-component-update", "--disable-sync"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=flags)
        page = browser.new_page()
        errors: list[str] = []
        page.on("pageerror", lambda error: errors.append(error.name or ""))
        for name, ran in (("safe", True), ("escaped", False)):
            page.goto(f"{hostile}/{name}")
            assert page.evaluate("window.ran === true") is ran
        page.goto(f"{hostile}/attributes")
        assert page.get_attribute("#bare", "lang") == "zh"
        assert page.get_attribute("#quoted", "lang") is None
        assert page.evaluate("document.getElementById('link').protocol") == "javascript:"
        page.click("button")
        page.wait_for_function("true")
        assert page.evaluate("window.greeted") is None
        assert errors == ["SyntaxError"]
        assert page.evaluate("document.querySelector('button').dataset.name") == "O'Brien"
        page.goto(f"{hostile}/json")
        value = {"text": "O'Brien \"</script>&"}
        assert page.evaluate("window.value") == value
        assert page.evaluate("window.text") == "O&#39;Brien"
        read = "id => document.getElementById(id).dataset.value"
        for name in ("single", "forced"):
            assert flask.json.loads(page.evaluate(read, name)) == value
        assert page.evaluate(read, "double") == "{"
        browser.close()


# Undefined


UNDEFINED = [Undefined, ChainableUndefined, StrictUndefined, DebugUndefined]


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


def test_a_missing_attribute_or_key_is_like_a_missing_name_and_none_is_not() -> None:
    assert render("[{{ d.x }}{{ d['x'] }}{{ s.x }}]", d={}, s="") == "[]"
    assert render("{{ n }} {{ n is defined }} {{ n|default('-') }}", n=None) == "None True None"
    assert render("{{ n|default('-', true) }}", n=None) == "-"


def test_strict_finds_a_typing_error(monkeypatch: pytest.MonkeyPatch) -> None:
    assert get(strict.app, "/optional") == "none"
    assert strict.app.test_client().get("/typo").status_code == 500
    monkeypatch.setattr(strict.app, "testing", True)
    with pytest.raises(UndefinedError, match="'subtitel' is undefined"):
        get(strict.app, "/typo")


# Strings


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


def test_a_source_from_a_visitor_is_run_and_a_value_is_not() -> None:
    client = strings.app.test_client()
    key = {"name": "{{ config.SECRET_KEY }}"}
    assert client.get("/value", query_string=key).text == "<p>Hello {{ config.SECRET_KEY }}</p>"
    assert client.get("/source", query_string=key).text == "<p>Hello dev</p>"
    tag = {"name": "<b>"}
    assert client.get("/value", query_string=tag).text == "<p>Hello &lt;b&gt;</p>"
    assert client.get("/source", query_string=tag).text == "<p>Hello <b></p>"


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


def test_what_a_sandbox_bounds_and_what_not() -> None:
    sandbox = SandboxedEnvironment(autoescape=True)
    with pytest.raises(OverflowError, match="Range too big"):
        sandbox.from_string("{{ range(1000000)|length }}").render()
    assert len(sandbox.from_string("{{ 'x' * 1000000 }}").render()) == 1_000_000
    with pytest.raises(TypeError, match="no loader for this environment specified"):
        sandbox.from_string("{% include 'page.html' %}").render()
    config = {"SECRET_KEY": "dev"}
    assert sandbox.from_string("{{ config.SECRET_KEY }}").render(config=config) == "dev"


def test_str_format_reads_keys_and_string_template_does_not() -> None:
    app = create_app()
    app.secret_key = "dev"
    assert f"{app.config['SECRET_KEY']}" == "dev"
    with pytest.raises(ValueError, match="Invalid placeholder"):
        string.Template("${config[SECRET_KEY]}").substitute(config=app.config)


# Streaming


def test_a_streamed_template_reads_its_rows_as_it_goes(monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[str] = []

    def rows() -> Iterator[str]:
        for row in ("one", "two"):
            read.append(row)
            yield row

    monkeypatch.setattr(streamed, "read_rows", rows)
    answer = streamed.app.test_client().get("/table", buffered=False)
    pieces = answer.iter_encoded()
    assert answer.status_code == 200
    assert next(pieces) == b"<table>\n"
    assert read == []
    while not (piece := next(pieces)).startswith(b"one"):
        assert piece
    assert read == ["one"]
    rest = b"".join(pieces).decode()
    assert "Content-Length" not in answer.headers
    assert (rest.count("/table</td>"), read) == (2, ["one", "two"])
    answer.close()


def test_the_streamed_page_is_that_of_the_snippet() -> None:
    cells = re.findall(r"<td>(.*?)</td>", get(streamed.app, "/table"))
    assert cells == ["bread", "/table", "butter", "/table", "&lt;tea&gt;", "/table"]


def test_inheritance_streams_and_a_macro_comes_in_one_piece() -> None:
    app = create_app(
        {
            **LAYOUT,
            "page.html": "{% extends 'layout.html' %}{% block main %}{% macro m() %}1{{ 2 }}3{% endmacro %}"
            "{{ m() }}{% include 'i.html' %}{% endblock %}",
            "i.html": "included",
        }
    )
    with app.test_request_context():
        assert [*stream_template("page.html")] == ["[", "123", "included", "]"]


def test_request_session_and_g_until_the_end() -> None:
    app = create_app()
    app.secret_key = "dev"

    @app.get("/all")
    def stream() -> Iterator[str]:
        flask.g.x = "g"
        session["x"] = "session"
        return stream_template_string("{{ request.path }} {{ session.x }} {{ g.x }}")

    assert get(app, "/all") == "/all session g"


def test_what_a_streamed_template_changes_in_the_session_is_lost() -> None:
    app = create_app()
    app.secret_key = "dev"
    app.add_url_rule(
        "/s", "s", lambda: stream_template_string("{{ session.update({'x': 1}) }}{{ session.x }}")
    )
    answer = app.test_client().get("/s")
    assert (answer.text, "Set-Cookie" in answer.headers) == ("None1", False)


def test_an_error_in_the_middle_is_half_a_page_with_200() -> None:
    app = create_app({"broken.html": "{% if %}"})
    app.add_url_rule("/bad", "bad", lambda: stream_template_string("start\n{{ 1 / 0 }}end"))
    app.add_url_rule("/missing", "missing", lambda: stream_template("missing.html"))
    app.add_url_rule("/broken", "broken", lambda: stream_template("broken.html"))
    client = app.test_client()
    assert client.get("/missing").status_code == 500
    assert client.get("/broken").status_code == 500
    server = make_server("127.0.0.1", 0, app, threaded=True)
    server.log = lambda *args: None  # type: ignore[method-assign, assignment]
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        connection = http.client.HTTPConnection("127.0.0.1", server.port)
        connection.request("GET", "/bad")
        answer = connection.getresponse()
        assert answer.status == 200
        with pytest.raises(http.client.IncompleteRead) as caught:
            answer.read()
        assert caught.value.partial == b"start\n"
        connection.close()
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


# Static files


def test_the_address_has_the_version_of_the_file() -> None:
    client = cache_busting.app.test_client()
    addresses = re.findall(r'href="(.*?)"', client.get("/").text + client.get("/").text)
    assert addresses[:2] == addresses[2:]
    assert f"GET {addresses[0]} -> 200" in TEXT
    forever = "public, max-age=31536000, immutable"
    for address in addresses[:2]:
        with client.get(address) as kept:
            assert kept.headers["Cache-Control"] == forever
        headers = {"If-None-Match": kept.headers["ETag"]}
        with client.get(address, headers=headers) as again:
            assert (again.status_code, again.headers["Cache-Control"]) == (304, forever)
    assert client.get("/static/missing.css?v=1").headers.get("Cache-Control") is None
    assert client.get("/missing").status_code == 404
    with client.get("/static/site.css") as first:
        assert first.headers["Cache-Control"] == "no-cache"
    headers = {"If-None-Match": first.headers["ETag"]}
    with client.get("/static/site.css", headers=headers) as again:
        assert again.status_code == 304
    with cache_busting.app.test_request_context():
        assert url_for("index") == "/"
        assert url_for("admin.static", filename="admin.css") == addresses[1]
        assert url_for("static", filename="missing.css") == "/static/missing.css"
        assert url_for("static", filename="site.css", v="own") == "/static/site.css?v=own"


def test_the_address_changes_with_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cache_busting.app, "static_folder", str(tmp_path))
    monkeypatch.setattr(cache_busting, "versions", {})
    addresses = []
    for text in ("a", "b", "a"):
        (tmp_path / "site.css").write_text(text)
        # another time each, also where the clock is coarse
        os.utime(tmp_path / "site.css", (1, len(addresses) + 1))
        addresses.append(get(cache_busting.app, "/"))
    assert addresses[0] == addresses[2] != addresses[1]
    assert [time for file, time in cache_busting.versions if file.parent == tmp_path] == [1, 2, 3]


def test_the_key_would_keep_every_address(tmp_path: Path) -> None:
    app = folder_app(tmp_path, {})
    write(tmp_path / "static", {"site.css": "x"})
    app.config["SEND_FILE_MAX_AGE_DEFAULT"] = 31536000
    with app.test_client().get("/static/site.css") as answer:
        assert answer.headers["Cache-Control"] == "public, max-age=31536000"


# Blueprints


def test_a_page_of_a_blueprint_in_the_layout_of_the_application() -> None:
    assert lines(blueprint_layout.app, "/")[2] == '<nav><a href="/">All</a></nav>'
    assert lines(blueprint_layout.app, "/admin/")[2:] == [
        '<nav><a href="/">All</a> <a href="/admin/">Admin</a></nav>',
        "<main><p>All is well.</p></main>",
    ]


def test_a_dot_in_the_layout_looks_at_the_request(tmp_path: Path) -> None:
    app = folder_app(tmp_path, {"layout.html": "{{ url_for('.index') }}"})
    blueprint = Blueprint("admin", "x", url_prefix="/admin")
    for scaffold in (app, blueprint):
        scaffold.add_url_rule("/", "index", lambda: render_template("layout.html"))
    app.register_blueprint(blueprint)
    assert (get(app, "/"), get(app, "/admin/")) == ("/", "/admin/")


# Inside


def test_the_environment_is_made_at_its_first_use_and_keeps_400() -> None:
    app = Flask("x")
    assert "jinja_env" not in vars(app)
    environment = app.jinja_env
    assert "jinja_env" in vars(app)
    assert environment.cache is not None
    assert environment.cache.capacity == 400  # type: ignore[union-attr]
    assert "up to 400 of them" in SAID


def test_signals_and_context_processors_are_for_the_whole_page() -> None:
    app = create_app(
        {
            **LAYOUT,
            "page.html": "{% extends 'layout.html' %}{% from 'm.html' import m %}"
            "{% block main %}{% include 'i.html' %}{{ m() }}{{ site }}{% endblock %}",
            "i.html": "{{ site }}",
            "m.html": "{% macro m() %}macro{% endmacro %}",
        }
    )
    happened: list[str] = []

    @app.context_processor
    def site() -> dict[str, str]:
        happened.append("processor")
        return {"site": "S"}

    def before(sender: Flask, template: jinja2.Template, **extra: Any) -> None:
        happened.append(f"before {template.name}")

    def after(sender: Flask, template: jinja2.Template, **extra: Any) -> None:
        happened.append(f"after {template.name}")

    with (
        before_render_template.connected_to(before, app),
        template_rendered.connected_to(after, app),
    ):
        assert get(app, "/") == "[SmacroS]"
        assert happened == ["processor", "before page.html", "after page.html"]
        assert rendered(app, "page.html", site="passed") == "[passedmacropassed]"


def test_a_traceback_has_the_file_and_the_line_of_the_template(tmp_path: Path) -> None:
    app = folder_app(tmp_path, {"a.html": "one\n{{ user.name }}"})
    with pytest.raises(UndefinedError) as caught:
        rendered(app, "a.html")
    places = [
        (Path(f.filename).name, f.lineno) for f in traceback.extract_tb(caught.value.__traceback__)
    ]
    assert ("a.html", 2) in places


# Pitfalls: the message that the page shows is the one that comes.


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


@pytest.mark.parametrize("character", [*"“”‘’，（）?&!"])
def test_characters_that_are_no_jinja(character: str) -> None:
    named = section("templates-pitfalls-syntax").partition("unexpected char")[2].partition(":::")[0]
    assert character in named
    with pytest.raises(jinja2.TemplateSyntaxError) as caught:
        render("{{ " + character + "a }}")
    assert str(caught.value) == f"unexpected char {character!r} at 3"
    assert render("{{ 1 if 2 and not 3 else 4 }}") == "4"


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


def test_an_undefined_value_in_json_has_a_default() -> None:
    assert render("{{ data|default(none)|tojson }}") == "null"
    with pytest.raises(TypeError, match="Object of type Undefined is not JSON serializable"):
        render("{{ {'a': data}|tojson }}")


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


def test_a_macro_may_ask_for_its_caller() -> None:
    macro = "{% macro m() %}{% if caller %}{{ caller() }}{% else %}none{% endif %}{% endmacro %}"
    assert render(macro + "{{ m() }}{% call m() %}x{% endcall %}") == "nonex"


def test_vue_in_a_template_prints_nothing() -> None:
    assert render("[{{ name }}]") == "[]"


# Then and now


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
    assert f"'{name}' from '{module}'" in section("templates-pitfalls-running")
    assert hasattr(jinja2, "pass_context")


def test_extensions_of_old_posts() -> None:
    for name in ("autoescape", "with_"):
        with pytest.raises(AttributeError) as caught:
            create_app().jinja_env.add_extension(f"jinja2.ext.{name}")
        assert str(caught.value) == f"module 'jinja2.ext' has no attribute '{name}'"
    assert (
        ":::{pitfall} `AttributeError: module 'jinja2.ext' has no attribute 'autoescape'`" in TEXT
    )


def test_streaming_as_old_posts_do_it_calls_no_context_processor() -> None:
    app = create_app({"page.html": "[{{ site }}]"})
    app.context_processor(lambda: {"site": "S"})
    with app.app_context():
        assert "".join(app.jinja_env.get_template("page.html").stream()) == "[]"
        assert "".join(stream_template("page.html")) == "[S]"


def test_the_call_of_the_notes() -> None:
    with create_app({"html模板路径": "{{ name }}"}).app_context():
        for values, expected in (({}, ""), ({"name": "Ada"}, "Ada")):
            assert render_template("html模板路径", **values) == expected
