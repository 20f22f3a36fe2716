"""The smallest application: docs/guide/hooks.md."""

from __future__ import annotations

import pytest
from flask import g

from proven.claims.proofs import proves
from snippets.hooks import smallest
from tests.guide.hooks.common import new_app, send


@proves(
    "guide/hooks",
    "A hook reads the request from flask.request.",
    "flask.g carries values from one hook to the next and to the view function.",
)
@pytest.mark.parametrize(
    ("accepted", "language", "text"),
    [("zh-CN,zh;q=0.9", "zh", "早上好"), ("", "en", "Good morning"), ("fr", "en", "Good morning")],
)
def test_a_hook_before_chooses_and_a_hook_after_adds(
    accepted: str, language: str, text: str
) -> None:
    answer = send(smallest.app, headers={"Accept-Language": accepted})
    assert answer.text == text
    assert answer.headers["Content-Language"] == language
    assert answer.headers["Vary"] == "Accept-Language"


@proves("guide/hooks", "It is empty again for the next request.")
def test_g_is_empty_again_for_the_next_request() -> None:
    app = new_app()
    seen: list[list[str]] = []

    @app.before_request
    def look() -> None:
        seen.append(list(g))
        g.anything = 1

    client = app.test_client()
    client.get("/")
    client.get("/")
    assert seen == [[], []]
