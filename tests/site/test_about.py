"""The pages about this site: what they say of its files, its settings and its floors."""

from __future__ import annotations

import ast
import re
import tomllib
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from proven.base.project import DOCS, ROOT
from proven.claims.binding import Bound
from proven.claims.proofs import proves
from proven.claims.sentences import Sentence
from proven.commands import claims, doubt
from proven.exchange.blocks import Block
from proven.exchange.recording import Request
from proven.releases import jobs

PACKAGE = DOCS / "_ext" / "proven"
HOUSE = (DOCS / "about/house.md").read_text("utf-8")
CATALOGS = ROOT / "locale/zh_CN/LC_MESSAGES"
SETTINGS: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
ROOMS = re.findall(r"^\| `(\w+)` \| (.+) \|$", HOUSE, re.MULTILINE)


def imports(file: Path) -> set[str]:
    """Return the modules that a file imports from."""
    found = set()
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
        elif isinstance(node, ast.Import):
            found |= {each.name for each in node.names}
    return found


@proves(
    "about/testing",
    "Warnings are errors, and the tests reach every line and every branch of snippets/.",
)
def test_warnings_are_errors_and_every_branch_is_reached() -> None:
    assert "error" in SETTINGS["tool"]["pytest"]["ini_options"]["filterwarnings"]
    assert "return int(reached < 100)" in (PACKAGE / "commands/coverage.py").read_text("utf-8")
    assert SETTINGS["tool"]["coverage"]["run"]["branch"] is True
    assert SETTINGS["tool"]["coverage"]["run"]["source"] == ["snippets"]


@proves(
    "about/adding-a-page",
    "Bind each sentence to its proof: nox -s claims -- list guide/tea names those that "
    "rest on nothing.",
)
@proves("about/testing", "list names the sentences that rest on nothing.")
def test_list_names_what_rests_on_nothing() -> None:
    its = [
        Sentence(text, "docs/guide/tea.md", line, "paragraph", "tea", False, text, 0)
        for line, text in enumerate(["It is hot.", "Drink it."], 3)
    ]
    lines = list(claims.show(Bound("guide/tea", its, reasons={"Drink it.": "advice"})))
    assert [line.partition(": ")[2] for line in lines[:-1]] == ["It is hot."]


@proves(
    "about/testing",
    "It changes a number, a truth value or a condition in a snippet, one change at a "
    "time, and runs the exchanges with this snippet and the tests that use it.",
)
def test_doubt_asks_the_exchanges(monkeypatch: pytest.MonkeyPatch) -> None:
    assert doubt.other_answers("snippets/index/hello.py") == 0
    block = Block("exchange", "snippets.index.hello", {}, (), 1)
    sent = jobs.Sent("index", block, (Request(0, "GET", "/", 201),))
    changed = {"snippets.index.hello": jobs.Snippet("snippets.index.hello", [sent])}
    monkeypatch.setattr(jobs, "snippets", lambda: changed)
    assert doubt.other_answers("snippets/index/hello.py") == 1
    assert doubt.other_answers("snippets/hooks/order.py") == 0


# The house.


@proves(
    "about/house",
    "Sphinx loads it as one extension, which sets up its rooms.",
    "base | where the project lies, complaints with file, line and remedy, the memory "
    "between builds, nodes and tables of ours",
    "translation | the languages as data, the catalogs, the rules that they are held to, the gate",
    "snippets | files, imports and tests of a snippet, how it is imported within limits, "
    "how a page shows it, its own page",
    "exchange | requests and commands: parsed, recorded, shown; the life of a request",
    "releases | what the releases of the libraries have: read, kept as data, looked up, "
    "shown; what snippets and old code do in them",
    "claims | the sentences of the pages, the tests that quote them, the marks and pages "
    "that show them, the figures that were measured",
    "run | the snippets in the reader's browser: what is packed for it, the worker, the panel, "
    "the record of what runs there",
    "site | search, error look-up, language switch, settings, other releases, navigation, "
    "boxes, link previews, the texts of the theme",
    "commands | what nox calls: build, serve, prove a part, translate, measure, read the releases",
)
def test_the_table_has_every_room() -> None:
    assert {name for name, _ in ROOMS} == {
        each.name for each in PACKAGE.iterdir() if (each / "__init__.py").is_file()
    }


