"""CORS, tried in a real browser from other origins: docs/guide/api.md."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask, redirect, request
from flask_cors import CORS
from playwright.sync_api import Browser, Page
from werkzeug.wrappers import Response

from proven.claims.proofs import proves
from snippets.api import cors
from tests.guide.api.common import on_the_page
from tests.needs import chromium
from tests.servers import served

pytestmark = pytest.mark.browser
MINE = "http://www.shop.example"
OTHER = "http://blog.shop.example"
ASK = """async ([address, options]) => {
    try { return (await (await fetch(address, options)).json()).user } catch { return "an error" }
}"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium("--host-resolver-rules=MAP *.example 127.0.0.1") as opened:
        yield opened


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context()
    context.set_default_timeout(60_000)
    yield context.new_page()
    context.close()


@pytest.fixture(scope="module")
def site() -> Iterator[int]:
    """A server for the pages of all other hosts."""
    app = Flask("site")
    app.add_url_rule("/", "page", lambda: "a page")
    with served(app) as port:
        yield port


def read(page: Page, app: Flask, origin: str, **options: object) -> str:
    """Log in to the API, then call it from a page of another origin, and return what the page reads."""
    with served(app) as port:
        page.goto(f"http://api.shop.example:{port}/login")
        page.goto(f"{origin}/")
        found: str = page.evaluate(ASK, [f"http://api.shop.example:{port}/me", options])
    return found


@proves(
    "guide/api",
    "A script on a page of one origin cannot read a response from another origin, unless "
    "the headers of that response allow it.",
    "This permission is called CORS (cross-origin resource sharing):",
    "In this test, Chromium opens a page on one host, and its script calls the API on "
    "another host, where the user is logged in:",
    "without options | nothing | an error",
    "without options | its origin | nobody: no cookie was sent",
    'credentials: "include" | its origin | an error',
    'credentials: "include" | its origin, with credentials | ada',
    'credentials: "include" | another origin, with credentials | an error',
    'credentials: "include" | *, with credentials | ada, on a page of anybody',
    "Never combine * with credentials: Flask-CORS then names each origin that asks.",
    "The console of Chromium says this.",
    "The origin of the page is not in the list.",
    "Compare scheme and port too.",
    "The page sends cookies, and the API does not allow it.",
    "Set supports_credentials=True in the API.",
    "The page sends cookies, and the API sets this header to * itself.",
    "Use Flask-CORS with the origins of your pages and supports_credentials=True.",
)
def test_what_a_page_of_another_origin_reads(page: Page, site: int) -> None:
    mine, other = f"{MINE}:{site}", f"{OTHER}:{site}"
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    send = {"credentials": "include"}
    none = Flask("none")
    none.add_url_rule("/me", "me", lambda: {"user": "ada"})
    none.add_url_rule("/login", "login", lambda: "")
    everybody = Flask("everybody")
    everybody.add_url_rule(
        "/me", "me", lambda: ({"user": "ada"}, {"Access-Control-Allow-Origin": "*"})
    )
    everybody.add_url_rule("/login", "login", lambda: "")
    found = [
        read(page, none, mine),
        read(page, cors.create_app([mine], False), mine),
        read(page, cors.create_app([mine], False), mine, **send),
        read(page, cors.create_app([mine]), mine, **send),
        read(page, cors.create_app([mine]), other, **send),
        read(page, cors.create_app(["*"]), other, **send),
    ]
    assert found == ["an error", "nobody", "an error", "ada", "an error", "ada"]
    text = "\n".join(said)
    absent = (
        "has been blocked by CORS policy: No 'Access-Control-Allow-Origin' header is present on "
        "the requested resource."
    )
    assert on_the_page(absent) in text
    credentials = (
        "The value of the 'Access-Control-Allow-Credentials' header in the response is '' which "
        "must be 'true' when the request's credentials mode is 'include'."
    )
    assert on_the_page(credentials) in text
    wildcard = (
        "The value of the 'Access-Control-Allow-Origin' header in the response must not be the "
        "wildcard '*' when the request's credentials mode is 'include'."
    )
    assert wildcard not in text
    assert read(page, everybody, mine) == "ada"
    assert read(page, everybody, mine, **send) == "an error"
    assert on_the_page(wildcard) in "\n".join(said)
    for wrong in (mine.replace("http:", "https:"), MINE):
        assert read(page, cors.create_app([wrong]), mine, **send) == "an error"
    answer = cors.create_app(["*"]).test_client().get("/me", headers={"Origin": "https://anybody"})
    assert answer.headers["Access-Control-Allow-Origin"] == "https://anybody"


