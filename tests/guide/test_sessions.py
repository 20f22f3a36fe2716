"""Every claim of the page on sessions, proved."""

import inspect
import json
import pickle
import re
import shutil
import threading
import uuid
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import flask_session
import pytest
import time_machine
import werkzeug.serving
from cachelib.file import FileSystemCache
from flask import Flask, Response, request, session
from flask.sessions import (
    NullSession,
    SecureCookieSessionInterface,
    SessionInterface,
    SessionMixin,
)
from flask.testing import FlaskClient
from flask_session import Session
from flask_session.redis import RedisSessionInterface as TheirRedisSessionInterface
from flask_sqlalchemy import SQLAlchemy
from itsdangerous import BadSignature, Signer
from markupsafe import Markup
from playwright.sync_api import BrowserContext, Page, sync_playwright
from redis import Redis
from werkzeug.datastructures import CallbackDict
from werkzeug.serving import BaseWSGIServer, make_server

import snippets.sessions
from snippets.server_sessions import (
    drop_in,
    flask_session_by_hand,
    flask_session_files,
    flask_session_redis,
)
from snippets.sessions import (
    FileSystemSessionInterface,
    RedisSessionInterface,
    ServerSideSessionInterface,
)
from snippets.signed_sessions import (
    browser_cookie,
    cart,
    ends,
    everywhere,
    flow,
    hardened,
    peek,
    remember,
    smallest,
)
from tests.servers import Server, redis, redis_server, running

__all__ = ["redis_server"]

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs/guide/sessions.md").read_text(encoding="utf-8")
# wherever its lines end
SAID = " ".join(TEXT.split())
NO_KEY = (
    "The session is unavailable because no secret key was set.  "
    "Set the secret_key on the application to something unique and secret."
)
START = datetime(2026, 1, 1, tzinfo=UTC)
View = Callable[[], Any]


def new_app(interface: SessionInterface | None = None, **config: Any) -> Flask:
    """Return an application whose one page runs the view that a request brings along."""
    app = Flask("sessions-test", static_folder=None)
    app.config.update(TESTING=True, SECRET_KEY="test", **config)
    if interface:
        app.session_interface = interface
    app.add_url_rule("/", "page", lambda: request.environ["view"]() or "")
    return app


def visit(client: FlaskClient, view: View, **options: Any) -> Any:
    """Run a view in a request and return the answer."""
    return client.get("/", environ_overrides={"view": view}, **options)


def content(client: FlaskClient) -> dict[str, Any]:
    """Return what a request finds in its session."""
    found: dict[str, Any] = {}
    visit(client, lambda: found.update(session))
    return found


def put(**values: Any) -> View:
    return lambda: session.update(values)


def cookie(client: FlaskClient, name: str = "session") -> str:
    found = client.get_cookie(name)
    assert found is not None
    return found.value


def row(first: str) -> list[str]:
    """Return the other cells of the row of a table on the page that begins with a cell."""
    (found,) = [line for line in TEXT.splitlines() if line.startswith(f"| {first} |")]
    return [cell.strip() for cell in found.strip("| ").split(" | ")][1:]


def attributes(answer: Any) -> list[str]:
    """Return the attributes of the cookie that an answer sets."""
    return answer.headers["Set-Cookie"].split("; ")[1:]


def with_cookie(app: Flask, value: str) -> FlaskClient:
    """Return another browser that has got hold of a cookie."""
    client = app.test_client()
    client.set_cookie("session", value)
    return client


# The smallest application, and what is in the cookie


def test_a_login_is_remembered_until_the_logout() -> None:
    client = smallest.app.test_client()
    assert client.get("/").text == "Hello stranger"
    assert client.post("/login", data={"name": "阿达"}, follow_redirects=True).text == "Hello 阿达"
    assert client.get("/").text == "Hello 阿达"
    ended = client.post("/logout")
    assert ended.headers["Set-Cookie"].startswith("session=; Expires=Thu, 01 Jan 1970")
    assert client.get("/").text == "Hello stranger"


def test_a_request_that_changes_nothing_sets_no_cookie() -> None:
    client = smallest.app.test_client()
    assert "Set-Cookie" not in client.get("/").headers
    client.post("/login", data={"name": "ada"})
    assert "Set-Cookie" not in client.get("/").headers


def test_anybody_can_read_the_cookie_without_the_key() -> None:
    client = peek.app.test_client()
    with time_machine.travel(START, tick=False):
        client.post("/login")
    read = peek.peek(cookie(client))
    assert client.get("/peek").text == "\n".join(f"{k}: {v}" for k, v in read.items())
    assert json.loads(read["data"]) == {"user": "ada", "roles": {" t": ["editor", "admin"]}}
    assert read["signed at"] == "2026-01-01T00:00:00+00:00"
    assert cookie(client).endswith(read["signature"])
    # 20 bytes of SHA-1
    assert len(read["signature"]) == 27
    interface = SecureCookieSessionInterface()
    assert interface.digest_method().name == "sha1"
    assert interface.key_derivation == "hmac"


def test_a_large_cookie_is_compressed_and_begins_with_a_dot() -> None:
    client = new_app().test_client()
    visit(client, put(text="flask " * 100))
    assert cookie(client).startswith(".")
    assert len(cookie(client)) < 200
    assert json.loads(peek.peek(cookie(client))["data"]) == {"text": "flask " * 100}


def test_nobody_can_change_the_cookie_without_the_key() -> None:
    app = new_app()
    client = app.test_client()
    visit(client, put(user="ada"))
    value = cookie(client)
    assert content(with_cookie(app, value)) == {"user": "ada"}
    forged = value.translate(str.maketrans({value[10]: "x"}))
    others = new_app()
    others.secret_key = "other"
    other = others.test_client()
    visit(other, put(user="ada"))
    for bad in (forged, value[:-5], "", "x.y.z", cookie(other)):
        assert content(with_cookie(app, bad)) == {}


def test_a_cookie_that_was_changed_is_ignored_and_not_deleted() -> None:
    client = with_cookie(new_app(), "forged")
    assert "Set-Cookie" not in visit(client, lambda: str(session)).headers


