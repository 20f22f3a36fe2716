"""A page for each test file that proves a sentence: its tests, and above each the sentences that it proves.

It has no markup. A page lies at ``code/`` and the path of its file; a test is its own anchor. What the tests use, the
imports, fixtures and helpers of the file, stands below them; tests that prove no sentence are left out. A page is
written when its file or a sentence on it changes.
"""

from __future__ import annotations

import ast
import textwrap
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import Any, NamedTuple

from markupsafe import Markup
from sphinx.application import Sphinx
from sphinx.builders.html import StandaloneHTMLBuilder
from sphinx.util.typing import ExtensionMetadata

from proven.base.memory import digest, memory
from proven.base.project import ROOT
from proven.claims.marks import anchor, bound, page_of, place_of, said
from proven.claims.quotes import Quote, Tested, called, is_proof
from proven.snippets.files import parse
from proven.snippets.module_pages import look, navigation, stands
from proven.translation.languages import SOURCE

TEMPLATE = "tests.html"


class Proof(NamedTuple):
    """A test on the page of its file.

    Attributes:
        name: The test as pytest names it within the file.
        code: Its source, without what it says of sentences.
        sentences: What it proves: the HTML that the page shows, the page, the id of the section, other tests.
    """

    name: str
    code: str
    sentences: list[tuple[str, str, str, list[str]]]


def proofs_by_file(app: Sphinx) -> dict[str, list[Quote]]:
    """Return the quotes that prove something, by the file of their test."""
    found = [
        quote for its in bound(app).values() for quotes in its.proofs.values() for quote in quotes
    ]
    found.sort(key=lambda quote: (quote.file, quote.line))
    return {file: list(its) for file, its in groupby(found, key=lambda quote: quote.file)}


def source(lines: Sequence[str], node: Tested, names: frozenset[str]) -> str:
    """Return the source of a test, without the decorators that quote sentences, which have these names."""
    first = min([node.lineno, *(each.lineno for each in node.decorator_list)])
    last = node.end_lineno or node.lineno
    left_out = {
        line
        for each in ast.walk(node)
        if isinstance(each, Tested)
        for decorator in each.decorator_list
        if is_proof(decorator, names)
        for line in range(decorator.lineno, (decorator.end_lineno or decorator.lineno) + 1)
    }
    return textwrap.dedent(
        "".join(lines[n - 1] for n in range(first, last + 1) if n not in left_out)
    )


def by_name(body: Iterable[ast.stmt], group: str = "") -> dict[str, Tested]:
    """Return the functions and classes of a file, and those within its classes, as pytest names them."""
    found: dict[str, Tested] = {}
    for node in body:
        if isinstance(node, Tested):
            found[f"{group}{node.name}"] = node
        if isinstance(node, ast.ClassDef):
            found |= by_name(node.body, f"{group}{node.name}::")
    return found


def rest(lines: Sequence[str], tree: ast.Module) -> str:
    """Return the source of a file without its tests."""
    gone = set()
    for name, node in by_name(tree.body).items():
        if "::" not in name and name.lower().startswith("test"):
            first = min([node.lineno, *(each.lineno for each in node.decorator_list)])
            gone |= set(range(first, (node.end_lineno or node.lineno) + 1))
    kept = "".join("" if n in gone else line for n, line in enumerate(lines, 1))
    # Where tests were, empty lines are left.
    while "\n\n\n\n" in kept:
        kept = kept.replace("\n\n\n\n", "\n\n\n")
    return kept.strip("\n") + "\n"


def content(app: Sphinx, file: str, its: Iterable[Quote]) -> dict[str, Any]:
    """Return what the page of a test file says, as plain data."""
    tree = parse(ROOT / file)
    lines = ROOT.joinpath(file).read_text(encoding="utf-8").splitlines(keepends=True)
    tests = by_name(tree.body)
    summary = (ast.get_docstring(tree) or "").partition("\n")[0]
    names, by_test = called(tree), dict[str, list[Quote]]()
    for quote in its:
        by_test.setdefault(quote.test, []).append(quote)
    return {
        "path": file,
        # Of a test there is no translation.
        "summary": summary if app.config.language == SOURCE.code else "",
        "proofs": [
            Proof(
                name,
                source(lines, tests[name], names),
                [_sentence(app, quote) for quote in by_test[name]],
            )
            for name in sorted(by_test, key=lambda name: tests[name].lineno)
        ],
        "rest": rest(lines, tree),
    }


def _sentence(app: Sphinx, quote: Quote) -> tuple[str, str, str, list[str]]:
    its = bound(app)[quote.page]
    section = its.sections[quote.text]
    others = [place_of(each) for each in its.proofs[quote.text] if each.test != quote.test]
    return said(app, quote.page, quote.text), quote.page, section, list(dict.fromkeys(others))


def make(app: Sphinx) -> Iterator[tuple[str, dict[str, Any], str]]:
    """Yield the pages that differ from what was written before."""
    builder = app.builder
    if not isinstance(builder, StandaloneHTMLBuilder):
        return
    before: dict[str, str] = memory(app).recall("test_pages", {})
    common, written, toctree = (
        look(builder, __file__, TEMPLATE),
        dict[str, str](),
        navigation(builder),
    )
    for file, its in proofs_by_file(app).items():
        page, text = page_of(file), ROOT.joinpath(file).read_text(encoding="utf-8")
        written[page] = digest([common, text, its, [_sentence(app, quote) for quote in its]])
        if before.get(page) != written[page] or not stands(builder, page):
            says = content(app, file, its)
            yield page, {**context(builder, says), "toctree": toctree(page)}, TEMPLATE
    memory(app).keep("test_pages", written)


def context(builder: StandaloneHTMLBuilder, says: dict[str, Any]) -> dict[str, Any]:
    """Return what the template needs."""
    titles = builder.env.titles
    return {
        "path": says["path"],
        "title": says["path"],
        "description": " · ".join(filter(None, [says["path"], says["summary"]])),
        "proofs": [
            (
                anchor(proof.name),
                proof.name,
                highlighted(builder, proof.code),
                [
                    (text, page, section, titles[page].astext(), [_named(each) for each in others])
                    for text, page, section, others in proof.sentences
                ],
            )
            for proof in says["proofs"]
        ],
        "rest": highlighted(builder, says["rest"]),
    }


def _named(place: str) -> tuple[str, str, str]:
    """Return the page, the anchor and the name of a test at an address."""
    file, _, test = place.partition("#")
    return file.removesuffix(".html"), test, test.replace(".", "::")


def highlighted(builder: StandaloneHTMLBuilder, code: str) -> Markup:
    """Return the HTML of a piece of Python."""
    html = builder.highlighter.highlight_block(code, "python")
    # Pygments escapes what is code.
    return Markup(f'<div class="highlight-python notranslate">{html}</div>')  # noqa: S704


def made(app: Sphinx) -> Iterator[str]:
    """Yield the files of all of these pages."""
    return (f"{page_of(file)}.html" for file in proofs_by_file(app))


def setup(app: Sphinx) -> ExtensionMetadata:
    """Make the pages when those of the sources are written."""
    app.setup_extension("proven.claims.marks")
    app.connect("site-files", made)
    app.connect("html-collect-pages", make)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
