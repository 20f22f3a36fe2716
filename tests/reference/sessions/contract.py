"""What a session interface must do, whatever keeps its sessions: a list of checks to run on any.

Each check takes a `Subject` and raises `AssertionError` where the subject falls short. To check a
store of your own:

    @pytest.mark.parametrize("check", CONTRACT, ids=name_of)
    def test_my_store(check):
        check(Subject(lambda **options: ServerSideSessionInterface(MyStore(), **options)))

A subject makes a new interface for every application, all on the same sessions; checks use keys
of their own, so the sessions of other checks do not disturb them. The first line of a check's
docstring is its claim, and its row in the table of the reference page.
"""

from __future__ import annotations

import logging
import os
import pickle
import secrets
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from copy import copy
from datetime import UTC, datetime, timedelta
from http.cookies import SimpleCookie
from itertools import count
from typing import Any
from uuid import UUID

import pytest
import time_machine
from flask import (
    Flask,
    abort,
    flash,
    get_flashed_messages,
    render_template_string,
    request,
    request_finished,
    session,
)
from flask.testing import FlaskClient
from flask_sqlalchemy import SQLAlchemy
from markupsafe import Markup
from werkzeug.test import TestResponse

from snippets.sessions import (
    Record,
    ServerSideSessionInterface,
    SessionStore,
    sessions_cli,
)

Check = Callable[["Subject"], None]
View = Callable[[], object]

CONTRACT: list[Check] = []
STORE_CONTRACT: list[Check] = []

SOON = 0.3  # seconds: a lifetime that a test can wait for
_numbers = count(1)


def behaviour(check: Check) -> Check:
    """Add a check that any session interface can be asked: it looks at requests and responses."""
    CONTRACT.append(check)
    return check


def of_the_store(check: Check) -> Check:
    """Add a check of the six methods of a store."""
    STORE_CONTRACT.append(check)
    return check


def name_of(check: Check) -> str:
    """Return the name of a check, as pytest shows it."""
    return check.__name__


class OutageError(Exception):
    """A backend that fails because a check wants it to."""


class Watched:
    """A store that writes down its calls, and fails when told to."""

    def __init__(self, store: SessionStore) -> None:
        self.store = store
        self.calls: list[str] = []
        self.arguments: list[str] = []
        self.down = False

    @property
    def errors(self) -> tuple[type[Exception], ...]:
        return (*self.store.errors, OutageError)

    def _note(self, call: str, *arguments: object) -> None:
        self.calls.append(call)
        self.arguments.append(str(arguments))
        if self.down:
            raise OutageError("the backend is down")

    def read(self, key: str) -> Record | None:
        self._note("read", key)
        return self.store.read(key)

    def create(self, key: str, payload: bytes, lifetime: float) -> bool:
        self._note("create", key, payload)
        return self.store.create(key, payload, lifetime)

    def update(self, key: str, payload: bytes, lifetime: float) -> bool:
        self._note("update", key, payload)
        return self.store.update(key, payload, lifetime)

    def touch(self, key: str, record: Record, lifetime: float) -> bool:
        self._note("touch", key, record)
        return self.store.touch(key, record, lifetime)

    def delete(self, key: str) -> bool:
        self._note("delete", key)
        return self.store.delete(key)

    def purge(self) -> Iterator[int]:
        self._note("purge")
        return self.store.purge()


class Subject:
    """What is checked.

    Args:
        make: Makes an interface, with options of `ServerSideSessionInterface`.
        too_large: A number of bytes that the backend refuses, if it refuses any within reason.
        purges: Whether expired sessions are removed by `purge`, not by the server.
        whole_seconds: Whether the backend counts whole seconds, so that checks must wait longer.
        database: The URL of a database for the application, beside its sessions.
        elsewhere: As `make`, for a place in the backend that nobody else uses; for checks that
            count. What earlier checks have left in the usual place expires when it likes.
    """

    def __init__(
        self,
        make: Callable[..., ServerSideSessionInterface],
        too_large: int | None = None,
        purges: bool = True,
        whole_seconds: bool = False,
        database: str = "sqlite://",
        elsewhere: Callable[..., ServerSideSessionInterface] | None = None,
    ) -> None:
        self.make = make
        self.elsewhere = elsewhere or make
        self.too_large = too_large
        self.purges = purges
        self.whole_seconds = whole_seconds
        self.database = database
        self.many = 600

    def seconds(self, seconds: float) -> float:
        """Return a time that is long enough for the backend's clock, half as long if that is fine."""
        return seconds if self.whole_seconds else seconds / 2

    def install(self, app: Flask, **options: Any) -> Watched:
        """Give an application its sessions. Return what counts the calls."""
        # Sites have names of their own; by default, so would their keys.
        interface = self.make(**{"key_prefix": "session:"} | options)
        interface.store = watched = Watched(interface.store)
        app.session_interface = interface
        return watched

    @property
    def alone(self) -> Subject:
        """The same, in a place where nobody else is."""
        alone = copy(self)
        alone.make = self.elsewhere
        return alone

    @property
    def store(self) -> SessionStore:
        """The bare store."""
        return self.make().store

    def add_commands(self, app: Flask) -> None:
        """Give an application the commands that look after its sessions."""
        app.cli.add_command(sessions_cli)

    def sqlalchemy(self, app: Flask) -> Any:
        """Return Flask-SQLAlchemy for the views of an application."""
        return SQLAlchemy(app)

    def overwrite(self, app: Flask, sid: str, payload: bytes) -> None:
        """Put other bytes in the place of a stored session."""
        interface = app.session_interface
        assert isinstance(interface, ServerSideSessionInterface)
        key = interface.key(app, sid)
        assert interface.store.update(key, f"{key} ".encode() + payload, 60)

    def evict(self, app: Flask, sid: str) -> None:
        """Have the backend lose a session, as one does that makes room."""
        interface = app.session_interface
        assert isinstance(interface, ServerSideSessionInterface)
        assert interface.store.delete(interface.key(app, sid))


class Site:
    """An application with one page, that does and answers what the visit says."""

    def __init__(
        self, subject: Subject, config: dict[str, Any] | None = None, **options: Any
    ) -> None:
        self.app = Flask(f"site{next(_numbers)}")
        self.app.config.update(SECRET_KEY="a key", PROPAGATE_EXCEPTIONS=False)
        self.app.config.update(config or {})
        self.subject = subject
        self.log: list[str] = []
        handler = logging.Handler()
        handler.emit = lambda record: self.log.append(record.getMessage())  # type: ignore[method-assign]
        # One that logging does not know, or each later test would have all of them to look at.
        self.app.logger = logging.Logger(self.app.name)
        self.app.logger.addHandler(handler)
        self.watched = subject.install(self.app, **options)
        self.app.add_url_rule("/", view_func=self._page)

    @staticmethod
    def _page() -> Any:
        return request.environ["view"]()

    @property
    def calls(self) -> list[str]:
        """The calls of the store so far."""
        return self.watched.calls

    def calls_of(self, visit: Callable[[], object]) -> list[str]:
        """Return the calls that the store gets during a visit."""
        before = len(self.calls)
        visit()
        return self.calls[before:]

    @property
    def interface(self) -> Any:
        """The interface, which may be of another package."""
        return self.app.session_interface

    @contextmanager
    def outage(self) -> Iterator[None]:
        """Have the backend fail for a while."""
        self.watched.down = True
        try:
            yield
        finally:
            self.watched.down = False

    def browser(self, cookie: str | None = None) -> Browser:
        """Return a new visitor, who may hold a session cookie already."""
        browser = Browser(self)
        if cookie is not None:
            browser.cookie = cookie
        return browser

    def visitor(self, **data: Any) -> Browser:
        """Return a visitor who has a session with some data."""
        browser = self.browser()
        browser.visit(lambda: session.update(data))
        assert browser.cookie, "a session that was written gets a cookie"
        return browser


