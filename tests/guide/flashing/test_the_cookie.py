"""The cookie: docs/guide/flashing.md."""

from __future__ import annotations

import hashlib
import re
import threading
import warnings
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, Response, flash, redirect, request, session
from werkzeug.serving import make_server

from proven.claims.proofs import proves
from snippets.flashing import too_large
from snippets.sessions.filesystem import FileSystemSessionInterface
from tests import needs
from tests.guide.flashing.common import TEXT, get, han, new_app


@proves(
    "guide/flashing",
    "Flask still sends the response with the whole cookie.",
    "Flask's test client accepts a cookie of any size, so a test can pass where a browser fails.",
)
def test_a_cookie_over_the_limit_is_sent_with_the_warning_on_the_page() -> None:
    codes = "\n".join(hashlib.sha1(str(n).encode()).hexdigest() for n in range(200))
    client = too_large.app.test_client()
    with pytest.warns(UserWarning, match="cookie is too large") as caught:
        answer = client.post("/import", data={"lines": codes})
    [warning] = caught
    said = str(warning.message)
    [quoted] = re.findall(r"^UserWarning: (The 'session' cookie .*)$", TEXT, re.MULTILINE)
    assert re.sub(r"\d+", "N", said) == re.sub(r"\d+", "N", quoted)
    for numbers in (re.findall(r"\d+", said), re.findall(r"\d+", quoted)):
        value, extra, size, limit = map(int, numbers)
        assert (value + extra, extra, limit) == (size, 26, 4093)
    # the test client keeps it
    assert answer.status_code == 302
    assert get(client, "/").count("Not a date: ") == 200


def test_a_summary_fits() -> None:
    client = too_large.app.test_client()
    client.post("/summary", data={"lines": "\n".join(["2026-13-01", *["2026-02-30"] * 99])})
    assert get(client, "/") == "100 lines are not dates. The first is: 2026-13-01"


@proves(
    "guide/flashing",
    "Flask compresses a large session.",
    "Even so, about a thousand Chinese characters are the limit: 1000 random ones fit, "
    "1200 do not.",
)
def test_a_thousand_han_characters_fit_and_1200_do_not() -> None:
    client = new_app().test_client()
    header = client.get(f"/flash/{han(1000)}").headers["Set-Cookie"]
    assert len(header) <= 4093
    # a dot in front: it is compressed
    assert header.startswith("session=.")
    with pytest.warns(UserWarning, match="cookie is too large"):
        new_app().test_client().get(f"/flash/{han(1200)}")


@proves(
    "guide/flashing",
    "If the Set-Cookie value, with all its attributes, is longer than MAX_COOKIE_SIZE, "
    "4093 bytes by default, Werkzeug warns:",
)
def test_the_size_is_that_of_the_whole_header() -> None:
    app = new_app()
    assert app.config["MAX_COOKIE_SIZE"] == 4093
    size = len(app.test_client().get("/flash/one").headers["Set-Cookie"])
    app.config["MAX_COOKIE_SIZE"] = size
    app.test_client().get("/flash/one")
    app.config["MAX_COOKIE_SIZE"] = size - 1
    with pytest.warns(UserWarning, match=f"The final size was {size} bytes"):
        app.test_client().get("/flash/one")


@proves(
    "guide/flashing",
    "MAX_COOKIE_SIZE = 0 turns off the warning, but the browser still ignores the cookie.",
)
def test_the_limit_is_a_setting_and_0_is_none() -> None:
    assert Flask("default").config["MAX_COOKIE_SIZE"] == 4093
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        client = new_app(MAX_COOKIE_SIZE=0).test_client()
        size = len(client.get(f"/flash/{han(2000)}").headers["Set-Cookie"])
    assert size > 4096


@proves(
    "guide/flashing", "A session interface that keeps the data on the server has no such limit."
)
def test_a_session_on_the_server_has_no_such_limit(tmp_path: Path) -> None:
    app = new_app()
    app.session_interface = FileSystemSessionInterface(tmp_path)
    client = app.test_client()
    text = han(2000)
    assert len(client.get(f"/flash/{text}").headers["Set-Cookie"]) < 400
    assert get(client, "/show") == f"[{text}]"


