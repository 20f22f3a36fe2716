"""What the page says about clients, asked of a real browser: docs/guide/requests.md."""

from __future__ import annotations

import io
import json
from typing import Any
from urllib.parse import quote

import pytest
from flask import Flask, Response, make_response, redirect, request, send_file
from playwright.sync_api import Page

from proven.claims.proofs import proves
from tests import needs
from tests.guide.requests.common import LOCAL, new_app
from tests.servers import served

BROWSER_PAGE = """<!doctype html>
<form id=with action=/form method=post enctype=multipart/form-data>
  <input type=file name=file><input type=checkbox name=box><input id=x value=1></form>
<form id=without action=/form method=post><input type=file name=file></form>"""


def browser_app() -> Flask:
    app = new_app(testing=False, HITS=[])

    @app.get("/page")
    def page() -> Response:
        response = make_response(BROWSER_PAGE)
        response.set_cookie("octal", "早")
        response.set_cookie("quoted", quote("早"))
        response.set_cookie("hidden", "x", httponly=True)
        response.set_cookie("cross", "x", samesite="None")
        response.set_cookie("kept", "x", path="/page")
        response.set_cookie("gone", "x", path="/page")
        return response

    @app.get("/forget")
    def forget() -> Response:
        response = make_response("")
        response.delete_cookie("kept")
        response.delete_cookie("gone", path="/page")
        return response

    @app.post("/form")
    def form() -> dict[str, Any]:
        return {
            "type": request.mimetype,
            "form": request.form.to_dict(),
            "files": [[file.filename, file.content_type] for file in request.files.values()],
        }

    @app.post("/json")
    def json_view() -> Any:
        return {"got": request.get_json()}

    @app.get("/moved/<int:status>")
    def moved(status: int) -> Any:
        app.config["HITS"].append(status)
        return redirect("/page", status)

    @app.get("/file")
    def file() -> Response:
        return send_file(
            io.BytesIO(b"x"), "image/png", as_attachment=True, download_name="头像.png"
        )

    return app


@pytest.fixture(scope="module")
def in_a_browser() -> dict[str, Any]:
    """Return what Chromium made of a page of ours; it is closed again before the next test runs."""
    app = browser_app()
    with served(app) as port, needs.chromium() as browser:
        try:
            page = browser.new_page(base_url=f"http://127.0.0.1:{port}")
            page.goto("/page")
            return look(page) | {"hits": app.config["HITS"]}
        finally:
            browser.close()


def look(page: Page) -> dict[str, Any]:
    found: dict[str, Any] = page.evaluate(
        """async ([foreign, local]) => {
          const post = (url, options) => fetch(url, {method: "POST", ...options})
            .then(async answer => [answer.status, await answer.json().catch(() => null)])
          const body = JSON.stringify({text: "早"})
          const files = new FormData()
          files.append("file", new File(["x"], "头像.png", {type: "image/png"}))
          const forms = id => post("/form", {body: id == "with"
            ? new FormData(document.getElementById(id))
            : new URLSearchParams(new FormData(document.getElementById(id)))})
          const host = target => new URL(target, location.href).host
          const found = {
            cookies: document.cookie,
            unsaid: await post("/json", {body}),
            said: await post("/json", {body, headers: {"Content-Type": "application/json"}}),
            files: await post("/form", {body: files}),
            byHand: await post("/form", {
              body: files, headers: {"Content-Type": "multipart/form-data"}}),
            untouched: await forms("with"),
            own: location.host,
            foreign: foreign.map(host),
            local: local.map(host),
          }
          for (const status of [301, 302, 308, 301, 302, 308]) await fetch("/moved/" + status)
          found.decoded = decodeURIComponent(/quoted=([^;]*)/.exec(document.cookie)[1])
          await fetch("/forget")
          found.after = document.cookie
          return found
        }""",
        [["//evil.example", "/\\evil.example", "/\t/evil.example"], LOCAL],
    )
    png = {"name": "头像.png", "mimeType": "image/png", "buffer": b"x"}
    for form in ("with", "without"):
        page.goto("/page")
        page.set_input_files(f"#{form} input[type=file]", png)
        with page.expect_navigation():
            page.evaluate("id => document.getElementById(id).submit()", form)
        found[form] = json.loads(page.inner_text("body"))
    page.goto("/page")
    with page.expect_download() as download:
        page.evaluate("location.href = '/file'")
    found["download"] = download.value.suggested_filename
    return found