class Browser:
    """A visitor with a jar for one cookie."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.cookie: str | None = None

    def visit(self, view: View, fails: bool = False, **environ: Any) -> Visit:
        """Ask for the page, whose view is `view`. Keep the cookie that comes back.

        Args:
            view: What the page does.
            fails: Whether an error is expected; otherwise one ends the check.
            environ: More for the request, as in `werkzeug.test.EnvironBuilder`.
        """
        visit = Visit()

        def page() -> str:
            try:
                visit.value = view()
            except Exception as error:
                visit.error = error
                raise
            return "done"

        name = self.site.interface.get_cookie_name(self.site.app)
        overrides: dict[str, Any] = {"view": page}
        if self.cookie is not None:
            # As a server hands it over: bytes, decoded as Latin-1.
            overrides["HTTP_COOKIE"] = f"{name}={self.cookie}".encode().decode("latin1")
        client = self.site.app.test_client(use_cookies=False)
        visit.response = client.get("/", environ_overrides=overrides, **environ)
        visit.set_cookie = visit.response.headers.get("Set-Cookie")
        if visit.set_cookie is not None:
            self._keep(visit.set_cookie, name)
        if visit.error and not fails:
            raise visit.error
        status = visit.response.status_code
        assert (status >= 500) == fails, f"answered {status}: {self.site.log}"
        return visit

    def _keep(self, line: str, name: str) -> None:
        key, _, rest = line.partition("=")
        assert key == name
        value, *attributes = rest.split("; ")
        if "Max-Age=0" in attributes:
            self.cookie = None
        elif len(name) + len(value) <= 4096:  # browsers ignore more
            self.cookie = value

    def data(self) -> dict[str, Any]:
        """Return what the visitor's session holds, but for whether it is permanent."""
        data: dict[str, Any] = self.visit(lambda: dict(session)).value
        data.pop("_permanent", None)
        return data

    def twin(self) -> Browser:
        """Return a visitor with the same cookie: another tab."""
        return self.site.browser(self.cookie)


class Visit:
    """What came of a visit.

    Attributes:
        response: The response.
        value: What the view returned.
        error: What the view raised.
        set_cookie: The ``Set-Cookie`` header, if there was one.
    """

    response: TestResponse
    value: Any = None
    error: Exception | None = None
    set_cookie: str | None = None


def attributes_of(set_cookie: str | None) -> set[str]:
    """Return the attributes of a cookie, but for those that say how long it lives."""
    assert set_cookie is not None
    return {
        part for part in set_cookie.split("; ")[1:] if not part.startswith(("Expires=", "Max-Age="))
    }


