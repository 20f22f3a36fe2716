"""The kinds of page that the site has, each with one that stands for it."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from proven.commands.publish import files
from proven.translation.languages import SOURCE
from tests.browser import weight


class Kind(NamedTuple):
    """A kind of page.

    Attributes:
        page: The address of one, below the folder of a language; ``""`` for the page that is not there.
        light: Whether a cold visit has to be below the limit of :mod:`tests.browser.weight`. Tables of all
            releases and the search, which load what they look up, are not.
        quick: The least that Lighthouse may say of its speed, of 100.
        lighthouse: Whether Lighthouse is asked; it judges no page that is answered with 404.
    """

    page: str
    light: bool = True
    quick: int = 100
    lighthouse: bool = True


def kinds(site: Path) -> dict[str, Kind]:
    """Return the kinds by their names; the longest page is looked for among those that are read."""
    longest = max(weight.PAGES, key=lambda page: _size(site, page))
    return {
        "home": Kind("index.html"),
        "guide": Kind("guide/secrets.html"),
        "with Run": Kind("guide/routing.html"),
        "longest": Kind(f"{longest}.html", quick=98),
        "boxes": Kind("guide/hooks.html"),
        "reference": Kind("reference/session-classes.html"),
        "look-up": Kind("reference/errors.html", light=False, quick=98),
        "table": Kind("history/configuration.html", light=False, quick=98),
        "largest table": Kind(f"{_largest(site)}.html", light=False, quick=90),
        "upgrade check": Kind("history/check.html"),
        "figures": Kind("about/testing.html"),
        "module": Kind("code/application/registration.html"),
        "tests": Kind("code/tests/guide/flashing/test_across_a_redirect.html"),
        "search": Kind("search.html?q=session", light=False, quick=97),
        "missing": Kind("", lighthouse=False),
    }


def _size(site: Path, page: str) -> int:
    return (site / SOURCE.folder / f"{page}.html").stat().st_size


def _largest(site: Path) -> str:
    names = (name.removesuffix(".html") for name in files(site / SOURCE.folder))
    return max(set(names) & weight.TABLES, key=lambda page: _size(site, page))
