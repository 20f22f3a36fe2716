"""What a real browser does with the scripts of docs/guide/frontend.md."""

from __future__ import annotations

import mimetypes
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from threading import Event

import pytest
from flask import Flask, Response, make_response, redirect, request, session
from playwright.sync_api import Page

from proven.claims.proofs import proves
from snippets.frontend import partial, progress, release, sending, single_page, smallest
from tests.guide.frontend.common import heard, on_the_page
from tests.servers import served

pytestmark = pytest.mark.browser


@proves("guide/frontend", "Flask sends the page, the script and the data:")
def test_the_smallest(page: Page) -> None:
    with served(smallest.app) as port:
        page.goto(f"http://127.0.0.1:{port}/")
        page.wait_for_function("document.getElementById('left').textContent === '5'")


def styled(folder: Path, age: int | None = None) -> Flask:
    app = Flask("shop", static_folder=str(folder), static_url_path="/static")
    app.config["SEND_FILE_MAX_AGE_DEFAULT"] = age
    for name in ("one", "two"):
        app.add_url_rule(
            f"/{name}", name, lambda: '<link rel="stylesheet" href="/static/a.css"><p>text'
        )
    return app


def colours(page: Page, app: Flask, between: Callable[[], object]) -> list[str]:
    """Visit two pages with one style sheet, and return the colour of the text on each."""
    found = []
    with served(app) as port:
        for path in ("one", "two"):
            page.goto(f"http://127.0.0.1:{port}/{path}")
            found.append(page.evaluate("getComputedStyle(document.querySelector('p')).color"))
            between()
    return found


RED, BLUE = "rgb(255, 0, 0)", "rgb(0, 0, 255)"


@proves(
    "guide/frontend",
    "By default, the browser asks for each file on each page, and gets a 304 without a "
    "body if the file is as it was.",
    "no-cache, the default | a request, and 304",
    "max-age=3600 | no request",
    "max-age=3600, and the file has changed | no request: the old file is used",
    "SEND_FILE_MAX_AGE_DEFAULT or nginx allows it to keep the file, and the URL has not changed.",
    "Today the browser asks each time.",
    "In Chromium, the second visit to a page sends this for a style sheet:",
)
@pytest.mark.parametrize(
    ("age", "changes", "asked", "seen"),
    [
        (None, False, [200, 304], [RED, RED]),
        (None, True, [200, 200], [RED, BLUE]),
        (3600, False, [200], [RED, RED]),
        (3600, True, [200], [RED, RED]),
    ],
)
def test_a_style_sheet_on_the_second_visit(
    page: Page, tmp_path: Path, age: int | None, changes: bool, asked: list[int], seen: list[str]
) -> None:
    file = tmp_path / "a.css"
    file.write_text("p { color: red }")
    app = styled(tmp_path, age)
    requests = heard(app)
    change = (lambda: file.write_text("p { color: blue }")) if changes else (lambda: None)
    assert colours(page, app, change) == seen
    assert [status for _, path, status in requests if path == "/static/a.css"] == asked


@proves(
    "guide/frontend",
    "With a URL that changes with the file, it need not ask.",
    "max-age=31536000, immutable, and the URL has changed | a request for the new URL, and 200",
)
def test_a_new_release(page: Page) -> None:
    apps = [release.create_app("1"), release.create_app("1"), release.create_app("2")]
    asked = [heard(app) for app in apps]
    visits = [-1]

    def newest(environ: dict[str, object], start: Callable[..., object]) -> object:
        visits[0] += environ["PATH_INFO"] == "/"
        return apps[visits[0]](environ, start)

    with served(newest) as port:
        for _ in apps:
            page.goto(f"http://127.0.0.1:{port}/")
    sheets = [[path for _, path, _ in found if "shop.css" in path] for found in asked]
    assert sheets == [["/static/shop.css?v=1"], [], ["/static/shop.css?v=2"]]


