"""Every claim of the page on flashing, proved."""

import base64
import hashlib
import json
import random
import re
import shutil
import threading
import warnings
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import (
    Flask,
    Response,
    flash,
    get_flashed_messages,
    message_flashed,
    redirect,
    render_template_string,
    request,
    session,
    stream_with_context,
)
from flask.testing import FlaskClient
from jinja2 import DictLoader
from markupsafe import Markup
from playwright.sync_api import sync_playwright
from werkzeug.serving import make_server

from snippets.flashing import (
    categories,
    form,
    notes_example,
    smallest,
    streamed,
    taken,
    too_large,
    without_template,
)
from snippets.sessions.filesystem import FileSystemSessionInterface

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs/guide/flashing.md").read_text(encoding="utf-8")
# wherever its lines end
SAID = " ".join(TEXT.split())
LOOP = "{% for message in get_flashed_messages() %}[{{ message }}]{% endfor %}"
NO_KEY = (
    "The session is unavailable because no secret key was set.  "
    "Set the secret_key on the application to something unique and secret."
)


def new_app(**config: Any) -> Flask:
    """Return an application that flashes what it is told and shows it."""
    app = Flask("flashing-test", static_folder=None)
    app.config.update(TESTING=True, SECRET_KEY="test", **config)

    @app.route("/flash/<text>")
    def leave(text: str) -> str:
        flash(text)
        return "left"

    @app.route("/show")
    def show() -> str:
        return render_template_string(LOOP)

    return app


def get(client: FlaskClient, path: str) -> str:
    return client.get(path).text


def han(count: int) -> str:
    """Return Han characters in an order that repeats nothing."""
    chosen = random.Random(count)
    return "".join(chr(chosen.randrange(0x4E00, 0x9FA5)) for _ in range(count))


# The smallest application


def test_a_message_goes_with_the_cookie_and_the_cookie_goes_with_the_message() -> None:
    client = smallest.app.test_client()
    first = client.post("/notes", data={"text": "bread"})
    assert (first.status_code, first.location) == (302, "/")
    assert first.headers["Set-Cookie"].startswith("session=ey")
    second = client.get("/")
    assert second.text.split() == ["<p>Saved:", "bread</p>"]
    assert second.headers["Set-Cookie"].startswith("session=; Expires=Thu, 01 Jan 1970")
    third = client.get("/")
    assert third.text.split() == ["<p>Nothing", "new.</p>"]
    assert "Set-Cookie" not in third.headers


def test_the_cookie_stays_if_something_else_is_in_the_session() -> None:
    client = new_app().test_client()
    with client.session_transaction() as kept:
        kept["user"] = "ada"
    get(client, "/flash/one")
    assert get(client, "/show") == "[one]"
    with client.session_transaction() as kept:
        assert dict(kept) == {"user": "ada"}


# Across a redirect


def test_an_error_is_shown_at_once_and_a_success_after_the_redirect() -> None:
    client = form.app.test_client()
    refused = client.post("/", data={"text": ""})
    assert refused.status_code == 422
    assert '<p class="error">A note needs a text.</p>' in refused.text
    assert "<p" not in get(client, "/")
    assert client.post("/", data={"text": "bread"}).status_code == 302
    assert '<p class="message">Saved.</p>' in get(client, "/")
    assert "<p" not in get(client, "/")


def test_an_imported_macro_can_ask_for_messages() -> None:
    app = new_app()
    macro = "{% macro messages() %}" + LOOP + "{% endmacro %}"
    app.jinja_loader = DictLoader({"macros.html": macro})
    app.add_url_rule(
        "/",
        "index",
        lambda: render_template_string('{% from "macros.html" import messages %}{{ messages() }}'),
    )
    client = app.test_client()
    get(client, "/flash/one")
    assert get(client, "/") == "[one]"


def test_a_message_waits_through_redirects() -> None:
    app = new_app()
    app.add_url_rule("/one", "one", lambda: (flash("one"), redirect("/two"))[1])
    app.add_url_rule("/two", "two", lambda: (flash("two"), redirect("/show"))[1])
    answer = app.test_client().get("/one", follow_redirects=True)
    assert len(answer.history) == 2
    assert answer.text == "[one][two]"