def test_the_cookie_depends_on_key_salt_and_nothing_else() -> None:
    values = []
    for key in ("one", "one", "two"):
        app = new_app()
        app.secret_key = key
        client = app.test_client()
        with time_machine.travel(START, tick=False):
            visit(client, put(user="ada"))
        values.append(cookie(client))
    assert values[0] == values[1] != values[2]


# What it may hold


@dataclass
class Point:
    x: int


ROUND_TRIPS = [
    ("text", "text"),
    (1.5, 1.5),
    (None, None),
    ([1, {"a": 2}], [1, {"a": 2}]),
    ((1, 2), (1, 2)),
    (b"\x00", b"\x00"),
    (Markup("<b>"), Markup("<b>")),
    (uuid.UUID(int=1), uuid.UUID(int=1)),
    (datetime(2026, 1, 2, 3, 4, 5, 6), datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)),
    (date(2026, 1, 2), "Fri, 02 Jan 2026 00:00:00 GMT"),
    (Decimal("1.50"), "1.50"),
    (Point(1), {"x": 1}),
    ({1: "one"}, {"1": "one"}),
]


@pytest.mark.parametrize(("before", "after"), ROUND_TRIPS)
def test_what_comes_back(before: Any, after: Any) -> None:
    client = new_app().test_client()
    visit(client, put(value=before))
    found = content(client)["value"]
    assert (found, type(found)) == (after, type(after))


@pytest.mark.parametrize("value", [{1, 2}, object(), ValueError("no"), 1j])
def test_what_cannot_be_stored_fails_after_the_view(value: Any) -> None:
    client = new_app().test_client()
    reached: list[str] = []
    with pytest.raises(TypeError) as caught:
        visit(client, lambda: [session.update(value=value), reached.append("end")])
    assert reached == ["end"]
    assert str(caught.value) == f"Object of type {type(value).__name__} is not JSON serializable"


def test_the_message_about_a_set_is_that_of_the_page() -> None:
    with pytest.raises(TypeError) as caught:
        visit(new_app().test_client(), put(value={1}))
    assert f"`TypeError: {caught.value}`" in SAID


# Changes


def test_a_change_inside_a_list_needs_a_word() -> None:
    client = cart.app.test_client()
    client.post("/empty")
    answers = [client.post("/lost/tea"), client.get("/")]
    assert [answer.get_json()["cart"] for answer in answers] == [["tea"], []]
    assert "Set-Cookie" not in answers[0].headers
    client.post("/marked/tea")
    client.post("/assigned/milk")
    assert client.get("/").get_json() == {"cart": ["tea", "milk"]}


def test_assigning_the_same_list_again_is_a_change() -> None:
    client = new_app().test_client()
    visit(client, put(basket=[]))

    def add() -> None:
        items = session["basket"]
        items.append("tea")
        session["basket"] = items

    visit(client, add)
    assert content(client) == {"basket": ["tea"]}


CHANGES: dict[str, Callable[[], object]] = {
    'session["a"] = 1': lambda: session.__setitem__("a", 1),
    "update": lambda: session.update(a=1),
    "setdefault": lambda: session.setdefault("a", 1),
    "pop": lambda: session.pop("b"),
    "del": lambda: session.__delitem__("b"),
    "clear": lambda: session.clear(),
    "same value": lambda: session.__setitem__("b", 1),
}


@pytest.mark.parametrize("change", CHANGES)
def test_these_are_changes(change: str) -> None:
    with new_app().test_request_context():
        session["b"] = 1
        session.modified = False
        CHANGES[change]()
        assert session.modified


def test_reading_is_no_change() -> None:
    with new_app().test_request_context():
        assert session.get("a") is None
        assert "a" not in session
        assert dict(session) == {}
        assert session.modified is False


def test_new_is_always_false() -> None:
    with new_app().test_request_context():
        assert session.new is False


def test_the_answer_varies_with_the_cookie_once_the_session_was_looked_at() -> None:
    client = new_app().test_client()
    assert "Vary" not in visit(client, lambda: "").headers
    assert visit(client, lambda: session.get("user")).headers["Vary"] == "Cookie"
    assert "Cache-Control" not in visit(client, lambda: session.get("user")).headers


