"""The interface of the notes, with today's names for what is gone: docs/guide/session-interface.md."""

from __future__ import annotations

import hashlib
import inspect
import json
import pickle
import re
import uuid
import warnings
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import flask_session
import pytest
from flask import Flask, session
from flask.testing import FlaskClient
from pymemcache import Client as MemcachedClient
from pymongo import MongoClient
from redis import Redis

from proven.claims.proofs import proves
from snippets.sessions import SessionEndedError
from tests.guide.sessions.common import (
    APPS,
    NO_KEY,
    SAID,
    Counting,
    attributes,
    content,
    content_of_session,
    cookie,
    notes_app,
    our_app,
    put,
    row,
    their_app,
    visit,
    with_cookie,
)
from tests.servers import memcached, mongodb, redis, running

# in the order of the table that compares them
COLUMNS = [*APPS]


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


@proves(
    "guide/server-side-sessions",
    "In return, each request that uses the session calls the store.",
    "SQL | no | depends on the database | yes | yes | 0, 1, 2",
    "files | no | depends on the disk | yes | yes, on this machine | 0, 1, 2",
    "The last column counts calls for a visitor who already has a session.",
    "The first change of a new session takes one call.",
    "Reading the session without a cookie takes none.",
    "Reading a permanent session takes one call more, which moves its expiry.",
    "With SESSION_REFRESH_EACH_REQUEST = False this call is left out, and Flask-Session "
    "reads in each request but writes only changes.",
)
@proves(
    "guide/session-interface",
    "When the store is read | in each request with a cookie | in each request with a "
    "cookie | when the view uses the session",
    "When the store is written | in each request with a session | in each request with a "
    "session, or only after changes | after changes",
)
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
        "empties": ["GET", "SET", "DEL"],
    }
    permanent = log_in_and_count(our_app(client), client, permanent=True)
    assert permanent["ignores"] == []
    assert permanent["reads"] == ["GET", "PEXPIRE"]
    fixed = our_app(client, SESSION_REFRESH_EACH_REQUEST=False)
    assert log_in_and_count(fixed, client, permanent=True)["reads"] == ["GET"]


@proves(
    "guide/session-interface",
    "total_seconds(app.permanent_session_lifetime) | the lifetime in the store | the "
    "method of timedelta, and PX, which takes milliseconds",
)
def test_the_commands_of_our_interface(client: Counting) -> None:
    browser = our_app(client).test_client()
    visit(browser, put(user="ada"))
    visit(browser, put(user="bob"))
    key, month = key_of("ours", browser), 31 * 24 * 60 * 60 * 1000
    assert [command for command in client.arguments if command[0] == "SET"] == [
        ("SET", key, key.encode() + b' v1:{"user":"ada"}', "PX", month, "NX"),
        ("SET", key, key.encode() + b' v1:{"user":"bob"}', "PX", month, "XX"),
    ]


def test_what_cannot_be_an_id_never_reaches_redis(client: Counting) -> None:
    app = our_app(client)
    assert client.cost(lambda: content(with_cookie(app, "' OR 1=1"))) == []
    assert client.cost(lambda: content(with_cookie(app, "A" * 43))) == ["GET"]


@proves(
    "guide/session-interface",
    "self.redis.setex(…) | writes even if the session has ended meanwhile | SET with NX "
    "for a new session and XX for a known one, so an ended session does not come back. "
    "redis-py has deprecated setex.",
)
@proves("guide/server-side-sessions", "Redis(host, pwd, …). The second argument is the port.")
def test_setex_is_deprecated_and_a_second_argument_is_a_port(client: Counting) -> None:
    with pytest.warns(DeprecationWarning, match="setex"):
        client.setex("key", 1, "value")
    assert [*inspect.signature(Redis).parameters][:2] == ["host", "port"]
    for values in (("127.0.0.1", "password"), ("", "")):
        with pytest.raises(ValueError, match="invalid literal for int"):
            Redis(*values).ping()
    with pytest.raises(SyntaxError):
        compile("Redis(host,pwd,......)", "notes", "exec")


