"""What each setting does, in a real browser: docs/guide/session-cookie.md."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, Response, request, session
from playwright.sync_api import BrowserContext, Page, sync_playwright
from werkzeug.serving import BaseWSGIServer, make_server

from proven.claims.proofs import proves
from tests import needs
from tests.guide.sessions.common import row


@pytest.fixture(scope="module")
def served() -> Iterator[BaseWSGIServer]:
    """Serve an application with a login, a payment, and a page of somebody else."""
    app = Flask("served", static_folder=None)
    app.secret_key = "test"

    @app.get("/login")
    def log_in() -> str:
        session.clear()
        session["user"] = "ada"
        session.permanent = "remember" in request.args
        return "in"

    @app.get("/")
    def index() -> str:
        return str(session.get("user"))

    @app.post("/pay")
    def pay() -> str:
        return f"paid by {session.get('user')}"

    @app.get("/elsewhere")
    def elsewhere() -> str:
        one = f"http://one.test:{server.port}"
        return (
            f'<form method=post action="{one}/pay"><button></button></form><a href="{one}/">x</a>'
        )

    @app.get("/set")
    def set_cookie() -> Response:
        response = Response()
        response.headers["Set-Cookie"] = request.args["cookie"]
        return response

    @app.get("/delete")
    def delete() -> Response:
        response = Response()
        response.delete_cookie("__Host-x", secure="secure" in request.args)
        return response

    @app.get("/cookies")
    def cookies() -> str:
        return ",".join(request.cookies)

    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def chromium(*, windows: bool = False) -> dict[str, Any]:
    return {
        "executable_path": needs.browser(windows=windows),
        "args": [*needs.FLAGS, "--host-resolver-rules=MAP *.test 127.0.0.1"],
    }


def see(page: Page, url: str) -> str:
    page.goto(url)
    return page.inner_text("body")


@proves(
    "guide/sessions",
    "By default, the cookie has neither Expires nor Max-Age, and the browser deletes it "
    "when it closes.",
    "If Chromium is set to restore its windows, it restores these cookies too, and the "
    "visitor is still logged in.",
)
def test_closing_the_browser(served: BaseWSGIServer, tmp_path: Path) -> None:
    """A session cookie goes with the browser, unless it restores its windows."""
    one, two = (f"http://{host}.test:{served.port}" for host in ("one", "two"))
    # One that can restore its windows.
    options = chromium(windows=True)
    with sync_playwright() as playwright:

        def run(*extra: str, then: Callable[[Page], list[str]]) -> list[str]:
            context: BrowserContext = playwright.chromium.launch_persistent_context(
                tmp_path, **{**options, "args": [*options["args"], *extra]}
            )
            try:
                return then(context.pages[0])
            finally:
                context.close()

        def look(page: Page) -> list[str]:
            return [see(page, f"{one}/"), see(page, f"{two}/")]

        def log_in(page: Page) -> list[str]:
            return [see(page, f"{one}/login"), see(page, f"{two}/login?remember=1")]

        assert run(then=log_in) == ["in", "in"]
        assert run("--restore-last-session", then=look) == ["ada", "ada"]
        assert run(then=look) == ["None", "ada"]


@proves(
    "guide/session-cookie",
    "SESSION_COOKIE_HTTPONLY | HttpOnly, on by default | Scripts in the page cannot read "
    "the cookie.",
    "SESSION_COOKIE_SECURE | Secure | The browser sends the cookie over HTTPS only.",
    "SESSION_COOKIE_SAMESITE | SameSite | Decides whether the browser sends the cookie "
    "with requests from other sites.",
    "SESSION_COOKIE_DOMAIN | Domain | If set, all subdomains receive the cookie. If not, "
    "only the host that set it does.",
    "A browser accepts a cookie whose name begins with __Host- only if it has Secure, the "
    "path / and no Domain.",
    "So another subdomain cannot set this cookie.",
    "not set | with the cookie | with the cookie | with the cookie",
    '"Lax" | without | with the cookie | with the cookie',
    '"Strict" | without | without, so the visitor appears to be logged out | with the cookie',
    "All subdomains count as one site, so SameSite does not protect you from them.",
    "theft of the cookie on the network | HTTPS and Secure | the signature",
    "theft of the cookie by a script in your page | HttpOnly; escaping, so that no such "
    "script gets into the page | HttpOnly against requests that the script sends itself",
    "CSRF | SameSite and a token | HttpOnly, Secure, the signature",
    "a cookie set by another subdomain | a name with __Host- | SameSite",
)
@proves(
    "guide/session-interface",
    "response.delete_cookie(…, domain=domain, path=path) | deletes the cookie | The "
    "cookie is deleted with the attributes that it was set with. A browser keeps a "
    "__Host- cookie that is deleted without Secure.",
)
@proves(
    "guide/sessions",
    "SESSION_COOKIE_SECURE is set, but the page is not served over HTTPS | Use HTTPS, or "
    "leave the key unset during development.",
)
def test_what_chromium_does_with_the_attributes(served: BaseWSGIServer) -> None:
    app = served.app
    assert isinstance(app, Flask)
    base = {host: f"http://{host}.test:{served.port}" for host in ("one", "two", "evil.one")}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(**chromium())

        page = browser.new_page()

        def from_elsewhere(samesite: str | None, host: str) -> tuple[str, str]:
            """Log in, then send the form and follow the link of a page on another host."""
            app.config["SESSION_COOKIE_SAMESITE"] = samesite
            see(page, f"{base['one']}/login")
            see(page, f"{base[host]}/elsewhere")
            page.click("button")
            page.wait_for_url("**/pay")
            paid = page.inner_text("body")
            see(page, f"{base[host]}/elsewhere")
            page.click("a")
            page.wait_for_url(f"{base['one']}/")
            return paid, page.inner_text("body")

        for samesite, name in ((None, "not set"), ("Lax", '`"Lax"`'), ("Strict", '`"Strict"`')):
            paid, linked = from_elsewhere(samesite, "two")
            form, link, subdomain = row(name)
            assert ("with the cookie" in form) is (paid == "paid by ada")
            assert ("with the cookie" in link) is (linked == "ada")
            assert "with the cookie" in subdomain
            # a cookie of a minute's age without SameSite goes along with a form
            assert (paid, linked) == {
                None: ("paid by ada", "ada"),
                "Lax": ("paid by None", "ada"),
                "Strict": ("paid by None", "None"),
            }[samesite]
        # another subdomain is the same site, for the strictest value too
        assert from_elsewhere("Strict", "evil.one") == ("paid by ada", "ada")
        app.config["SESSION_COOKIE_SAMESITE"] = None
        # HttpOnly
        see(page, f"{base['one']}/login")
        assert page.evaluate("document.cookie") == ""
        app.config["SESSION_COOKIE_HTTPONLY"] = False
        see(page, f"{base['one']}/login")
        assert page.evaluate("document.cookie").startswith("session=ey")
        app.config["SESSION_COOKIE_HTTPONLY"] = True
        # Secure, without HTTPS
        app.config["SESSION_COOKIE_SECURE"] = True
        page = browser.new_context().new_page()
        see(page, f"{base['one']}/login")
        assert see(page, f"{base['one']}/") == "None"
        app.config["SESSION_COOKIE_SECURE"] = False
        # Domain
        for domain, found in ((None, "None"), ("one.test", "ada")):
            app.config["SESSION_COOKIE_DOMAIN"] = domain
            page = browser.new_context().new_page()
            see(page, f"{base['one']}/login")
            assert see(page, f"{base['evil.one']}/") == found
        app.config["SESSION_COOKIE_DOMAIN"] = None
        # another subdomain can plant a cookie
        page = browser.new_context().new_page()
        see(page, f"{base['evil.one']}/set?cookie=planted=1;Domain=one.test")
        assert see(page, f"{base['one']}/cookies") == "planted"
        # a name with __Host- and its deletion
        own = f"http://app.localhost:{served.port}"
        for attributes, kept in (
            ("Path=/", ""),
            ("Secure;Path=/set", ""),
            ("Secure;Path=/;Domain=app.localhost", ""),
            ("Secure;Path=/", "__Host-x"),
        ):
            see(page, f"{own}/set?cookie=__Host-x=1;{attributes}")
            assert see(page, f"{own}/cookies") == kept
        see(page, f"{own}/delete")
        assert see(page, f"{own}/cookies") == "__Host-x"
        see(page, f"{own}/delete?secure")
        assert see(page, f"{own}/cookies") == ""
        browser.close()
