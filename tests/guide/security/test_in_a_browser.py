"""What a real browser does with the headers, cookies and forms: docs/guide/security.md."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask, redirect, request, session
from playwright.sync_api import Browser, Page

from proven.claims.proofs import proves
from snippets.security import cookies, foreign_forms, headers, nonces
from tests.guide.security.common import on_the_page
from tests.needs import chromium, programs
from tests.servers import served

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium("--host-resolver-rules=MAP *.example 127.0.0.1") as opened:
        yield opened


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(ignore_https_errors=True)
    context.set_default_timeout(60_000)
    yield context.new_page()
    context.close()


def evil(html: str) -> Flask:
    """Return another site, with one page."""
    app = Flask("evil")
    app.add_url_rule("/", "page", lambda: html)
    return app


INJECTED = (
    "<script>document.title = 'injected'</script>"
    "<button onclick=\"document.title = 'clicked'\">a</button>"
    "<a href=\"javascript:void(document.title = 'followed')\">b</a>"
)


@proves(
    "guide/security",
    "A policy tells the browser which scripts it may run.",
    "If a template contains a mistake such as |safe, a script from a user appears in the "
    "page, but the browser does not run it:",
    "A nonce is a random value that stands in the policy and in each <script> of your page.",
    "It is new for each response, so an attacker cannot know it in advance.",
    "The browser ignores a <script> without it, onclick= and other attributes with code, and "
    "javascript: links.",
    "The message stands in the console of Chromium.",
    "The script has no nonce, or it is an attribute such as onclick.",
    'Add nonce="{{ g.nonce }}", or move the code.',
    "Do not add 'unsafe-inline', which allows the scripts of an attacker too.",
)
def test_the_policy_runs_my_script_and_no_other(
    page: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    loose = nonces.POLICY.replace("'nonce-{}'", "'self' 'unsafe-inline'")
    for policy, titles in (
        (nonces.POLICY, ["my script ran"] * 3),
        (loose, ["injected", "clicked", "followed"]),
    ):
        monkeypatch.setattr(nonces, "POLICY", policy)
        with served(nonces.app) as port:
            page.goto(f"http://127.0.0.1:{port}/?entry={INJECTED.replace(' ', '%20')}")
            found = [page.title()]
            page.get_by_role("button").click()
            found.append(page.title())
            page.get_by_role("link").click()
            # such a link is followed a moment later
            page.wait_for_timeout(300)
            found.append(page.title())
        assert found == titles
    inline = [text for text in said if "inline script" in text]
    assert inline
    assert (
        on_the_page(
            "Executing inline script violates the following Content Security Policy directive"
        )
        in inline[0]
    )
    policies = {nonces.app.test_client().get("/").headers["Content-Security-Policy"] for _ in "ab"}
    assert len(policies) == 1
    monkeypatch.undo()
    policies = {nonces.app.test_client().get("/").headers["Content-Security-Policy"] for _ in "ab"}
    assert len(policies) == 2


@proves(
    "guide/security",
    "Try a policy with the header Content-Security-Policy-Report-Only first: the browser reports "
    "what it would refuse in its console, and runs it.",
)
def test_a_policy_that_only_reports(page: Page) -> None:
    app = Flask("report")
    header = {"Content-Security-Policy-Report-Only": "script-src 'self'"}
    html = "<script>document.title = 'ran'</script>"
    app.add_url_rule("/", "page", lambda: (html, header))
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    with served(app) as port:
        page.goto(f"http://127.0.0.1:{port}/")
        assert page.title() == "ran"
        page.wait_for_function("true")
    assert any("script-src 'self'" in text for text in said)


@proves(
    "guide/security",
    "A browser may send your cookie with a form that stands on another site.",
    "create_app(careful=False) accepts it, as the tests show in Chromium, with a page on "
    "another site that submits a form by itself.",
    "a form on another site | a CSRF token | Cross-Site Request Forgery Prevention",
    "SESSION_COOKIE_SAMESITE | None | Lax: not with a form of another site",
)
@pytest.mark.parametrize(
    ("careful", "lax", "answer"),
    [
        (False, False, "ada pays mallory"),
        (True, False, "The CSRF token is missing."),
        (False, True, "nobody pays mallory"),
    ],
)
def test_a_form_on_another_site(page: Page, careful: bool, lax: bool, answer: str) -> None:
    app = foreign_forms.create_app(careful)
    app.config["SESSION_COOKIE_SAMESITE"] = "Lax" if lax else None
    with served(app) as port:
        form = (
            f"<form method=post action='http://shop.example:{port}/transfer'>"
            "<input name=to value=mallory></form><script>document.forms[0].submit()</script>"
        )
        page.goto(f"http://shop.example:{port}/")
        with served(evil(form)) as other:
            with page.expect_response("**/transfer"):
                page.goto(f"http://evil.example:{other}/", wait_until="commit")
            page.wait_for_url("**/transfer")
            assert answer in page.content()


def certificate(folder: Path) -> Path:
    """Make a certificate for all hosts of the tests."""
    (openssl,) = programs("apt-get install openssl", "openssl")
    subprocess.run(
        [
            *[openssl, "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"],
            *["-nodes", "-days", "2", "-subj", "/CN=shop.example"],
            *["-keyout", str(folder / "key.pem"), "-out", str(folder / "certificate.pem")],
        ],
        check=True,
        capture_output=True,
    )
    return folder


@proves(
    "guide/security",
    "SESSION_COOKIE_SECURE | False | the browser sends it over HTTPS only",
    "SESSION_COOKIE_NAME | session | __Host-: no subdomain can set it",
    "a stolen session | attributes of the cookie | Session Management",
    "The page was opened over http://, where the browser neither keeps nor sends such a cookie.",
)
def test_the_cookie_over_https_only_and_of_this_host(page: Page, tmp_path: Path) -> None:
    app = Flask("cookies")
    app.secret_key = "dev"
    app.config.update(cookies.app.config.get_namespace("SESSION_COOKIE", False, False))
    app.add_url_rule("/who", "who", lambda: session.get("user", "nobody"))
    app.add_url_rule("/login", "login", cookies.login, methods=["GET", "POST"])
    with served(app) as plain, served(app, certificate=certificate(tmp_path)) as secure:
        for scheme, port, who in (("http", plain, "nobody"), ("https", secure, "ada")):
            page.goto(f"{scheme}://shop.example:{port}/login")
            page.goto(f"{scheme}://shop.example:{port}/who")
            assert page.inner_text("body") == who
        # kept now, and not sent over http
        assert [cookie["name"] for cookie in page.context.cookies()] == ["__Host-session"]
        assert page.evaluate("document.cookie") == ""
        page.goto(f"http://shop.example:{plain}/who")
        assert page.inner_text("body") == "nobody"
        # a subdomain sets a cookie for the whole domain, but none with this beginning
        page.goto(f"https://sub.shop.example:{secure}/who")
        for name in ("session", "__Host-session"):
            page.evaluate(f"document.cookie = '{name}=forged; Domain=shop.example; Path=/; Secure'")
        values = {cookie["name"]: cookie["value"] for cookie in page.context.cookies()}
        assert values["session"] == "forged"
        assert values["__Host-session"] != "forged"


@proves(
    "guide/security",
    "No other page can show yours in a frame and lay its own buttons over it.",
    "The browser believes Content-Type.",
    "Without it, Chromium runs a text that a user has uploaded, if a page names it in a <script>.",
    "Other sites do not learn the addresses of your pages, which may contain tokens.",
    "It replaces X-Frame-Options.",
)
@pytest.mark.parametrize("careful", [True, False])
def test_frames_types_and_referrers(page: Page, careful: bool) -> None:
    app = headers.create_app() if careful else headers.create_app(False)
    learned: list[str | None] = []
    other = evil("")

    @other.get("/learn")
    def learn() -> str:
        learned.append(request.headers.get("Referer"))
        return ""

    with served(app) as port, served(other) as elsewhere:
        shop = f"http://shop.example:{port}"
        frame = f"<iframe src='{shop}/'></iframe>"
        script = f"<script src='{shop}/notes/1.txt'></script>"
        app.view_functions["shop"] = lambda: (
            f"<button>Buy</button><a href='http://evil.example:{elsewhere}/learn'>x</a>"
        )
        other.view_functions["page"] = lambda: frame + script
        page.goto(f"http://evil.example:{elsewhere}/")
        shown = page.frames[1].locator("button").count() == 1
        assert shown is not careful
        # the note is a script of the shop's own page too
        assert (page.title() == "the text ran") is not careful
        page.goto(f"{shop}/")
        page.get_by_role("link").click()
        page.wait_for_url("**/learn")
    assert (learned == [None]) is careful


@proves(
    "guide/security",
    "X-XSS-Protection: 1; mode=block. Old posts set this header for a filter that Chromium has removed.",
)
def test_the_filter_of_old_posts_is_gone(page: Page) -> None:
    app = Flask("old")
    script = "<script>document.title = 'injected'</script>"
    app.add_url_rule(
        "/", "page", lambda: (request.args["q"], {"X-XSS-Protection": "1; mode=block"})
    )
    with served(app) as port:
        page.goto(f"http://shop.example:{port}/?q={script.replace(' ', '%20')}")
        assert page.title() == "injected"


@proves(
    "guide/security",
    "In such an attack, the user trusts the address of your site in the link, and arrives "
    "at a copy of your log-in page on another site.",
)
def test_where_the_browser_goes(page: Page) -> None:
    app = Flask("careless")
    with served(evil("a copy")) as other:
        app.add_url_rule("/", "go", lambda: redirect(f"//evil.example:{other}/"))
        targets = [f"//evil.example:{other}/", f"/\\evil.example:{other}/"]
        app.add_url_rule(
            "/links", "links", lambda: "".join(f"<a href='{t}'>x</a>" for t in targets)
        )
        with served(app) as port:
            page.goto(f"http://shop.example:{port}/")
            assert page.inner_text("body") == "a copy"
            for number in range(2):
                page.goto(f"http://shop.example:{port}/links")
                page.get_by_role("link").nth(number).click()
                page.wait_for_url("http://evil.example*/**")
                assert page.inner_text("body") == "a copy"
    on_the_page("`//evil.example` and `/\\evil.example` are other sites for a browser.")
