"""How long: docs/guide/sessions.md."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from flask import Response, redirect, session

from proven.claims.proofs import proves
from snippets.signed_sessions import browser_cookie, ends, remember
from tests.guide.sessions.common import (
    SAID,
    START,
    attributes,
    content,
    content_of_session,
    cookie,
    new_app,
    put,
    visit,
    with_cookie,
)


@proves(
    "guide/sessions",
    "With session.permanent = True the cookie gets an Expires date and survives until then.",
)
def test_remember_me() -> None:
    client = remember.app.test_client()
    with time_machine.travel(START, tick=False):
        plain = client.post("/login", data={"name": "ada"})
        kept = client.post("/login", data={"name": "ada", "remember": "on"})
        again = client.get("/")
        back = client.post("/login", data={"name": "ada"})
    assert attributes(plain) == attributes(back) == ["HttpOnly", "Path=/"]
    month = "Expires=Sat, 31 Jan 2026 00:00:00 GMT"
    assert attributes(kept) == attributes(again) == [month, "HttpOnly", "Path=/"]


@proves(
    "guide/sessions",
    "At the end of the request, Flask looks at session.modified to decide whether to save "
    "the session.",
)
@pytest.mark.parametrize("refresh", [True, False])
@pytest.mark.parametrize("permanent", [True, False])
@pytest.mark.parametrize("modified", [True, False])
def test_when_the_cookie_is_sent(refresh: bool, permanent: bool, modified: bool) -> None:
    client = new_app(SESSION_REFRESH_EACH_REQUEST=refresh).test_client()
    visit(client, put(user="ada", _permanent=permanent))
    answer = visit(client, put(more=1) if modified else content_of_session)
    sent = "Set-Cookie" in answer.headers
    assert sent is (modified or (permanent and refresh))
    assert ("Expires" in answer.headers.get("Set-Cookie", "")) is (sent and permanent)


def test_even_a_request_that_does_not_look_refreshes_a_permanent_session() -> None:
    client = new_app().test_client()
    visit(client, put(_permanent=True, user="ada"))
    assert "Set-Cookie" in visit(client, lambda: "").headers


@proves(
    "guide/sessions",
    "In the second row every response sets the cookie again, even if its view does not "
    "use the session.",
)
@pytest.mark.parametrize(
    ("path", "status"),
    [("/plain", 200), ("/moved", 302), ("/slash", 308), ("/bad", 500), ("/x", 404)],
)
@pytest.mark.parametrize("permanent", [True, False])
def test_every_kind_of_response_refreshes_a_permanent_session(
    path: str, status: int, permanent: bool
) -> None:
    app = new_app(PROPAGATE_EXCEPTIONS=False)
    app.add_url_rule("/plain", "plain", lambda: "")
    app.add_url_rule("/moved", "moved", lambda: redirect("/plain"))
    app.add_url_rule("/slash/", "slash", lambda: "")
    app.add_url_rule("/bad", "bad", lambda: 1 / 0)  # type: ignore[arg-type,return-value]
    client = app.test_client()
    visit(client, put(_permanent=permanent, user="ada"))
    answer = client.get(path)
    assert (answer.status_code, "Set-Cookie" in answer.headers) == (status, permanent)


@proves("guide/sessions", "That includes the files in static, redirects and error pages.")
def test_even_a_static_file_refreshes_a_permanent_session(tmp_path: Path) -> None:
    (tmp_path / "style.css").write_text("", encoding="utf-8")
    app = new_app()
    app.static_folder = str(tmp_path)
    app.add_url_rule("/static/<path:filename>", "static", app.send_static_file)
    client = app.test_client()
    visit(client, put(_permanent=True, user="ada"))
    with client.get("/static/style.css") as answer:
        assert (answer.status_code, "Set-Cookie" in answer.headers) == (200, True)


@proves(
    "guide/sessions",
    "not permanent | when the session changes | when the browser closes, or one lifetime "
    "after the last change, even if it is used every day",
    "permanent | with every response | one lifetime after the last request",
    "A permanent session that is refreshed by each request never ends as long as somebody uses it.",
)
def test_days(freshness: tuple[list[int], list[int]]) -> None:
    """On which days of daily use a session is found: not permanent, and permanent."""
    plain, permanent = freshness
    assert plain == list(range(1, 32))
    assert permanent == list(range(1, 41))


@pytest.fixture
def freshness() -> tuple[list[int], list[int]]:
    found: list[list[int]] = []
    for permanent in (False, True):
        client = new_app().test_client()
        days = []
        with time_machine.travel(START, tick=False) as clock:
            visit(client, put(user="ada", _permanent=permanent))
            for day in range(1, 41):
                clock.shift(timedelta(days=1))
                if content(client).get("user"):
                    days.append(day)
        found.append(days)
    return found[0], found[1]


@proves(
    "guide/sessions",
    "permanent, SESSION_REFRESH_EACH_REQUEST = False | when the session changes | one "
    "lifetime after the last change",
)
def test_without_refresh_a_permanent_session_ends_however_it_is_used() -> None:
    client = new_app(SESSION_REFRESH_EACH_REQUEST=False).test_client()
    with time_machine.travel(START, tick=False) as clock:
        visit(client, put(user="ada", _permanent=True))
        clock.shift(timedelta(days=20))
        assert content(client)["user"] == "ada"
        clock.shift(timedelta(days=12))
        assert content(client) == {}


@proves(
    "guide/sessions",
    "Each cookie contains the time at which it was signed.",
    "Flask ignores a cookie that was signed longer ago than PERMANENT_SESSION_LIFETIME, "
    "31 days by default, whether the session is permanent or not.",
)
def test_the_server_refuses_an_old_cookie_whatever_the_browser_keeps() -> None:
    app = new_app(PERMANENT_SESSION_LIFETIME=60)
    client = app.test_client()
    with time_machine.travel(START, tick=False) as clock:
        visit(client, put(user="ada"))
        value = cookie(client)
        clock.shift(60)
        assert content(with_cookie(app, value)) == {"user": "ada"}
        clock.shift(1)
        assert content(with_cookie(app, value)) == {}


@proves("guide/sessions", "A changed lifetime also applies to cookies that browsers already have.")
def test_a_shorter_lifetime_ends_old_cookies_too() -> None:
    app = new_app()
    client = app.test_client()
    with time_machine.travel(START, tick=False) as clock:
        visit(client, put(user="ada"))
        clock.shift(timedelta(hours=2))
        app.config["PERMANENT_SESSION_LIFETIME"] = timedelta(hours=1)
        assert content(client) == {}


@proves(
    "guide/sessions", "To limit its whole length too, store the time of the login in the session:"
)
def test_idle_and_in_any_case() -> None:
    client = ends.app.test_client()
    with time_machine.travel(START, tick=False) as clock:
        client.post("/login", data={"name": "ada"})
        for _ in range(16):
            clock.shift(timedelta(minutes=29))
            assert client.get("/").text == "Hello ada"
        clock.shift(timedelta(minutes=29))
        assert client.get("/").text == "Hello stranger"
        client.post("/login", data={"name": "ada"})
        clock.shift(timedelta(minutes=31))
        assert client.get("/").text == "Hello stranger"


@proves(
    "guide/sessions",
    "session.permanent is stored in the session itself, under the key _permanent.",
    "So session.clear() removes it as well, and a session that holds nothing but "
    "_permanent still has a cookie.",
)
def test_clear_takes_permanent_along_and_pop_leaves_it() -> None:
    client = new_app().test_client()
    visit(client, put(user="ada", _permanent=True))
    visit(client, lambda: session.pop("user") and "")
    assert content(client) == {"_permanent": True}
    visit(client, lambda: session.clear())
    visit(client, put(user="ada"))
    assert content(client) == {"user": "ada"}


@proves(
    "guide/sessions",
    "If you set it in a before_request function, every visitor gets a cookie, logged in or not.",
)
def test_permanent_for_everybody_gives_everybody_a_cookie() -> None:
    app = new_app()
    app.before_request(lambda: setattr(session, "permanent", True))
    client = app.test_client()
    assert "Set-Cookie" in visit(client, lambda: "").headers
    assert content(client) == {"_permanent": True}


@proves(
    "guide/sessions",
    "The same rule applies to a cookie that you set yourself.",
    "If you pass neither expires nor max_age, it lasts until the browser closes:",
)
def test_a_cookie_of_ones_own() -> None:
    client = browser_cookie.app.test_client()
    with time_machine.travel(START, tick=False):
        headers = [
            client.get(path).headers["Set-Cookie"]
            for path in ("/until-the-browser-closes", "/an-hour", "/gone")
        ]
    assert headers == [
        "k=v; Path=/",
        "k=v; Expires=Thu, 01 Jan 2026 01:00:00 GMT; Max-Age=3600; Path=/",
        "k=; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=0; Path=/",
    ]


@proves(
    "guide/sessions", "The argument is called expires, and None is its default, so leave it out."
)
def test_the_notes_misspelled_argument_is_an_error_and_the_right_one_is_the_default() -> None:
    response = Response()
    with pytest.raises(TypeError) as caught:
        response.set_cookie("k", "v", exipre=None)  # type: ignore[call-arg]
    assert f"`TypeError: {caught.value}`" in SAID
    response.set_cookie("k", "v", expires=None)
    response.set_cookie("k", "v")
    assert response.headers.getlist("Set-Cookie") == ["k=v; Path=/"] * 2