@proves(
    "guide/session-cookie",
    "A cookie has room for about 4 KB.",
    "Chromium ignores a cookie whose name and value are longer than 4096 bytes together, "
    "and with it every change that the request made to the session: The size of the "
    "cookie.",
)
@proves(
    "guide/flashing",
    "The limit of Chromium is slightly different: it ignores a cookie whose name and "
    "value are longer than 4096 bytes together, and does not count the attributes.",
)
def test_chromium_counts_name_and_value_and_no_attributes() -> None:
    """4096 bytes of name and value are kept, 4097 are dropped, however long the whole header is."""
    needs.browser()
    app = Flask("sizes", static_folder=None)

    @app.get("/set/<int:size>")
    def set_cookie(size: int) -> Response:
        response = Response("set")
        name = f"n{size}"
        response.headers["Set-Cookie"] = (
            f"{name}={'v' * (size - len(name))}; Path=/; HttpOnly; SameSite=Lax; Max-Age=3600"
        )
        return response

    @app.get("/names")
    def names() -> str:
        return ",".join(f"{name}:{len(name + value)}" for name, value in request.cookies.items())

    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        with needs.chromium() as browser:
            page = browser.new_page()
            for size in (4093, 4096, 4097):
                page.goto(f"http://127.0.0.1:{server.port}/set/{size}")
            page.goto(f"http://127.0.0.1:{server.port}/names")
            assert page.inner_text("body") == "n4093:4093,n4096:4096"
            browser.close()
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@proves(
    "guide/sessions",
    "The cookie was too large, and the browser ignored it | Store less, or keep the "
    "session on the server.",
    "The cookie belongs to another host: 127.0.0.1 and localhost are different hosts | "
    "Always use the same host.",
)
@proves(
    "guide/session-cookie",
    "The browser ignores the new cookie, so every change that the request made to the "
    "session is lost.",
)
@proves(
    "guide/flashing",
    "Then a reload does not send the form again, and the message waits for the next request.",
    "The session cookie is too large | Flash less.",
    "The redirect leads to another host, such as from 127.0.0.1 to localhost | Stay on "
    "one host, because a cookie belongs to one host.",
    "SESSION_COOKIE_SECURE is True, but the page is not served over HTTPS | Use HTTPS. "
    "Chromium makes an exception for 127.0.0.1 and localhost, so the fault shows only on "
    "another host.",
    "The response goes to a script. fetch follows a redirect automatically.",
    "The script receives the page with the message, and the user never sees it.",
    "It then keeps the old cookie.",
    "So the new messages are lost, and every other change that the request made to the "
    "session, while older messages are still there.",
)
def test_chromium_drops_what_the_page_says_it_drops() -> None:
    needs.browser()
    app = new_app(MAX_COOKIE_SIZE=0)
    app.config["SENT"] = []

    @app.get("/big")
    def big() -> Response:
        session["changed"] = True
        flash(han(2000))
        return Response("big")

    @app.get("/changed")
    def changed() -> str:
        return str(session.get("changed"))

    @app.get("/elsewhere/<host>")
    def elsewhere(host: str) -> Any:
        flash("elsewhere")
        return redirect(f"http://{host}:{request.host.rsplit(':', 1)[1]}/show")

    @app.get("/form")
    def ask() -> str:
        return '<form method="post" action="/sent"><button>Send</button></form>'

    @app.post("/sent")
    def take() -> Any:
        app.config["SENT"].append("sent")
        flash("sent")
        return redirect("/show")

    @app.get("/post")
    def post() -> Any:
        flash("fetched")
        return redirect("/show")

    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        with needs.chromium("--host-resolver-rules=MAP *.test 127.0.0.1") as browser:
            page = browser.new_page()
            one, numbers, name = (
                f"http://{host}:{server.port}" for host in ("one.test", "127.0.0.1", "localhost")
            )

            def see(url: str) -> str:
                page.goto(url)
                return page.inner_text("body")

            # too large: the new message is lost, and the old session is still there
            see(f"{one}/flash/small")
            see(f"{one}/big")
            assert see(f"{one}/changed") == "None"
            assert see(f"{one}/show") == "[small]"
            assert see(f"{one}/show") == ""
            # another host: the message waits on the first one
            assert see(f"{numbers}/elsewhere/localhost") == ""
            assert page.url == f"{name}/show"
            assert see(f"{numbers}/show") == "[elsewhere]"
            # a reload after the redirect does not send the form again
            see(f"{one}/form")
            page.click("button")
            page.wait_for_url(f"{one}/show")
            assert page.inner_text("body") == "[sent]"
            page.reload()
            assert (page.inner_text("body"), app.config["SENT"]) == ("", ["sent"])
            # a script that follows the redirect has the message
            see(f"{one}/form")
            fetched = page.evaluate("fetch('/post').then(answer => answer.text())")
            assert fetched == "[fetched]"
            assert see(f"{one}/show") == ""
            # Secure without HTTPS, and the exception for one's own machine
            app.config["SESSION_COOKIE_SECURE"] = True
            see(f"{one}/flash/secure")
            assert see(f"{one}/show") == ""
            for own in (numbers, name):
                see(f"{own}/flash/secure")
                assert see(f"{own}/show") == "[secure]"
            app.config["SESSION_COOKIE_SECURE"] = False
            see(f"{one}/flash/plain")
            assert see(f"{one}/show") == "[plain]"
            browser.close()
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