# Categories


def test_messages_come_with_categories_in_the_order_of_flashing() -> None:
    client = categories.app.test_client()
    client.post("/import")
    assert re.findall(r'class="(\w+)">([^<]+)', get(client, "/")) == [
        ("message", "Three notes imported."),
        ("warning", "The disk is almost full."),
        ("error", "Line 4 is empty."),
    ]


def test_a_filter_chooses_and_does_not_order() -> None:
    client = categories.app.test_client()
    client.post("/import")
    assert re.findall(r'role="(\w+)">([^<]+)', get(client, "/picked")) == [
        ("alert", "The disk is almost full."),
        ("alert", "Line 4 is empty."),
        ("status", "Three notes imported."),
    ]


def test_any_string_is_a_category_and_pairs_are_turned_round() -> None:
    with new_app().test_request_context():
        flash("text", "自定义")
        flash("plain")
        assert get_flashed_messages(with_categories=True) == [
            ("自定义", "text"),
            ("message", "plain"),
        ]


def test_the_first_call_takes_all_messages_whatever_its_filter() -> None:
    app = categories.app
    with app.test_client() as client:
        client.post("/import")
        assert get_flashed_messages(category_filter=["error"]) == ["Line 4 is empty."]
        assert dict(session) == {}
        assert get_flashed_messages(category_filter=["warning"]) == ["The disk is almost full."]
        assert len(get_flashed_messages()) == 3


def test_a_message_that_no_call_asks_for_is_lost() -> None:
    app = new_app()
    app.add_url_rule("/none", "none", lambda: get_flashed_messages(category_filter=["x"]))
    client = app.test_client()
    get(client, "/flash/one")
    assert client.get("/none").json == []
    assert get(client, "/show") == ""


# What a message may be


def test_text_is_escaped_and_markup_survives_the_cookie() -> None:
    app = new_app()

    @app.get("/")
    def index() -> str:
        flash("<b>")
        flash(Markup("<b>{}</b>").format("<i>"))
        return ""

    client = app.test_client()
    get(client, "/")
    assert get(client, "/show") == "[&lt;b&gt;][<b>&lt;i&gt;</b>]"


def test_what_json_can_hold_is_a_message() -> None:
    app = new_app()
    sent: list[Any] = ["text", 1, [1, 2], {"a": "b"}]

    @app.get("/")
    def index() -> str:
        for value in sent:
            flash(value)
        return ""

    with app.test_client() as client:
        client.get("/")
        client.get("/show")
        assert get_flashed_messages() == sent


def test_the_user_can_read_a_message_and_cannot_change_it() -> None:
    app = new_app()
    client = app.test_client()
    get(client, "/flash/secret")
    cookie = client.get_cookie("session")
    assert cookie is not None
    payload = cookie.value.lstrip(".").split(".")[0]
    data = base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4))
    plain = zlib.decompress(data) if cookie.value.startswith(".") else data
    assert json.loads(plain) == {"_flashes": [{" t": ["message", "secret"]}]}
    forged = base64.urlsafe_b64encode(plain.replace(b"secret", b"forged")).decode().rstrip("=")
    client.set_cookie("session", forged + "." + cookie.value.lstrip(".").split(".", 1)[1])
    assert get(client, "/show") == ""
    client.set_cookie("session", cookie.value)
    assert get(client, "/show") == "[secret]"


# Without a template


def test_a_script_gets_messages_as_json_once() -> None:
    client = without_template.app.test_client()
    assert client.post("/jobs").status_code == 202
    assert client.get("/messages").json == [{"category": "info", "text": "The job has begun."}]
    assert client.get("/messages").json == []


def test_whoever_asks_first_gets_the_messages() -> None:
    app = new_app()
    app.add_url_rule("/script", "script", lambda: get_flashed_messages())
    client = app.test_client()
    get(client, "/flash/one")
    assert client.get("/script").json == ["one"]
    assert get(client, "/show") == ""


# Why a message vanishes