@proves(
    "guide/server-side-sessions",
    "Redis | no | 512 MB | yes | if persistence is on | 0, 1, 2",
    "Memcached | no | 1 MB | yes | no | 0, 1, 2",
    "MongoDB | no | 16 MB | yes | yes | 0, 1, 2",
)
def test_the_largest_values() -> None:
    """By default, and as the table on choosing says; its last column is that of our interface."""
    with running(redis()) as server, Redis(port=server.port) as fresh:
        assert fresh.config_get("proto-max-bulk-len") == {"proto-max-bulk-len": str(512 * 2**20)}
    with running(memcached()) as server:
        memory = MemcachedClient(("127.0.0.1", server.port))
        assert memory.stats("settings")[b"item_size_max"] == 2**20
        memory.close()
    with running(mongodb()) as server:
        documents: MongoClient[Any] = MongoClient(port=server.port)
        assert documents.admin.command("hello")["maxBsonObjectSize"] == 16 * 2**20
        documents.close()
    for backend, size in (("Redis", "512 MB"), ("Memcached", "1 MB"), ("MongoDB", "16 MB")):
        assert row(backend)[1] == size
        assert row(backend)[-1] == "0, 1, 2"


@proves(
    "guide/server-side-sessions",
    "Flask-Session on Redis | no | 512 MB | yes | if persistence is on | 2, 2, 2",
)
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


def key_of(kind: str, browser: FlaskClient) -> str:
    """Return the key in Redis of what a browser's cookie leads to."""
    sid = cookie(browser)
    return "s:" + (hashlib.sha256(sid.encode()).hexdigest() if kind == "ours" else sid)


def sids(client: Redis) -> set[str]:
    return {key.decode().removeprefix("s:") for key in client.scan_iter("s:*")}


@proves(
    "guide/session-interface",
    "the last return, for an id that Redis does not have | accepts the id that the client "
    "sent: session fixation | gives the session a new id",
    "An id that the store does not have | is accepted | is replaced | is replaced",
)
def test_an_id_from_the_client_is_adopted_by_the_notes_alone(kind: str, client: Counting) -> None:
    planted = "A" * 43
    browser = with_cookie(APPS[kind](client), planted)
    visit(browser, put(user="ada"))
    assert (planted in sids(client)) is (kind == "notes")
    cell = row("An id that the store does not have")[COLUMNS.index(kind)]
    assert cell == ("is accepted" if kind == "notes" else "is replaced")
    stranger = with_cookie(browser.application, planted)
    assert content(stranger).get("user") == ("ada" if kind == "notes" else None)


@proves(
    "guide/session-interface",
    "if not sid: sid = self._generate_sid() | gives a new visitor an id | Loaded(self._new_sid())",
    "str(uuid4()) | 122 random bits | secrets.token_urlsafe(32), 256 random bits",
    "self.session_class(sid=sid, permanent=self.permanent) | creates a dictionary that "
    "has an id | session_class, a mapping that has an id and loads its data itself",
    "Random bits of an id | 122 | 256 | 256",
    "The key in the store | the id | the id | a hash of the id",
)
@proves(
    "guide/session-cookie", "guessing the id of a server-side session | an id of 256 random bits |"
)
def test_ids(kind: str, client: Counting) -> None:
    browser = APPS[kind](client).test_client()
    visit(browser, put(user="ada"))
    assert sids(client) == {key_of(kind, browser).removeprefix("s:")}
    cell = row("The key in the store")[COLUMNS.index(kind)]
    assert cell == ("a hash of the id" if kind == "ours" else "the id")
    if kind == "notes":
        assert uuid.UUID(cookie(browser)).version == 4
    else:
        assert len(cookie(browser)) == 43


@proves(
    "guide/session-interface",
    "A change after a logout elsewhere | brings the session back | brings the session "
    "back | raises an error",
)
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

    if kind == "ours":
        with pytest.raises(SessionEndedError):
            visit(with_cookie(app, value), slow)
    else:
        visit(with_cookie(app, value), slow)
    alive = content(with_cookie(app, value)).get("user")
    assert alive == (None if kind == "ours" else "ada")
    cell = row("A change after a logout elsewhere")[COLUMNS.index(kind)]
    assert cell == ("brings the session back" if alive else "raises an error")


