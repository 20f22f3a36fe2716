"""Shortcuts through the libraries come to the same pages, and stand in for functions that still are as they were."""

from __future__ import annotations

import itertools
import pickle
import re
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

import docutils.utils
import pytest
from docutils import frontend, nodes
from docutils.parsers.rst import Parser
from myst_parser.mdit_to_docutils import base
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.transforms import i18n
from sphinx.util import nodes as sphinx_nodes

from proven.base import patches
from tests.site.tiny_site import Built, TinySite


def tree() -> nodes.document:
    """Return a small document of several levels."""
    document = docutils.utils.new_document("page", patches.docutils_settings(Parser))
    for number in range(3):
        item = nodes.list_item("", nodes.paragraph("", "", nodes.strong("", f"{number}")))
        document += nodes.section("", nodes.title("", f"T{number}"), nodes.bullet_list("", item))
    return document


CONDITIONS = [
    None,
    nodes.Text,
    nodes.section,
    nodes.Element,
    nodes.comment,
    lambda node: isinstance(node, nodes.Text) and str(node) != "1",
]
OPTIONS = list(itertools.product([True, False], repeat=4))


@pytest.mark.parametrize("condition", CONDITIONS)
@pytest.mark.parametrize("options", OPTIONS)
def test_nodes_are_found_in_the_order_of_docutils(
    condition: patches.Condition, options: tuple[bool, bool, bool, bool]
) -> None:
    for start in (tree(), tree()[1], tree()[1][1][0]):
        found = list(patches.findall(start, condition, *options))
        assert found == list(patches.docutils_findall(start, condition, *options))


def test_what_is_changed_during_a_search_is_met_as_docutils_meets_it() -> None:
    def edit(found: Iterator[nodes.Element]) -> list[str]:
        seen = []
        for node in found:
            seen.append(node.astext())
            if isinstance(node, nodes.title):
                node.parent += nodes.paragraph("", "new")
            elif isinstance(node, nodes.list_item):
                node.parent.remove(node)
        return seen

    one, other = tree(), tree()
    kinds = lambda node: isinstance(node, nodes.title | nodes.list_item | nodes.paragraph)  # noqa: E731
    assert edit(patches.findall(one, kinds)) == edit(patches.docutils_findall(other, kinds))
    assert one.pformat() == other.pformat()


@pytest.mark.parametrize(
    "matcher",
    [
        sphinx_nodes.NodeMatcher(nodes.title),
        sphinx_nodes.NodeMatcher(nodes.title, nodes.strong),
        sphinx_nodes.NodeMatcher(nodes.section, names=["a"]),
        sphinx_nodes.NodeMatcher(names=["a"]),
    ],
)
def test_nodes_that_match_are_found(matcher: sphinx_nodes.NodeMatcher[nodes.Element]) -> None:
    document = tree()
    document[2]["names"] = ["a"]
    found = list(patches.match_all(matcher, document))
    assert found == list(patches.docutils_findall(document, matcher))
    assert found


def test_the_settings_are_those_of_docutils_and_each_text_has_its_own() -> None:
    one, other = patches.settings(Parser), patches.settings(Parser)
    different = {
        name
        for name, value in patches.docutils_settings(Parser).__dict__.items()
        if one.__dict__[name] != value and name != "record_dependencies"
    }
    assert different == set()
    one.tab_width = 3
    assert other.tab_width == patches.docutils_settings(Parser).tab_width == 8


