"""The page of a module: the complete file in the reader's language, its tests and places, written when need be."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from lxml import html
from lxml.html import HtmlElement

from proven.claims.proofs import proves
from proven.snippets.files import definitions
from proven.snippets.imports import imports
from proven.snippets.module_pages import page_of
from tests.site.tiny_site import TinySite

PAGE = "code/greeting/hello.html"
MODULE = "snippets/greeting/hello.py"
TESTS = "tests/guide/test_greeting.py"
TEST = """\
from snippets.greeting.hello import app


def test_a_visitor_is_greeted() -> None:
    assert app.test_client().get("/").text == "hello"
"""


@pytest.fixture
def site(tiny_site: TinySite) -> TinySite:
    """Return a tiny site with a test."""
    tiny_site.write(TESTS, TEST)
    return tiny_site


@pytest.fixture
def built(site: TinySite) -> TinySite:
    """Return it with its English built."""
    rebuild(site)
    return site


def rebuild(site: TinySite, code: str = "en") -> Path:
    """Build one language, which has to go well, and return its folder."""
    built = site.build(code)
    assert (built.code, built.complaints) == (0, [])
    return built.html


def read(folder: Path) -> HtmlElement:
    return html.parse(str(folder / PAGE)).getroot()


def said(tree: HtmlElement, expression: str) -> list[str]:
    return [" ".join(element.text_content().split()) for element in tree.xpath(expression)]


@proves(
    "about/adding-a-page",
    "The command that runs it is added below, with links to the page of its module, which "
    "has the complete file and its tests.",
)
@proves(
    "about/testing",
    "Each shown snippet has a page of its own, one click away, with the complete file, "
    "the tests that use it and the places that show it.",
)
@pytest.mark.parametrize(
    ("code", "docstring", "comment", "headings", "place"),
    [
        (
            "en",
            "Greet a visitor.",
            "Everybody is welcome.",
            ["Where it is shown", "Its tests"],
            "Greeting",
        ),
        ("zh_CN", "问候一位访客。", "欢迎每一个人。", ["出现在哪里", "相关测试"], "打招呼"),
    ],
)
def test_it_has_the_file_its_command_where_it_is_shown_and_its_tests(
    site: TinySite, code: str, docstring: str, comment: str, headings: list[str], place: str
) -> None:
    tree = read(rebuild(site, code))
    assert said(tree, "//h1") == [MODULE]
    file, command = tree.xpath("//article//pre")
    english = site.read(MODULE)
    assert file.text_content() == english.replace("Greet a visitor.", docstring).replace(
        "Everybody is welcome.", comment
    )
    assert command.text_content() == "$ flask --app snippets.greeting.hello run\n"
    assert said(tree, "//h2") == headings
    (link,) = tree.xpath("//section[@id='where-it-is-shown']//a")
    assert (link.text_content(), link.get("href")) == (place, "../../guide/greeting.html#greeting")
    tests = "//section[@id='its-tests']"
    assert said(tree, f"{tests}/p") == [TESTS]
    assert said(tree, f"{tests}//li") == ["test_a_visitor_is_greeted"]
    (description,) = tree.xpath("//meta[@name='description']/@content")
    assert description == f"{MODULE} · {docstring}"


def test_a_definition_begins_where_its_name_leads(built: TinySite) -> None:
    tree = read(built.root / "build/pages/en")
    (mark,) = tree.xpath("//pre//span[@id='greet']")
    after = "".join(mark.xpath("following::text()")).split("\n")
    assert after[:2] == ['@app.get("/")', "def greet() -> str:"]


def test_the_first_line_can_be_a_definition(built: TinySite) -> None:
    built.write("snippets/greeting/first.py", "def first() -> int:\n    return 1\n")
    page = built.read("docs/guide/visitors.md")
    shown = "```{literalinclude} ../../snippets/greeting/first.py\n```\n"
    built.write("docs/guide/visitors.md", f"{page}\n{shown}")
    folder = rebuild(built)
    tree = html.parse(str(folder / "code/greeting/first.html")).getroot()
    assert said(tree, "//pre") == ["def first() -> int: return 1"]
    (mark,) = tree.xpath("//span[@id='first']")
    assert "".join(mark.xpath("following::text()")).startswith("def first()")


def test_it_is_written_again_only_if_something_on_it_changes(built: TinySite) -> None:
    file = built.root / "build/pages/en" / PAGE

    def written_after(edit: tuple[str, str, str] | None) -> bool:
        before = file.stat().st_mtime_ns
        if edit:
            built.edit(*edit)
        rebuild(built)
        return file.stat().st_mtime_ns != before

    assert not written_after(None)
    assert not written_after(("docs/guide/greeting.md", "costs nothing", "is free"))
    assert written_after((MODULE, "Everybody is welcome.", "All are welcome."))
    assert "All are welcome." in file.read_text("utf-8")
    assert written_after((TESTS, "test_a_visitor_is_greeted", "test_a_greeting"))
    assert said(read(built.root / "build/pages/en"), "//li")[-1] == "test_a_greeting"
    assert not written_after(None)
    assert written_after(("docs/guide/visitors.md", "# Visitors", "# Guests"))
    assert "Guests" in file.read_text("utf-8")
    assert written_after(("docs/_templates/module.html", "<h1><code>", '<h1 class="path"><code>'))
    file.unlink()
    rebuild(built)
    assert file.is_file()


def test_what_it_imports_is_a_link_once_that_has_a_page_too(built: TinySite) -> None:
    built.write("snippets/greeting/words.py", 'HELLO = "hello"\n')
    built.edit(
        MODULE, "from flask import Flask\n", "from flask import Flask\n\nfrom . import words\n"
    )
    imported = "//section[@id='what-it-imports']//li"
    assert said(read(rebuild(built)), imported) == ["snippets/greeting/words.py"]
    assert not read(rebuild(built)).xpath(f"{imported}/a")
    page = built.read("docs/guide/visitors.md")
    shown = "```{literalinclude} ../../snippets/greeting/words.py\n```\n"
    built.write("docs/guide/visitors.md", f"{page}\n{shown}")
    assert read(rebuild(built)).xpath(f"{imported}/a/@href") == ["words.html"]


def test_a_module_that_is_no_longer_shown_loses_its_page(built: TinySite) -> None:
    page = built.read("docs/guide/greeting.md")
    start, end = page.index("```{literalinclude}"), page.index("```{exchange}")
    built.write("docs/guide/greeting.md", page[:start] + page[end:])
    folder = rebuild(built)
    assert not folder.joinpath(PAGE).exists()
    kept = json.loads(built.read("build/doctrees/en/memory.json"))
    assert kept["module_pages"] == {}


def test_the_address_is_that_of_the_file(tmp_path: Path) -> None:
    for path in ("snippets/shop/__init__.py", "snippets/shop/cart.py"):
        tmp_path.joinpath(path).parent.mkdir(parents=True, exist_ok=True)
        tmp_path.joinpath(path).touch()
    assert page_of(tmp_path, "snippets.shop") == "code/shop/__init__"
    assert page_of(tmp_path, "snippets.shop.cart") == "code/shop/cart"


def test_definitions_begin_with_their_decorators() -> None:
    code = "import a\n\n\n@a\n@a.b\nclass C:\n    x = 1\n\n    @a\n    def m(self): ...\n\n\nasync def f(): ...\n"
    assert definitions(code) == {"C": 4, "C.m": 9, "f": 13}


def test_only_what_a_module_names_is_what_it_imports(tmp_path: Path) -> None:
    folder = tmp_path / "snippets" / "shop"
    folder.mkdir(parents=True)
    for name, text in {
        "__init__": "from . import cart\n",
        "cart": "import json\nfrom . import prices\nfrom .prices import one\nfrom snippets.shop.till import pay\n",
        "prices": "from snippets import shop\none = 1\n",
        "till": "def pay(): ...\n",
    }.items():
        folder.joinpath(f"{name}.py").write_text(text, "utf-8")
    assert imports(tmp_path, "snippets.shop.cart") == ["snippets.shop.prices", "snippets.shop.till"]
    assert imports(tmp_path, "snippets.shop") == ["snippets.shop.cart"]
    assert imports(tmp_path, "snippets.shop.prices") == ["snippets.shop"]
    assert imports(tmp_path, "snippets.shop.none") == []