@proves(
    "guide/session-interface",
    "self.serializer.loads(val) | turns bytes into data | JSON with Flask's types, never pickle",
    "__sdasdqcneocn:{xxx:123,sid:sdasdqcneocn} | the record in Redis, which contains the "
    "id | The record contains the key, in which there is a hash of the id, and "
    'v1:{"xxx":123}.',
    "Format in the store | depends on serializer | msgpack or JSON | JSON with tags",
)
def test_what_is_stored(kind: str, client: Counting) -> None:
    browser = APPS[kind](client).test_client()
    visit(browser, put(user="ada"))
    key = key_of(kind, browser)
    stored = client.get(key)
    assert isinstance(stored, bytes)
    assert cookie(browser).encode() not in stored
    if kind == "ours":
        assert stored == key.encode() + b' v1:{"user":"ada"}'
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
    assert 98 <= client.ttl(key_of(kind, browser)) <= 100


DELETION: dict[str, set[str]] = {
    "notes": set(),
    "theirs": set(),
    "ours": {"Secure", "HttpOnly", "SameSite=Lax", "Partitioned"},
}


@proves(
    "guide/session-interface",
    "Attributes missing when the cookie is set | SameSite, Partitioned | Partitioned | none",
    "Attributes used when the cookie is deleted | Domain and Path | Domain and Path | all "
    "its attributes",
)
def test_attributes_on_setting_and_on_deletion(kind: str, client: Counting) -> None:
    settings = {"SECURE": True, "SAMESITE": "Lax", "PARTITIONED": True, "DOMAIN": "a.test"}
    app = APPS[kind](client, **{f"SESSION_COOKIE_{key}": v for key, v in settings.items()})
    browser = app.test_client()
    site = {"base_url": "https://a.test"}
    set_ = set(attributes(visit(browser, put(user="ada"), **site))) - {"Path=/", "Domain=a.test"}
    lacking = {"notes": {"SameSite=Lax", "Partitioned"}, "theirs": {"Partitioned"}, "ours": set()}
    expected = {"Secure", "HttpOnly", "SameSite=Lax", "Partitioned"} - lacking[kind]
    assert {part for part in set_ if "Expires" not in part} == expected
    ended = set(attributes(visit(browser, lambda: session.clear(), **site)))
    assert {"Path=/", "Domain=a.test"} <= ended
    ended -= {"Domain=a.test"}
    assert (
        ended - {"Path=/", "Max-Age=0"} - {"Expires=Thu, 01 Jan 1970 00:00:00 GMT"}
        == DELETION[kind]
    )


