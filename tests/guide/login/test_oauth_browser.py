"""A login at another service in a real browser, and what SameSite does to it: docs/guide/login.md."""

from __future__ import annotations

import logging

import pytest

from proven.claims.proofs import proves
from snippets.login import oauth
from tests.guide.login import provider
from tests.guide.login.provider import Service
from tests.needs import chromium
from tests.servers import served


@pytest.mark.browser
@proves("guide/login", "The cookie has to be Lax or without this attribute.")
def test_the_cookie_comes_back_from_another_site(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.WARNING)
    found = {}
    with (
        chromium("--host-resolver-rules=MAP *.example 127.0.0.1") as browser,
        served(provider.create_app(Service(asks=True))) as port,
    ):
        for value in (None, "Lax", "Strict"):
            metadata = f"http://127.0.0.1:{port}/.well-known/openid-configuration"
            app = oauth.create_app(
                EXAMPLE_SERVER_METADATA_URL=metadata,
                EXAMPLE_AUTHORIZE_URL=f"http://id.example:{port}/authorize",
                SESSION_COOKIE_SAMESITE=value,
            )
            app.add_url_rule("/", "front", lambda: '<a href="/login">Log in</a>')
            caplog.clear()
            with served(app) as own:
                page = browser.new_page()
                page.goto(f"http://shop.example:{own}/")
                page.get_by_role("link", name="Log in").click()
                page.get_by_role("link", name="I am Ada").click()
                page.wait_for_url(f"http://shop.example:{own}/**")
                found[value] = page.url.rpartition("/")[2].partition("?")[0], caplog.text
                page.close()
    assert [place for place, _ in found.values()] == ["account", "account", "callback"]
    assert "mismatching_state" in found["Strict"][1]