@pytest.fixture
def app(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Sphinx:
    """An application that took the shortcuts; they are given back afterwards."""
    monkeypatch.setattr(base, "get_default_settings", frontend.get_default_settings)
    monkeypatch.setattr(i18n, "_publish_msgstr", patches.sphinx_publish)
    monkeypatch.setattr(sphinx_nodes, "repr_domxml", sphinx_nodes.repr_domxml)
    monkeypatch.setattr(nodes.Node, "findall", patches.docutils_findall)
    monkeypatch.setattr(sphinx_nodes.NodeMatcher, "findall", sphinx_nodes.NodeMatcher.findall)
    (tmp_path / "conf.py").write_text(
        'extensions = ["myst_parser", "proven.base.shortcuts"]', "utf-8"
    )
    (tmp_path / "index.md").write_text("# Title\n", "utf-8")
    out = tmp_path / "out"
    return Sphinx(tmp_path, tmp_path, out, out, "html", status=None, warning=None)


def test_a_build_takes_them(app: Sphinx) -> None:
    assert base.get_default_settings is patches.settings
    assert base.make_document().settings.tab_width == 8
    assert isinstance(i18n._publish_msgstr, patches.Publisher)
    assert nodes.Node.findall is patches.findall


@pytest.mark.parametrize(
    "text",
    [
        "plain",
        "with `code`, **strong** and a [link](https://example.com/)",
        "a {py:class}`role <flask.Flask>` and {doc}`other </index>`",
        "::\n\n   code\n   more",
        "Title\n==========",
        "# no title # noqa",
        "---\nhead: 1\n---\n\nafter a head",
        "  ",
    ],
)
def test_a_text_is_read_as_sphinx_reads_it_each_time(app: Sphinx, text: str) -> None:
    env = app.env
    env.prepare_settings("index")
    settings = patches.docutils_settings(Parser)
    vars(settings).update(env.settings, env=env)
    publish = patches.Publisher()
    with_sphinx, first, second = (
        call(
            text,
            str(app.srcdir / "index.md"),
            3,
            config=app.config,
            env=env,
            registry=app.registry,
            settings=settings,
        )
        for call in (patches.sphinx_publish, publish, publish)
    )
    assert first.pformat() == second.pformat() == with_sphinx.pformat()
    assert first.rawsource == with_sphinx.rawsource
    assert type(first) is type(with_sphinx)
    # What is put into the page is nobody else's.
    first += nodes.Text("spoilt")
    assert second.pformat() == with_sphinx.pformat()


def test_a_page_kept_between_builds_has_nothing_of_the_rest_of_the_site(
    tiny_site: TinySite,
) -> None:
    assert tiny_site.build("zh_CN").code == 0
    files = list(tiny_site.root.joinpath("build", "doctrees", "zh-cn").rglob("*.doctree"))
    assert files
    for file in files:
        assert b"BuildEnvironment" not in file.read_bytes(), file
        page = pickle.loads(file.read_bytes())
        assert all(node.document is page for node in page.findall())
        assert list(page.findall(addnodes.translatable)) or list(page.findall(nodes.paragraph))


def other_releases(site: TinySite) -> None:
    """Let the installed libraries be releases that the shortcuts were not tested with."""
    path = "docs/_ext/proven/base/shortcuts.py"
    site.write(path, re.sub('"sphinx": {.*}', '"sphinx": {"0.0"}', site.read(path)))


def test_pages_are_the_same_without_shortcuts(
    tiny_site: TinySite, capfd: pytest.CaptureFixture[str]
) -> None:
    codes = ("en", "zh_CN")
    quick = {code: contents(tiny_site.build(code)) for code in codes}
    assert "shortcuts" not in capfd.readouterr().out
    other_releases(tiny_site)
    assert {code: contents(tiny_site.build(code)) for code in codes} == quick
    (line,) = set(capfd.readouterr().out.splitlines())
    assert line == (
        f"sphinx {version('sphinx')}: not tested with the shortcuts, so the build takes none; it is "
        "slower"
    )


def contents(built: Built) -> dict[str, bytes]:
    """Return the pages of a site and what is found in them."""
    assert (built.code, built.complaints) == (0, [])
    files = [*built.html.rglob("*.html"), built.html / "search-index.js"]
    return {file.relative_to(built.html).as_posix(): file.read_bytes() for file in files}