@proves(
    "guide/session-interface",
    "signer.unsign(sid), except BadSignature | replaces a forged id | _unsign also "
    "accepts old keys, and refuses what cannot be an id before it checks the signature.",
    "self._get_signer(app).sign(want_bytes(session.sid)) | signs the id | _sign",
    "Old keys, if the id is signed | refused | refused; signing is deprecated | accepted",
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


@proves(
    "guide/server-side-sessions",
    "SESSION_USE_SIGNER tells Flask-Session to sign the id, but the application has no secret key.",
)
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


@proves(
    "guide/server-side-sessions",
    "Remove SESSION_USE_SIGNER: it is deprecated, and an id of 256 random bits needs no signature.",
    "Flask-Session has deprecated the signer, because a random id is enough.",
)
def test_signing_is_deprecated_in_flask_session(client: Counting) -> None:
    with pytest.warns(DeprecationWarning, match="use_signer"):
        their_app(client, SESSION_USE_SIGNER=True)


@proves("guide/sessions", "A server-side session interface needs no key, unless it signs the id.")
def test_without_a_signer_no_key_is_needed(kind: str, client: Counting) -> None:
    app = APPS[kind](client)
    app.secret_key = None
    browser = app.test_client()
    visit(browser, put(user="ada"))
    assert content(browser)["user"] == "ada"


@proves(
    "guide/session-interface",
    "except: and an empty session | hides every error and keeps the id | logs a warning "
    "and gives the session a new id",
    "Bytes that it cannot decode | empty session, same id | tries pickle, then raises an "
    "error | empty session, new id",
    "Flask-Session tries pickle to read sessions that its older releases stored.",
    "So whoever can write to your Redis can run code in your application.",
)
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
    client.set(key_of(kind, browser), b"\xc1 no format of any of them")
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
        cell = row("Bytes that it cannot decode")[COLUMNS.index(kind)]
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


@proves(
    "guide/server-side-sessions",
    "Flask-Session does not support the same types as the signed cookie.",
    "From Redis, a tuple or a set comes back as a list, and a UUID or a Decimal as a str.",
    "A datetime keeps its fractions of a second.",
)
@pytest.mark.parametrize(("before", "after"), THEIR_TYPES)
def test_types_of_flask_session(before: Any, after: Any, client: Counting) -> None:
    browser = their_app(client).test_client()
    visit(browser, put(value=before))
    found = content(browser)["value"]
    assert (found, type(found)) == (after, type(after))


@proves(
    "guide/session-interface",
    "should_set_cookie, commented out | writes the data and sends the cookie in every "
    "request | The cookie is sent if its id or its expiry changes.",
    "response.set_cookie(…) | sends the id to the browser | the same, but only if the "
    "cookie changes",
)
def test_a_cookie_is_sent_if_its_id_or_its_expiry_changes(client: Counting) -> None:
    app = our_app(client)
    browser = app.test_client()
    interface = app.session_interface
    assert "Set-Cookie" in visit(browser, put(user="ada")).headers
    assert "Set-Cookie" not in visit(browser, put(user="bob")).headers
    assert "Set-Cookie" in visit(browser, lambda: interface.regenerate(session)).headers  # type: ignore[attr-defined]
    assert "Set-Cookie" in visit(browser, put(_permanent=True)).headers
    assert "Set-Cookie" in visit(browser, content_of_session).headers


@proves(
    "guide/session-interface",
    "val = self.redis.get(self.key_prefix + sid) | reads the data | "
    "self._ask(self.store.read, key) sends GET to Redis. The key contains a hash of the "
    "id. If Redis fails, the response is 503.",
)
def test_a_failure_of_redis_is_a_503() -> None:
    with Redis(port=1) as down:
        app = our_app(down, PROPAGATE_EXCEPTIONS=False)  # type: ignore[arg-type]
        app.logger.disabled = True
        assert visit(with_cookie(app, "A" * 43), content_of_session).status_code == 503


@proves(
    "guide/session-interface",
    "val = self.serializer.dumps(dict(session)) | turns data into bytes | This happens "
    "before anything is deleted, so a failure loses nothing.",
)
def test_a_value_that_cannot_be_stored_leaves_the_old_session(client: Counting) -> None:
    app = our_app(client)
    browser = app.test_client()
    visit(browser, put(user="ada"))
    with pytest.raises(TypeError):
        visit(
            browser,
            lambda: [
                app.session_interface.regenerate(session),  # type: ignore[attr-defined]
                session.update(user=object()),
            ],
        )
    assert content(browser) == {"user": "ada"}


@proves(
    "guide/session-interface",
    "if not session: if session.modified: | checks whether the view emptied the session | "
    "If session.empty is true, the record and the cookie are deleted.",
)
def test_an_emptied_session_is_deleted_with_its_cookie(client: Counting) -> None:
    browser = our_app(client).test_client()
    visit(browser, put(user="ada"))
    key = key_of("ours", browser)
    assert client.exists(key) == 1
    assert "Max-Age=0" in attributes(visit(browser, lambda: session.clear()))
    assert client.exists(key) == 0


@proves(
    "guide/session-interface",
    "self.get_cookie_domain(app), self.get_cookie_path(app) | reads two attributes of the "
    "cookie | _cookie_attributes returns all six attributes.",
    "get_cookie_httponly, get_cookie_secure | reads two more attributes | SameSite and "
    "Partitioned are read too.",
    "expires = self.get_expiration_time(app, session) | a date, or None if the session is "
    "not permanent | the same",
)
def test_the_attributes_of_the_cookie_and_its_expiry(client: Counting) -> None:
    app = our_app(client)
    interface = app.session_interface
    found = interface._cookie_attributes(app)  # type: ignore[attr-defined]
    assert set(found) - {"key"} == {
        *("domain", "path", "secure", "httponly", "samesite", "partitioned"),
    }
    assert len(set(found) - {"key"}) == 6
    with app.test_request_context():
        for permanent in (False, True):
            session.permanent = permanent
            expiry = interface.get_expiration_time(app, session)
            assert (expiry is not None) is permanent