def test_an_error_page_that_nobody_sees_takes_the_messages() -> None:
    client = taken.app.test_client()
    client.post("/login")
    lost = client.get("/favicon.ico")
    assert (lost.status_code, "Welcome back." in lost.text) == (404, True)
    assert get(client, "/") == "<p></p>"
    client.post("/login")
    assert get(client, "/images/logo.png") == "Not found"
    assert get(client, "/") == "<p>Welcome back.</p>"


def test_a_template_that_fails_has_taken_the_messages() -> None:
    app = new_app(PROPAGATE_EXCEPTIONS=False)
    app.add_url_rule("/bad", "bad", lambda: render_template_string(LOOP + "{{ 1 / 0 }}"))
    client = app.test_client()
    get(client, "/flash/one")
    assert client.get("/bad").status_code == 500
    assert get(client, "/show") == ""


@pytest.mark.parametrize(("flash_first", "shown"), [(True, ""), (False, "[Bye]")])
def test_clearing_the_session_clears_the_messages(flash_first: bool, shown: str) -> None:
    app = new_app()

    @app.get("/logout")
    def logout() -> str:
        steps: list[Callable[[], None]] = [lambda: flash("Bye"), session.clear]
        for step in steps if flash_first else reversed(steps):
            step()
        return ""

    client = app.test_client()
    get(client, "/logout")
    assert get(client, "/show") == shown


def test_another_secret_key_knows_no_message() -> None:
    client = new_app().test_client()
    get(client, "/flash/one")
    cookie = client.get_cookie("session")
    assert cookie is not None
    for key, shown in (("other", ""), ("test", "[one]")):
        app = new_app()
        app.secret_key = key
        other = app.test_client()
        other.set_cookie("session", cookie.value)
        assert get(other, "/show") == shown


def test_flashing_after_the_session_is_saved_is_lost_without_an_error() -> None:
    app = new_app()
    done: list[str] = []

    @app.get("/streamed")
    def body() -> Response:
        def generate() -> Iterator[str]:
            flash("streamed")
            done.append("streamed")
            yield "body"

        return Response(stream_with_context(generate()))

    @app.teardown_request
    def teardown(error: BaseException | None) -> None:
        if request.path == "/streamed":
            flash("teardown")
            done.append("teardown")

    client = app.test_client()
    assert get(client, "/streamed") == "body"
    assert sorted(set(done)) == ["streamed", "teardown"]
    assert get(client, "/show") == ""


def test_after_request_may_still_flash() -> None:
    app = new_app()

    @app.after_request
    def late(response: Response) -> Response:
        if request.path == "/flash/one":
            flash("after")
        return response

    client = app.test_client()
    get(client, "/flash/one")
    assert get(client, "/show") == "[one][after]"


def test_of_two_requests_at_once_the_later_answer_wins() -> None:
    app = new_app()
    app.add_url_rule("/visit", "visit", lambda: session.setdefault("visited", "yes"))
    client = app.test_client()
    # sent before the message, answered after it
    empty = app.test_client().get("/visit").headers["Set-Cookie"].split(";")[0].split("=", 1)[1]
    get(client, "/flash/one")
    client.set_cookie("session", empty)
    assert get(client, "/show") == ""
    # sent before the message was shown, answered after it
    get(client, "/flash/two")
    before = client.get_cookie("session")
    assert before is not None
    assert get(client, "/show") == "[two]"
    second = app.test_client()
    second.set_cookie("session", before.value)
    with second.session_transaction() as changed:
        changed["changed"] = True
    after = second.get_cookie("session")
    assert after is not None
    client.set_cookie("session", after.value)
    assert get(client, "/show") == "[two]"


# Twice


def test_each_call_in_a_request_returns_the_same() -> None:
    app = new_app()
    app.add_url_rule("/both", "both", lambda: render_template_string(LOOP + LOOP))
    client = app.test_client()
    get(client, "/flash/one")
    assert get(client, "/both") == "[one][one]"


def test_nothing_removes_duplicates() -> None:
    client = new_app().test_client()
    get(client, "/flash/one")
    get(client, "/flash/one")
    assert get(client, "/show") == "[one][one]"


