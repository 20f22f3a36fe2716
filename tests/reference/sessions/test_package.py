"""What the package promises beside the contract: what it imports, what it refuses, what it says."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from flask import (
    Flask,
    Response,
    after_this_request,
    request,
    session,
)
from flask.sessions import SessionMixin
from flask.testing import FlaskClient
from werkzeug.exceptions import HTTPException, InternalServerError
from werkzeug.http import http_date

import snippets.sessions
from proven.claims.proofs import proves
from snippets.server_sessions.memory_store import MemoryStore
from snippets.sessions import (
    Record,
    ServerSideSessionInterface,
    SessionBackendError,
    SessionEndedError,
    requirements,
    sessions_cli,
)
from tests.reference.sessions.contract import OutageError, Site, Subject

ROOT = Path(__file__).parents[3]
CLIENTS = {"redis", "pymemcache", "pymongo", "sqlalchemy"}


@pytest.fixture
def site() -> Site:
    store = MemoryStore()
    return Site(Subject(lambda **options: ServerSideSessionInterface(store, **options)))


@proves(
    "reference/session-classes",
    "The module of a backend and its client library are imported when one of its names is "
    "first used: sessions in files need no Redis.",
)
@pytest.mark.parametrize(
    ("name", "library"),
    [
        ("FileSystemSessionInterface", None),
        ("ServerSideSessionInterface", None),
        ("RedisSessionInterface", "redis"),
        ("MemcachedSessionInterface", "pymemcache"),
        ("MongoDBSessionInterface", "pymongo"),
        ("SqlAlchemySessionInterface", "sqlalchemy"),
    ],
)
def test_only_what_is_used_is_imported(name: str, library: str | None) -> None:
    code = f"import sys; from snippets.sessions import {name}; print(*sys.modules)"
    run = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, check=True, capture_output=True, text=True
    )
    assert CLIENTS.intersection(run.stdout.split()) == ({library} if library else set())


@proves("reference/session-classes", "Every name can be imported from here.")
def test_every_name_can_be_imported() -> None:
    for name in snippets.sessions.__all__:
        assert getattr(snippets.sessions, name).__module__.startswith(("snippets.", "flask."))
    assert dir(snippets.sessions) == snippets.sessions.__all__


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match=r"'snippets.sessions' has no attribute 'nothing'"):
        snippets.sessions.nothing  # noqa: B018


@proves(
    "reference/session-classes",
    "It consists of ASCII characters without spaces, 100 at most.",
    "ValueError -- key_prefix or sid_length is not as described above.",
)
@pytest.mark.parametrize("prefix", ["a b", "会话", "a\n", "p" * 101])
def test_a_prefix_that_some_backend_would_not_bear_is_refused(prefix: str) -> None:
    with pytest.raises(ValueError, match="key_prefix must be ASCII without spaces"):
        ServerSideSessionInterface(MemoryStore(), key_prefix=prefix)


@proves(
    "reference/session-classes",
    "sid_length (int) -- The number of random bytes in an id, from 32 to 64.",
    "ValueError -- key_prefix or sid_length is not as described above.",
)
@pytest.mark.parametrize("length", [31, 65])
def test_an_id_that_is_too_short_or_too_long_is_refused(length: int) -> None:
    with pytest.raises(ValueError, match="sid_length must be from 32 to 64"):
        ServerSideSessionInterface(MemoryStore(), sid_length=length)


@pytest.mark.parametrize(("length", "characters"), [(32, 43), (33, 44), (48, 64), (64, 86)])
def test_longer_ids_work(length: int, characters: int) -> None:
    store = MemoryStore()
    subject = Subject(lambda **options: ServerSideSessionInterface(store, **options))
    browser = Site(subject, sid_length=length).visitor(a=1)
    assert len(browser.cookie or "") == characters
    assert browser.data() == {"a": 1}


@pytest.mark.parametrize(
    ("own", "sent"),
    [("Accept-Language", "Accept-Language, Cookie"), ("Cookie", "Cookie"), (None, "Cookie")],
)
def test_what_an_answer_varies_with_already_stays(site: Site, own: str | None, sent: str) -> None:
    def view() -> None:
        session.get("a")

        @after_this_request
        def vary(response: Response) -> Response:
            if own:
                response.headers["Vary"] = own
            return response

    assert site.visitor(a=1).visit(view).response.headers.getlist("Vary") == [sent]


def test_a_session_of_another_interface_is_not_regenerated() -> None:
    with pytest.raises(TypeError, match="opened by another session interface"):
        ServerSideSessionInterface(MemoryStore()).regenerate({})  # type: ignore[arg-type]


@proves(
    "reference/session-classes",
    "The id of the session.",
    "Whether the session is not in the store yet.",
)
def test_the_session_tells_its_id_and_whether_it_is_new(site: Site) -> None:
    browser = site.browser()
    first = browser.visit(lambda: (session.sid, session.new, session.update(a=1))).value
    assert first == (browser.cookie, True, None)
    assert browser.visit(lambda: (session.sid, session.new)).value == (browser.cookie, False)


@proves("reference/session-classes", "In a view, it is flask.session.")
def test_the_session_shows_its_data(site: Site) -> None:
    browser = site.visitor(a=1)
    assert browser.visit(lambda: repr(session)).value == "<ServerSideSession {'a': 1}>"


def test_a_copy_is_a_plain_dictionary(site: Site) -> None:
    browser = site.visitor(a=1)
    found = browser.visit(lambda: session.copy()).value
    assert type(found) is dict
    assert found == {"a": 1}


@proves(
    "reference/session-classes",
    "As with Flask's own session, a change inside a value is not noticed: after "
    'session["cart"].append(1) set session.modified = True.',
)
def test_a_change_inside_a_value_is_saved_when_said_so(site: Site) -> None:
    browser = site.visitor(cart=[1])
    browser.visit(lambda: session["cart"].append(2))
    assert browser.data() == {"cart": [1]}

    def add() -> None:
        session["cart"].append(2)
        session.modified = True

    browser.visit(add)
    assert browser.data() == {"cart": [1, 2]}


@proves(
    "reference/session-classes",
    "permanent (bool) -- Whether a session is permanent if the view does not set "
    "session.permanent.",
)
def test_the_default_of_permanent_is_the_options(site: Site) -> None:
    permanent = Site(site.subject, permanent=True)
    browser = permanent.visitor(a=1)
    assert browser.visit(lambda: session.permanent).value is True
    assert browser.data() == {"a": 1}


def test_an_id_that_exists_already_is_replaced(site: Site) -> None:
    taken = site.visitor(user="ada").cookie
    ids = iter([taken, taken, "B" * 43])
    site.interface._new_sid = lambda: next(ids)
    browser = site.visitor(user="eve")
    assert browser.cookie == "B" * 43
    assert site.browser(taken).data() == {"user": "ada"}


@proves(
    "reference/session-classes",
    "A late regenerate starts a session that contains only what its own request has stored.",
)
def test_a_late_regenerate_keeps_what_its_own_request_has_changed(site: Site) -> None:
    browser = site.visitor(user="ada", page=1)
    old = browser.twin()

    def slow() -> None:
        session["page"] = 2
        old.visit(lambda: session.clear())
        site.interface.regenerate(session)

    browser.visit(slow)
    assert browser.data() == {"page": 2}
    assert site.log == ["A session had ended before it was given a new id."]


@proves(
    "reference/session-classes",
    "A session that ended or got a new id in the meantime does not come back: the late "
    "change raises SessionEndedError.",
    "The session that was changed is no longer in the store, so the change could not be saved.",
)
def test_a_late_change_is_an_error_that_says_so(site: Site) -> None:
    causes = []

    def show(error: InternalServerError) -> tuple[str, int]:
        causes.append(error.original_exception)
        return "page", 500

    site.app.register_error_handler(InternalServerError, show)
    browser = site.visitor(user="ada")

    def slow() -> None:
        session["page"] = 2
        browser.twin().visit(lambda: session.clear())

    assert browser.visit(slow, fails=True).set_cookie is None
    assert browser.data() == {}
    assert [type(cause) for cause in causes] == [SessionEndedError]
    assert issubclass(SessionEndedError, SessionBackendError)
    assert SessionEndedError.code == 503


def test_a_late_regenerate_keeps_what_its_own_request_has_changed_inside_a_value(
    site: Site,
) -> None:
    browser = site.visitor(user="ada", cart=[1])

    def slow() -> None:
        session["cart"].append(2)
        browser.twin().visit(lambda: session.clear())
        site.interface.regenerate(session)

    browser.visit(slow)
    assert browser.data() == {"cart": [1, 2]}


def test_a_late_regenerate_that_changes_nothing_is_dropped_and_logged(site: Site) -> None:
    browser = site.visitor(user="ada", page=1)

    def slow() -> None:
        assert session["page"] == 1
        browser.twin().visit(lambda: session.clear())
        site.interface.regenerate(session)

    assert browser.visit(slow).set_cookie is None
    assert browser.data() == {}
    assert site.log == ["A session had ended before it was given a new id."]
    notes = [name for name in site.watched.store.records if name.endswith(".ended")]  # type: ignore[attr-defined]
    assert len(site.watched.store.records) == len(notes) == 1  # type: ignore[attr-defined]


def test_a_regenerate_that_takes_longer_than_notes_last_is_late(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Then nobody knows any longer whether the session was ended by somebody else."""
    browser = site.visitor(user="ada", page=1)

    def slow() -> None:
        assert session["page"] == 1
        browser.twin().visit(lambda: session.clear())
        store = site.watched.store
        for name in [name for name in store.records if name.endswith(".ended")]:  # type: ignore[attr-defined]
            store.delete(name)
        monkeypatch.setattr("snippets.sessions.base.time.monotonic", lambda: now + 31)
        site.interface.regenerate(session)
        session["new"] = 1

    now = time.monotonic()
    browser.visit(slow)
    assert browser.data() == {"new": 1}