@proves(
    "guide/frontend",
    "The token in the header proves that the script is yours: CSRF with Flask-WTF.",
    "The view reads request.form and request.files.",
    "Give a text to fetch for JSON, and set Content-Type: application/json.",
    "The view calls request.get_json().",
)
def test_fetch_with_json_and_a_form(page: Page) -> None:
    with served(sending.create_app()) as port:
        page.goto(f"http://127.0.0.1:{port}/")
        page.fill("input", "绿茶")
        page.click("button")
        page.wait_for_selector("text=Note 1 is stored.")
        page.click("button")
        page.wait_for_selector("text=A note needs a title.")
        call = (
            "async title => (await import('/static/send.js')).send('/api/notes', {title})"
            ".then(note => note.number, error => error.message)"
        )
        assert page.evaluate(call, "tea") == 2
        assert page.evaluate(call, " ") == "A note needs a title."
        page.evaluate("document.querySelector('meta').content = 'forged'")
        assert page.evaluate(call, "tea") == "The CSRF token is invalid."


@proves(
    "guide/frontend",
    "Give a FormData to fetch, and set no Content-Type.",
    "The browser adds the boundary that separates the fields.",
)
def test_a_content_type_of_ones_own_spoils_a_form(page: Page) -> None:
    app = Flask("shop")
    app.get("/")(lambda: "page")

    @app.post("/")
    def receive() -> dict[str, object]:
        return {"form": request.form, "type": request.content_type}

    call = """async headers => {
        const body = new FormData();
        body.append("title", "tea");
        return (await fetch("/", {method: "POST", body, headers})).json();
    }"""
    with served(app) as port:
        page.goto(f"http://127.0.0.1:{port}/")
        good = page.evaluate(call, {})
        bad = page.evaluate(call, {"Content-Type": "multipart/form-data"})
    assert good["form"] == {"title": "tea"}
    assert "boundary=" in good["type"]
    assert bad["form"] == {}


@pytest.fixture
def shop() -> Iterator[int]:
    app = Flask("shop")
    app.secret_key = "dev"

    @app.get("/")
    def index() -> str:
        session["user"] = "ada"
        return "page"

    @app.get("/who")
    def who() -> str:
        return session.get("user", "nobody")

    app.add_url_rule("/broken", "broken", lambda: ("no", 500))
    app.add_url_rule("/login", "login", lambda: "the login")
    app.add_url_rule("/private", "private", lambda: redirect("/login"))
    app.add_url_rule("/html", "html", lambda: "<!doctype html><title>x")
    with served(app) as port:
        yield port


@proves(
    "guide/frontend",
    "fetch sends the session cookie to its own site by itself.",
    "fetch raises no error for 404 or 500: look at response.ok.",
    "It raises TypeError: Failed to fetch if it gets no response.",
    "fetch follows redirects unseen.",
    "If the login has ended, the script would get the page of the login with status 200.",
)
def test_what_fetch_does_by_itself(page: Page, shop: int) -> None:
    page.goto(f"http://127.0.0.1:{shop}/")
    assert page.evaluate("fetch('/who').then(r => r.text())") == "ada"
    said = page.evaluate("fetch('/broken').then(r => [r.ok, r.status], e => [String(e)])")
    assert said == [False, 500]
    said = page.evaluate("fetch('/nowhere').then(r => [r.ok, r.status])")
    assert said == [False, 404]
    unseen = page.evaluate("fetch('/private').then(async r => [r.status, await r.text()])")
    assert unseen == [200, "the login"]
    refused = page.evaluate("fetch('/private', {redirect: 'error'}).catch(String)")
    nobody = page.evaluate("fetch('http://127.0.0.1:9/').catch(String)")
    assert refused == nobody == on_the_page("TypeError: Failed to fetch")


@proves(
    "guide/frontend", "response.json() has got a page: an error page, the login, or index.html."
)
def test_json_that_is_a_page(page: Page, shop: int) -> None:
    page.goto(f"http://127.0.0.1:{shop}/")
    on_the_page(page.evaluate("fetch('/html').then(r => r.json()).catch(String)"))


@proves(
    "guide/frontend",
    "The page includes the part, so both have the same rows, and the form works without a script.",
    "This site was tested with the few lines of tiny.js, which do the same for these two "
    "attributes:",
)
def test_a_part_in_the_page(page: Page) -> None:
    with served(partial.app) as port:
        page.goto(f"http://127.0.0.1:{port}/teas")
        assert page.locator("li").count() == 5
        page.locator("input").press_sequentially("as")
        page.wait_for_function("document.querySelectorAll('li').length === 1")
        assert page.locator("li").inner_text() == "Assam"
        # without a script, the form does the same
        page.locator("input").press("Enter")
        page.wait_for_url("**/teas?q=as")
        assert page.locator("li").all_inner_texts() == ["Assam"]