def test_a_streamed_template_cannot_remove_its_messages() -> None:
    client = streamed.app.test_client()
    assert client.post("/notes").status_code == 204
    shown = [get(client, path) for path in ("/again", "/again", "/once", "/once")]
    assert shown == ["<p>Saved.</p>", "<p>Saved.</p>", "<p>Saved.</p>", "<p></p>"]


# Late or never


def test_a_message_after_the_first_call_waits_for_the_next_request() -> None:
    app = new_app()

    @app.get("/late")
    def late() -> str:
        page = render_template_string(LOOP)
        flash("late")
        return page + render_template_string(LOOP)

    client = app.test_client()
    assert get(client, "/late") == ""
    assert get(client, "/show") == "[late]"


def test_messages_pile_up_until_a_page_asks() -> None:
    client = new_app().test_client()
    sizes = [
        len(client.get(f"/flash/{text * 50}-{han(9)}").headers["Set-Cookie"]) for text in "abc"
    ]
    assert sizes == sorted(set(sizes))
    assert get(client, "/show").count("[") == 3


# The cookie


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
    client.post("/summary", data={"lines": "\n".join(["2026-13-01"] * 100)})
    assert get(client, "/") == "100 lines are not dates. The first is: 2026-13-01"


def test_a_thousand_han_characters_fit_and_1200_do_not() -> None:
    client = new_app().test_client()
    assert len(client.get(f"/flash/{han(1000)}").headers["Set-Cookie"]) <= 4093
    with pytest.warns(UserWarning, match="cookie is too large"):
        new_app().test_client().get(f"/flash/{han(1200)}")


def test_the_size_is_that_of_the_whole_header() -> None:
    app = new_app()
    size = len(app.test_client().get("/flash/one").headers["Set-Cookie"])
    app.config["MAX_COOKIE_SIZE"] = size
    app.test_client().get("/flash/one")
    app.config["MAX_COOKIE_SIZE"] = size - 1
    with pytest.warns(UserWarning, match=f"The final size was {size} bytes"):
        app.test_client().get("/flash/one")


def test_the_limit_is_a_setting_and_0_is_none() -> None:
    assert Flask("default").config["MAX_COOKIE_SIZE"] == 4093
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        client = new_app(MAX_COOKIE_SIZE=0).test_client()
        size = len(client.get(f"/flash/{han(2000)}").headers["Set-Cookie"])
    assert size > 4096


def test_a_session_on_the_server_has_no_such_limit(tmp_path: Path) -> None:
    app = new_app()
    app.session_interface = FileSystemSessionInterface(tmp_path)
    client = app.test_client()
    text = han(2000)
    assert len(client.get(f"/flash/{text}").headers["Set-Cookie"]) < 400
    assert get(client, "/show") == f"[{text}]"


def test_chromium_drops_what_the_page_says_it_drops() -> None:
    executable = shutil.which("chromium")
    if executable is None:
        pytest.skip("Chromium is not installed: sudo apt-get install chromium")
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

    flags = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"]
    flags += ["--disable-background-networking", "--disable-component-update", "--disable-sync"]
    flags += ["--host-resolver-rules=MAP *.test 127.0.0.1"]
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=executable, args=flags)
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


# Testing and inside


def test_the_client_can_follow_or_ask_and_asking_leaves_the_cookie() -> None:
    client = smallest.app.test_client()
    answer = client.post("/notes", data={"text": "bread"}, follow_redirects=True)
    assert "Saved: bread" in answer.text
    with smallest.app.test_client() as client:
        client.post("/notes", data={"text": "bread"})
        assert get_flashed_messages(with_categories=True) == [("message", "Saved: bread")]
    assert "Saved: bread" in get(client, "/")


def test_flash_appends_to_one_key_assigns_it_and_sends_a_signal() -> None:
    app = new_app()
    sent: list[tuple[str, str]] = []

    def keep(sender: Flask, message: str, category: str, **extra: Any) -> None:
        sent.append((category, message))

    with app.test_request_context(), message_flashed.connected_to(keep, app):
        flash("one")
        session.modified = False
        flash("two", "error")
        assert session.modified is True
        assert dict(session) == {"_flashes": [("message", "one"), ("error", "two")]}
    assert sent == [("message", "one"), ("error", "two")]


