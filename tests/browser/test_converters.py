"""Chromium changes no URL that the converters to copy build, and would change those that they refuse."""

from __future__ import annotations

import enum
import string
from collections.abc import Iterator
from datetime import date
from itertools import product
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page
from werkzeug.routing import Map, MapAdapter, Rule

from snippets.converters import CONVERTERS, enum_converter

# What a parser of URLs may take for something else, and text in which it stands.
SPECIAL = [
    *string.punctuation,
    *string.ascii_letters,
    *" \t\n\r\0\x7f\xa0\u3000",
    "é",
    "中",
    "\u0301",
    "😀",
    "．",
    "。",
]
TEXTS = [
    *SPECIAL,
    *[f"a{character}b" for character in SPECIAL],
    *["".join(pair) for pair in product("./\\%~", repeat=2)],
    *["".join(three) for three in product("./a", repeat=3)],
    *[
        "%2e",
        "%2E%2e",
        "..%2f",
        "%00",
        ".;",
        "..;",
        "c:",
        "c|",
        "http://evil.example",
        "//evil.example",
        "\\\\evil",
        "@b",
    ],
]
NUMBERS = [
    "0",
    "7",
    "1.2",
    "0x7f.1",
    "127.0.0.1",
    "127.0.0.01",
    "a.0x",
    "a.7",
    "256.1.1.1",
    "1.a",
    "0x",
    "08",
]


class State(enum.Enum):
    """Values that hold characters with a meaning in a URL."""

    OPEN = "open"
    ODD = "a?b#c%2e/d;e"


@pytest.fixture(scope="module")
def page(chromium: Browser) -> Iterator[Page]:
    """Return a page that is nowhere: nothing is sent."""
    context = chromium.new_context(offline=True)
    yield context.new_page()
    context.close()


def resolved(page: Page, urls: list[str], base: str) -> list[str | None]:
    """Return what Chromium makes of the URLs on a page at ``base``; None where it is no URL to it."""
    found: list[str | None] = page.evaluate(
        """([urls, base]) => urls.map((url) => {
            try { return new URL(url, base).href; } catch { return null; }
        })""",
        [urls, base],
    )
    return found


def adapter(rule: str, **options: Any) -> MapAdapter:
    """Return an adapter with one rule, below example.com."""
    converters = CONVERTERS | {"state": enum_converter(State)}
    host = "host" in options
    rules = [Rule(rule, endpoint="it", **options)]
    return Map(rules, converters=converters, host_matching=host).bind("example.com")


def built(urls: MapAdapter, values: list[Any]) -> dict[str, Any]:
    """Return the URLs that there are, with the value of each."""
    found = {}
    for value in values:
        try:
            found[urls.build("it", {"value": value}, force_external=True)] = value
        except ValueError:
            continue
    return found


@pytest.mark.parametrize(
    ("rule", "values"),
    [
        *[
            (rule, TEXTS)
            for rule in (
                '/<re("(?s:.*)"):value>',
                '/v/<re("(?s:.*)"):value>',
                '/v/<re("(?s:.*)"):value>/edit',
                '/v/x<re("(?s:.*)"):value>.html',
                '/v/.<re("(?s:.*)"):value>',
                '/v/<re("(?s:.*)"):value>.',
                '/<re("(?s:[^/]*)"):value>/',
                '/v/<re(r"(?!admin)[^/]*\\b"):value>_old',
            )
        ],
        ("/<list:value>", [*[[text] for text in TEXTS], TEXTS]),
        ('/v/<list(sep="."):value>', [*[[text] for text in TEXTS], [".", ".."], TEXTS]),
        ("/<date:value>", [date.min, date(2025, 1, 31)]),
        ("/<base(62):value>", [0, 61, 2**31 - 1]),
        ("/<state:value>", list(State)),
    ],
)
def test_chromium_asks_for_the_path_that_was_built(
    page: Page, rule: str, values: list[Any]
) -> None:
    urls = built(adapter(rule), values)
    assert len(urls) > 1
    # As in a link: the path alone, against the address of another page.
    paths = [url.removeprefix("http://example.com") for url in urls]
    assert resolved(page, paths, "http://example.com/some/page") == list(urls)


HOSTS = [
    ("host", '<re("(?s:.*)"):value>'),
    ("host", '<re("(?s:.*)"):value>:5000'),
    ("host", '127.0.0.<re("(?s:.*)"):value>'),
    ("host", '<re("(?s:.*)"):value>.example.com'),
    ("subdomain", '<re("(?s:.*)"):value>'),
    ("subdomain", 'user-<re("(?s:.*)"):value>'),
]


@pytest.mark.parametrize(("place", "rule"), HOSTS)
def test_chromium_asks_the_host_that_was_built(page: Page, place: str, rule: str) -> None:
    urls = built(adapter("/x", **{place: rule}), [*TEXTS, *NUMBERS, "ada", "a.b", "a-b", "a_b"])
    assert len(urls) > 5
    assert resolved(page, list(urls), "about:blank") == list(urls)


@pytest.mark.parametrize(
    ("path", "asked"),
    [
        ("/v/.", "http://example.com/v/"),
        ("/v/..", "http://example.com/"),
        ("/v/a/../b", "http://example.com/v/b"),
        ("//evil.example", "http://evil.example/"),
    ],
)
def test_chromium_would_ask_for_something_else(page: Page, path: str, asked: str) -> None:
    assert resolved(page, [path], "http://example.com/some/page") == [asked]
    rule = "/v/" if path.startswith("/v/") else "/"
    with pytest.raises(ValueError, match=r"browsers take for a folder|leave a segment"):
        adapter(f'{rule}<re(".+"):value>').build("it", {"value": path.removeprefix(rule)})


@pytest.mark.parametrize(
    ("host", "asked"),
    [
        ("Ada", "ada"),
        ("1.2", "1.0.0.2"),
        ("0x7f.1", "127.0.0.1"),
        ("阿达", "xn--z63a11k"),
        ("a%41", "aa"),
        ("a.7", None),
        ("a b", "a%20b"),
    ],
)
def test_chromium_would_ask_another_host_or_none(page: Page, host: str, asked: str | None) -> None:
    [found] = resolved(page, [f"http://{host}/"], "about:blank")
    assert (found and urlsplit(found).hostname) == asked
    with pytest.raises(ValueError, match=r"is no part of a host name|is no IPv4 address"):
        adapter("/", host='<re(".+"):value>').build("it", {"value": host})


def test_the_capitals_of_a_number_would_be_lost(page: Page) -> None:
    [found] = resolved(page, ["http://2lkCB1.example.com/"], "about:blank")
    assert found == "http://2lkcb1.example.com/"
    number = adapter("/<base(62):value>").match("/2lkcb1")[1]["value"]
    assert number == 2147382091