@proves(
    "guide/frontend",
    "Each letter sends a request, and the answers may come in another order.",
    "So the script leaves out an answer if a newer request has been sent.",
)
def test_answers_in_another_order(page: Page) -> None:
    app, answered = Flask("shop"), Event()
    app.get("/")(lambda: '<input name="q" hx-get="/list" hx-target="#list"><div id="list"></div>')

    @app.get("/list")
    def teas() -> str:
        if request.args["q"] == "a":
            answered.wait(30)
        return request.args["q"]

    with served(app) as port:
        page.goto(f"http://127.0.0.1:{port}/")
        page.add_script_tag(content=tiny(), type="module")
        with page.expect_response("**/list?q=a") as first:
            page.locator("input").press_sequentially("as")
            page.wait_for_function("document.querySelector('#list').textContent === 'as'")
            answered.set()
        first.value.finished()
        page.wait_for_timeout(100)
        assert page.inner_text("#list") == "as"


@proves(
    "guide/frontend",
    "An ordinary redirect is followed by the browser, and the page to which it leads "
    "would land inside of the part.",
)
def test_a_redirect_lands_in_the_part(page: Page) -> None:
    app = Flask("shop")
    app.get("/")(lambda: '<input name="q" hx-get="/list" hx-target="#list"><div id="list"></div>')
    app.add_url_rule("/list", "list", lambda: redirect("/login"))
    app.add_url_rule("/login", "login", lambda: "<h1>Login</h1>")
    with served(app) as port:
        page.goto(f"http://127.0.0.1:{port}/")
        page.add_script_tag(content=tiny(), type="module")
        page.fill("input", "x")
        page.wait_for_selector("#list h1")
        assert page.url.endswith("/")


def tiny() -> str:
    folder = Path(str(partial.__file__)).parent
    return folder.joinpath("static", "tiny.js").read_text(encoding="utf-8")


@proves(
    "guide/frontend",
    "Vary tells caches that one URL has two bodies.",
    "The browser has kept the part under the URL of the page.",
    "Add Vary: HX-Request, or give the part a URL of its own.",
)
@pytest.mark.parametrize("vary", [False, True])
def test_a_cache_mixes_page_and_part(page: Page, vary: bool) -> None:
    app = Flask("shop")

    @app.get("/other")
    def other() -> str:
        return "<title>other</title>"

    @app.get("/teas")
    def teas() -> Response:
        part = "HX-Request" in request.headers
        response = make_response("part" if part else "<!doctype html><title>x</title><p>whole")
        response.headers["Cache-Control"] = "max-age=60"
        if vary:
            response.vary.add("HX-Request")
        return response

    with served(app) as port:
        page.goto(f"http://127.0.0.1:{port}/teas")
        # The browser keeps what has arrived whole.
        page.evaluate(
            "fetch('/teas', {headers: {'HX-Request': 'true'}, cache: 'reload'}).then((it) => it.text())"
        )
        page.goto(f"http://127.0.0.1:{port}/other")
        page.go_back()
        page.wait_for_url("**/teas")
        assert ("whole" in page.content()) is vary


@proves(
    "guide/frontend",
    "A script shows the right page for each address.",
    "The address exists only in the script, and the server has no rule for it.",
)
def test_the_single_page(page: Page) -> None:
    with served(single_page.create_app()) as port:
        for path, text in (
            ("/", "All teas"),
            ("/teas/3", "Tea 3"),
            ("/teas/9", "There are five teas."),
            ("/nowhere", "There is no such page."),
        ):
            page.goto(f"http://127.0.0.1:{port}{path}")
            page.wait_for_function(f"document.querySelector('main').textContent === '{text}'")
            page.reload()
            page.wait_for_function(f"document.querySelector('main').textContent === '{text}'")


@proves("guide/frontend", "The server sends index.html for a script that is missing.")
def test_a_script_that_is_missing(page: Page) -> None:
    app = Flask("shop", static_folder=None)
    app.get("/")(lambda: '<!doctype html><script type="module" src="/assets/a.js"></script>')
    app.add_url_rule("/<path:path>", "page", lambda path: "<!doctype html>")
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    with served(app) as port:
        page.goto(f"http://127.0.0.1:{port}/")
        page.wait_for_timeout(200)
    message = next(text for text in said if "module script" in text)
    on_the_page(message.split(" Strict MIME")[0])