# Pitfalls


@pytest.mark.parametrize("key", [None, ""])
def test_without_a_key_flash_raises_and_asking_does_not(key: str | None) -> None:
    app = new_app()
    app.secret_key = key
    with pytest.raises(RuntimeError) as caught:
        app.test_client().get("/flash/one")
    assert str(caught.value) == NO_KEY
    assert f"RuntimeError: {NO_KEY}" in TEXT
    assert get(app.test_client(), "/show") == ""


def test_an_exception_is_no_message_and_fails_after_the_view() -> None:
    app = new_app()
    returned: list[str] = []

    @app.get("/error")
    def error() -> str:
        flash(ValueError("no"))  # type: ignore[arg-type]
        returned.append("view")
        return ""

    with pytest.raises(TypeError) as caught:
        app.test_client().get("/error")
    assert returned == ["view"]
    assert f"`TypeError: {caught.value}`" in SAID


def test_unpacking_messages_without_categories() -> None:
    app = new_app()
    loop = "{% for category, message in get_flashed_messages() %}{% endfor %}"
    app.add_url_rule("/pairs", "pairs", lambda: render_template_string(loop))
    client = app.test_client()
    get(client, "/flash/Saved.")
    with pytest.raises(ValueError, match=r"too many values to unpack") as caught:
        client.get("/pairs")
    # newer Pythons also say how many there are
    said = re.sub(r", got \d+", "", str(caught.value))
    assert f"`ValueError: {said}`" in SAID


def test_a_filter_that_is_a_string_is_searched() -> None:
    with new_app().test_request_context():
        flash("one", "err")
        flash("two", "error")
        assert get_flashed_messages(category_filter="error") == ["one", "two"]
        assert get_flashed_messages(category_filter=["error"]) == ["two"]


def test_flash_needs_a_request() -> None:
    found: list[str] = []

    def work() -> None:
        with pytest.raises(RuntimeError) as caught:
            flash("one")
        found.append(str(caught.value).splitlines()[0])

    with new_app().test_request_context():
        thread = threading.Thread(target=work)
        thread.start()
        thread.join()
    with new_app().app_context():
        work()
    assert found == ["Working outside of request context."] * 2
    assert f"`RuntimeError: {found[0]}`" in SAID


# The notes


def test_the_notes_example_works_once_it_has_a_key() -> None:
    client = notes_example.app.test_client()
    paths = ("/error", "/index", "/error", "/error", "/index?v=ZJL", "/error")
    nothing, found = "错误信息：...", "错误信息：超时错误"
    expected = [nothing, "Hello", found, nothing, "Hello world", nothing]
    assert [get(client, path) for path in paths] == expected


def test_the_notes_show_one_message_and_lose_the_others() -> None:
    client = notes_example.app.test_client()
    get(client, "/index")
    get(client, "/index")
    with client.session_transaction() as kept:
        kept["_flashes"] = [*kept["_flashes"], ("other", "lost")]
        assert len(kept["_flashes"]) == 3
    assert get(client, "/error") == "错误信息：超时错误"
    with client.session_transaction() as kept:
        assert dict(kept) == {}


def test_the_notes_without_a_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(notes_example.app, "secret_key", None)
    monkeypatch.setattr(notes_example.app, "testing", True)
    client = notes_example.app.test_client()
    assert get(client, "/error") == "错误信息：..."
    with pytest.raises(RuntimeError, match="no secret key was set"):
        client.get("/index")
    monkeypatch.setattr(notes_example.app, "testing", False)
    assert client.get("/index").status_code == 500


def test_nothing_escapes_the_notes_text() -> None:
    client = notes_example.app.test_client()
    with client.session_transaction() as kept:
        kept["_flashes"] = [("x1", "<b>")]
    answer = client.get("/error")
    assert (answer.mimetype, answer.text) == ("text/html", "错误信息：<b>")
