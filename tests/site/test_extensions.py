"""What the extensions make of a page, in each language: the tiny site, built and read."""

from __future__ import annotations

import platform
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest
from lxml import html
from lxml.html import HtmlElement
from sphinx.errors import ThemeError

from proven.base.project import ROOT
from proven.claims.proofs import proves
from proven.site.theme_strings import localize_theme, replacements
from proven.snippets.files import modules
from proven.snippets.imports import libraries
from proven.snippets.proven_with import LIBRARIES
from tests.site.tiny_site import INTERFACE, TinySite

TEST = """from snippets.greeting import hello


def test_a_visitor_is_greeted():
    assert hello.greet() == "hello"


def test_something_else():
    assert True
"""
EXCHANGES = """
```{exchange} snippets.greeting.hello
:headers: Content-Length, X-Missing
POST / -> 405
  Accept: a/b
  form: name=阿达
```

```{exchange} snippets.greeting.hello
:host: greet.example:5000
:no-body:
PUT / -> 405
  json: {"a": 1}
HEAD / -> 200
```
"""


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Return the pages of the tiny site, with a test and more exchanges, by language."""
    site = TinySite(tmp_path_factory.mktemp("tiny"))
    site.write("tests/guide/test_greeting.py", TEST)
    site.edit(
        "docs/guide/visitors.md",
        "A visitor has a number.\n",
        f"A visitor has a number.\n{EXCHANGES}",
    )
    pages = {}
    for code in ("en", "zh_CN"):
        result = site.build(code)
        assert result.complaints == []
        pages[code] = result.html
    return pages


def page(built: dict[str, Path], code: str, name: str) -> HtmlElement:
    return html.parse(str(built[code] / f"guide/{name}.html")).getroot()


def texts(tree: HtmlElement, expression: str) -> list[str]:
    return [" ".join(element.text_content().split()) for element in tree.xpath(expression)]


def of_class(name: str) -> str:
    return f"//*[contains(concat(' ', @class, ' '), ' {name} ')]"


# snippet


@proves(
    "about/adding-a-page",
    "Shows a snippet, whole or one object of it, never by line numbers.",
    "The command that runs it is added below, with links to the page of its module, which "
    "has the complete file and its tests.",
)
@pytest.mark.parametrize(
    ("code", "comment", "whole", "tests"),
    [
        ("en", "Everybody is welcome.", "Complete file", "Its tests"),
        ("zh_CN", "欢迎每一个人。", "完整文件", "相关测试"),
    ],
)
def test_a_snippet_shows_an_object_its_command_and_the_way_to_its_file_and_tests(
    built: dict[str, Path], code: str, comment: str, whole: str, tests: str
) -> None:
    tree = page(built, code, "greeting")
    (box,) = tree.xpath(of_class("snippet"))
    part, command = box.xpath(".//pre")
    assert part.text_content() == (
        f'@app.get("/")\ndef greet() -> str:\n    # {comment}\n    return "hello"\n'
    )
    assert command.text_content() == "$ flask --app snippets.greeting.hello run\n"
    links = {link.text_content(): link.get("href") for link in box.xpath(".//a")}
    assert links == {
        whole: "../code/greeting/hello.html#greet",
        tests: "../code/greeting/hello.html#its-tests",
    }


@proves(
    "about/house",
    "They are not translatable: what went over the wire is the same in every language.",
)
def test_code_is_highlighted_in_both_languages(built: dict[str, Path]) -> None:
    for code in ("en", "zh_CN"):
        part, *_ = page(built, code, "greeting").xpath(f"{of_class('snippet')}//pre")
        assert texts(part, ".//span[@class='k']") == ["def", "return"]


# exchange


@proves("about/house", "exchange/directive.py makes nodes of the answers.")
@proves(
    "about/adding-a-page",
    "Records requests.",
    "With :headers: the record shows more headers, as in Location, Retry-After.",
    ":host: is the host that the requests are sent to, and :no-body: leaves out the bodies of the responses.",
)
@proves(
    "about/testing",
    "The build imports the module, sends the requests through Flask's test client and "
    "shows what came back.",
)
def test_an_exchange_shows_request_answer_and_the_headers_asked_for(built: dict[str, Path]) -> None:
    for code in ("en", "zh_CN"):
        tree = page(built, code, "greeting")
        (box,) = tree.xpath(of_class("exchange"))
        assert texts(box, f".{of_class('exchange-request')}") == [
            "GET / HTTP/1.1",
            "GET /visitors/7 HTTP/1.1",
        ]
        assert texts(box, f".{of_class('exchange-response')}") == [
            "HTTP/1.1 200 OK Content-Type: text/html; charset=utf-8",
            "HTTP/1.1 200 OK Content-Type: text/html; charset=utf-8",
        ]
        assert texts(box, f".{of_class('exchange-response-body')}") == [
            "hello",
            "visitor 7",
        ]


LEAVES_FILES = '''"""Leave something in the temporary folder."""

import tempfile
from pathlib import Path

from flask import Flask


def create_app() -> Flask:
    app = Flask(__name__)
    Path(tempfile.mkdtemp(), "made").write_text("early")

    @app.get("/")
    def upload() -> str:
        Path(tempfile.gettempdir(), "upload").write_text("late")
        return Path(tempfile.gettempdir()).name[:13]

    return app
'''


@pytest.mark.parametrize("status", [200, 201])
def test_nothing_that_a_snippet_leaves_in_the_temporary_folder_outlives_the_build(
    tiny_site: TinySite, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, status: int
) -> None:
    (tmp_path / "temporary").mkdir()
    monkeypatch.setenv("TMPDIR", str(tmp_path / "temporary"))
    tiny_site.edit(
        "snippets/greeting/hello.py", tiny_site.read("snippets/greeting/hello.py"), LEAVES_FILES
    )
    tiny_site.write(
        "docs/guide/visitors.md",
        f"# Visitors\n\n```{{exchange}} snippets.greeting.hello\nGET / -> {status}\n```\n",
    )
    built = tiny_site.build()
    said = "proven-flask-" in (built.html / "guide/visitors.html").read_text(encoding="utf-8")
    assert said is (status == 200)
    assert any("the page claims 201" in line for line in built.complaints) is (status == 201)
    assert list((tmp_path / "temporary").iterdir()) == []


def test_an_exchange_shows_what_is_sent(built: dict[str, Path]) -> None:
    tree = page(built, "en", "visitors")
    assert texts(tree, of_class("exchange-request")) == [
        "POST / HTTP/1.1 Accept: a/b Content-Type: application/x-www-form-urlencoded",
        "PUT / HTTP/1.1 Host: greet.example:5000 Content-Type: application/json",
        "HEAD / HTTP/1.1 Host: greet.example:5000",
    ]
    assert texts(tree, of_class("exchange-request-body")) == ["name=阿达", '{"a": 1}']


def test_a_header_that_the_answer_does_not_have_is_not_shown(built: dict[str, Path]) -> None:
    tree = page(built, "en", "visitors")
    assert texts(tree, of_class("exchange-response")) == [
        "HTTP/1.1 405 METHOD NOT ALLOWED Content-Length: 153",
        "HTTP/1.1 405 METHOD NOT ALLOWED",
        "HTTP/1.1 200 OK",
    ]


def test_html_is_shown_as_its_source_and_bodies_can_be_left_out(built: dict[str, Path]) -> None:
    tree = page(built, "en", "visitors")
    (body,) = texts(tree, of_class("exchange-response-body"))
    assert body.startswith("<!doctype html>")
    assert "<h1>Method Not Allowed</h1>" in body


@pytest.mark.parametrize(
    ("code", "summary"), [("en", "Send it with curl"), ("zh_CN", "用 curl 发送")]
)
def test_each_request_has_its_curl_line_and_only_that_can_be_copied(
    built: dict[str, Path], code: str, summary: str
) -> None:
    tree = page(built, code, "visitors")
    (first, *_) = tree.xpath(of_class("exchange-step"))
    assert texts(first, f".{of_class('exchange-curl')}//summary") == [summary]
    assert texts(tree, f"{of_class('exchange-curl')}//pre") == [
        "$ curl -i -H 'Accept: a/b' --data-urlencode 'name=阿达' http://127.0.0.1:5000/",
        "$ curl -i -X PUT -H 'Host: greet.example:5000' -H 'Content-Type: application/json' "
        "--data-raw '{\"a\": 1}' http://127.0.0.1:5000/",
        "$ curl -I -H 'Host: greet.example:5000' http://127.0.0.1:5000/",
    ]
    copyable = texts(first, ".//pre[not(ancestor::*[contains(@class, 'no-copy')])]")
    assert [line.split()[:2] for line in copyable] == [["$", "curl"]]


# callouts, description, proven_with


@pytest.mark.parametrize(
    ("code", "kind", "title", "text"),
    [
        ("en", "Pitfall", "A number below one", "Write /visitors/1, not /visitors/0."),
        ("zh_CN", "常见问题", "编号小于一", "写 /visitors/1，不要写 /visitors/0。"),
    ],
)
def test_a_pitfall_says_its_kind_its_title_and_its_content(
    built: dict[str, Path], code: str, kind: str, title: str, text: str
) -> None:
    (box,) = page(built, code, "visitors").xpath(of_class("pitfall"))
    assert texts(box, "./p") == [title, kind, text]


@pytest.mark.parametrize(
    ("code", "text"), [("en", "A page that greets."), ("zh_CN", "一个打招呼的页面。")]
)
def test_a_description_is_translated_for_search_engines_and_previews(
    built: dict[str, Path], code: str, text: str
) -> None:
    head = page(built, code, "greeting").head
    assert head.xpath("meta[@name='description']/@content") == [text]
    assert head.xpath("meta[@property='og:description']/@content") == [text]


def test_front_matter_is_not_shown(built: dict[str, Path]) -> None:
    assert "description" not in page(built, "en", "greeting").xpath("//article")[0].text_content()


def test_a_page_with_snippets_says_what_they_ran_on(built: dict[str, Path]) -> None:
    versions = (
        f"Python {platform.python_version()} · Flask {version('flask')} · "
        f"Werkzeug {version('werkzeug')}"
    )
    said = {code: texts(page(built, code, "greeting"), of_class("proven-with")) for code in built}
    assert said == {
        "en": [f"Every snippet on this page ran in this build: {versions}"],
        "zh_CN": [f"本页的每个片段都在这次构建中运行过：{versions}"],
    }
    front = html.parse(str(built["en"] / "index.html")).getroot()
    assert texts(front, of_class("proven-with")) == []


def test_a_library_is_named_where_a_snippet_imports_it(tiny_site: TinySite) -> None:
    tiny_site.write("snippets/greeting/forms.py", "def form():\n    from wtforms import Form\n")
    tiny_site.edit(
        "snippets/greeting/hello.py",
        "from flask import Flask\n",
        "from flask import Flask\n\nfrom . import forms\n",
    )
    built = tiny_site.build()
    assert (built.code, built.complaints) == (0, [])
    for name in ("guide/greeting", "code/greeting/hello"):
        tree = html.parse(str(built.html / f"{name}.html")).getroot()
        (line,) = texts(tree, of_class("proven-with"))
        assert line.endswith(f"Werkzeug {version('werkzeug')} · WTForms {version('wtforms')}")


@pytest.mark.parametrize(
    ("name", "has", "has_not"),
    [
        # It imports two of the session interfaces, which leave each other alone.
        ("application", {"redis", "wtforms", "sqlalchemy", "babel"}, {"pymemcache", "pymongo"}),
        ("sessions", set(), {"redis", "pymemcache", "pymongo", "sqlalchemy"}),
        ("sessions.memcached", {"pymemcache", "itsdangerous"}, {"redis", "pymongo"}),
        ("sessions.mongodb", {"pymongo", "itsdangerous"}, {"redis", "pymemcache"}),
    ],
)
def test_the_libraries_of_a_snippet_are_those_that_it_brings_in(
    name: str, has: set[str], has_not: set[str]
) -> None:
    script = f"import sys, snippets.{name}; print(*sys.modules)"
    run = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True
    )
    named = libraries(ROOT, f"snippets.{name}") & set(LIBRARIES)
    assert named <= set(run.stdout.split())
    assert has <= named
    assert not named & has_not


def test_every_library_that_a_snippet_imports_is_named() -> None:
    ours = set(sys.stdlib_module_names) | {"snippets", "markupsafe", "click", "bson", "cachelib"}
    # What the snippets on testing are written with.
    ours |= {"pytest", "time_machine", "playwright"}
    imported = {each for name in modules(ROOT) for each in libraries(ROOT, name)}
    # SQLAlchemy imports it for an address that begins with its name.
    assert (imported - ours) | {"asyncpg"} == set(LIBRARIES)


# What a second build takes from the first.


def test_a_changed_interface_text_reaches_pages_that_did_not_change(tiny_site: TinySite) -> None:
    tiny_site.build("zh_CN")
    tiny_site.edit(INTERFACE, 'msgstr "常见问题"', 'msgstr "陷阱"')
    tiny_site.edit(INTERFACE, 'msgstr "首页"', 'msgstr "起点"')
    pages = tiny_site.build("zh_CN").html / "guide"
    assert "陷阱" in pages.joinpath("visitors.html").read_text(encoding="utf-8")
    assert "起点" in pages.joinpath("greeting.html").read_text(encoding="utf-8")


@proves(
    "about/house",
    "snippets/imports.py says which files the snippet is made of, so that the page is "
    "read again when one of them changes.",
)
def test_a_change_in_what_a_snippet_imports_reaches_its_page(tiny_site: TinySite) -> None:
    tiny_site.write("snippets/greeting/words.py", '"""Words."""\n\nhello = "hello"\n')
    hello = "snippets/greeting/hello.py"
    tiny_site.edit(hello, "import Flask\n", "import Flask\n\nfrom snippets.greeting import words\n")
    tiny_site.edit(hello, 'return "hello"', "return words.hello")
    tiny_site.build()
    tiny_site.edit("snippets/greeting/words.py", '"hello"', '"good day"')
    page = tiny_site.build().html / "guide/greeting.html"
    assert "good day" in page.read_text(encoding="utf-8")


def test_a_build_without_a_change_reads_nothing(tiny_site: TinySite) -> None:
    page = tiny_site.build().html / "guide/greeting.html"
    before = page.stat().st_mtime_ns
    tiny_site.build()
    assert page.stat().st_mtime_ns == before


# theme_strings

SETTINGS = "<script src=settings.js></script>"
THEME = "".join(replacements(SETTINGS))


def test_every_string_of_the_theme_is_replaced() -> None:
    localized = localize_theme(THEME, SETTINGS)
    for literal, replacement in replacements(SETTINGS).items():
        assert replacement in localized
        assert literal not in localized.replace(replacement, "")


@pytest.mark.parametrize("literal", list(replacements(SETTINGS)))
def test_a_string_that_the_theme_no_longer_has_stops_the_build(literal: str) -> None:
    with pytest.raises(ThemeError) as caught:
        localize_theme(THEME.replace(literal, ""), SETTINGS)
    assert str(caught.value) == (
        f"furo no longer writes {literal!r}: adapt docs/_ext/proven/site/theme_strings.py to the new theme"
    )