@proves(
    "about/house",
    "base | where the project lies, complaints with file, line and remedy, the memory "
    "between builds, nodes and tables of ours",
    "translation | the languages as data, the catalogs, the rules that they are held to, the gate",
    "snippets | files, imports and tests of a snippet, how it is imported within limits, "
    "how a page shows it, its own page",
    "exchange | requests and commands: parsed, recorded, shown; the life of a request",
    "releases | what the releases of the libraries have: read, kept as data, looked up, "
    "shown; what snippets and old code do in them",
    "claims | the sentences of the pages, the tests that quote them, the marks and pages "
    "that show them, the figures that were measured",
    "run | the snippets in the reader's browser: what is packed for it, the worker, the panel, "
    "the record of what runs there",
    "site | search, error look-up, language switch, settings, other releases, navigation, "
    "boxes, link previews, the texts of the theme",
    "commands | what nox calls: build, serve, prove a part, translate, measure, read the releases",
)
@pytest.mark.parametrize(
    ("room", "modules"),
    [
        ("base", "project complaints memory evidence"),
        ("translation", "languages catalogs gate rules"),
        ("snippets", "files imports uses loading"),
        ("exchange", "recording directive life"),
        ("releases", "fetch reader records timeline runs"),
        ("claims", "sentences quotes marks proof_pages figures"),
        ("run", "bundle libraries pack runner pages record"),
        ("site", "search errors language_switch settings versions navigation cards"),
        ("commands", "build serve part translations bench_sessions history"),
    ],
)
def test_a_room_has_the_modules_for_what_it_does(room: str, modules: str) -> None:
    there = {each.stem for each in (PACKAGE / room).iterdir()}
    assert set(modules.split()) <= there


@proves(
    "about/house",
    "MyST finds {exchange} in a page and calls exchange/directive.py.",
    "Its base, exchange/recorder.py, reads the options and turns each fault into one line "
    "with the page and the line.",
)
def test_every_file_that_the_house_names_is_there() -> None:
    code = re.findall(r"`([\w/]+(?:\.\w+|/))`", HOUSE)
    assert len(code) > 25
    for name in code:
        if name not in {"build/html/"}:
            assert any(
                (folder / name).exists()
                for folder in (PACKAGE, ROOT, DOCS, DOCS / "_static", CATALOGS)
            ), name


@proves(
    "about/house",
    "nox -s lint holds them to it with import-linter, and pyproject.toml has the contract:",
)
def test_the_floors_are_those_of_the_contract() -> None:
    (shown,) = re.findall(r"```\{code-block\} text\n(.+?)\n```", HOUSE, re.DOTALL)
    floors = [sorted(line.split()) for line in shown.splitlines()]
    (contract,) = [
        each for each in SETTINGS["tool"]["importlinter"]["contracts"] if each["type"] == "layers"
    ]
    layers = [sorted(re.findall(r"[\w.]+", layer)) for layer in contract["layers"]]
    assert [[name.rpartition(".")[2] for name in layer] for layer in layers] == floors
    assert "lint-imports" in (ROOT / "noxfile.py").read_text("utf-8")


@proves(
    "about/house",
    "a backend to measure | commands/bench_places.py, and how it is called in claims/figures.py: "
    "2 files | docs/_bench/: nox -s bench",
    "a fault under load | commands/chaos/faults.py, its title in claims/figures.py and in "
    "sphinx.po, a line in docs/reference/sessions.md: 4 files | docs/_bench/: nox -s chaos",
)
def test_the_files_that_name_a_backend_and_a_fault() -> None:
    def naming(text: str) -> set[str]:
        return {each.name for each in PACKAGE.rglob("*.py") if text in each.read_text("utf-8")}

    assert naming('"PostgreSQL"') == {"bench_places.py", "figures.py", "app.py", "backends.py"}
    assert naming('"clock-moved"') == {"faults.py", "figures.py"}
    assert 'msgid "Clock moved"' in (ROOT / "locale/zh_CN/LC_MESSAGES/sphinx.po").read_text("utf-8")
    assert "clock" in (DOCS / "reference/sessions.md").read_text("utf-8")