@proves(
    "guide/requests",
    "The client sent JSON without the content type of JSON.",
    'In a browser, set it with fetch(url, {method: "POST", headers: {"Content-Type": '
    '"application/json"}, body: JSON.stringify(note)}), with curl by -H "Content-Type: '
    'application/json", in the test client by client.post(url, json=note).',
)
@pytest.mark.browser
def test_fetch_has_to_say_that_it_sends_json(in_a_browser: dict[str, Any]) -> None:
    assert in_a_browser["unsaid"][0] == 415
    assert in_a_browser["said"] == [200, {"got": {"text": "早"}}]


@proves(
    "guide/uploads",
    "Another cause is a script that sets Content-Type: multipart/form-data itself.",
    "That header lacks the boundary, and form and files are empty without an error.",
    "Pass a FormData to fetch and do not set the header; fetch sets it.",
)
@pytest.mark.browser
def test_form_data_sets_the_boundary_itself(in_a_browser: dict[str, Any]) -> None:
    sent = {"type": "multipart/form-data", "form": {}, "files": [["头像.png", "image/png"]]}
    assert in_a_browser["files"] == [200, sent]
    assert in_a_browser["byHand"] == [200, sent | {"files": []}]


@proves(
    "guide/uploads",
    "A browser sends files in the body of a form.",
    'A browser sends files only from a form with method="post" and enctype="multipart/form-data".',
    'The form lacks enctype="multipart/form-data".',
)
@pytest.mark.browser
def test_a_browser_sends_files_only_with_the_enctype(in_a_browser: dict[str, Any]) -> None:
    sent = {"type": "multipart/form-data", "form": {}, "files": [["头像.png", "image/png"]]}
    assert in_a_browser["with"] == sent
    assert in_a_browser["without"] == {
        "type": "application/x-www-form-urlencoded",
        "form": {"file": "头像.png"},
        "files": [],
    }


@proves(
    "guide/uploads",
    "If the user has chosen no file, the browser sends one without a name, as in the "
    "second request above.",
)
@proves(
    "guide/requests",
    "For a checkbox that is not ticked, a browser sends nothing.",
    "Compare the name with the attribute name of the <input>; browsers do not send the id.",
)
@pytest.mark.browser
def test_what_is_not_filled_in(in_a_browser: dict[str, Any]) -> None:
    # no file chosen: one without a name; the box not ticked, and an input with an id only: nothing
    assert in_a_browser["untouched"] == [
        200,
        {"type": "multipart/form-data", "form": {}, "files": [["", "application/octet-stream"]]},
    ]


@proves("guide/uploads", "The browser then suggests 头像.png.")
@proves(
    "guide/sending-files",
    "download_name is the file name that the browser suggests.",
    "A Chinese name is sent as filename*=UTF-8''…, which browsers support.",
)
@pytest.mark.browser
def test_a_browser_offers_the_chinese_name(in_a_browser: dict[str, Any]) -> None:
    assert in_a_browser["download"] == "头像.png"


@proves(
    "guide/responses",
    'Checking next.startswith("/") is not enough: for a browser, //evil.example and '
    "/\\evil.example are other hosts.",
)
@pytest.mark.browser
def test_which_targets_are_other_hosts_for_a_browser(in_a_browser: dict[str, Any]) -> None:
    assert in_a_browser["foreign"] == ["evil.example"] * 3
    assert in_a_browser["local"] == [in_a_browser["own"]] * len(LOCAL)


@proves(
    "guide/responses",
    "httponly | JavaScript cannot read the cookie | False",
    "Otherwise the cookie stays, and you get no error.",
    "Flask decodes them, JavaScript does not.",
    'The string "None" is not None, and browsers accept it only together with secure=True.',
    "If a script reads the cookie, encode the value with urllib.parse.quote() and decode "
    "it with decodeURIComponent.",
)
@pytest.mark.browser
def test_what_a_browser_makes_of_cookies(in_a_browser: dict[str, Any]) -> None:
    kept = dict(part.split("=", 1) for part in in_a_browser["cookies"].split("; "))
    assert kept == {
        "octal": r'"\346\227\251"',
        "quoted": quote("早"),
        "kept": "x",
        "gone": "x",
        # `hidden` is HttpOnly, `cross` is SameSite=None without Secure
    }
    after = dict(part.split("=", 1) for part in in_a_browser["after"].split("; "))
    assert kept.keys() - after.keys() == {"gone"}
    assert in_a_browser["decoded"] == "早"


@proves(
    "guide/responses",
    "301, 308 | as for 302 and 307; the browser remembers the redirect | for addresses "
    "that have moved permanently",
)
@pytest.mark.browser
def test_a_browser_remembers_301_and_308(in_a_browser: dict[str, Any]) -> None:
    assert in_a_browser["hits"] == [301, 302, 308, 302]
