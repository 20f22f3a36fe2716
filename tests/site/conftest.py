"""What the tests of the site's making share: the tiny site, and quick builds of it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from proven.commands import build
from tests.forked import Forking, Loaded
from tests.site.tiny_site import TinySite

# The files of the example in docs/about/adding-a-page.md run where test_adding_a_page.py puts them.
collect_ignore = ["tea"]


@pytest.fixture(scope="session", autouse=True)
def quick_builds() -> Iterator[None]:
    """Let the many builds of small sites share what they load, and speak English on any machine."""
    loaded = Loaded(
        "flask",
        "furo",
        "furo.navigation",
        "lxml.html",
        "myst_parser.sphinx_ext.main",
        "pygments.formatters.html",
        "pygments.lexers.python",
        "pytest",
        "requests",
        "sphinx.application",
        "sphinx.builders.epub3",
        "sphinx.builders.html",
        "sphinx.builders.linkcheck",
        "sphinx.ext.autodoc",
        "sphinx.ext.doctest",
        "sphinx.ext.intersphinx",
        "sphinx.ext.napoleon",
        "sphinx.search.en",
        "sphinx_copybutton",
        "sphinx_markdown_builder",
        "time_machine",
    )
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("LC_ALL", "C.UTF-8")
        environment.setenv("LANGUAGE", "C")
        environment.setattr(build, "subprocess", Forking(loaded))
        environment.delenv("PYTHONDONTWRITEBYTECODE", raising=False)
        yield
    loaded.end()


@pytest.fixture
def tiny_site(tmp_path: Path) -> TinySite:
    """Return a copy of the tiny site, to be broken."""
    return TinySite(tmp_path)
