"""A broken source stops the build with one line that names file, line and remedy.

Each case breaks a copy of the tiny site in one place and builds it with the command of ``nox -s docs``.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import NamedTuple

import pytest

from proven.claims.proofs import proves
from tests.site.tiny_site import INTERFACE, Built, TinySite

INDEX = "docs/index.md"
GREETING = "docs/guide/greeting.md"
VISITORS = "docs/guide/visitors.md"
HELLO = "snippets/greeting/hello.py"
LOADING = "docs/_ext/proven/snippets/loading.py"
GREETING_PO = "locale/zh_CN/LC_MESSAGES/guide/greeting.po"
VISITORS_PO = "locale/zh_CN/LC_MESSAGES/guide/visitors.po"

HEAD = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n'
FACTORY = '''"""Greet a visitor."""

from flask import Flask


def create_app() -> Flask:
    app = Flask(__name__)
    app.config.update(NAME=app.config["SHOP"])
    return app


def greet() -> str:
    # Everybody is welcome.
    return "hello"
'''


class Case(NamedTuple):
    """One fault, and the line that the build answers it with."""

    fault: str
    language: str
    plant: Callable[[TinySite], object]
    complaint: str


def edit(path: str, old: str, new: str) -> Callable[[TinySite], object]:
    return lambda site: site.edit(path, old, new)


def append(path: str, text: str) -> Callable[[TinySite], object]:
    return lambda site: site.write(path, site.read(path) + text)


def on_import(*statements: str) -> Callable[[TinySite], object]:
    """Let the snippet do something when it is imported: its lines 7 and following."""
    code = "\n".join(["app = Flask(__name__)", "import os, sys, time", *statements])
    return edit(HELLO, "app = Flask(__name__)", code)


def in_view(*statements: str) -> Callable[[TinySite], object]:
    """Let the view of ``/visitors/7`` do something: its lines 17 and following."""
    code = "\n    ".join(["-> str:", "import os, sys, time", *statements, "return f"])
    return edit(HELLO, "-> str:\n    return f", code)


def quickly(plant: Callable[[TinySite], object]) -> Callable[[TinySite], object]:
    """Give snippets little time."""

    def both(site: TinySite) -> None:
        site.edit(LOADING, "LIMIT = 60.0", "LIMIT = 2.0")
        plant(site)

    return both


CASES = [
    # Snippets.
    Case(
        "a missing snippet",
        "en",
        edit(GREETING, "greeting/hello.py", "greeting/helo.py"),
        "docs/guide/greeting.md:10: WARNING: literalinclude: there is no file "
        "'snippets/greeting/helo.py': did you mean 'snippets/greeting/hello.py'? [proven.snippet]",
    ),
    Case(
        "an unknown object in a snippet",
        "en",
        edit(GREETING, ":pyobject: greet", ":pyobject: great"),
        "docs/guide/greeting.md:10: WARNING: literalinclude: there is no object 'great' in "
        "snippets/greeting/hello.py: did you mean 'greet'? [proven.snippet]",
    ),
    Case(
        "a snippet that raises on import",
        "en",
        edit(HELLO, "app = Flask(__name__)", "app = Flask(__name__)\nlimit = int('ten')"),
        "snippets/greeting/hello.py:6: WARNING: importing snippets.greeting.hello raises "
        "ValueError: invalid literal for int() with base 10: 'ten'; mend the snippet "
        "[proven.snippet]",
    ),
    Case(
        "a snippet that is not Python",
        "en",
        edit(HELLO, "def greet() -> str:", "def greet( -> str:"),
        "snippets/greeting/hello.py:9: WARNING: this is not Python: invalid syntax; mend it "
        "[proven.snippet]",
    ),
    Case(
        "a factory that raises",
        "en",
        lambda site: site.write(HELLO, FACTORY),
        "snippets/greeting/hello.py:8: WARNING: snippets.greeting.hello.create_app() raises "
        "KeyError: 'SHOP'; mend the snippet [proven.snippet]",
    ),
    Case(
        "a snippet that ends the program on import",
        "en",
        on_import("sys.exit('bye')"),
        "snippets/greeting/hello.py:7: WARNING: importing snippets.greeting.hello raises SystemExit: "
        "bye; mend the snippet [proven.snippet]",
    ),
    Case(
        "a snippet that ends the process on import, and all is well with it",
        "en",
        on_import("os._exit(0)"),
        "snippets/greeting/hello.py: WARNING: importing snippets.greeting.hello ends the whole build "
        "(exit code 0); mend the snippet",
    ),
    Case(
        "a snippet that hangs on import",
        "en",
        quickly(on_import("time.sleep(1000)")),
        "snippets/greeting/hello.py:7: WARNING: importing snippets.greeting.hello takes longer than "
        "2 seconds; mend the snippet [proven.snippet]",
    ),
    Case(
        "a view that hangs",
        "en",
        quickly(in_view("while True: pass")),
        "snippets/greeting/hello.py:17: WARNING: GET /visitors/7 takes longer than 2 seconds; mend the "
        "snippet [proven.snippet]",
    ),
    Case(
        "a view that hangs and cannot be interrupted",
        "en",
        quickly(in_view("while True:", " try: time.sleep(0.1)", " except BaseException: continue")),
        "snippets/greeting/hello.py:18: WARNING: GET /visitors/7 never ends; mend the snippet",
    ),
    Case(
        "a view that ends the process",
        "en",
        in_view("os._exit(0)"),
        "snippets/greeting/hello.py: WARNING: GET /visitors/7 ends the whole build (exit code 0); mend "
        "the snippet",
    ),
    Case(
        "a snippet that writes into the working directory",
        "en",
        on_import("open('visitors.txt', 'w').close()", "os.mkdir('uploads')"),
        "snippets/greeting/hello.py:1: WARNING: importing snippets.greeting.hello writes into the working "
        "directory (uploads, visitors.txt); mend the snippet [proven.snippet]",
    ),
    Case(
        "a snippet that writes into the instance folder",
        "en",
        on_import("os.makedirs(app.instance_path)"),
        "snippets/greeting/hello.py:1: WARNING: importing snippets.greeting.hello writes into instance; "
        "mend the snippet [proven.snippet]",
    ),
    Case(
        "a snippet that changes the working directory",
        "en",
        on_import("os.chdir('/')"),
        "snippets/greeting/hello.py:1: WARNING: importing snippets.greeting.hello changes the working "
        "directory; mend the snippet [proven.snippet]",
    ),
    Case(
        "a snippet that changes the environment",
        "en",
        on_import("os.environ['FLASK_DEBUG'] = '1'", "os.environ.pop('PYTHONUTF8')"),
        "snippets/greeting/hello.py:1: WARNING: importing snippets.greeting.hello changes the environment "
        "(FLASK_DEBUG, PYTHONUTF8); mend the snippet [proven.snippet]",
    ),
    Case(
        "a snippet that prints twenty megabytes",
        "en",
        on_import("print('visitors ' * 2_300_000)"),
        "snippets/greeting/hello.py:1: WARNING: importing snippets.greeting.hello prints 20700001 "
        "characters ('visitors visitors visitors visitors visi'), which no reader sees; mend the "
        "snippet [proven.snippet]",
    ),
    # Exchanges.
    Case(
        "an answer of five megabytes",
        "en",
        in_view("return 'x' * 5_000_000"),
        "docs/guide/greeting.md:17: WARNING: exchange: GET /visitors/7 answers with more than 100,000 "
        "bytes; let the snippet answer less [proven.exchange]",
    ),
    Case(
        "an answer that never ends",
        "en",
        in_view("return iter(lambda: 'x' * 1000, None)"),
        "docs/guide/greeting.md:17: WARNING: exchange: GET /visitors/7 answers with more than 100,000 "
        "bytes; let the snippet answer less [proven.exchange]",
    ),
    Case(
        "a view that ends the program",
        "en",
        in_view("sys.exit('bye')"),
        "docs/guide/greeting.md:17: WARNING: exchange: GET /visitors/7 raises SystemExit: bye "
        "[proven.exchange]",
    ),
    Case(
        "an exchange whose status differs",
        "en",
        edit(GREETING, "GET /visitors/7 -> 200", "GET /visitors/7 -> 201"),
        "docs/guide/greeting.md:17: WARNING: exchange: GET /visitors/7 answers 200 OK, the page "
        "claims 201; mend the page or the snippet [proven.exchange]",
    ),
    Case(
        "an exchange to a URL with no rule",
        "en",
        edit(GREETING, "GET /visitors/7 -> 200", "GET /guests -> 200"),
        "docs/guide/greeting.md:17: WARNING: exchange: GET /guests answers 404 NOT FOUND, the page "
        "claims 200: no rule of the snippet matches this URL; there is /, "
        "/static/<path:filename>, /visitors/<int:number> [proven.exchange]",
    ),
    Case(
        "an exchange with a line that is no request",
        "en",
        edit(GREETING, "GET /visitors/7 -> 200", "GET /visitors/7"),
        "docs/guide/greeting.md:17: WARNING: exchange: 'GET /visitors/7' is no request: write "
        "'METHOD /path -> status' [proven.exchange]",
    ),
    Case(
        "an exchange with a snippet that is not there",
        "en",
        edit(GREETING, "snippets.greeting.hello", "snippets.greeting.helo"),
        "docs/guide/greeting.md:14: WARNING: exchange: there is no snippet "
        "'snippets.greeting.helo': did you mean 'snippets.greeting.hello'? [proven.snippet]",
    ),
    # Links and pages.
    Case(
        "a dead link to a page",
        "en",
        edit(GREETING, "(../index.md)", "(../indx.md)"),
        "docs/guide/greeting.md:7: WARNING: 'myst' cross-reference target not found: "
        "'../indx.md'; did you mean the page 'index'? [myst.xref_missing]",
    ),
    Case(
        "a dead link to a place in the page",
        "en",
        edit(GREETING, "(../index.md)", "(#welcome)"),
        "docs/guide/greeting.md:7: WARNING: 'myst' cross-reference target not found: 'welcome'; "
        "link to a page as '(../guide/page.md)', to a label as '(#label)' [myst.xref_missing]",
    ),
    Case(
        "a dead reference to a page",
        "en",
        edit(VISITORS, "A visitor has", "A visitor of {doc}`greting` has"),
        "docs/guide/visitors.md:7: WARNING: unknown document: 'greting'; did you mean the page "
        "'guide/greeting'? [ref.doc]",
    ),
    Case(
        "a dead reference to a label",
        "en",
        edit(GREETING, "<visitors>", "<visitor>"),
        "docs/guide/greeting.md:7: WARNING: undefined label: 'visitor'; did you mean the label "
        "'visitors'? [ref.ref]",
    ),
    Case(
        "a dead reference with a quote in it",
        "en",
        edit(GREETING, "<visitors>", "<visitor's>"),
        'docs/guide/greeting.md:7: WARNING: undefined label: "visitor\'s"; name a label; one stands '
        "before each heading as '(label)=' [ref.ref]",
    ),
    Case(
        "a name that no library has",
        "en",
        edit(VISITORS, "A visitor has", "A visitor of {py:func}`flask.url_fro` has"),
        "docs/guide/visitors.md:7: WARNING: py:func reference target not found: flask.url_fro; "
        "mend the name, or write plain `code` if the library's documentation does not have it "
        "[ref.func]",
    ),
    Case(
        "a duplicate label",
        "en",
        edit(VISITORS, "(visitors)=", "(visitors)=\n(greeting-twice)="),
        "docs/guide/visitors.md:6: WARNING: duplicate label greeting-twice, other instance in "
        "docs/guide/greeting.md; labels are global, so rename one of the two",
    ),
    Case(
        "an unknown directive",
        "en",
        edit(VISITORS, ":::{pitfall}", ":::{pitfal}"),
        "docs/guide/visitors.md:9: WARNING: Unknown directive type: 'pitfal'; mend its name "
        "[myst.directive_unknown]",
    ),
    Case(
        "a page without description",
        "en",
        edit(VISITORS, "---\ndescription: A page that counts visitors.\n---\n", ""),
        "docs/guide/visitors.md:1: WARNING: this page has no description: begin it with front "
        "matter, '---', 'description: one sentence', '---' [proven.description]",
    ),
    Case(
        "a description that is too long",
        "en",
        edit(VISITORS, "A page that counts visitors.", "A page that counts visitors. " * 7),
        "docs/guide/visitors.md:2: WARNING: the description has 202 characters: shorten it to "
        "170 at most [proven.description]",
    ),
    Case(
        "front matter that is not YAML",
        "en",
        edit(VISITORS, "A page that counts visitors.", "Visitors: how they are counted."),
        "docs/guide/visitors.md:1: WARNING: Malformed YAML; put the description between quotes if "
        "it has a colon in it [myst.topmatter]",
    ),
    Case(
        "a page in no toctree",
        "en",
        edit(INDEX, "guide/visitors\n", ""),
        "docs/guide/visitors.md:1: WARNING: document isn't included in any toctree; add it to a "
        "toctree, such as one of docs/index.md [toc.not_included]",
    ),
    Case(
        "a toctree with a page that is not there",
        "en",
        edit(INDEX, "guide/visitors\n", "guide/visitors\nguide/guests\n"),
        "docs/index.md:8: WARNING: toctree contains reference to nonexisting document "
        "'guide/guests'; mend the path, or write the page [toc.not_readable]",
    ),
    # Translations.
    Case(
        "an untranslated paragraph",
        "zh_CN",
        edit(VISITORS_PO, 'msgstr "每位访客有一个编号。"', 'msgstr ""'),
        "locale/zh_CN/LC_MESSAGES/guide/visitors.po:15: WARNING: not translated: fill in its msgstr "
        "('A visitor has a number.') [proven.catalog]",
    ),
    Case(
        "an untranslated comment in a snippet",
        "zh_CN",
        edit(GREETING_PO, 'msgstr "欢迎每一个人。"', 'msgstr ""'),
        "locale/zh_CN/LC_MESSAGES/guide/greeting.po:18: WARNING: not translated: fill in its msgstr "
        "('Everybody is welcome.') [proven.catalog]",
    ),
    Case(
        "a paragraph that changed after its translation",
        "zh_CN",
        edit(VISITORS, "A visitor has a number.", "A visitor has a number and a name."),
        "docs/guide/visitors.md:7: WARNING: not translated: 'A visitor has a number and a name.'; "
        "run 'nox -s translations' and fill it in "
        "locale/zh_CN/LC_MESSAGES/guide/visitors.po [proven.catalog]",
    ),
    Case(
        "a fuzzy entry",
        "zh_CN",
        edit(VISITORS_PO, 'msgid "A visitor has', '#, fuzzy\nmsgid "A visitor has'),
        "locale/zh_CN/LC_MESSAGES/guide/visitors.po:15: WARNING: fuzzy: read the translation, mend "
        "it, remove the flag ('A visitor has a number.') [proven.catalog]",
    ),
    Case(
        "an obsolete entry",
        "zh_CN",
        append(VISITORS_PO, '\n#~ msgid "Nobody came."\n#~ msgstr "没有人来。"\n'),
        "locale/zh_CN/LC_MESSAGES/guide/visitors.po:24: WARNING: the page no longer says 'Nobody "
        "came.'; run 'nox -s translations' [proven.catalog]",
    ),
    Case(
        "a dropped role in a translation",
        "zh_CN",
        edit(GREETING_PO, "{ref}`再次来访的访客 <visitors>`", "再次来访的访客"),
        "locale/zh_CN/LC_MESSAGES/guide/greeting.po:15: WARNING: the translation drops the role "
        "'ref visitors': put it back ('The view answers `GET` with a greeting. See "
        "{ref}`visitor...') [proven.catalog]",
    ),
    Case(
        "a dropped link in a translation",
        "zh_CN",
        edit(GREETING_PO, "[首页](../index.md)", "首页"),
        "locale/zh_CN/LC_MESSAGES/guide/greeting.po:15: WARNING: the translation drops the link "
        "'../index.md': put it back ('The view answers `GET` with a greeting. See "
        "{ref}`visitor...') [proven.catalog]",
    ),
    Case(
        "changed code in a translation",
        "zh_CN",
        edit(VISITORS_PO, "不要写 `/visitors/0`", "不要写 `/visitor/0`"),
        "locale/zh_CN/LC_MESSAGES/guide/visitors.po:21: WARNING: the translation changes the code "
        "'/visitors/0' to '/visitor/0': put it back ('Write `/visitors/1`, not `/visitors/0`.') "
        "[proven.catalog]",
    ),
    Case(
        "half-width punctuation in a translation",
        "zh_CN",
        edit(VISITORS_PO, "每位访客有一个编号。", "每位访客有一个编号."),
        "locale/zh_CN/LC_MESSAGES/guide/visitors.po:15: WARNING: half-width punctuation in "
        "Chinese: use ，。；：！？（）“”……—— (at '一个编号.') ('A visitor has a number.') "
        "[proven.catalog]",
    ),
    Case(
        "a text of the interface that is not translated",
        "zh_CN",
        lambda site: site.write(INTERFACE, f'{HEAD}\nmsgid "Language"\nmsgstr ""\n'),
        "locale/zh_CN/LC_MESSAGES/sphinx.po:4: WARNING: not translated: fill in its msgstr "
        "('Language') [proven.catalog]",
    ),
    Case(
        "no catalog of the interface",
        "zh_CN",
        lambda site: site.root.joinpath(INTERFACE).unlink(),
        "locale/zh_CN/LC_MESSAGES/sphinx.po:1: WARNING: there is no catalog "
        "locale/zh_CN/LC_MESSAGES/sphinx.po: run 'nox -s translations' and fill it "
        "[proven.catalog]",
    ),
    Case(
        # Its comments are no texts of the page as long as it is not found.
        "a missing snippet, and no word of its translations",
        "zh_CN",
        edit(GREETING, "greeting/hello.py", "greeting/helo.py"),
        "docs/guide/greeting.md:10: WARNING: literalinclude: there is no file "
        "'snippets/greeting/helo.py': did you mean 'snippets/greeting/hello.py'? [proven.snippet]",
    ),
    Case(
        "a page without a catalog",
        "zh_CN",
        lambda site: site.root.joinpath(VISITORS_PO).unlink(),
        "docs/guide/visitors.md:1: WARNING: there is no catalog "
        "locale/zh_CN/LC_MESSAGES/guide/visitors.po: run 'nox -s translations' and fill it "
        "[proven.catalog]",
    ),
]


@pytest.fixture(scope="module")
def builds(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, Future[Built]]]:
    """Build the cases that this run asks for, a processor each."""

    def build(case: Case) -> Built:
        site = TinySite(tmp_path_factory.mktemp("broken"))
        case.plant(site)
        return site.build(case.language)

    wanted = [
        item.callspec.params["case"]  # type: ignore[attr-defined]
        for item in request.session.items
        if item.path == request.path and "builds" in getattr(item, "fixturenames", ())
    ]
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        yield {case.fault: pool.submit(build, case) for case in wanted}


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_the_unbroken_copy_builds_without_a_word(tiny_site: TinySite, language: str) -> None:
    built = tiny_site.build(language)
    assert (built.code, built.complaints) == (0, [])
    assert "hello" in built.html.joinpath("guide", "greeting.html").read_text(encoding="utf-8")


@proves(
    "about/house",
    "Its base, exchange/recorder.py, reads the options and turns each fault into one line "
    "with the page and the line.",
    "snippets/loading.py imports the snippet afresh and within limits: one that hangs, "
    "prints or writes is a fault.",
)
@proves(
    "about/testing",
    "Another status stops the build, with page and line.",
    "A build that finds one of these ends with a line that names the file, the line and "
    "the remedy:",
    "a snippet that is missing or does not import, and an object that is not in it",
    "a snippet that runs for longer than a minute, ends the program, prints, or changes "
    "the environment, the working directory or the files around it",
    "an exchange whose response has another status than the page claims, or with more "
    "than 100,000 bytes",
    "a name in Flask, or in one of its libraries, that does not exist",
    "a link that leads nowhere, and a label that exists twice",
    "a text that is not translated, or whose translation drops a role, a link or inline code",
)
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.fault)
def test_a_fault_is_one_line(case: Case, builds: dict[str, Future[Built]]) -> None:
    built = builds[case.fault].result()
    assert built.complaints == [case.complaint]
    assert built.code == 1


@pytest.mark.parametrize(
    ("language", "path", "good", "bad"),
    [
        # Found while pages are read, from another file, and while they are written.
        ("en", HELLO, "app = Flask(__name__)", "app = Flask()"),
        ("zh_CN", VISITORS_PO, "每位访客有一个编号。", "每位访客有一个编号."),
        ("en", GREETING, "<visitors>", "<visitor>"),
    ],
    ids=["snippet", "catalog", "link"],
)
def test_a_fault_is_named_by_every_build_until_it_is_mended(
    tiny_site: TinySite, language: str, path: str, good: str, bad: str
) -> None:
    tiny_site.build(language)
    tiny_site.edit(path, good, bad)
    first = tiny_site.build(language)
    assert (first.code, len(first.complaints)) == (1, 1)
    second = tiny_site.build(language)
    assert (second.code, second.complaints) == (1, first.complaints)
    tiny_site.edit(path, bad, good)
    mended = tiny_site.build(language)
    assert (mended.code, mended.complaints) == (0, [])


def test_a_build_that_is_stopped_while_it_writes_loses_no_fault(tiny_site: TinySite) -> None:
    tiny_site.build()
    configuration = tiny_site.read("docs/conf.py")
    stop = "def setup(app):\n    app.connect('html-page-context', lambda *_: os._exit(3))\n"
    tiny_site.write("docs/conf.py", f"{configuration}\n{stop}")
    tiny_site.edit(GREETING, "GET /visitors/7 -> 200", "GET /visitors/7 -> 201")
    first, second = tiny_site.build().complaints
    assert first.startswith("docs/guide/greeting.md:17: WARNING: exchange: GET /visitors/7")
    assert second == "English: the build ended with exit code 3"
    tiny_site.write("docs/conf.py", configuration)
    assert tiny_site.build().complaints == [first]


def test_the_compiled_copy_of_a_catalog_that_is_gone_is_not_used(tiny_site: TinySite) -> None:
    assert tiny_site.build("zh_CN").code == 0
    tiny_site.root.joinpath(INTERFACE).unlink()
    (complaint,) = tiny_site.build("zh_CN").complaints
    assert complaint.startswith(f"{INTERFACE}:1: WARNING: there is no catalog")
    assert not tiny_site.root.joinpath(INTERFACE).with_suffix(".mo").exists()