@proves(
    "reference/sessions",
    "Each record contains its key.",
    "If the store returns the record of another key, that is an error, so nobody gets the "
    "session of another visitor.",
)
def test_the_answer_to_another_question_is_an_error_and_never_a_session(site: Site) -> None:
    """As a connection gives it that two processes share."""
    ada, eve = site.visitor(user="ada"), site.visitor(user="eve")
    read, key = site.watched.store.read, site.interface.key
    mixed = key(site.app, eve.cookie)
    site.watched.store.read = lambda name: read(mixed)  # type: ignore[method-assign]
    visit = ada.visit(lambda: session["user"], fails=True)
    assert visit.response.status_code == 503
    assert visit.set_cookie is None
    assert "gave another record than that asked for" in str(visit.error)
    assert eve.data() == {"user": "eve"}


@proves(
    "reference/sessions",
    "Applications. The keys begin with session: and the name of the application, so two "
    "applications on one store do not accept each other's cookies.",
    "Two applications with the same name, for example app, need different prefixes.",
)
def test_by_default_applications_do_not_share_their_sessions() -> None:
    store = MemoryStore()

    def application(name: str, **options: str) -> FlaskClient:
        app = Flask(name)
        app.session_interface = ServerSideSessionInterface(store, **options)  # type: ignore[arg-type]
        app.add_url_rule("/", "read", lambda: dict(session))
        app.add_url_rule("/w", "write", lambda: session.update(user="ada") or "")
        return app.test_client()

    def seen_with_cookie_of(one: FlaskClient, other: FlaskClient) -> object:
        other.set_cookie("session", one.get_cookie("session").value)  # type: ignore[union-attr]
        return other.get("/").json

    shop = application("shop")
    shop.get("/w")
    assert seen_with_cookie_of(shop, application("shop")) == {"user": "ada"}
    assert seen_with_cookie_of(shop, application("blog")) == {}
    assert seen_with_cookie_of(shop, application("店")) == {}
    together = application("shop", key_prefix="all:")
    together.get("/w")
    assert seen_with_cookie_of(together, application("blog", key_prefix="all:")) == {"user": "ada"}
    assert all(name.isascii() and " " not in name for name in store.records)


