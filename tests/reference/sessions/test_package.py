"""What the package promises beside the contract: what it imports, what it refuses, what it says."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask, Response, after_this_request, session

import snippets.sessions
from snippets.server_sessions.memory_store import MemoryStore
from snippets.sessions import ServerSideSessionInterface, SessionBackendError, sessions_cli
from tests.reference.sessions.contract import OutageError, Site, Subject

ROOT = Path(__file__).parents[3]
CLIENTS = {"redis", "pymemcache", "pymongo", "sqlalchemy"}


@pytest.fixture
def site() -> Site:
    store = MemoryStore()
    return Site(Subject(lambda **options: ServerSideSessionInterface(store, **options)))


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


def test_every_name_can_be_imported() -> None:
    for name in snippets.sessions.__all__:
        assert getattr(snippets.sessions, name).__module__.startswith(("snippets.", "flask."))
    assert dir(snippets.sessions) == snippets.sessions.__all__


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match=r"'snippets.sessions' has no attribute 'nothing'"):
        snippets.sessions.nothing  # noqa: B018


@pytest.mark.parametrize("prefix", ["a b", "会话", "a\n", "p" * 101])
def test_a_prefix_that_some_backend_would_not_bear_is_refused(prefix: str) -> None:
    with pytest.raises(ValueError, match="key_prefix must be ASCII without spaces"):
        ServerSideSessionInterface(MemoryStore(), key_prefix=prefix)


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


def test_the_session_tells_its_id_and_whether_it_is_new(site: Site) -> None:
    browser = site.browser()
    first = browser.visit(lambda: (session.sid, session.new, session.update(a=1))).value
    assert first == (browser.cookie, True, None)
    assert browser.visit(lambda: (session.sid, session.new)).value == (browser.cookie, False)


def test_the_session_shows_its_data(site: Site) -> None:
    browser = site.visitor(a=1)
    assert browser.visit(lambda: repr(session)).value == "<ServerSideSession {'a': 1}>"


def test_a_copy_is_a_plain_dictionary(site: Site) -> None:
    browser = site.visitor(a=1)
    found = browser.visit(lambda: session.copy()).value
    assert type(found) is dict
    assert found == {"a": 1}


def test_a_change_inside_a_value_is_saved_when_said_so(site: Site) -> None:
    browser = site.visitor(cart=[1])
    browser.visit(lambda: session["cart"].append(2))
    assert browser.data() == {"cart": [1]}

    def add() -> None:
        session["cart"].append(2)
        session.modified = True

    browser.visit(add)
    assert browser.data() == {"cart": [1, 2]}


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


def test_a_late_change_is_dropped_and_logged(site: Site) -> None:
    browser = site.visitor(user="ada")

    def slow() -> None:
        session["page"] = 2
        browser.twin().visit(lambda: session.clear())

    browser.visit(slow)
    assert browser.data() == {}
    assert site.log == ["A session had ended before its change was saved."]


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


def test_reading_from_a_store_that_is_down_answers_503_and_names_the_cause(site: Site) -> None:
    browser = site.visitor(user="ada")
    with site.outage():
        visit = browser.visit(lambda: session["user"], fails=True)
    assert visit.response.status_code == 503
    assert isinstance(visit.error, SessionBackendError)
    assert isinstance(visit.error.__cause__, OutageError)
    assert visit.error.description == SessionBackendError.description
    assert site.log == ["The session store failed; the session was not read."]


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
        list(site.interface.purge())


def test_purge_says_how_far_it_is() -> None:
    class Slow(MemoryStore):
        def purge(self) -> Iterator[int]:
            yield from (1000, 1000, 7)

    app = Flask("app")
    app.session_interface = ServerSideSessionInterface(Slow())
    app.cli.add_command(sessions_cli)
    result = app.test_cli_runner().invoke(args=["sessions", "purge"])
    assert result.stderr == "1000 ...\n2000 ...\n2007 ...\n"
    assert result.stdout == "Expired sessions removed: 2007\n"


def test_purge_is_refused_for_an_application_without_server_side_sessions() -> None:
    app = Flask("app")
    app.cli.add_command(sessions_cli)
    result = app.test_cli_runner().invoke(args=["sessions", "purge"])
    assert result.exit_code == 1
    assert result.stderr == "Error: the application does not keep its sessions on the server\n"
