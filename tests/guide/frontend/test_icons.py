"""Which icon a browser with windows asks for: one without shows none."""

from __future__ import annotations

import pytest
from flask import Flask

from proven.claims.proofs import proves
from snippets.frontend import release
from tests import needs
from tests.guide.frontend.common import heard
from tests.servers import served, wait_for

pytestmark = pytest.mark.browser


@proves(
    "guide/frontend",
    "A browser looks for /favicon.ico if a page names no icon.",
    'Name one with <link rel="icon">, as the page above does, and it can lie anywhere.',
)
@pytest.mark.parametrize(
    ("head", "asked"),
    [("", "/favicon.ico"), ('<link rel="icon" href="/elsewhere/a.svg">', "/elsewhere/a.svg")],
)
def test_which_icon_a_browser_asks_for(head: str, asked: str) -> None:
    app = Flask("icons")
    app.add_url_rule("/", "index", lambda: f"<!doctype html><title>icons</title>{head}")
    found = heard(app)
    with served(app) as port, needs.chromium(windows=True) as browser:
        page = browser.new_page()
        page.goto(f"http://127.0.0.1:{port}/")
        wait_for(lambda: len(found) > 1)
        page.wait_for_timeout(200)
    assert [path for _, path, _ in found] == ["/", asked]
    assert '<link rel="icon"' in release.create_app().test_client().get("/").text