@proves(
    "guide/api",
    "CORS protects no view.",
    "A page of another origin cannot read the response, and the view runs all the same.",
    "Before a request that a form could not send, such as a PUT or one with a JSON body, "
    "the browser sends an OPTIONS request.",
    "Without permission it does not send the request itself.",
    "A browser never sends such a header by itself, so forms of other sites are harmless here.",
)
def test_the_view_runs_all_the_same(page: Page, site: int) -> None:
    mine, other = f"{MINE}:{site}", f"{OTHER}:{site}"
    ran: list[tuple[str, str | None]] = []
    app = cors.create_app([mine])
    app.add_url_rule("/order", "order", lambda: {"user": "ada"}, methods=["POST"])

    @app.before_request
    def note() -> None:
        ran.append((request.method, request.headers.get("Authorization")))

    as_json = {"Content-Type": "application/json"}
    with served(app) as port:
        api = f"http://api.shop.example:{port}"
        calls = {
            "simple": (f"{api}/order", {"method": "POST", "body": "a=1"}),
            "put": (f"{api}/me", {"method": "PUT", "headers": as_json, "body": '{"user": "eve"}'}),
            "json": (f"{api}/order", {"method": "POST", "headers": as_json, "body": "{}"}),
        }
        seen = {}
        for origin in (other, mine):
            page.goto(f"{origin}/")
            for name, (address, options) in calls.items():
                ran.clear()
                answer = page.evaluate(ASK, [address, options])
                seen[origin == mine, name] = answer, [method for method, _ in ran]
                assert all(authorization is None for _, authorization in ran)
    assert seen == {
        (False, "simple"): ("an error", ["POST"]),
        (False, "put"): ("an error", ["OPTIONS"]),
        (False, "json"): ("an error", ["OPTIONS"]),
        (True, "simple"): ("ada", ["POST"]),
        (True, "put"): ("eve", ["OPTIONS", "PUT"]),
        (True, "json"): ("ada", ["OPTIONS", "POST"]),
    }


@proves(
    "guide/api",
    "The address that fetch asks answers with a redirect: the rule ends in a slash, or a proxy "
    "redirects from http to https.",
    "Pass the final address to fetch.",
)
def test_a_preflight_request_is_not_redirected(page: Page, site: int) -> None:
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    app = Flask("slash")
    CORS(app)
    app.add_url_rule("/notes/", "notes", lambda: {"user": "ada"}, methods=["POST"])

    @app.before_request
    def as_a_proxy_does() -> Response | None:
        target = f"http://{request.host}/notes/"
        return redirect(target) if request.path == "/http" else None

    as_json = {"method": "POST", "headers": {"Content-Type": "application/json"}, "body": "{}"}
    found = {}
    with served(app) as port:
        page.goto(f"{MINE}:{site}/")
        for path in ("/notes", "/http", "/notes/"):
            found[path] = page.evaluate(ASK, [f"http://api.shop.example:{port}{path}", as_json])
    assert found == {"/notes": "an error", "/http": "an error", "/notes/": "ada"}
    message = (
        "Response to preflight request doesn't pass access control check: Redirect is not allowed "
        "for a preflight request."
    )
    on_the_page(message)
    assert sum(f"has been blocked by CORS policy: {message}" in line for line in said) == 2