def test_emptying_deletes_the_cookie_with_the_attributes_it_was_set_with() -> None:
    client = new_app(SESSION_COOKIE_SECURE=True, SESSION_COOKIE_SAMESITE="Lax").test_client()
    expected = {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"}
    assert set(attributes(visit(client, put(a=1)))) == expected
    ended = attributes(visit(client, lambda: session.pop("a") and ""))
    assert set(ended) == expected | {"Expires=Thu, 01 Jan 1970 00:00:00 GMT", "Max-Age=0"}


# How long


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


def content_of_session() -> str:
    return str(dict(session))


def test_even_a_request_that_does_not_look_refreshes_a_permanent_session() -> None:
    client = new_app().test_client()
    visit(client, put(_permanent=True, user="ada"))
    assert "Set-Cookie" in visit(client, lambda: "").headers


def test_even_a_static_file_refreshes_a_permanent_session(tmp_path: Path) -> None:
    (tmp_path / "style.css").write_text("", encoding="utf-8")
    app = new_app()
    app.static_folder = str(tmp_path)
    app.add_url_rule("/static/<path:filename>", "static", app.send_static_file)
    client = app.test_client()
    visit(client, put(_permanent=True, user="ada"))
    with client.get("/static/style.css") as answer:
        assert (answer.status_code, "Set-Cookie" in answer.headers) == (200, True)


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


def test_without_refresh_a_permanent_session_ends_however_it_is_used() -> None:
    client = new_app(SESSION_REFRESH_EACH_REQUEST=False).test_client()
    with time_machine.travel(START, tick=False) as clock:
        visit(client, put(user="ada", _permanent=True))
        clock.shift(timedelta(days=20))
        assert content(client)["user"] == "ada"
        clock.shift(timedelta(days=12))
        assert content(client) == {}


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


def test_a_shorter_lifetime_ends_old_cookies_too() -> None:
    app = new_app()
    client = app.test_client()
    with time_machine.travel(START, tick=False) as clock:
        visit(client, put(user="ada"))
        clock.shift(timedelta(hours=2))
        app.config["PERMANENT_SESSION_LIFETIME"] = timedelta(hours=1)
        assert content(client) == {}


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


def test_clear_takes_permanent_along_and_pop_leaves_it() -> None:
    client = new_app().test_client()
    visit(client, put(user="ada", _permanent=True))
    visit(client, lambda: session.pop("user") and "")
    assert content(client) == {"_permanent": True}
    visit(client, lambda: session.clear())
    visit(client, put(user="ada"))
    assert content(client) == {"user": "ada"}


def test_permanent_for_everybody_gives_everybody_a_cookie() -> None:
    app = new_app()
    app.before_request(lambda: setattr(session, "permanent", True))
    client = app.test_client()
    assert "Set-Cookie" in visit(client, lambda: "").headers
    assert content(client) == {"_permanent": True}


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


def test_the_notes_misspelled_argument_is_an_error_and_the_right_one_is_the_default() -> None:
    response = Response()
    with pytest.raises(TypeError) as caught:
        response.set_cookie("k", "v", exipre=None)  # type: ignore[call-arg]
    assert f"`TypeError: {caught.value}`" in SAID
    response.set_cookie("k", "v", expires=None)
    response.set_cookie("k", "v")
    assert response.headers.getlist("Set-Cookie") == ["k=v; Path=/"] * 2


# Attributes, size, keys


def test_a_hardened_cookie() -> None:
    answer = hardened.app.test_client().post("/login")
    name, _, _ = answer.headers["Set-Cookie"].partition("=")
    assert name == "__Host-session"
    assert attributes(answer) == ["Secure", "HttpOnly", "Path=/", "SameSite=Lax"]


ATTRIBUTES = [
    ({}, ["HttpOnly", "Path=/"]),
    ({"SESSION_COOKIE_HTTPONLY": False}, ["Path=/"]),
    ({"SESSION_COOKIE_SECURE": True}, ["Secure", "HttpOnly", "Path=/"]),
    ({"SESSION_COOKIE_SAMESITE": "Lax"}, ["HttpOnly", "Path=/", "SameSite=Lax"]),
    ({"SESSION_COOKIE_PATH": "/a"}, ["HttpOnly", "Path=/a"]),
    ({"APPLICATION_ROOT": "/b"}, ["HttpOnly", "Path=/b"]),
    ({"SESSION_COOKIE_DOMAIN": "a.test"}, ["Domain=a.test", "HttpOnly", "Path=/"]),
    ({"SESSION_COOKIE_PARTITIONED": True}, ["Secure", "HttpOnly", "Path=/", "Partitioned"]),
]


@pytest.mark.parametrize(("config", "expected"), ATTRIBUTES)
def test_attributes_of_the_cookie(config: dict[str, Any], expected: list[str]) -> None:
    assert attributes(visit(new_app(**config).test_client(), put(a=1))) == expected
    assert all(f"`{key}`" in TEXT for key in config)


def test_a_cookie_over_the_limit_is_sent_with_the_warning_on_the_page() -> None:
    noise = "".join(uuid.uuid5(uuid.NAMESPACE_URL, str(n)).hex for n in range(300))
    client = new_app().test_client()
    with pytest.warns(UserWarning, match="is too large") as caught:
        visit(client, put(noise=noise))
    assert len(cookie(client)) > 4093
    (quoted,) = re.findall(r"^:::\{pitfall\} `UserWarning: (.*)`$", TEXT, re.MULTILINE)
    said = str(caught[0].message)
    assert re.sub(r"\d+", "N", said) == re.sub(r"\d+", "N", quoted)
    for numbers in (re.findall(r"\d+", said), re.findall(r"\d+", quoted)):
        value, extra, size, limit = map(int, numbers)
        assert (value + extra, extra, limit) == (size, 26, 4093)


def test_a_session_on_the_server_has_no_such_limit(tmp_path: Path) -> None:
    noise = "".join(uuid.uuid5(uuid.NAMESPACE_URL, str(n)).hex for n in range(300))
    client = new_app(FileSystemSessionInterface(tmp_path)).test_client()
    visit(client, put(noise=noise))
    assert len(cookie(client)) == 43
    assert content(client) == {"noise": noise}


def test_a_new_key_ends_every_session_unless_the_old_one_is_a_fallback() -> None:
    old = new_app()
    client = old.test_client()
    visit(client, put(user="ada"))
    value = cookie(client)
    new = new_app()
    new.secret_key = "new"
    assert content(with_cookie(new, value)) == {}
    new.config["SECRET_KEY_FALLBACKS"] = ["test"]
    assert content(with_cookie(new, value)) == {"user": "ada"}


# Logging out


def test_a_logout_ends_the_cookie_not_its_copies() -> None:
    client = smallest.app.test_client()
    client.post("/login", data={"name": "ada"})
    copied = cookie(client)
    client.post("/logout")
    assert client.get("/").text == "Hello stranger"
    assert with_cookie(smallest.app, copied).get("/").text == "Hello ada"


def test_a_number_in_the_session_ends_them_all(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(everywhere, "GENERATIONS", {"ada": 0, "bob": 0})
    phone, laptop, bob = (everywhere.app.test_client() for _ in range(3))
    for client, name in ((phone, "ada"), (laptop, "ada"), (bob, "bob")):
        client.post("/login", data={"name": name})
    copied = cookie(phone)
    phone.post("/logout")
    assert phone.get("/").text == "Hello stranger"
    assert laptop.get("/").text == "Hello ada"
    assert with_cookie(everywhere.app, copied).get("/").text == "Hello ada"
    laptop.post("/logout-everywhere")
    for client in (phone, laptop, with_cookie(everywhere.app, copied)):
        assert client.get("/").text == "Hello stranger"
    assert bob.get("/").text == "Hello bob"
    # and she can come back
    phone.post("/login", data={"name": "ada"})
    assert phone.get("/").text == "Hello ada"


# How it works inside


def test_who_calls_the_interface(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(flow, "calls", [])
    client = flow.app.test_client()
    client.get("/")
    opened, saved, opened_again = client.get("/").text.split("\n\n")
    push = ["Flask.__call__", "Flask.wsgi_app", "RequestContext.push", "Traced.open_session"]
    assert opened.split("\n") == opened_again.split("\n") == push
    dispatch = ["Flask.full_dispatch_request", "Flask.finalize_request", "Flask.process_response"]
    assert saved.split("\n") == [*push[:2], *dispatch, "Traced.save_session"]


def test_app_run_hands_itself_to_run_simple(monkeypatch: pytest.MonkeyPatch) -> None:
    given: list[Any] = []
    monkeypatch.setattr(werkzeug.serving, "run_simple", lambda *args, **kw: given.extend(args))
    monkeypatch.delenv("FLASK_RUN_FROM_CLI", raising=False)
    app = new_app()
    app.run()
    assert given == ["127.0.0.1", 5000, app]


def test_the_server_calls_the_application() -> None:
    app = new_app()
    seen: list[str] = []
    inner = app.wsgi_app

    def noting(environ: Any, start_response: Any) -> Any:
        seen.extend(frame.frame.f_code.co_qualname for frame in inspect.stack(0))
        environ["view"] = lambda: "answer"
        return inner(environ, start_response)

    app.wsgi_app = noting  # type: ignore[method-assign]
    server = make_server("127.0.0.1", 0, app)
    thread = threading.Thread(target=server.handle_request)
    thread.start()
    with urlopen(f"http://127.0.0.1:{server.port}/") as answer:
        assert answer.read() == b"answer"
    thread.join()
    server.server_close()
    assert seen[1] == "Flask.__call__"
    assert "WSGIRequestHandler.run_wsgi" in seen
    assert "`WSGIRequestHandler.run_wsgi`" in SAID


class Refusing(SecureCookieSessionInterface):
    """Neither opens nor is asked to save."""

    saved = 0

    def open_session(self, app: Flask, request: Any) -> None:
        return None

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        self.saved += 1


def test_none_becomes_a_null_session_which_is_not_saved() -> None:
    interface = Refusing()
    client = new_app(interface).test_client()
    kinds: list[type] = []
    visit(client, lambda: kinds.append(type(session._get_current_object())))  # type: ignore[attr-defined]
    assert kinds == [NullSession]
    assert interface.saved == 0


def test_the_session_is_saved_after_the_hooks_and_for_error_pages_too() -> None:
    app = new_app(PROPAGATE_EXCEPTIONS=False)

    @app.after_request
    def late(response: Response) -> Response:
        session["late"] = True
        return response

    def fail() -> None:
        session["early"] = True
        raise ValueError

    client = app.test_client()
    assert visit(client, fail).status_code == 500
    assert content(client).keys() == {"early", "late"}


def test_the_session_is_opened_before_the_url_is_matched() -> None:
    matched: list[Any] = []

    class Asking(SecureCookieSessionInterface):
        def open_session(self, app: Flask, request: Any) -> Any:
            matched.append(request.url_rule)
            return super().open_session(app, request)

    visit(new_app(Asking()).test_client(), lambda: matched.append(request.url_rule))
    assert [str(rule) for rule in matched] == ["None", "/"]


def test_the_methods_of_the_application_are_gone() -> None:
    assert not hasattr(Flask, "open_session")
    assert not hasattr(Flask, "save_session")


# The notes' interface, as they trace it, with today's names for what is gone.


class NotesSession(CallbackDict[str, Any], SessionMixin):
    """The special dictionary of the notes: it knows its id, and whether it was changed."""

    def __init__(self, data: Any = None, sid: str = "", permanent: bool = False) -> None:
        def note(changed: Any) -> None:
            changed.modified = True

        super().__init__(data, note)
        self.sid = sid
        if permanent:
            self.permanent = True
        self.modified = False


class NotesInterface(SessionInterface):
    """The code of the notes. `serializer` was pickle; JSON does as well here."""

    serializer = json
    session_class = NotesSession

    def __init__(self, redis: Any, key_prefix: str, use_signer: bool = False) -> None:
        self.redis = redis
        self.key_prefix = key_prefix
        self.use_signer = use_signer
        self.permanent = True

    def _generate_sid(self) -> str:
        return str(uuid.uuid4())

    def _get_signer(self, app: Flask) -> Signer | None:
        if not app.secret_key:
            return None
        return Signer(app.secret_key, salt="flask-session", key_derivation="hmac")

    def open_session(self, app: Flask, request: Any) -> Any:
        sid = request.cookies.get(app.config["SESSION_COOKIE_NAME"])
        if not sid:
            sid = self._generate_sid()
            return self.session_class(sid=sid, permanent=self.permanent)
        if self.use_signer:
            signer = self._get_signer(app)
            if signer is None:
                return None
            try:
                sid = signer.unsign(sid).decode()
            except BadSignature:
                sid = self._generate_sid()
                return self.session_class(sid=sid, permanent=self.permanent)
        val = self.redis.get(self.key_prefix + sid)
        if val is not None:
            try:
                data = self.serializer.loads(val)
                return self.session_class(data, sid=sid)
            except Exception:
                return self.session_class(sid=sid, permanent=self.permanent)
        return self.session_class(sid=sid, permanent=self.permanent)

    def save_session(self, app: Flask, session: Any, response: Response) -> None:
        domain = self.get_cookie_domain(app)
        path = self.get_cookie_path(app)
        name = app.config["SESSION_COOKIE_NAME"]
        if not session:
            if session.modified:
                self.redis.delete(self.key_prefix + session.sid)
                response.delete_cookie(name, domain=domain, path=path)
            return
        httponly = self.get_cookie_httponly(app)
        secure = self.get_cookie_secure(app)
        expires = self.get_expiration_time(app, session)
        val = self.serializer.dumps(dict(session))
        # setex, which the client has deprecated
        self.redis.set(
            self.key_prefix + session.sid,
            val,
            ex=int(app.permanent_session_lifetime.total_seconds()),
        )
        signer = self._get_signer(app) if self.use_signer else None
        session_id = signer.sign(session.sid).decode() if signer else session.sid
        response.set_cookie(
            name,
            session_id,
            expires=expires,
            httponly=httponly,
            domain=domain,
            path=path,
            secure=secure,
        )


class Counting(Redis):
    """A client that notes its commands."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.commands: list[str] = []
        self.arguments: list[tuple[Any, ...]] = []

    def execute_command(self, *args: Any, **options: Any) -> Any:
        self.commands.append(args[0])
        self.arguments.append(args)
        return super().execute_command(*args, **options)

    def cost(self, action: Callable[[], object]) -> list[str]:
        """Return the commands of an action."""
        self.commands.clear()
        action()
        return list(self.commands)


@pytest.fixture
def client(redis_server: Server) -> Iterator[Counting]:
    with Counting(port=redis_server.port, db=2) as counting:
        counting.flushdb()
        yield counting


THEIRS = {"SESSION_TYPE": "redis", "SESSION_KEY_PREFIX": "s:", "SESSION_PERMANENT": False}


def notes_app(client: Redis, **config: Any) -> Flask:
    return new_app(NotesInterface(client, "s:", config.pop("use_signer", False)), **config)


def their_app(client: Redis, **config: Any) -> Flask:
    app = new_app(SESSION_REDIS=client, **{**THEIRS, **config})
    Session(app)
    return app


def our_app(client: Redis, **config: Any) -> Flask:
    use_signer = config.pop("use_signer", False)
    return new_app(RedisSessionInterface(client, key_prefix="s:", use_signer=use_signer), **config)


APPS: dict[str, Callable[..., Flask]] = {"notes": notes_app, "theirs": their_app, "ours": our_app}
# in the order of the table that compares them
COLUMNS = [*APPS]


@pytest.fixture(params=APPS)
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def log_in_and_count(app: Flask, client: Counting, permanent: bool) -> dict[str, list[str]]:
    """Return the commands that each kind of request costs."""
    browser = app.test_client()
    nobody = app.test_client()
    cost = client.cost
    return {
        "nobody ignores": cost(lambda: visit(nobody, lambda: "")),
        "nobody reads": cost(lambda: visit(nobody, content_of_session)),
        "first change": cost(lambda: visit(browser, put(user="ada", _permanent=permanent))),
        "ignores": cost(lambda: visit(browser, lambda: "")),
        "reads": cost(lambda: visit(browser, content_of_session)),
        "changes": cost(lambda: visit(browser, put(more=1))),
        "empties": cost(lambda: visit(browser, lambda: session.clear())),
    }


def shown(costs: dict[str, list[str]]) -> str:
    """Return what the table on choosing says of these costs."""
    return ", ".join(str(len(costs[kind])) for kind in ("ignores", "reads", "changes"))


def test_calls_per_request_of_our_interface(client: Counting) -> None:
    costs = log_in_and_count(our_app(client), client, permanent=False)
    for backend in ("Redis", "Memcached", "MongoDB", "SQL", "files"):
        assert row(backend)[-1] == shown(costs)
    assert costs == {
        "nobody ignores": [],
        "nobody reads": [],
        "first change": ["SET"],
        "ignores": [],
        "reads": ["GET"],
        "changes": ["GET", "SET"],
        "empties": ["GET", "DEL"],
    }
    permanent = log_in_and_count(our_app(client), client, permanent=True)
    assert permanent["ignores"] == []
    assert permanent["reads"] == ["GET", "PEXPIRE"]
    fixed = our_app(client, SESSION_REFRESH_EACH_REQUEST=False)
    assert log_in_and_count(fixed, client, permanent=True)["reads"] == ["GET"]


def test_the_commands_of_our_interface(client: Counting) -> None:
    browser = our_app(client).test_client()
    visit(browser, put(user="ada"))
    visit(browser, put(user="bob"))
    key, month = "s:" + cookie(browser), 31 * 24 * 60 * 60 * 1000
    assert [command for command in client.arguments if command[0] == "SET"] == [
        ("SET", key, b'v1:{"user":"ada"}', "PX", month, "NX"),
        ("SET", key, b'v1:{"user":"bob"}', "PX", month, "XX"),
    ]


def test_what_cannot_be_an_id_never_reaches_redis(client: Counting) -> None:
    app = our_app(client)
    assert client.cost(lambda: content(with_cookie(app, "' OR 1=1"))) == []
    assert client.cost(lambda: content(with_cookie(app, "A" * 43))) == ["GET"]


def test_setex_is_deprecated_and_a_second_argument_is_a_port(client: Counting) -> None:
    with pytest.warns(DeprecationWarning, match="setex"):
        client.setex("key", 1, "value")
    assert [*inspect.signature(Redis).parameters][:2] == ["host", "port"]


def test_the_largest_value_of_redis() -> None:
    with running(redis()) as server, Redis(port=server.port) as fresh:
        assert fresh.config_get("proto-max-bulk-len") == {"proto-max-bulk-len": str(512 * 2**20)}


def test_calls_per_request_of_flask_session(client: Counting) -> None:
    for permanent in (False, True):
        costs = log_in_and_count(their_app(client), client, permanent)
        assert row("Flask-Session on Redis")[-1] == shown(costs)
        assert costs == {
            "nobody ignores": [],
            "nobody reads": [],
            "first change": ["SET"],
            "ignores": ["GET", "SET"],
            "reads": ["GET", "SET"],
            "changes": ["GET", "SET"],
            "empties": ["GET", "DEL"],
        }
    fixed = their_app(client, SESSION_REFRESH_EACH_REQUEST=False)
    assert log_in_and_count(fixed, client, permanent=False)["reads"] == ["GET"]


def test_calls_per_request_of_the_notes(client: Counting) -> None:
    costs = log_in_and_count(notes_app(client), client, permanent=True)
    assert costs["ignores"] == costs["reads"] == costs["changes"] == ["GET", "SET"]


def sids(client: Redis) -> set[str]:
    return {key.decode().removeprefix("s:") for key in client.scan_iter("s:*")}


def test_an_id_from_the_client_is_adopted_by_the_notes_alone(kind: str, client: Counting) -> None:
    planted = "A" * 43
    browser = with_cookie(APPS[kind](client), planted)
    visit(browser, put(user="ada"))
    assert (planted in sids(client)) is (kind == "notes")
    cell = row("An id that the store does not know")[COLUMNS.index(kind)]
    assert cell == ("is taken over" if kind == "notes" else "is replaced")
    stranger = with_cookie(browser.application, planted)
    assert content(stranger).get("user") == ("ada" if kind == "notes" else None)


def test_ids(kind: str, client: Counting) -> None:
    browser = APPS[kind](client).test_client()
    visit(browser, put(user="ada"))
    assert sids(client) == {cookie(browser)}
    if kind == "notes":
        assert uuid.UUID(cookie(browser)).version == 4
    else:
        assert len(cookie(browser)) == 43


def test_a_late_change_after_the_logout(kind: str, client: Counting) -> None:
    """Of two requests at once, one ends the session while the other one works."""
    app = APPS[kind](client)
    browser = app.test_client()
    visit(browser, put(user="ada"))
    value = cookie(browser)

    def slow() -> None:
        assert session["user"] == "ada"
        visit(browser, lambda: session.clear())
        session["more"] = 1

    visit(with_cookie(app, value), slow)
    alive = content(with_cookie(app, value)).get("user")
    assert alive == (None if kind == "ours" else "ada")
    cell = row("A change after a logout elsewhere")[COLUMNS.index(kind)]
    assert cell == ("brings the session back" if alive else "is dropped")


def test_what_is_stored(kind: str, client: Counting) -> None:
    browser = APPS[kind](client).test_client()
    visit(browser, put(user="ada"))
    stored = client.get("s:" + cookie(browser))
    assert isinstance(stored, bytes)
    assert cookie(browser).encode() not in stored
    if kind == "ours":
        assert stored == b'v1:{"user":"ada"}'
    elif kind == "theirs":
        assert stored == b"\x81\xa4user\xa3ada"
    else:
        assert json.loads(stored) == {"user": "ada", "_permanent": True}


def test_flask_session_can_store_json(client: Counting) -> None:
    browser = their_app(client, SESSION_SERIALIZATION_FORMAT="json").test_client()
    visit(browser, put(user="ada"))
    assert client.get("s:" + cookie(browser)) == b'{"user":"ada"}'


def test_how_long_it_is_stored(kind: str, client: Counting) -> None:
    browser = APPS[kind](client, PERMANENT_SESSION_LIFETIME=100).test_client()
    visit(browser, put(user="ada"))
    assert 98 <= client.ttl("s:" + cookie(browser)) <= 100


DELETION: dict[str, set[str]] = {
    "notes": set(),
    "theirs": set(),
    "ours": {"Secure", "HttpOnly", "SameSite=Lax", "Partitioned"},
}


def test_attributes_on_setting_and_on_deletion(kind: str, client: Counting) -> None:
    settings = {"SECURE": True, "SAMESITE": "Lax", "PARTITIONED": True}
    app = APPS[kind](client, **{f"SESSION_COOKIE_{key}": v for key, v in settings.items()})
    browser = app.test_client()
    set_ = set(attributes(visit(browser, put(user="ada")))) - {"Path=/"}
    lacking = {"notes": {"SameSite=Lax", "Partitioned"}, "theirs": {"Partitioned"}, "ours": set()}
    expected = {"Secure", "HttpOnly", "SameSite=Lax", "Partitioned"} - lacking[kind]
    assert {part for part in set_ if "Expires" not in part} == expected
    ended = set(attributes(visit(browser, lambda: session.clear())))
    assert (
        ended - {"Path=/", "Max-Age=0"} - {"Expires=Thu, 01 Jan 1970 00:00:00 GMT"}
        == DELETION[kind]
    )


def test_old_keys_in_a_signed_id(kind: str, client: Counting) -> None:
    options = {"theirs": {"SESSION_USE_SIGNER": True}}.get(kind, {"use_signer": True})
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        old, new = (APPS[kind](client, **options) for _ in range(2))
    browser = old.test_client()
    visit(browser, put(user="ada"))
    assert "." in cookie(browser)
    new.config.update(SECRET_KEY="new", SECRET_KEY_FALLBACKS=["test"])
    found = content(with_cookie(new, cookie(browser))).get("user")
    assert found == ("ada" if kind == "ours" else None)
    cell = row("Old keys, if the id is signed")[COLUMNS.index(kind)]
    assert cell.startswith("accepted" if found else "refused")


def test_signing_needs_a_key(kind: str, client: Counting) -> None:
    options = {"theirs": {"SESSION_USE_SIGNER": True}}.get(kind, {"use_signer": True})
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        app = APPS[kind](client, **options)
    app.secret_key = None
    browser = with_cookie(app, "A" * 43)
    expected: tuple[type[Exception], str] = (RuntimeError, NO_KEY)
    if kind == "theirs":
        expected = (KeyError, "SECRET_KEY must be set when SESSION_USE_SIGNER=True")
        assert f"`KeyError: '{expected[1]}'`" in SAID
    with pytest.raises(expected[0], match=re.escape(expected[1])):
        visit(browser, put(user="ada"))


def test_signing_is_deprecated_in_flask_session(client: Counting) -> None:
    with pytest.warns(DeprecationWarning, match="use_signer"):
        their_app(client, SESSION_USE_SIGNER=True)


def test_without_a_signer_no_key_is_needed(kind: str, client: Counting) -> None:
    app = APPS[kind](client)
    app.secret_key = None
    browser = app.test_client()
    visit(browser, put(user="ada"))
    assert content(browser)["user"] == "ada"


def test_what_cannot_be_read(kind: str, client: Counting, monkeypatch: pytest.MonkeyPatch) -> None:
    """Bytes of another program: an empty session, or an attempt to unpickle them."""
    tried: list[bytes] = []

    def refuse(payload: bytes) -> None:
        tried.append(payload)
        raise pickle.UnpicklingError("not here")

    monkeypatch.setattr(flask_session.base.pickle, "loads", refuse)
    app = APPS[kind](client)
    app.logger.disabled = True
    browser = app.test_client()
    visit(browser, put(user="ada"))
    client.set("s:" + cookie(browser), b"\xc1 no format of any of them")
    if kind == "theirs":
        with pytest.raises(pickle.UnpicklingError):
            content(browser)
        assert tried == [b"\xc1 no format of any of them"]
    else:
        before = cookie(browser)
        visit(browser, put(user="bob"))
        assert content(browser)["user"] == "bob"
        same = cookie(browser) == before
        assert same is (kind == "notes")
        cell = row("Bytes that it cannot read")[COLUMNS.index(kind)]
        assert cell == f"empty session, {'same' if same else 'new'} id"
        assert tried == []


THEIR_TYPES = [
    ((1, 2), [1, 2]),
    ({1, 2}, [1, 2]),
    (b"\x00", b"\x00"),
    (uuid.UUID(int=1), str(uuid.UUID(int=1))),
    (Decimal("1.50"), "1.50"),
    (date(2026, 1, 2), "2026-01-02"),
    (datetime(2026, 1, 2, 3, 4, 5, 6, tzinfo=UTC), datetime(2026, 1, 2, 3, 4, 5, 6, tzinfo=UTC)),
    ({1: "one"}, {1: "one"}),
]


@pytest.mark.parametrize(("before", "after"), THEIR_TYPES)
def test_types_of_flask_session(before: Any, after: Any, client: Counting) -> None:
    browser = their_app(client).test_client()
    visit(browser, put(value=before))
    found = content(browser)["value"]
    assert (found, type(found)) == (after, type(after))


# Both ways


def test_both_ways_of_the_notes_on_a_real_server(redis_server: Server) -> None:
    url = f"redis://127.0.0.1:{redis_server.port}/3"
    with Redis.from_url(url) as redis:
        redis.flushdb()
        for make in (flask_session_by_hand.create_app, flask_session_redis.create_app):
            app = make(url)
            assert isinstance(app.session_interface, TheirRedisSessionInterface)
            browser = app.test_client()
            assert browser.get("/").text == "Index"
            assert redis.exists(f"shop:{cookie(browser)}")
            with browser.session_transaction() as stored:
                assert stored["xxx"] == 123


def test_by_hand_a_session_is_permanent_by_default_and_not_as_configured(
    redis_server: Server,
) -> None:
    url = f"redis://127.0.0.1:{redis_server.port}/3"
    by_hand = flask_session_by_hand.create_app(url).test_client().get("/")
    configured = flask_session_redis.create_app(url).test_client().get("/")
    assert any(part.startswith("Expires=") for part in attributes(by_hand))
    assert attributes(configured) == ["HttpOnly", "Path=/"]


def test_their_regenerate_changes_the_id_and_ends_the_old_one(redis_server: Server) -> None:
    app = flask_session_by_hand.create_app(f"redis://127.0.0.1:{redis_server.port}/3")
    browser = app.test_client()
    browser.get("/")
    before = cookie(browser)
    browser.post("/login")
    assert cookie(browser) != before
    with with_cookie(app, before).session_transaction() as stranger:
        assert not stranger
    with browser.session_transaction() as stored:
        assert (stored["xxx"], stored["user"]) == (123, "ada")


def test_our_interface_on_a_real_server(redis_server: Server) -> None:
    app = drop_in.create_app()
    interface = app.session_interface
    assert isinstance(interface, ServerSideSessionInterface)
    interface.store.client.connection_pool.connection_kwargs["port"] = redis_server.port  # type: ignore[attr-defined]
    browser = app.test_client()
    assert browser.post("/visits").get_json() == {"visits": 1}
    assert browser.post("/visits").get_json() == {"visits": 2}


def test_files_of_flask_session() -> None:
    app = flask_session_files.create_app()
    browser = app.test_client()
    assert [browser.post("/visits").get_json()["visits"] for _ in range(3)] == [1, 2, 3]
    assert len(cookie(browser)) == 43


TYPES = {
    "redis": "RedisSessionInterface",
    "memcached": "MemcachedSessionInterface",
    "mongodb": "MongoDBSessionInterface",
    "sqlalchemy": "SqlAlchemySessionInterface",
    "dynamodb": "DynamoDBSessionInterface",
    "cachelib": "CacheLibSessionInterface",
    "filesystem": "FileSystemSessionInterface",
}


def test_the_types_of_the_page_are_those_of_the_package() -> None:
    folder = Path(str(flask_session.__file__)).parent
    packages = {path.parent.name for path in folder.glob("*/__init__.py")}
    assert packages == set(TYPES)
    for kind, name in TYPES.items():
        assert f"| `{kind}` | " in TEXT
        source = (folder / kind / "__init__.py").read_text(encoding="utf-8")
        assert name in source


def test_the_type_filesystem_is_deprecated(tmp_path: Path) -> None:
    app = new_app(SESSION_TYPE="filesystem", SESSION_FILE_DIR=str(tmp_path))
    with pytest.warns(DeprecationWarning, match="deprecated") as caught:
        Session(app)
    folder, interface = (str(warning.message) for warning in caught)
    assert folder.startswith("'SESSION_FILE_DIR' is deprecated")
    assert f"DeprecationWarning: {interface}" in SAID


def test_files_are_pickled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    app = new_app(SESSION_TYPE="cachelib", SESSION_CACHELIB=FileSystemCache(str(tmp_path)))
    Session(app)
    browser = app.test_client()
    visit(browser, put(user="ada"))
    (stored,) = [file for file in tmp_path.iterdir() if b"user" in file.read_bytes()]
    # four bytes of time, and then the mark of a pickle
    assert stored.read_bytes()[4:5] == pickle.PROTO


# Flask-Session asks for the time in a way that newer Pythons deprecate.
@pytest.mark.filterwarnings("ignore::DeprecationWarning:flask_session")
def test_expired_rows_go_with_a_command() -> None:
    app = new_app(SESSION_TYPE="sqlalchemy", SQLALCHEMY_DATABASE_URI="sqlite://")
    app.config["SESSION_SQLALCHEMY"] = db = SQLAlchemy(app)
    Session(app)
    for _ in range(2):
        visit(app.test_client(), put(user="ada"))
    with app.app_context():
        rows = db.select(app.session_interface.sql_session_model)  # type: ignore[attr-defined]
        expired, live = db.session.scalars(rows)
        expired.expiry -= timedelta(days=32)
        db.session.commit()
        kept = live.session_id
        assert app.test_cli_runner().invoke(args=["session_cleanup"]).exit_code == 0
        db.session.expire_all()
        assert [row.session_id for row in db.session.scalars(rows)] == [kept]
        db.session.remove()
        db.engine.dispose()
    assert "`flask session_cleanup`" in TEXT


def test_both_packages_have_the_interfaces_of_the_notes() -> None:
    names = {f"{name}SessionInterface" for name in ("Redis", "SqlAlchemy", "MongoDB", "FileSystem")}
    names.add("MemcachedSessionInterface")
    assert names <= set(snippets.sessions.__all__)
    assert names <= set(TYPES.values())


def test_no_type_is_an_error() -> None:
    with pytest.raises(ValueError) as caught:
        Session(new_app())
    assert f"`ValueError: {caught.value}`" in SAID


def test_setting_the_type_after_session_app_changes_nothing(tmp_path: Path) -> None:
    app = new_app(SESSION_TYPE="cachelib", SESSION_CACHELIB=FileSystemCache(str(tmp_path)))
    Session(app)
    interface = app.session_interface
    app.config["SESSION_TYPE"] = "redis"
    assert app.session_interface is interface


def test_the_settings_alone_change_nothing() -> None:
    app = new_app(SESSION_TYPE="redis")
    assert type(app.session_interface) is SecureCookieSessionInterface


def test_the_imports_of_the_notes() -> None:
    with pytest.raises(ImportError) as caught:
        exec("from flask_session import RedisSessionInterface")
    assert f"`ImportError: {str(caught.value).split(' (')[0]}`" in SAID
    with pytest.raises(ModuleNotFoundError) as missing:
        exec("from flask.ext.session import Session")
    assert f"`ModuleNotFoundError: {missing.value}`" in SAID
    with pytest.raises(AttributeError) as gone:
        Flask("gone").session_cookie_name  # type: ignore[attr-defined]  # noqa: B018
    assert f"`AttributeError: {gone.value}`" in SAID


def test_the_end_of_the_notes_example_is_no_python() -> None:
    with pytest.raises(SyntaxError):
        compile("if __name__  ==  '__main__'\n    app.run()\n", "notes", "exec")


def test_the_call_of_the_notes_takes_the_client_for_the_application() -> None:
    mine = Redis(port=1)
    with pytest.warns(RuntimeWarning) as caught:
        interface = TheirRedisSessionInterface(mine, key_prefix="__", use_signer=False)
    assert f"`RuntimeWarning: {caught[0].message}`" in SAID
    assert interface.app is mine
    assert interface.client.connection_pool.connection_kwargs["port"] == 6379
    mine.close()
    interface.client.close()


# What each setting does, in a real browser


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


def chromium() -> dict[str, Any]:
    executable = shutil.which("chromium")
    if executable is None:
        pytest.skip("Chromium is not installed: sudo apt-get install chromium")
    flags = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"]
    flags += ["--disable-background-networking", "--disable-component-update", "--disable-sync"]
    flags += ["--host-resolver-rules=MAP *.test 127.0.0.1"]
    return {"executable_path": executable, "args": flags}


def see(page: Page, url: str) -> str:
    page.goto(url)
    return page.inner_text("body")


def test_closing_the_browser(served: BaseWSGIServer, tmp_path: Path) -> None:
    """A session cookie goes with the browser, unless it restores its windows."""
    one, two = (f"http://{host}.test:{served.port}" for host in ("one", "two"))
    options = chromium()
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


# Pitfalls


@pytest.mark.parametrize("key", [None, ""])
def test_without_a_key_reading_is_empty_and_writing_raises(key: str | None) -> None:
    app = new_app()
    app.secret_key = key
    assert content(app.test_client()) == {}
    with pytest.raises(RuntimeError) as caught:
        visit(app.test_client(), put(user="ada"))
    assert str(caught.value) == NO_KEY
    assert f"RuntimeError: {NO_KEY}" in TEXT


def test_a_key_of_each_process_its_own() -> None:
    one, two = new_app(), new_app()
    one.secret_key, two.secret_key = uuid.uuid4().hex, uuid.uuid4().hex
    client = one.test_client()
    visit(client, put(user="ada"))
    assert content(with_cookie(two, cookie(client))) == {}


def test_a_missing_key_of_the_session_is_a_500() -> None:
    app = new_app(PROPAGATE_EXCEPTIONS=False)
    assert visit(app.test_client(), lambda: session["user"]).status_code == 500
    app.config["PROPAGATE_EXCEPTIONS"] = True
    with pytest.raises(KeyError, match="'user'"):
        visit(app.test_client(), lambda: session["user"])


def test_a_streamed_body_cannot_change_the_session() -> None:
    from flask import stream_with_context

    client = new_app().test_client()

    def late() -> Response:
        def generate() -> Iterator[str]:
            session["user"] = "ada"
            yield "body"

        return Response(stream_with_context(generate()))

    assert visit(client, late).text == "body"
    assert content(client) == {}


def test_of_two_requests_at_once_the_later_answer_wins() -> None:
    app = new_app()
    client = app.test_client()
    visit(client, put(basket=["tea"]))
    before = cookie(client)
    visit(client, put(user="ada"))
    slow = with_cookie(app, before)
    visit(slow, put(seen=True))
    assert content(slow) == {"basket": ["tea"], "seen": True}


# Fixation


def test_a_planted_signed_cookie_does_not_get_logged_in() -> None:
    attacker = smallest.app.test_client()
    attacker.post("/login", data={"name": "eve"})
    planted = cookie(attacker)
    victim = with_cookie(smallest.app, planted)
    victim.post("/login", data={"name": "ada"})
    assert cookie(victim) != planted
    assert with_cookie(smallest.app, planted).get("/").text == "Hello eve"


def test_without_clear_what_was_planted_stays() -> None:
    app = new_app()
    attacker = app.test_client()
    visit(attacker, put(basket=["bait"]))
    victim = with_cookie(app, cookie(attacker))
    visit(victim, put(user="ada"))
    assert content(victim) == {"basket": ["bait"], "user": "ada"}