@pytest.fixture
def registry(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let Python find a registry of Windows, in which scripts are texts."""
    monkeypatch.setattr(
        mimetypes,
        "_mimetypes_read_windows_registry",
        lambda add_type: add_type("text/plain", ".js"),
    )
    # There is no /etc/mime.types on Windows.
    monkeypatch.setattr(mimetypes, "knownfiles", [])
    mimetypes.init()
    yield
    monkeypatch.undo()
    mimetypes.init()


@proves(
    "guide/frontend",
    "On Windows, Python reads the types of files from the registry, where another program has "
    "made .js a text.",
    'Set the type when the application starts: mimetypes.add_type("text/javascript", ".js").',
)
@pytest.mark.usefixtures("registry")
def test_a_script_that_is_a_text(page: Page, tmp_path: Path) -> None:
    (tmp_path / "a.js").write_text("document.title = 'ran';")
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))

    def title() -> str:
        app = Flask("shop", static_folder=str(tmp_path), static_url_path="/static")
        app.add_url_rule("/", "home", lambda: '<script type="module" src="/static/a.js"></script>')
        with served(app) as port:
            page.goto(f"http://127.0.0.1:{port}/", wait_until="networkidle")
            return page.title()

    assert title() == ""
    message = next(text for text in said if "module script" in text)
    on_the_page(message.split(" Strict MIME")[0])
    assert "text/plain" in message
    mimetypes.add_type("text/javascript", ".js")
    assert title() == "ran"


@proves(
    "guide/frontend",
    "The event progress of request.upload is about what is sent, the one of request about "
    "what comes back.",
    "When all is sent, the server still has work to do: say so.",
    "With XMLHttpRequest, a script can show how much of a file has been sent:",
)
def test_progress(page: Page, tmp_path: Path) -> None:
    large = tmp_path / "a.bin"
    with large.open("wb") as file:
        file.truncate(30_000_000)
    with served(progress.app) as port:
        page.goto(f"http://127.0.0.1:{port}/")
        page.evaluate(
            "window.seen = []; const bar = document.querySelector('progress');"
            "new MutationObserver(() => seen.push(bar.value)).observe(bar, {attributes: true});"
            "window.said = []; const p = document.getElementById('said');"
            "new MutationObserver(() => window.said.push(p.textContent))"
            ".observe(p, {childList: true});"
        )
        # At once, there would be nothing to show.
        line = {"offline": False, "latency": 0, "downloadThroughput": -1}
        page.context.new_cdp_session(page).send(
            "Network.emulateNetworkConditions", {**line, "uploadThroughput": 30_000_000}
        )
        page.set_input_files("input", large)
        page.wait_for_selector("text=Stored.")
        seen = page.evaluate("seen")
        assert seen == sorted(seen)
        assert len(set(seen)) > 2
        assert seen[-1] == 1
        assert page.evaluate("window.said") == ["Sent, the server is working.", "Stored."]


@proves(
    "guide/frontend",
    "The script looks at the size before, because a browser that is still sending may get "
    "no response.",
)
def test_too_large_a_file_is_not_sent(page: Page, tmp_path: Path) -> None:
    large = tmp_path / "large.bin"
    with large.open("wb") as file:
        file.truncate(progress.LIMIT + 1)
    with served(progress.app) as port:
        page.goto(f"http://127.0.0.1:{port}/")
        posted: list[str] = []
        page.on("request", lambda sent: posted.append(sent.method))
        page.set_input_files("input", large)
        page.wait_for_selector("text=The file is too large.")
        assert "POST" not in posted


@proves(
    "guide/caching",
    "Without Cache-Control, a browser may keep a response for as long as it thinks right.",
)
def test_a_browser_keeps_what_says_nothing(page: Page) -> None:
    app = Flask("silent")

    @app.get("/<name>")
    def silent(name: str) -> Response:
        response = make_response(name)
        # Long unchanged, so probably for some time to come.
        response.last_modified = datetime(2020, 1, 1, tzinfo=UTC)
        if name == "no-store":
            response.cache_control.no_store = True
        return response

    found = heard(app)
    with served(app) as port:
        page.goto(f"http://127.0.0.1:{port}/page")
        for name in ("kept", "no-store"):
            for _ in range(3):
                page.evaluate("path => fetch(path).then(answer => answer.text())", f"/{name}")
    asked = [path for _, path, _ in found]
    assert (asked.count("/kept"), asked.count("/no-store")) == (1, 3)