def test_a_view_with_threads_loads_once(site: Site) -> None:
    browser = site.visitor(n=0)
    read = site.watched.store.read

    def slow(name: str) -> Record | None:
        time.sleep(0.05)
        return read(name)

    site.watched.store.read = slow  # type: ignore[method-assign]

    def view() -> None:
        shared = session._get_current_object()  # type: ignore[attr-defined]

        def write(number: int) -> None:
            shared[str(number)] = number

        threads = [threading.Thread(target=write, args=(number,)) for number in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    assert site.calls_of(lambda: browser.visit(view)) == ["read", "update"]
    assert browser.data() == {"n": 0, "0": 0, "1": 1, "2": 2, "3": 3}


def test_saving_again_after_a_login_ends_nothing_twice(site: Site) -> None:
    """Flask saves again for the error page if something fails after the session was saved."""
    browser = site.visitor(cart=1)
    app, interface = site.app, site.interface
    with app.test_request_context(headers={"Cookie": f"session={browser.cookie}"}):
        opened = interface.open_session(app, request)
        interface.regenerate(opened)
        opened["user"] = "ada"
        responses = [Response(), Response()]
        for response in responses:
            interface.save_session(app, opened, response)
    cookies = [response.headers["Set-Cookie"] for response in responses]
    assert cookies[0] == cookies[1]
    browser.cookie = opened.sid
    assert browser.data() == {"cart": 1, "user": "ada"}


def test_a_view_that_handles_an_error_of_its_own_does_not_take_an_outage_for_a_logout(
    site: Site,
) -> None:
    """An empty session is for the pages that Flask makes of errors, not for views."""
    browser = site.visitor(user="ada")

    def view() -> object:
        try:
            raise KeyError("of the view")
        except KeyError:
            return session.get("user", "nobody")

    with site.outage():
        assert browser.visit(view, fails=True).response.status_code == 503


def test_an_error_page_of_an_async_function_may_look_at_the_session(site: Site) -> None:
    async def page(error: HTTPException) -> tuple[str, int]:
        return f"page {dict(session)}", 503

    site.app.register_error_handler(503, page)
    browser = site.visitor(user="ada")
    with site.outage():
        assert browser.visit(lambda: session["user"], fails=True).response.text == "page {}"


@proves("reference/sessions", "An error handler may use the session: it finds an empty one.")
def test_an_error_page_that_writes_to_the_session_is_shown_in_an_outage(site: Site) -> None:
    def page(error: HTTPException) -> tuple[str, int]:
        session["csrf_token"] = "a token"
        return "page", error.code or 500

    for code in (500, 503):
        site.app.register_error_handler(code, page)
    browser = site.visitor(user="ada")
    with site.outage():
        visit = browser.visit(lambda: session["user"], fails=True)
    assert (visit.response.status_code, visit.response.text) == (503, "page")
    assert visit.set_cookie is None
    assert browser.data() == {"user": "ada"}


def test_what_a_debugger_shows_of_a_session_has_no_id_in_it(site: Site) -> None:
    browser = site.visitor(user="ada")
    shown = browser.visit(lambda: repr(session) + repr(session.load())).value
    assert "ada" in shown
    assert browser.cookie not in shown


def test_a_store_that_creates_nothing_is_an_error(site: Site) -> None:
    site.watched.store.create = lambda *arguments: False  # type: ignore[method-assign]
    visit = site.browser().visit(lambda: session.update(a=1), fails=True)
    assert visit.set_cookie is None
    assert site.calls == ["create"] * 3


def test_saving_twice_for_one_request_sends_the_cookie_twice(site: Site) -> None:
    """Flask saves again for the error page if something fails after the session was saved."""
    app = site.app
    with app.test_request_context():
        interface = app.session_interface
        opened = interface.open_session(app, app.request_class({}))
        assert opened is not None
        opened["a"] = 1
        responses = [Response(), Response()]
        for response in responses:
            interface.save_session(app, opened, response)
    cookies = [response.headers["Set-Cookie"] for response in responses]
    assert cookies[0] == cookies[1]
    assert site.calls == ["create", "update"]


@proves(
    "reference/sessions",
    "A view that uses the session raises SessionBackendError, and the response is 503.",
    "The exception of the client library is in the log.",
)
@proves(
    "reference/session-classes",
    "The exceptions that the backend raises if it fails.",
    "They become SessionBackendError.",
    "The store failed, so the session could not be read or saved.",
    "If reading the session raises it in a view, the response is 503.",
    "The exception of the client library is its __cause__, and is not in the response.",
)
def test_reading_from_a_store_that_is_down_answers_503_and_names_the_cause(site: Site) -> None:
    browser = site.visitor(user="ada")
    with site.outage():
        visit = browser.visit(lambda: session["user"], fails=True)
    assert visit.response.status_code == 503
    assert isinstance(visit.error, SessionBackendError)
    assert isinstance(visit.error.__cause__, OutageError)
    assert visit.error.description == SessionBackendError.description
    assert site.log == ["The session store failed; the session was not read."]


@proves("reference/sessions", "If saving fails, the response is 500.")
@proves(
    "reference/session-classes",
    "If saving the session raises it after the view, the response is 500.",
)
def test_saving_to_a_store_that_is_down_answers_500_and_is_logged_by_flask(site: Site) -> None:
    with site.outage():
        visit = site.browser().visit(lambda: session.update(a=1), fails=True)
    assert visit.response.status_code == 500
    assert site.log == ["Exception on / [GET]"]


def test_a_view_that_tries_again_does_not_make_the_request_wait_again(site: Site) -> None:
    browser = site.visitor(user="ada")

    def stubborn() -> object:
        for _ in range(3):
            with pytest.raises(SessionBackendError):
                session.get("user")
        return "coped"

    with site.outage():
        assert site.calls_of(lambda: browser.visit(stubborn)) == ["read"]
    assert browser.data() == {"user": "ada"}


def test_a_session_that_did_not_open_is_not_saved_and_the_error_is_told_once(site: Site) -> None:
    def broken(app: Flask, request: object) -> None:
        raise LookupError("cannot open")

    site.interface.open_session = broken
    site.app.test_client().get("/")
    assert site.log == ["Exception on / [GET]"]


def test_reading_does_not_prolong_a_session_that_is_not_permanent(site: Site) -> None:
    browser = site.visitor(a=1)
    assert site.calls_of(browser.data) == ["read"]


def test_permanence_alone_is_not_stored(site: Site) -> None:
    def make_permanent() -> bool:
        session.permanent = True
        return session.permanent

    visit = site.browser().visit(make_permanent)
    assert visit.value is True
    assert visit.set_cookie is None
    assert site.calls == []


@proves(
    "reference/session-classes",
    "If a permanent session was only read, one more call moves its expiry, unless "
    "SESSION_REFRESH_EACH_REQUEST is False.",
    "Setting it to the value that it has is not a change, so you can set it before each request.",
)
def test_setting_permanence_again_is_no_change(site: Site) -> None:
    def make_permanent() -> None:
        session.permanent = True

    browser = site.visitor(a=1)
    assert site.calls_of(lambda: browser.visit(make_permanent)) == ["read", "update"]
    assert site.calls_of(lambda: browser.visit(make_permanent)) == ["read", "touch"]


def test_no_cookie_is_deleted_that_was_not_sent(site: Site) -> None:
    assert site.browser().visit(lambda: session.clear()).set_cookie is None
    assert site.browser("A" * 43).visit(lambda: session.clear()).set_cookie is not None


def test_purging_a_store_that_is_down_is_an_error(site: Site) -> None:
    with site.outage(), pytest.raises(SessionBackendError):
        site.interface.purge()


def test_purge_counts_in_one_line() -> None:
    class Slow(MemoryStore):
        def purge(self) -> Iterator[int]:
            yield from (1000, 1000, 7)

    app = Flask("app")
    app.session_interface = ServerSideSessionInterface(Slow())
    app.cli.add_command(sessions_cli)
    result = app.test_cli_runner().invoke(args=["sessions", "purge"])
    assert result.output == "Expired sessions removed: 2007\n"
    assert app.session_interface.purge() == 2007


def test_purge_is_refused_for_an_application_without_server_side_sessions() -> None:
    app = Flask("app")
    app.cli.add_command(sessions_cli)
    result = app.test_cli_runner().invoke(args=["sessions", "purge"])
    assert result.exit_code == 1
    assert result.stderr == "Error: the application does not keep its sessions on the server\n"


@pytest.mark.parametrize(
    ("library", "module", "older"),
    [
        ("flask", "base", "3.1.2"),
        ("flask", "base", "2.3.3"),
        ("redis", "redis", "4.5.5"),
        ("pymemcache", "memcached", "3.5.1"),
        ("pymongo", "mongodb", "4.1.1"),
        ("sqlalchemy", "sqlalchemy", "2.0.36"),
        ("sqlalchemy", "sqlalchemy", "2.0.9rc1"),
    ],
)
def test_an_older_release_is_refused_with_one_line(library: str, module: str, older: str) -> None:
    oldest = requirements.OLDEST[library]
    code = (
        "import importlib.metadata as m; found = m.version;"
        f"m.version = lambda name: {older!r} if name == {library!r} else found(name);"
        f"import snippets.sessions.{module}"
    )
    run = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    line = f"ImportError: these sessions need {library} {oldest} or newer, not {older}"
    assert run.stderr.splitlines()[-1] == line


@proves(
    "reference/sessions",
    "With an older release, the import raises an ImportError that names the required one.",
)
def test_an_older_release_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    requirements.require("flask")
    monkeypatch.setattr(requirements, "version", lambda name: "3.1.2")
    with pytest.raises(ImportError, match=r"need flask 3.1.3 or newer, not 3.1.2"):
        requirements.require("flask")


@proves(
    "reference/sessions",
    "The oldest supported releases are Flask 3.1.3, redis-py 4.6.0, pymemcache 3.5.2, "
    "PyMongo 4.2.0 and SQLAlchemy 2.0.43.",
)
def test_the_page_names_the_oldest_releases() -> None:
    """And what `nox -s lowest` installs are those."""
    page = (ROOT / "docs/reference/sessions.md").read_text("utf-8")
    names = {
        "flask": "Flask",
        "redis": "redis-py",
        "pymemcache": "pymemcache",
        "pymongo": "PyMongo",
        "sqlalchemy": "SQLAlchemy",
    }
    for library, oldest in requirements.OLDEST.items():
        assert f"{names[library]} {oldest}" in page
    pinned = (ROOT / "tests/reference/sessions/lowest.txt").read_text("utf-8").split()
    assert {f"{library}=={oldest}" for library, oldest in requirements.OLDEST.items()} <= set(
        pinned
    )


@pytest.mark.parametrize("zone", [None, UTC, timezone(timedelta(hours=8))])
def test_an_expiry_of_ones_own_is_sent_as_it_is(
    zone: timezone | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As Werkzeug does, a time without a zone is taken for UTC, whatever the zone of the machine."""
    end = datetime(2030, 1, 2, 8, 4, 5, 678, tzinfo=zone)

    class Own(ServerSideSessionInterface):
        def get_expiration_time(self, app: Flask, session: SessionMixin) -> datetime:
            return end

    monkeypatch.setenv("TZ", "Asia/Shanghai")
    time.tzset()
    try:
        app = Flask("own")
        app.session_interface = Own(MemoryStore(), permanent=True)
        app.add_url_rule("/", view_func=lambda: session.update(user=1) or "")
        sent = app.test_client().get("/").headers["Set-Cookie"]
    finally:
        monkeypatch.undo()
        time.tzset()
    assert f"Expires={http_date(end)}" in sent
