"""Escaping: docs/guide/template-escaping.md."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from datetime import date

import flask
import pytest
from flask import Flask, render_template_string, url_for
from jinja2 import DictLoader
from markupsafe import Markup, escape
from werkzeug.serving import make_server

from proven.claims.proofs import proves
from snippets.templates import attributes, by_file_name, escaping, json_in_page
from snippets.templates.try_out import create_app, render
from tests import needs
from tests.guide.templates.common import TEXT, get, rendered, section


def unescaped(app: Flask) -> list[str]:
    found = dict(line.split(": ") for line in get(app, "/").splitlines())
    assert set(found.values()) == {"<", "&lt;"}
    return [name for name, text in found.items() if text == "<"]


@proves(
    "guide/template-escaping",
    "In a template whose name ends in .html, .htm, .xml, .xhtml or .svg, and in a string, "
    "each {{ … }} is escaped: &, <, >, \" and ' become entities.",
    "The text of the template itself is not escaped.",
    "Values in a.HTML, a.html.j2 and a.jinja are not escaped.",
    "It escapes values as in a .html file, and compiles the source at each call.",
)
@proves(
    "guide/templates",
    "select_jinja_autoescape() decides by the name whether values in a template are escaped.",
)
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


@proves("guide/template-escaping", "With jinja2.select_autoescape() they are:")
def test_more_names_by_select_autoescape() -> None:
    assert unescaped(by_file_name.create_app(wider=True)) == ["a.txt", "a.md"]
    with by_file_name.create_app(wider=True).app_context():
        assert render_template_string("{{ '<' }}") == "&lt;"


@proves(
    "guide/template-escaping",
    "What counts is the name of the file that contains the {{ … }}, not the name of the "
    "file that includes or extends it.",
)
def test_the_file_decides_in_which_the_value_stands() -> None:
    files = {"base.txt": "{{ name }}{% block main %}{% endblock %}"}
    page = "{% extends 'base.txt' %}{% block main %}{{ name }}{% endblock %}"
    assert render(page, files, name="<") == "<&lt;"


@proves(
    "guide/template-escaping",
    "{% autoescape false %} switches escaping off up to {% endautoescape %}.",
)
def test_autoescape_off_for_a_passage() -> None:
    page = "{{ x }}{% autoescape false %}{{ x }}{% endautoescape %}{{ x }}"
    assert render(page, x="<") == "&lt;<&lt;"


@proves(
    "guide/template-escaping",
    "Markup is a string that is already HTML, so a template does not escape it.",
    "|safe turns any string into Markup and checks nothing.",
    "The second and the fourth line are security holes: the tag of the visitor is a tag "
    "of the page, and the browser would run a <script>.",
)
def test_five_ways_of_one_text() -> None:
    assert get(escaping.app, "/?name=<b>Ada</b>").splitlines() == [
        "&lt;b&gt;Ada&lt;/b&gt;",
        "<b>Ada</b>",
        "<i>&lt;b&gt;Ada&lt;/b&gt;</i>",
        "<i><b>Ada</b></i>",
        "<i>&lt;b&gt;Ada&lt;/b&gt;",
    ]


@proves("guide/template-escaping", "Its methods format, join, + and % escape what you add to it.")
def test_markup_escapes_what_is_added() -> None:
    made = [
        Markup("<i>{}").format("<"),
        Markup("<i>").join(["", "<"]),
        Markup("<i>") + "<",
        Markup("<i>%s") % "<",
    ]
    assert made == ["<i>&lt;"] * 4
    assert {type(value) for value in made} == {Markup}


@proves(
    "guide/template-escaping",
    "|e and |escape do not change Markup, so {{ name|e }} escapes once.",
    "|forceescape always escapes.",
    "The text was escaped twice: before it was stored, and by the template.",
    "If the page shows &lt;b&gt; where you wanted bold text, an f-string has turned "
    "Markup into a plain string.",
)
def test_escaping_twice_and_not() -> None:
    assert render("{{ x|e }}{{ x|escape|e }}{{ x|e|forceescape }}", x="<") == "&lt;&lt;&amp;lt;"
    assert render("{{ x|string }}", x=Markup("<b>")) == "<b>"
    assert render("{{ x }}", x=str(escape("<"))) == "&amp;lt;"
    assert render("{{ x }}", x=f"{Markup('<b>')}") == "&lt;b&gt;"
    assert "`&amp;lt;` on the page" in TEXT


@proves(
    "guide/template-escaping",
    "Do not use |striptags for it: it turns &lt;b&gt; into <b>.",
    '"<b>" + name is a string, and the whole string is escaped.',
    '"<b>"|safe ~ name escapes only the name.',
)
@proves(
    "guide/template-escaping", "A link or a line break in text: use |urlize, or the filter nl2br."
)
def test_filters_that_make_safe_html_and_one_that_does_not() -> None:
    assert render("{{ '<b> https://a.example'|urlize }}").startswith("&lt;b&gt; <a href=")
    assert render("{{ '&lt;b&gt;'|striptags|safe }}") == "<b>"
    assert render("{{ '<b>' + x }} {{ '<b>'|safe ~ x }}", x="<") == "&lt;b&gt;&lt; <b>&lt;"


@proves(
    "guide/template-escaping",
    "|tojson writes a value as JSON, with <, >, & and ' as escape sequences of JavaScript.",
    "So the value cannot end the script, and you need no |safe.",
    "|tojson uses app.json, so it accepts whatever flask.json.jsonify() accepts.",
)
@proves(
    "guide/templates",
    "|tojson alone is enough, both in a script and in an attribute with single quotes.",
)
def test_json_for_a_script() -> None:
    page = get(json_in_page.app, "/")
    written = r'"name": "O\u0027Brien \u003c/script\u003e"'
    assert page.count(written) == 3
    assert page.count("</script>") == 2
    assert page.count("&#34;name&#34;: &#34;O\\u0027Brien") == 1
    assert render("{{ x|tojson }}", x=date(2026, 5, 1)) == '"Fri, 01 May 2026 00:00:00 GMT"'
    assert render("{{ x|tojson }}", x="<>&'") == r'"\u003c\u003e\u0026\u0027"'
    assert render("{{ x|tojson|safe }}", x="<") == render("{{ x|tojson }}", x="<")


@proves(
    "guide/template-escaping",
    "const order = {{ order }}; writes Python's repr, with None and &#39;.",
    "A URL with two arguments has the same problem: &amp; is right in href, but in a "
    'script you write {{ url_for("search", q=q, page=2)|tojson }}.',
    "With json.dumps(order)|safe, a value that contains </script> ends the script.",
)
def test_what_goes_wrong_in_a_script_without_it() -> None:
    assert render("{{ x }}", x={"a": None}) == "{&#39;a&#39;: None}"
    page = "{% set url = url_for('index', q=1, page=2) %}{{ url }} {{ url|tojson }}"
    assert render(page) == r'/?q=1&amp;page=2 "/?q=1\u0026page=2"'
    app = create_app({"page.html": "{{ dumps({'a': '</script>'})|safe }}"})
    app.jinja_env.globals["dumps"] = flask.json.dumps
    assert get(app, "/") == '{"a": "</script>"}'


@proves(
    "guide/template-escaping",
    "A part of a URL: use |urlencode, or url_for, which encodes its arguments.",
    "|xmlattr writes a dictionary as attributes and leaves out None.",
)
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


@proves("guide/template-escaping", "The keys must not come from users.")
def test_the_keys_of_xmlattr_are_written_as_they_are() -> None:
    assert render("{{ x|xmlattr }}", x={"onclick": "f()"}) == ' onclick="f()"'
    with pytest.raises(ValueError, match="Invalid character in attribute name: 'a b'"):
        render("{{ x|xmlattr }}", x={"a b": 1})


@proves(
    "guide/template-escaping",
    "A part of a URL: use |urlencode, or url_for, which encodes its arguments.",
)
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


@proves(
    "guide/template-escaping",
    "The second and the fourth line are security holes: the tag of the visitor is a tag "
    "of the page, and the browser would run a <script>.",
    "In an attribute, write single quotes around it, or use |forceescape inside double quotes.",
    '"{{ name }}" in a script shows O&#39;Brien, because a script does not decode entities.',
    "In an attribute, escaping protects only values in quotes.",
    "No quotes, title={{ name }}: a space in the value begins another attribute.",
    "href and src: javascript: contains nothing to escape.",
    "onclick=\"greet('{{ name }}')\": the browser turns &#39; back into ' before it runs "
    "the code, so O'Brien breaks it.",
    "Put the value into data-name and read it from a script.",
)
def test_what_a_browser_makes_of_it(hostile: str) -> None:
    with needs.chromium() as browser:
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