@proves(
    "about/translating",
    "site/search/words.py and docs/_static/search/words.js have the one for Chinese, and "
    "translation/languages.py names the choices.",
)
def test_what_cuts_the_words_of_chinese() -> None:
    naming = [PACKAGE / "site/search/words.py", DOCS / "_static/search/words.js"]
    assert all("\\u4e00" in each.read_text("utf-8").lower() for each in naming)
    assert '"han"' in (PACKAGE / "translation/languages.py").read_text("utf-8")


# What only this theme calls so.
THEME = re.compile(
    r"furo|--color-|--font-size|--icon-|theme-toggle|sidebar-|toc-drawer|toc-tree|table-wrapper"
    r"|mobile-header|content-icon|back-to-top|related-pages"
)


@proves(
    "about/house",
    "another theme | pyproject.toml, docs/conf.py, releases/library_tables.py, "
    "claims/proof_figures.py, commands/books/chapters.py, commands/books/checks.py, "
    "site/theme_strings.py, site/next_sentences.py, "
    "site/language_switch.py, two templates, six style sheets and three scripts that name its "
    "parts: 20 files, and the tests of these parts | the lock, the catalog of its texts",
)
def test_the_files_that_name_the_theme() -> None:
    files = [ROOT / "pyproject.toml", DOCS / "conf.py"]
    for folder in (PACKAGE, DOCS / "_templates", DOCS / "_static"):
        files += [
            each for each in folder.rglob("*") if each.suffix in {".py", ".html", ".css", ".js"}
        ]
    naming = [each for each in files if THEME.search(each.read_text("utf-8"))]
    assert Counter(each.suffix for each in naming) == {
        ".toml": 1,
        ".py": 8,
        ".html": 2,
        ".css": 6,
        ".js": 3,
    }
    assert {each.name for each in naming if each.suffix == ".py"} == {
        "conf.py",
        "library_tables.py",
        "proof_figures.py",
        "chapters.py",
        "checks.py",
        "next_sentences.py",
        "theme_strings.py",
        "language_switch.py",
    }


@proves("about/house", "A room imports from those below it, never from one above or beside it.")
def test_rooms_import_from_below_only() -> None:
    (shown,) = re.findall(r"```\{code-block\} text\n(.+?)\n```", HOUSE, re.DOTALL)
    floors = [line.split() for line in shown.splitlines()]
    for number, floor in enumerate(floors):
        below = {name for lower in floors[number + 1 :] for name in lower}
        for room in floor:
            for file in (PACKAGE / room).rglob("*.py"):
                used = {
                    each.split(".")[1] for each in imports(file) if each.startswith("proven.")
                } - {room}
                assert used <= below, file


@proves(
    "about/house",
    "What a room above must know of one below without being imported by it goes by an "
    "event: a room that writes files names them in site-files, and the build, the sitemap "
    "and the search hear of them.",
)
def test_rooms_that_write_files_name_them_by_an_event() -> None:
    emitted = [file for file in PACKAGE.rglob("*.py") if '"site-files"' in file.read_text("utf-8")]
    assert len({file.parent.name for file in emitted}) > 1


@proves(
    "about/house",
    "It knows nothing of Sphinx.",
    "releases/runner.py runs in each environment, in a process a snippet, and imports "
    "nothing of this package.",
)
def test_what_knows_nothing_of_sphinx() -> None:
    for name in ("exchange/recording.py", "claims/mutations.py"):
        assert not any(each.startswith("sphinx") for each in imports(PACKAGE / name))
    assert not any(each.startswith("proven") for each in imports(PACKAGE / "releases/runner.py"))
