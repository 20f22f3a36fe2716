"""What the tests of the converters to copy share."""

import re
from collections.abc import Callable
from enum import StrEnum
from functools import cache
from typing import Any
from urllib.parse import unquote, urljoin, urlsplit

from flask import Flask, request, url_for
from hypothesis import given, settings
from hypothesis import strategies as st
from werkzeug.exceptions import HTTPException
from werkzeug.routing import (
    BaseConverter,
    Map,
    MapAdapter,
    Rule,
)

from snippets.converters import (
    CONVERTERS,
)

# Text in a URL is Unicode without surrogates, which UTF-8 cannot encode.
TEXT = st.text(st.characters(codec="utf-8"), min_size=1)
Converters = dict[str, type[BaseConverter]]


def holds_for(
    *values: st.SearchStrategy[Any],
) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Run a test with many values; how long one takes depends on the machine and is no failure."""
    return lambda test: settings(deadline=None)(given(*values)(test))


def urls(rule: str, **converters: type[BaseConverter]) -> MapAdapter:
    """Return an adapter with one rule, whose endpoint is "it"."""
    return Map([Rule(rule, endpoint="it")], converters=CONVERTERS | converters).bind("example.com")


def match(rule: str, path: str, **converters: type[BaseConverter]) -> Any:
    """Return the value that the rule takes from the path, or the class of the error it answers with."""
    try:
        return urls(rule, **converters).match(path)[1]["value"]
    except HTTPException as error:
        return type(error)


@cache
def app_for(rule: str, *converters: tuple[str, type[BaseConverter]]) -> tuple[Flask, list[Any]]:
    """Return an application whose view keeps the value that it gets in the list."""
    app = Flask("converters")
    app.secret_key = "for the tests"
    app.url_map.converters.update(CONVERTERS, **dict(converters))
    seen: list[Any] = []

    @app.get(rule)
    def view(value: Any) -> str:
        seen.append(value)
        return ""

    return app, seen


def round_trip(rule: str, value: Any, **converters: type[BaseConverter]) -> Any:
    """Build a URL, match it, and request it as a browser would; return the value that came back.

    A browser resolves the URL against that of the page: the segments . and .. are folders to it, two slashes at
    the start begin a host.
    """
    app, seen = app_for(rule, *converters.items())
    with app.test_request_context():
        adapter = app.url_map.bind("example.com")
        url = adapter.build("view", {"value": value})
        assert url == url_for("view", value=value)
        assert url.isascii()
        # The server undoes the percent-encoding before Flask sees the path.
        endpoint, values = adapter.match(unquote(urlsplit(url).path))
        assert endpoint == "view"
    # For urljoin a semicolon begins parameters, which it drops when they are empty; for a browser it is a letter.
    letters = url.replace(";", "%3B")
    assert urljoin("http://example.com/a/page", letters) == f"http://example.com{letters}"
    seen.clear()
    assert app.test_client().get(url).status_code == 200
    assert seen == [values["value"]]
    return seen[0]


def rules(pattern: str, value: str, before: str, after: str, **options: bool) -> MapAdapter | None:
    """Return an adapter with a rule around the pattern, or None where Werkzeug or the converter refuses it."""
    try:
        re.compile(pattern)
        rule = Rule(f'{before}<re("{pattern}"):value>{after}', endpoint="it", **options)
        return Map([rule], converters=CONVERTERS).bind("example.com")
    except (re.error, ValueError):
        return None


def signed_app(**config: object) -> Flask:
    app = Flask("signed")
    app.config.update({"SECRET_KEY": "current"} | config)
    app.url_map.converters.update(CONVERTERS)

    @app.get("/orders/<signed('order'):value>")
    def order(value: int) -> str:
        return str(value)

    @app.get("/bills/<signed('bill'):value>")
    def bill(value: int) -> str:
        return str(value)

    return app


def link(app: Flask, endpoint: str = "order", value: object = 42) -> str:
    with app.test_request_context():
        return url_for(endpoint, value=value)


def status(app: Flask, url: str) -> int:
    return app.test_client().get(url).status_code


class Size(StrEnum):
    S = "s"
    XS = "xs"


def domain(place: str, rule: str, **converters: type[BaseConverter]) -> Flask:
    """Return an application with a rule for one page whose subdomain, or host before .example.com, is given."""
    return domain_app(place, rule, *converters.items())


@cache
def domain_app(place: str, rule: str, *converters: tuple[str, type[BaseConverter]]) -> Flask:
    by_host = place == "host"
    app = Flask("domain", host_matching=by_host, subdomain_matching=not by_host, static_folder=None)
    app.config["SERVER_NAME"] = None if by_host else "example.com"
    app.url_map.converters.update(CONVERTERS, **dict(converters))
    option = {"host": f"{rule}.example.com"} if by_host else {"subdomain": rule}
    app.add_url_rule("/x", "page", lambda value: {"value": repr(value)}, **option)
    return app


def domain_round_trip(rule: str, value: Any, **converters: type[BaseConverter]) -> Any:
    """Return what comes back where a browser asks for the page on the host of the URL."""
    found = []
    for place in ("subdomain", "host"):
        app = domain(place, rule, **converters)
        with app.test_request_context(base_url="http://example.com"):
            url = url_for("page", value=value)
        # Browsers and Werkzeug write host names in lower case.
        host = urlsplit(url).netloc.lower()
        assert url == f"http://{host}/x"
        with app.test_request_context("/x", base_url=f"http://{host}"):
            assert request.routing_exception is None
            found.append((request.view_args or {})["value"])
    assert found[0] == found[1]
    return found[0]