def typed(value: object) -> object:
    """Return a value with the types of all its parts, for comparison."""
    if isinstance(value, dict):
        return dict, {key: typed(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return type(value), [typed(item) for item in value]
    return type(value), repr(value)


# Data.


@behaviour
def keeps_every_type(subject: Subject) -> None:
    """Data come back with their types, for all types of Flask's session."""
    data = {
        "none": None,
        "truth": [True, False],
        "numbers": [0, -1, 2**70, 1.5, -0.0],
        "text": "早上好 \U0001f600 \x00 \"'\\ \u2028",
        "tuple": (1, ("a", [()])),
        "bytes": bytes(range(256)),
        "markup": Markup("<b>&amp;</b>"),
        "uuid": UUID("12345678-1234-5678-1234-567812345678"),
        "datetime": datetime(2024, 2, 29, 23, 59, 59, tzinfo=UTC),
        "dict": {"a": {"": {}}, "b": [{"c": ({"d": b"e"},)}]},
        "tags": [{" t": 1}, {" di": {" b": 2}}, {" u__": 3}, {" t": (1,), "x": 4}],
    }
    browser = Site(subject).visitor(**data)
    assert typed(browser.data()) == typed(data)


@behaviour
def keeps_flashed_messages(subject: Subject) -> None:
    """A flashed message arrives once, after a redirect, and a `Markup` one as `Markup`."""
    browser = Site(subject).browser()

    def two() -> None:
        flash("<plain>")
        flash(Markup("<b>bold</b>"), "loud")

    browser.visit(two)
    page = "{% for kind, text in get_flashed_messages(true) %}{{ kind }} {{ text }}|{% endfor %}"
    assert browser.visit(lambda: render_template_string(page)).value == (
        "message &lt;plain&gt;|loud <b>bold</b>|"
    )
    assert browser.visit(get_flashed_messages).value == []


@behaviour
def keeps_100_kilobytes(subject: Subject) -> None:
    """100 KB are kept."""
    text = secrets.token_hex(50_000)
    assert Site(subject).visitor(text=text).data() == {"text": text}


@behaviour
def refuses_what_is_too_large(subject: Subject) -> None:
    """What exceeds the limit of the backend raises an error, and the old data stay."""
    if subject.too_large is None:
        return
    site = Site(subject)
    browser = site.visitor(text="small")
    huge = "x" * subject.too_large
    visit = browser.visit(lambda: session.update(text=huge), fails=True)
    assert visit.error is None
    assert visit.set_cookie is None
    assert browser.data() == {"text": "small"}
    newcomer = site.browser()
    assert newcomer.visit(lambda: session.update(text=huge), fails=True).set_cookie is None
    assert newcomer.data() == {}


@behaviour
def refuses_what_cannot_be_stored(subject: Subject) -> None:
    """A value that cannot be stored is an error that names its key, and the old data stay."""
    site = Site(subject)
    for value in (object(), {1, 2}, lambda: None, {"deep": [object()]}, {(1, 2): 3}):
        browser = site.visitor(name="old")
        site.log.clear()
        visit = browser.visit(lambda: session.update(name="new", odd=value), fails=True)  # noqa: B023
        assert visit.error is None
        assert visit.set_cookie is None
        assert browser.data() == {"name": "old"}
    loop: list[Any] = []
    loop.append(loop)
    browser.visit(lambda: session.update(name="new", odd=loop), fails=True)
    assert browser.data() == {"name": "old"}
    app = site.app
    with app.test_request_context():
        opened = app.session_interface.open_session(app, request)
        assert opened is not None
        opened.update(fine=1, odd=object())
        with pytest.raises(TypeError, match="odd"):
            app.session_interface.save_session(app, opened, app.response_class())


@behaviour
def ignores_a_corrupt_payload(subject: Subject) -> None:
    """A payload that cannot be read is logged, and a new session with a new id begins."""
    site = Site(subject)
    for payload in (
        b"\x00\xff\xfe",
        b"{",
        b"v1:",
        b"v1:[]",
        b'v1:{" u":1}',
        b'v1:{"a":{" b":1}}',
        b"\x80\x04\x95.",
        b"v1:" + b"[" * 5000,
        b'v1:{"a":"\xff"}',
    ):
        browser = site.visitor(name="old")
        old = browser.cookie
        assert old is not None
        subject.overwrite(site.app, old, payload)
        site.log.clear()
        assert browser.data() == {}
        assert site.log, "nobody is told"
        assert browser.visit(lambda: session.update(name="new")).value is None
        assert browser.cookie != old
        assert browser.data() == {"name": "new"}


@behaviour
def never_unpickles(subject: Subject) -> None:
    """A pickle in the place of a session is not loaded."""
    site = Site(subject)
    browser = site.visitor(name="old")
    assert browser.cookie is not None
    _Trap.sprung = False
    subject.overwrite(site.app, browser.cookie, _pickle_of_trap())
    assert browser.data() == {}
    assert not _Trap.sprung


class _Trap:
    sprung = False

    def __reduce__(self) -> Any:
        return _spring, ()


def _spring() -> dict[str, Any]:
    _Trap.sprung = True
    return {}


def _pickle_of_trap() -> bytes:
    return pickle.dumps(_Trap())


# The id.


@behaviour
def ids_are_long_and_random(subject: Subject) -> None:
    """An id has 256 random bits, contains no information, and is never used twice."""
    site = Site(subject)
    cookies = [site.visitor(user="ada").cookie for _ in range(50)]
    assert len(set(cookies)) == 50
    for cookie in cookies:
        assert cookie is not None
        assert len(cookie) >= 43, "43 characters of 6 bits are 256 bits"
        assert set(cookie) <= set(
            "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
        )
    for column in zip(*[cookie[:42] for cookie in cookies if cookie], strict=True):
        assert len(set(column)) > 10, "a part of the id is not random"


@behaviour
def ids_stay_out_of_the_store(subject: Subject) -> None:
    """The store gets no id: whoever reads it, or its log, cannot take over a session."""
    site = Site(subject)
    browser = site.visitor(user="ada")
    cookies = [browser.cookie]
    browser.visit(lambda: session.update(n=1))
    browser.visit(lambda: site.interface.regenerate(session))
    cookies.append(browser.cookie)
    browser.data()
    browser.visit(lambda: session.clear())
    assert len(site.watched.arguments) > 5
    for cookie in cookies:
        assert cookie
        assert not any(cookie in arguments for arguments in site.watched.arguments)


@behaviour
def never_adopts_an_id(subject: Subject) -> None:
    """An id that the client has invented is never used."""
    site = Site(subject)
    for made_up in (secrets.token_urlsafe(32), "A" * 43, "1", "session"):
        browser = site.browser(made_up)
        assert browser.data() == {}
        browser.visit(lambda: session.update(user="ada"))
        assert browser.cookie not in (None, made_up)
        assert site.browser(made_up).data() == {}


def hostile_cookies() -> list[str]:
    """Return cookies that no honest browser sends."""
    return [
        *["", " ", '""', '"', "\\", "%", "%00", "%2e%2e%2f", ".", "..", "../../etc/passwd", "/"],
        *["*", "?", "[a-z]", "A" * 42, "A" * 44, "A" * 42 + "\n", "A" * 43 + "%0A", "A" * 8000],
        *[
            "a b",
            "a\tb",
            "é" * 43,
            "早" * 43,
            "\xff\xfe",
        ],
        *["' OR 1=1 --", '{"$gt":""}', "$ne", "get x\r", "A" * 22 + "\x00" + "A" * 20, "-" * 300],
        *["A" * 21 + "/" + "A" * 21, "A" * 21 + "." + "A" * 21, "A" * 43 + "." + "B" * 43, "None"],
    ]


@behaviour
def bears_hostile_cookies(subject: Subject) -> None:
    """A cookie that cannot be an id causes no error, no delay and no write, and never reaches the store."""
    for options in ({}, {"use_signer": True}):
        site = Site(subject, **options)
        for cookie in hostile_cookies():
            browser = site.browser(cookie)
            start = time.thread_time()
            visits: list[Visit] = []
            calls = site.calls_of(lambda: visits.append(browser.visit(lambda: dict(session))))  # noqa: B023
            assert time.thread_time() - start < 1
            assert visits[0].value == {}
            assert visits[0].set_cookie is None
            assert calls == []


@behaviour
def ids_differ_by_case(subject: Subject) -> None:
    """Two ids that differ only in case are two sessions."""
    site = Site(subject)
    browser = site.visitor(user="ada")
    assert browser.cookie is not None
    assert site.browser(browser.cookie.swapcase()).data() == {}
    assert browser.data() == {"user": "ada"}


@behaviour
def prefixes_keep_applications_apart(subject: Subject) -> None:
    """Applications with different prefixes on one backend never see each other's sessions."""
    one, two = Site(subject, key_prefix="one:"), Site(subject, key_prefix="two:")
    browser = one.visitor(user="ada")
    stranger = two.browser(browser.cookie)
    assert stranger.data() == {}
    stranger.visit(lambda: session.update(user="eve"))
    stranger.visit(lambda: session.clear())
    assert browser.data() == {"user": "ada"}


@behaviour
def applications_of_one_factory_share(subject: Subject) -> None:
    """Two applications from one factory, for example two workers, share their sessions."""
    one, two = Site(subject), Site(subject)
    browser = one.visitor(user="ada")
    assert two.browser(browser.cookie).data() == {"user": "ada"}


@behaviour
def regenerating_changes_the_id(subject: Subject) -> None:
    """`regenerate` keeps the data under a new id, and the old id is no longer valid."""
    site = Site(subject)
    browser = site.visitor(cart=1)
    old = browser.twin()

    def login() -> None:
        site.interface.regenerate(session)
        session["user"] = "ada"

    browser.visit(login)
    assert browser.cookie != old.cookie
    assert browser.data() == {"cart": 1, "user": "ada"}
    assert old.data() == {}


@behaviour
def regenerating_works_after_clear(subject: Subject) -> None:
    """`regenerate` also ends the old id if the session was cleared before."""
    site = Site(subject)
    browser = site.visitor(cart=1)
    old = browser.twin()

    def login() -> None:
        session.clear()
        site.interface.regenerate(session)
        session["user"] = "ada"

    browser.visit(login)
    assert browser.cookie != old.cookie
    assert browser.data() == {"user": "ada"}
    assert old.data() == {}


@behaviour
def regenerating_alone_is_enough(subject: Subject) -> None:
    """A view that only calls `regenerate` changes the id."""
    site = Site(subject)
    browser = site.visitor(cart=1)
    old = browser.twin()
    browser.visit(lambda: site.interface.regenerate(session))
    assert browser.cookie != old.cookie
    assert browser.data() == {"cart": 1}
    assert old.data() == {}


@behaviour
def destroying_ends_the_session(subject: Subject) -> None:
    """`destroy` ends the session, and what the view adds afterwards is in a new one."""
    site = Site(subject)
    browser = site.visitor(user="ada")
    old = browser.twin()
    visit = browser.visit(lambda: site.interface.destroy(session))
    assert visit.set_cookie is not None
    assert browser.cookie is None
    assert old.data() == {}

    browser = site.visitor(user="ada")
    old = browser.twin()

    def goodbye() -> None:
        site.interface.destroy(session)
        session["notice"] = "Goodbye"

    browser.visit(goodbye)
    assert browser.cookie not in (None, old.cookie)
    assert browser.data() == {"notice": "Goodbye"}
    assert old.data() == {}


# The cookie.

COOKIE_CONFIG = {
    "SESSION_COOKIE_NAME": "sid",
    "SESSION_COOKIE_DOMAIN": "example.com",
    "SESSION_COOKIE_PATH": "/shop",
    "SESSION_COOKIE_SECURE": True,
    "SESSION_COOKIE_HTTPONLY": True,
    "SESSION_COOKIE_SAMESITE": "Lax",
    "SESSION_COOKIE_PARTITIONED": True,
}


@behaviour
def cookie_follows_the_configuration(subject: Subject) -> None:
    """The cookie has the name and all the attributes that the configuration gives it."""
    site = Site(subject, COOKIE_CONFIG)
    visit = site.browser().visit(lambda: session.update(a=1))
    assert attributes_of(visit.set_cookie) == {
        *["Domain=example.com", "Path=/shop", "Secure", "HttpOnly", "SameSite=Lax", "Partitioned"]
    }
    visit = (
        Site(subject, {"SESSION_COOKIE_HTTPONLY": False, "APPLICATION_ROOT": "/root"})
        .browser()
        .visit(lambda: session.update(a=1))
    )
    assert attributes_of(visit.set_cookie) == {"Path=/root"}
    assert "Expires" not in (visit.set_cookie or "")


@behaviour
def cookie_is_deleted_as_it_was_set(subject: Subject) -> None:
    """The cookie is deleted with the attributes that it was set with; a `__Host-` one goes, too."""
    site = Site(subject, COOKIE_CONFIG)
    browser = site.browser()
    first = browser.visit(lambda: session.update(a=1))
    last = browser.visit(lambda: session.clear())
    assert browser.cookie is None
    assert attributes_of(last.set_cookie) == attributes_of(first.set_cookie)

    host = {"SESSION_COOKIE_NAME": "__Host-sid", "SESSION_COOKIE_SECURE": True}
    browser = Site(subject, host).visitor(a=1)
    gone = browser.visit(lambda: session.clear()).set_cookie
    assert attributes_of(gone) == {"Path=/", "Secure", "HttpOnly"}
    assert (gone or "").startswith("__Host-sid=;")


@behaviour
def cookie_name_can_be_overridden(subject: Subject) -> None:
    """If a subclass overrides `get_cookie_name`, its name is used for reading, setting and deleting."""
    site = Site(subject)
    site.interface.get_cookie_name = lambda app: "other"
    browser = site.browser()
    visit = browser.visit(lambda: session.update(a=1))
    assert (visit.set_cookie or "").startswith("other=")
    assert browser.data() == {"a": 1}
    assert (browser.visit(lambda: session.clear()).set_cookie or "").startswith("other=;")


@behaviour
def permanent_cookies_expire(subject: Subject) -> None:
    """The cookie of a permanent session has an expiry date, that of another session ends with the browser."""
    site = Site(subject, {"PERMANENT_SESSION_LIFETIME": timedelta(hours=1)})
    browser = site.browser()
    assert "Expires" not in (browser.visit(lambda: session.update(a=1)).set_cookie or "Expires")

    def make_permanent() -> None:
        session.permanent = True

    visit = browser.visit(make_permanent)
    assert "Expires" in (visit.set_cookie or "")
    cookie: Any = SimpleCookie(visit.set_cookie)
    expires = datetime.strptime(cookie["session"]["expires"], "%a, %d %b %Y %H:%M:%S GMT")
    left = expires.replace(tzinfo=UTC) - datetime.now(UTC)
    assert timedelta(minutes=59) < left <= timedelta(hours=1)
    assert browser.visit(lambda: session.permanent).value is True


@behaviour
def cookie_is_sent_when_it_changes(subject: Subject) -> None:
    """The cookie is sent if the client does not have it or if its expiry moves, with the latest value."""
    site = Site(subject)
    browser = site.browser()
    assert "Expires" not in (browser.visit(lambda: session.update(a=1)).set_cookie or "Expires")
    first = browser.cookie

    def remember(value: bool) -> View:
        return lambda: setattr(session, "permanent", value)

    assert "Expires" in (browser.visit(remember(True)).set_cookie or "")
    assert "Expires" in (browser.visit(lambda: session.update(a=2)).set_cookie or "")
    forgotten = browser.visit(remember(False)).set_cookie
    assert forgotten is not None, "the browser would keep it"
    assert "Expires" not in forgotten
    browser.visit(lambda: session.update(a=3))
    assert browser.cookie == first
    assert browser.data() == {"a": 3}


@behaviour
def signing_honours_fallback_keys(subject: Subject) -> None:
    """An id that is signed with a fallback key is accepted, and signed again with the current key."""
    old = Site(subject, {"SECRET_KEY": "old"}, use_signer=True)
    browser = old.visitor(user="ada")
    cookie = browser.cookie
    assert cookie is not None
    config = {"SECRET_KEY": "new", "SECRET_KEY_FALLBACKS": ["older", "old"]}
    rotated = Site(subject, config, use_signer=True)
    tab = rotated.browser(cookie)
    assert tab.data() == {"user": "ada"}
    tab.visit(lambda: session.update(n=1))
    assert tab.cookie != cookie
    later = Site(subject, {"SECRET_KEY": "new"}, use_signer=True)
    assert later.browser(tab.cookie).data() == {"user": "ada", "n": 1}
    assert later.browser(cookie).data() == {}
    assert old.browser(tab.cookie).data() == {}


@behaviour
def signing_refuses_a_forgery(subject: Subject) -> None:
    """A signed id that was changed is refused without a call to the store."""
    site = Site(subject, use_signer=True)
    browser = site.visitor(user="ada")
    cookie = browser.cookie
    assert cookie is not None
    sid = cookie.partition(".")[0]
    other = site.visitor(user="eve").cookie
    assert other is not None
    forged = [sid, sid + ".", sid + "." + other.partition(".")[2], "." + cookie, cookie.swapcase()]
    for value in forged:
        visits: list[dict[str, Any]] = []
        assert site.calls_of(lambda: visits.append(site.browser(value).data())) == []  # noqa: B023
        assert visits == [{}]
    assert browser.data() == {"user": "ada"}


@behaviour
def signing_without_a_key_says_so(subject: Subject) -> None:
    """Without the key to sign with, the session is empty, and writing to it says what is missing."""
    site = Site(subject, {"SECRET_KEY": None}, use_signer=True)
    assert site.browser().visit(lambda: dict(session)).value == {}
    error = site.browser().visit(lambda: session.update(a=1), fails=True).error
    assert isinstance(error, RuntimeError)
    assert "secret" in str(error)


@behaviour
def answers_vary_with_the_cookie(subject: Subject) -> None:
    """If the session was used in any way, the response has `Vary: Cookie`; if not, it has not."""
    site = Site(subject)
    ways: list[View] = [
        lambda: session.get("a"),
        lambda: "a" in session,
        lambda: len(session),
        lambda: bool(session),
        lambda: list(session),
        lambda: dict(session),
        lambda: session == {},
        lambda: session.permanent,
        lambda: session.keys(),
        lambda: session.pop("none", None),
        lambda: session.setdefault("b", 1),
        lambda: session.update(c=1),
        lambda: render_template_string("{{ session.a }}"),
        get_flashed_messages,
        lambda: session.clear(),
    ]
    for way in ways:
        for browser in (site.browser(), site.visitor(a=1)):
            assert browser.visit(way).response.vary.as_set() == {"cookie"}
    for browser in (site.browser(), site.visitor(a=1)):
        assert browser.visit(lambda: None).response.vary.as_set() == set()


# What a request costs.


@behaviour
def untouched_session_costs_nothing(subject: Subject) -> None:
    """A request that does not use the session makes no call, sets no cookie and stores no row."""
    for permanent in (False, True):
        site = Site(subject, permanent=permanent)
        visitor = site.visitor(a=1)
        for browser in (visitor, site.browser(), site.browser("A" * 43)):
            visits: list[Visit] = []
            assert site.calls_of(lambda: visits.append(browser.visit(lambda: None))) == []  # noqa: B023
            assert visits[0].set_cookie is None


@behaviour
def reading_costs_one_call(subject: Subject) -> None:
    """A request that only reads the session makes one call, and without a cookie none."""
    site = Site(subject)
    visitor = site.visitor(a=1)
    assert len(site.calls_of(visitor.data)) == 1
    assert site.calls_of(site.browser().data) == []
    assert visitor.visit(lambda: session["a"]).set_cookie is None


@behaviour
def writing_costs_two_calls(subject: Subject) -> None:
    """A request that reads and writes makes at most two calls, with a new session only one."""
    site = Site(subject)

    def add() -> None:
        session["n"] = session.get("n", 0) + 1

    visitor = site.visitor(n=1)
    assert len(site.calls_of(lambda: visitor.visit(add))) == 2
    assert len(site.calls_of(lambda: site.browser().visit(add))) == 1
    permanent = Site(subject, permanent=True)
    visitor = permanent.visitor(n=1)
    assert len(permanent.calls_of(lambda: visitor.visit(add))) == 2
    assert len(permanent.calls_of(visitor.data)) <= 2


@behaviour
def reading_an_empty_session_creates_nothing(subject: Subject) -> None:
    """Reading an empty session stores nothing and sets no cookie."""
    site = Site(subject)

    def look() -> object:
        return session.get("a"), "a" in session, len(session), session.pop("a", None)

    visits: list[Visit] = []
    assert site.calls_of(lambda: visits.append(site.browser().visit(look))) == []
    assert visits[0].set_cookie is None


@behaviour
def clearing_deletes_row_and_cookie(subject: Subject) -> None:
    """Emptying a session, by `clear` or key by key, deletes what is stored and the cookie."""
    site = Site(subject)
    for empty in (
        lambda: session.clear(),
        lambda: session.pop("a"),
        lambda: session.__delitem__("a"),
    ):
        browser = site.visitor(a=1)
        old = browser.twin()
        visit = browser.visit(empty)
        assert browser.cookie is None
        assert visit.response.vary.as_set() == {"cookie"}
        assert old.data() == {}


@behaviour
def session_transactions_work(subject: Subject) -> None:
    """The test client's `session_transaction` reads and writes the session."""
    site = Site(subject)
    client: FlaskClient = site.app.test_client()
    with client.session_transaction() as opened:
        opened["user"] = "ada"
    view = {"view": lambda: session["user"] + session.setdefault("more", "!")}
    assert client.get("/", environ_overrides=view).text == "ada!"
    with client.session_transaction() as opened:
        assert dict(opened) == {"user": "ada", "more": "!"}
        opened.clear()
    assert client.get_cookie("session") is None


# Requests at the same time.


@behaviour
def slow_reader_undoes_nothing(subject: Subject) -> None:
    """A slow request that only reads does not undo what another one has written in the meantime."""
    for permanent in (False, True):
        site = Site(subject, permanent=permanent)
        browser = site.visitor(n=1)

        def slow() -> None:
            assert session["n"] == 1
            browser.twin().visit(lambda: session.update(n=2))  # noqa: B023

        browser.visit(slow)
        assert browser.data() == {"n": 2}


@behaviour
def slow_writer_does_not_undo_logout(subject: Subject) -> None:
    """A slow write to a session that has ended in the meantime is an error, and does not bring it back."""
    site = Site(subject)
    browser = site.visitor(user="ada")
    old = browser.twin()

    def slow() -> None:
        assert session["user"] == "ada"
        browser.twin().visit(lambda: session.clear())
        session["n"] = 1

    visit = browser.visit(slow, fails=True)
    assert old.data() == {}
    assert visit.set_cookie is None, "it would take away a cookie of a later login"


@behaviour
def slow_writer_does_not_undo_login(subject: Subject) -> None:
    """A slow write under an id that was replaced in the meantime is an error, and does not bring it back."""
    site = Site(subject)
    browser = site.visitor(user="ada")
    old, tab = browser.twin(), browser.twin()

    def slow() -> None:
        assert session["user"] == "ada"
        tab.visit(lambda: site.interface.regenerate(session))
        session["n"] = 1

    visit = browser.visit(slow, fails=True)
    assert visit.set_cookie is None
    assert old.data() == {}
    assert tab.data() == {"user": "ada"}


@behaviour
def slow_login_does_not_undo_logout(subject: Subject) -> None:
    """A slow request that calls `regenerate` takes over nothing of a session that has ended in the meantime."""
    site = Site(subject)
    browser = site.visitor(user="ada")

    def slow() -> None:
        assert session["user"] == "ada"
        browser.twin().visit(lambda: session.clear())
        site.interface.regenerate(session)

    visit = browser.visit(slow)
    assert visit.set_cookie is None
    assert browser.data() == {}

    # The same form sent twice: both requests log in, and neither depends on the other.
    browser = site.visitor(cart=1)

    def login() -> None:
        site.interface.regenerate(session)
        session["user"] = "ada"

    def slow_login() -> None:
        assert session["cart"] == 1
        twin = browser.twin()
        twin.visit(login)
        assert twin.data() == {"cart": 1, "user": "ada"}
        login()

    browser.visit(slow_login)
    assert browser.data() == {"user": "ada"}


@behaviour
def login_beside_a_logout_counts(subject: Subject) -> None:
    """A login at the same time as a logout succeeds, even if both are of the same user."""
    site = Site(subject)
    browser = site.visitor(user="ada", cart=1, _permanent=True)

    def slow_login() -> None:
        assert session["user"] == "ada"
        browser.twin().visit(lambda: session.clear())
        site.interface.regenerate(session)
        session["user"] = "ada"
        session.permanent = True

    browser.visit(slow_login)
    assert browser.data() == {"user": "ada"}
    assert browser.visit(lambda: session.permanent).value is True


@behaviour
def two_logouts_at_once_succeed(subject: Subject) -> None:
    """Two logouts at once both succeed, whatever was in the session."""
    site = Site(subject)
    # Not every package has the second.
    for end in ("clear", "destroy")[: 1 + hasattr(site.interface, "destroy")]:
        browser = site.visitor(user="ada", next=None)
        old = browser.twin()

        def logout() -> None:
            session.clear() if end == "clear" else site.interface.destroy(session)  # noqa: B023

        def slow_logout() -> None:
            assert session["user"] == "ada"
            browser.twin().visit(logout)  # noqa: B023
            logout()

        browser.visit(slow_logout)
        assert old.data() == {}


@behaviour
def late_request_does_not_undo_login(subject: Subject) -> None:
    """A request that comes with the old id after `regenerate` neither gets the login nor undoes it."""
    site = Site(subject)
    lates: list[tuple[View, bool]] = [
        (lambda: session.update(n=1), True),
        (lambda: session.clear(), False),
    ]
    if hasattr(site.interface, "destroy"):
        lates.append((lambda: site.interface.destroy(session), False))
    for late, fails in lates:
        browser = site.visitor(cart=1)
        old = browser.twin()

        def login() -> None:
            site.interface.regenerate(session)
            session["user"] = "ada"

        browser.visit(login)
        # Of one browser, which had sent this before it had the answer to the other request.
        visit = old.visit(late, fails=fails)
        assert visit.set_cookie is None, "it would take the place of the login's"
        assert old.data() == {}
        assert browser.data() == {"cart": 1, "user": "ada"}
    # Another login is one, though.
    old = browser.twin()
    browser.visit(login)
    old.visit(login)
    assert old.data() == {"user": "ada"}


@behaviour
def failed_regeneration_keeps_the_session(subject: Subject) -> None:
    """If `regenerate` cannot be saved, the response is an error, and the old session is unchanged."""
    site = Site(subject)
    browser = site.visitor(cart=1)

    def unstorable() -> None:
        site.interface.regenerate(session)
        session["odd"] = object()

    def down() -> None:
        assert session["cart"] == 1
        site.interface.regenerate(session)
        site.watched.down = True

    for view in (unstorable, down):
        assert browser.visit(view, fails=True).set_cookie is None
        site.watched.down = False
        assert browser.data() == {"cart": 1}
    if subject.too_large is None:
        return

    def too_large() -> None:
        site.interface.regenerate(session)
        session["text"] = "x" * (subject.too_large or 0)

    assert browser.visit(too_large, fails=True).set_cookie is None
    assert browser.data() == {"cart": 1}


@behaviour
def change_of_a_session_that_was_lost_is_an_error(subject: Subject) -> None:
    """A change of a session that the backend loses in the meantime is an error; a login succeeds."""
    site = Site(subject)
    browser = site.visitor(user="ada")

    def slow() -> None:
        assert session["user"] == "ada"
        subject.evict(site.app, browser.cookie or "")
        session["n"] = 1

    visit = browser.visit(slow, fails=True)
    assert visit.error is None
    assert visit.set_cookie is None

    browser = site.visitor(cart=1)

    def slow_login() -> None:
        assert session["cart"] == 1
        subject.evict(site.app, browser.cookie or "")
        site.interface.regenerate(session)
        session["user"] = "ada"

    browser.visit(slow_login)
    assert browser.data() == {"cart": 1, "user": "ada"}


@behaviour
def last_writer_wins(subject: Subject) -> None:
    """If two requests write different keys, the one that is saved last overwrites the other."""
    site = Site(subject)
    browser = site.visitor(n=1)

    def slow() -> None:
        session["slow"] = True
        browser.twin().visit(lambda: session.update(quick=True))

    browser.visit(slow)
    assert browser.data() == {"n": 1, "slow": True}


@behaviour
def threads_do_not_mix(subject: Subject) -> None:
    """With many threads at once, each visitor sees only its own data, and all of it."""
    site = Site(subject)

    def life(number: int) -> None:
        browser = site.visitor(number=number, n=0)
        for turn in range(8):

            def add() -> dict[str, Any]:
                session["n"] += 1
                return dict(session)

            assert browser.visit(add).value == {"number": number, "n": turn + 1}

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(life, range(24)))


# Time.


@behaviour
def expired_is_gone_at_once(subject: Subject) -> None:
    """A session cannot be read from the moment that it expires, and its id is not used again."""
    lifetime = subject.seconds(1)
    site = Site(subject, {"PERMANENT_SESSION_LIFETIME": timedelta(seconds=lifetime)})
    plain, permanent = site.browser(), site.browser()
    if subject.whole_seconds:
        # Who counts whole seconds is furthest off with what begins when a second does.
        time.sleep(1 - time.time() % 1)
    plain.visit(lambda: session.update(a=1))
    permanent.visit(lambda: session.update(a=1, _permanent=True))
    time.sleep(lifetime + 0.02)
    for browser in (plain, permanent):
        old = browser.cookie
        assert browser.data() == {}
        browser.visit(lambda: session.update(b=1))
        assert browser.cookie != old


@behaviour
def lifetimes_below_a_second_work(subject: Subject) -> None:
    """A lifetime of a fraction of a second is neither rounded up nor down to nothing."""
    site = Site(subject, {"PERMANENT_SESSION_LIFETIME": timedelta(seconds=SOON)})
    # Early in a second, so that a clock of whole seconds shows.
    time.sleep(1.02 - time.time() % 1)
    start = time.monotonic()
    browser = site.visitor(a=1)
    found = browser.data()
    assert found == {"a": 1} or time.monotonic() - start > SOON
    time.sleep(SOON + 0.02)
    assert browser.data() == {}


@behaviour
def lifetimes_beyond_30_days_work(subject: Subject) -> None:
    """A lifetime of more than thirty days is not taken for a date in the past."""
    for days in (30, 31, 400):
        site = Site(subject, {"PERMANENT_SESSION_LIFETIME": timedelta(days=days, seconds=1)})
        assert site.visitor(a=1).data() == {"a": 1}


@behaviour
def endless_lifetimes_work(subject: Subject) -> None:
    """An unlimited lifetime, `timedelta.max`, works too."""
    for permanent in (False, True):
        site = Site(subject, {"PERMANENT_SESSION_LIFETIME": timedelta.max}, permanent=permanent)
        browser = site.visitor(a=1)
        browser.visit(lambda: session.update(a=2))
        assert browser.data() == {"a": 2}


@behaviour
def reading_moves_the_expiry(subject: Subject) -> None:
    """Reading a permanent session prolongs it, and its cookie is sent again."""
    lifetime = {"PERMANENT_SESSION_LIFETIME": timedelta(seconds=subject.seconds(3))}
    browser = Site(subject, lifetime, permanent=True).visitor(a=1)
    # Longer than it lives; in short steps, because a busy machine may make each of them longer.
    for _ in range(5):
        time.sleep(subject.seconds(0.7))
        visit = browser.visit(lambda: session.get("a"))
        assert visit.value == 1
        assert visit.set_cookie is not None


@behaviour
def expiry_stays_without_refresh(subject: Subject) -> None:
    """Without `SESSION_REFRESH_EACH_REQUEST`, reading does not prolong a permanent session."""
    lifetime = {"PERMANENT_SESSION_LIFETIME": timedelta(seconds=subject.seconds(3))}
    off = {"SESSION_REFRESH_EACH_REQUEST": False}
    browser = Site(subject, lifetime | off, permanent=True).visitor(a=1)
    time.sleep(subject.seconds(1))
    visit = browser.visit(lambda: session.get("a"))
    assert visit.value == 1
    assert visit.set_cookie is None
    time.sleep(subject.seconds(2) + 0.05)
    assert browser.data() == {}


@behaviour
def clock_steps_do_no_harm(subject: Subject) -> None:
    """If the clock moves an hour forward or back, no session ends that had longer to live."""
    site = Site(subject)
    for step in (timedelta(hours=-1), timedelta(hours=1)):
        browser = site.visitor(a=1)
        with time_machine.travel(datetime.now(UTC) + step):
            assert browser.data() == {"a": 1}
            browser.visit(lambda: session.update(b=2))
        assert browser.data() == {"a": 1, "b": 2}
    for here, there in (("Asia/Shanghai", "America/Los_Angeles"), ("UTC", "Pacific/Apia")):
        short = Site(subject, {"PERMANENT_SESSION_LIFETIME": timedelta(minutes=1)})
        with time_zone(here):
            browser = short.visitor(a=1)
            with time_zone(there):
                assert browser.data() == {"a": 1}
                other = short.visitor(a=2)
            assert other.data() == {"a": 2}


@contextmanager
def time_zone(name: str) -> Iterator[None]:
    """Move the process to another time zone."""
    before = os.environ.get("TZ")
    os.environ["TZ"] = name
    time.tzset()
    try:
        yield
    finally:
        if before is None:
            del os.environ["TZ"]
        else:
            os.environ["TZ"] = before
        time.tzset()


@behaviour
def live_sessions_stay(subject: Subject) -> None:
    """Thousands of live sessions stay: none is removed to make room for another."""
    site = Site(subject)
    browsers = [site.visitor(number=number) for number in range(subject.many)]
    # Enough of them to meet one that is gone, whichever way a store chooses whom to remove.
    for number in range(0, subject.many, 10):
        assert browsers[number].data() == {"number": number}


@behaviour
def purging_removes_only_the_expired(subject: Subject) -> None:
    """`flask sessions purge` removes expired sessions, leaves the others, and says how many."""
    subject = subject.alone
    site = Site(subject)
    subject.add_commands(site.app)
    live = site.visitor(a=1)
    runner = site.app.test_cli_runner()
    assert runner.invoke(args=["sessions", "purge"]).exit_code == 0
    brief = Site(subject, {"PERMANENT_SESSION_LIFETIME": timedelta(seconds=SOON)})
    for _ in range(5):
        brief.visitor(a=1)
    time.sleep(SOON + 0.02)
    result = runner.invoke(args=["sessions", "purge"])
    assert result.exit_code == 0
    if subject.purges:
        assert result.stdout == "Expired sessions removed: 5\n"
    assert runner.invoke(args=["sessions", "purge"]).stdout == "Expired sessions removed: 0\n"
    assert live.data() == {"a": 1}


# When things fail.


@behaviour
def outage_is_loud(subject: Subject) -> None:
    """While the backend is down, only requests that need the session fail."""
    site = Site(subject)
    browser = site.visitor(user="ada")
    with site.outage():
        assert browser.visit(lambda: "no session needed").response.status_code == 200
        assert site.browser().visit(lambda: dict(session)).value == {}
        site.log.clear()
        visit = browser.visit(lambda: dict(session), fails=True)
        assert visit.set_cookie is None
        assert site.log
        assert "down" not in visit.response.text
    assert browser.data() == {"user": "ada"}


@behaviour
def error_pages_may_look_at_the_session(subject: Subject) -> None:
    """While the backend is down, an error page that reads the session is shown, with an empty one."""
    site = Site(subject)
    for code in (404, 500, 503):
        site.app.register_error_handler(code, lambda error: (f"page {dict(session)}", error.code))
    browser = site.visitor(user="ada")

    def broken() -> None:
        raise LookupError

    def give_up() -> None:
        abort(503)

    answers = []
    with site.outage():
        for view in (lambda: session["user"], give_up, broken):
            answer = browser.visit(view, fails=True).response
            answers.append((answer.status_code, answer.text))
        client = site.app.test_client(use_cookies=False)
        name = site.interface.get_cookie_name(site.app)
        answer = client.get("/nothing", headers={"Cookie": f"{name}={browser.cookie}"})
        answers.append((answer.status_code, answer.text))
    assert answers == [(code, "page {}") for code in (503, 503, 500, 404)]
    assert browser.data() == {"user": "ada"}


@behaviour
def outage_is_not_asked_twice(subject: Subject) -> None:
    """A request that meets an outage waits for the backend once, not again for its error page."""
    site = Site(subject)
    browser = site.visitor(user="ada")

    def read() -> object:
        return session["user"]

    with site.outage():
        assert len(site.calls_of(lambda: browser.visit(read, fails=True))) == 1
        calls = site.calls_of(lambda: site.browser().visit(lambda: session.update(a=1), fails=True))
        assert len(calls) == 1
    assert browser.data() == {"user": "ada"}


@behaviour
def lost_write_is_never_reported_as_saved(subject: Subject) -> None:
    """If a change cannot be saved, the response is an error and sets no cookie."""
    site = Site(subject)
    browser = site.visitor(user="ada")

    def write() -> None:
        assert session["user"] == "ada"
        site.watched.down = True
        session["n"] = 1

    with site.outage():
        site.watched.down = False
        visit = browser.visit(write, fails=True)
        assert visit.error is None
        assert visit.set_cookie is None
        for change in (lambda: session.update(n=2), lambda: session.clear()):
            assert browser.visit(change, fails=True).set_cookie is None
        assert site.browser().visit(lambda: session.update(n=3), fails=True).set_cookie is None
    assert browser.data() == {"user": "ada"}


@behaviour
def lost_write_in_an_error_page_sets_no_cookie(subject: Subject) -> None:
    """If a view fails after changing the session, the response is 500, without a cookie if saving fails too."""
    site = Site(subject)

    def view() -> None:
        session["n"] = 1
        raise LookupError("the view's own")

    with site.outage():
        visit = site.browser().visit(view, fails=True)
        assert isinstance(visit.error, LookupError)
        assert visit.set_cookie is None
    visit = site.browser().visit(view, fails=True)
    assert visit.set_cookie is not None


@behaviour
def outage_can_be_served_anonymously(subject: Subject) -> None:
    """With `anonymous_when_down`, a page gets an empty session in an outage; a change is an error."""
    site = Site(subject, anonymous_when_down=True, permanent=True)
    browser = site.visitor(user="ada")
    with site.outage():
        site.log.clear()
        visit = browser.visit(lambda: dict(session))
        assert visit.value == {}
        assert visit.set_cookie is None
        assert site.log
        regenerate, destroy = site.interface.regenerate, site.interface.destroy
        changes: list[View] = [
            lambda: session.update(n=1),
            lambda: session.clear(),
            lambda: regenerate(session),
            lambda: destroy(session),
        ]
        for change in changes:
            assert browser.visit(change, fails=True).set_cookie is None
    assert browser.data() == {"user": "ada"}


@behaviour
def failing_to_open_is_a_plain_error(subject: Subject) -> None:
    """If `open_session` of a subclass raises an exception, the response is 500 without a cookie."""
    site = Site(subject)

    def broken(app: Flask, request: object) -> None:
        raise LookupError("cannot open")

    site.interface.open_session = broken
    visit = Visit()
    client = site.app.test_client(use_cookies=False)
    site.log.clear()
    visit.response = client.get("/", environ_overrides={"view": lambda: "never"})
    assert visit.response.status_code == 500
    assert visit.response.headers.get("Set-Cookie") is None
    assert site.log


@behaviour
def leaves_the_views_database_work_alone(subject: Subject) -> None:
    """Saving the session neither commits nor expires uncommitted database work of the view."""
    site = Site(subject, {"SQLALCHEMY_DATABASE_URI": subject.database})
    db = subject.sqlalchemy(site.app)

    class Note(db.Model):  # type: ignore[name-defined,misc]
        id = db.Column(db.Integer, primary_key=True)
        text = db.Column(db.String(20))

    with site.app.app_context():
        db.drop_all()
        db.create_all()
        db.session.add(Note(text="old"))
        db.session.commit()

    seen = []

    def after_saving(sender: Flask, **extra: object) -> None:
        note = db.session.get(Note, 1)
        seen.append((db.inspect(note).expired, db.session().in_transaction(), note.text))

    def view() -> None:
        session["a"] = 1
        note = db.session.get(Note, 1)
        note.text = "new"
        db.session.flush()

    browser = site.visitor(a=0)
    with request_finished.connected_to(after_saving, site.app):
        browser.visit(view)
    assert seen[-1] == (False, True, "new")
    assert browser.data() == {"a": 1}
    with site.app.app_context():
        assert db.session.get(Note, 1).text == "old"
        db.session.remove()
        db.drop_all()
        db.engine.dispose()


# The store.


def key() -> str:
    """Return a key that nothing is stored under."""
    return "session:" + secrets.token_urlsafe(32)


def payload_of(store: SessionStore, key: str) -> bytes | None:
    """Return the payload under a key."""
    record = store.read(key)
    return record.payload if record else None


@of_the_store
def store_creates_only_what_is_absent(subject: Subject) -> None:
    """`create` writes what is absent and leaves alone what is present."""
    store, one = subject.store, key()
    assert store.read(one) is None
    assert store.create(one, b"first", 60) is True
    assert store.create(one, b"second", 60) is False
    assert payload_of(store, one) == b"first"
    assert payload_of(subject.store, one) == b"first", "another process does not see it"


@of_the_store
def store_creates_once_among_threads(subject: Subject) -> None:
    """Of many threads that `create` one key at the same time, one succeeds."""
    store = subject.store
    for _ in range(10):
        one, barrier = key(), threading.Barrier(6)

        def create(number: int) -> bool:
            barrier.wait()  # noqa: B023
            return store.create(one, b"%d" % number, 60)  # noqa: B023

        with ThreadPoolExecutor(6) as pool:
            results = list(pool.map(create, range(6)))
        assert results.count(True) == 1
        assert payload_of(store, one) == b"%d" % results.index(True)


@of_the_store
def store_updates_only_what_is_present(subject: Subject) -> None:
    """`update` replaces what is present and never creates."""
    store, one = subject.store, key()
    assert store.update(one, b"new", 60) is False
    assert store.read(one) is None
    store.create(one, b"old", 60)
    assert store.update(one, b"new", 60) is True
    assert store.update(one, b"new", 60) is True, "an update that changes nothing is one"
    assert payload_of(store, one) == b"new"
    store.delete(one)
    assert store.update(one, b"late", 60) is False
    assert store.read(one) is None


@of_the_store
def store_never_resurrects(subject: Subject) -> None:
    """Whatever threads do at the same time, after `delete` returned the record stays away."""
    store = subject.store
    for _ in range(10):
        one = key()
        store.create(one, b"0", 60)
        record = store.read(one)
        assert record is not None
        stop = threading.Event()
        deleted = threading.Event()
        late: list[str] = []

        def work() -> None:
            while not stop.is_set():  # noqa: B023
                gone = deleted.is_set()  # noqa: B023
                if store.update(one, b"x", 60) and gone:  # noqa: B023
                    late.append("update")  # noqa: B023
                if store.touch(one, record, 60) and gone:  # noqa: B023
                    late.append("touch")  # noqa: B023
                time.sleep(0.001)

        with ThreadPoolExecutor(2) as pool:
            jobs = [pool.submit(work) for _ in range(2)]
            try:
                time.sleep(0.01)
                store.delete(one)
                deleted.set()
                assert store.read(one) is None
                time.sleep(0.01)
            finally:
                stop.set()
            for job in jobs:
                job.result()
        assert late == []
        assert store.read(one) is None


@of_the_store
def store_readers_see_whole_payloads(subject: Subject) -> None:
    """A reader sees the old payload or the new one, never nothing and never a part."""
    store, one = subject.store, key()
    payloads = {bytes([48 + number]) * 50_000 for number in range(4)}
    store.create(one, b"0" * 50_000, 60)
    with ThreadPoolExecutor(2) as pool:
        jobs = [
            pool.submit(lambda: [store.update(one, payload, 60) for payload in [*payloads] * 5])
            for _ in range(2)
        ]
        while not all(job.done() for job in jobs):
            assert payload_of(store, one) in payloads
        assert all(all(job.result()) for job in jobs)


@of_the_store
def store_touch_moves_the_expiry(subject: Subject) -> None:
    """`touch` prolongs or shortens the life of what is present, and creates nothing."""
    store, one = subject.store, key()
    store.create(one, b"data", SOON)
    record = store.read(one)
    assert record is not None
    assert store.touch(one, record, 60) is True
    time.sleep(SOON + 0.02)
    record = store.read(one)
    assert record is not None
    assert record.payload == b"data"
    assert store.touch(one, record, SOON) is True
    time.sleep(SOON + 0.02)
    assert store.read(one) is None
    store.delete(one)
    assert store.touch(one, record, 60) is False
    assert store.read(one) is None


@of_the_store
def store_touch_writes_no_data(subject: Subject) -> None:
    """`touch` after another request's `update` leaves the new data."""
    store, one = subject.store, key()
    store.create(one, b"old", 60)
    record = store.read(one)
    assert record is not None
    store.update(one, b"new", 60)
    assert store.touch(one, record, 60) is True
    assert payload_of(store, one) == b"new"


@of_the_store
def store_deletes(subject: Subject) -> None:
    """`delete` removes one record and no other, and says whether there was one."""
    store, one, two = subject.store, key(), key()
    store.create(one, b"1", 60)
    store.create(two, b"2", 60)
    assert store.delete(one) is True
    assert store.delete(one) is False
    assert store.read(one) is None
    assert payload_of(store, two) == b"2"


@of_the_store
def store_forgets_what_expired(subject: Subject) -> None:
    """An expired record is unreadable at once, and soon cannot be written back to life."""
    store, one, two = subject.store, key(), key()
    start = time.monotonic()
    store.create(one, b"data", SOON)
    store.create(two, b"data", SOON)
    record = store.read(one)
    assert record or time.monotonic() - start > SOON
    time.sleep(SOON + 0.02)
    assert store.read(one) is None
    if subject.whole_seconds:
        time.sleep(3)  # a writer may be late by two
    assert store.update(one, b"new", 60) is False
    assert store.touch(two, record or Record(b"data"), 60) is False
    assert store.read(one) is None
    assert store.read(two) is None


@of_the_store
def store_updates_the_expiry(subject: Subject) -> None:
    """`update` gives the record a new lifetime, longer or shorter."""
    store, one, two = subject.store, key(), key()
    store.create(one, b"1", 60)
    store.update(one, b"2", SOON)
    start = time.monotonic()
    store.create(two, b"1", SOON)
    in_time = store.update(two, b"2", 60)
    assert in_time or time.monotonic() - start > SOON
    time.sleep(SOON + 0.02)
    assert store.read(one) is None
    assert payload_of(store, two) == (b"2" if in_time else None)


@of_the_store
def store_keeps_bytes(subject: Subject) -> None:
    """What is read is what was written, byte by byte, from nothing to 100 KB."""
    store = subject.store
    for payload in (b"v1:{}", b"v1:" + b" \r\n{}'\"\\%" * 11, b"v1:" + b"x" * 100_000):
        one = key()
        store.create(one, payload, 60)
        assert payload_of(store, one) == payload
        store.update(one, payload + b"!", 60)
        assert payload_of(store, one) == payload + b"!"


@of_the_store
def store_tells_keys_apart(subject: Subject) -> None:
    """Keys that differ by case, by one character or by their prefix are different keys."""
    store, one = subject.store, key()
    keys = [one, one.swapcase(), one + "a", one[:-1], "x" + one, "a:b:" + one, "a:" + one]
    for number, each in enumerate(keys):
        assert store.create(each, b"%d" % number, 60) is True
    assert [payload_of(store, each) for each in keys] == [b"%d" % n for n in range(len(keys))]


@of_the_store
def store_takes_the_longest_key(subject: Subject) -> None:
    """The longest key there can be, a prefix of 100 characters and an id of 86, is kept whole."""
    store, start = subject.store, "p" * 100 + "s" * 85
    store.delete(start + "a")
    store.delete(start + "b")
    assert store.create(start + "a", b"1", 60) is True
    assert store.create(start + "b", b"2", 60) is True
    assert payload_of(store, start + "a") == b"1"


@of_the_store
def store_purges_only_the_expired(subject: Subject) -> None:
    """`purge` removes every expired record and no other, and yields how many."""
    store = subject.alone.store
    sum(store.purge())
    live, dead = [key() for _ in range(3)], [key() for _ in range(4)]
    for each in live:
        store.create(each, b"live", 60)
    for each in dead:
        store.create(each, b"dead", SOON)
    time.sleep(SOON + 0.02)
    removed = sum(store.purge())
    assert removed == (4 if subject.purges else 0)
    assert sum(store.purge()) == 0
    assert [payload_of(store, each) for each in live] == [b"live"] * 3
    # It is gone, not only hidden: the key is free again, which an expired record need not leave.
    if subject.purges:
        assert all(store.create(each, b"new", 60) for each in dead)
