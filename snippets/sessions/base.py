"""What all server-side sessions share: the id, the cookie, the lazy load and when to write.

The browser keeps a random id in its cookie, the data stay on the server. A backend is a
:class:`SessionStore` of six short methods; everything else is here, once. A store never sees an id,
only its hash: neither a dump of the store nor a line of its log is enough to take over a session.

* :class:`ServerSideSession`: the ``flask.session`` of a request. It is read from the store when it
  is first looked at, not before.
* :class:`ServerSideSessionInterface`: opens and saves sessions, and holds the rules of safety. The
  rules are those of the OWASP Session Management Cheat Sheet: an id of 256 random bits that means
  nothing, never taken from the client, replaced at login, and ended on the server at logout.

Cookies follow RFC 6265bis: a cookie is deleted with the attributes that it was set with, or a
browser may keep it.
"""

import hashlib
import re
import secrets
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache, lru_cache
from threading import Lock
from traceback import walk_tb
from typing import Any, NamedTuple, Protocol, TypedDict, TypeVar, cast
from urllib.parse import quote

from flask import Flask, Request, Response
from flask.sessions import SessionInterface, SessionMixin
from itsdangerous import BadSignature, Signer
from werkzeug.exceptions import ServiceUnavailable
from werkzeug.http import http_date

from .requirements import require
from .serializer import SessionSerializer

require("flask")

_Result = TypeVar("_Result")

# Databases, file systems and dates have an end; a session that lives so long has none.
_LONGEST = timedelta(days=3650)

# Seconds for which it is known that a session ended, and which one has taken its place. No request
# that began before takes longer: Gunicorn, for one, ends a worker that is silent for as long.
_REMEMBERED = 30.0

# What a key looks like, and what the key of a note ends with.
_KEY = re.compile(rb"[!-~]*[0-9a-f]{64}(\.ended)?")
_NOTE = ".ended"

# Where Flask catches an error; what it calls next makes the page for it.
_CATCHERS = {Flask.full_dispatch_request.__code__, Flask.wsgi_app.__code__}


class SessionBackendError(ServiceUnavailable):
    """The store failed, so the session could not be read or saved.

    If reading the session raises it in a view, the response is 503. If saving the session raises
    it after the view, the response is 500. The exception of the client library is its
    ``__cause__``, and is not in the response.
    """

    description = "The session store is not available. Please try again in a moment."


class SessionEndedError(SessionBackendError):
    """The session that was changed is no longer in the store, so the change could not be saved.

    It has ended, has a new id, has expired, or was dropped by the store to make room.
    """

    description = "Your session has ended meanwhile. Please load the page and try again."


class Record(NamedTuple):
    """A stored session, as the store has read it.

    Attributes:
        payload: The bytes that were written.
        version: What the store needs to recognise this record in ``touch``, if it needs anything.
    """

    payload: bytes
    version: object = None


class SessionStore(Protocol):
    """Where sessions are stored. To write a backend, write these six methods.

    Each method is one step that cannot be interrupted: if two requests call at the same moment,
    one call is complete before the other has an effect. `lifetime` is in seconds, and may have a
    fraction. A record cannot be read from the moment that it expires.
    """

    @property
    def errors(self) -> tuple[type[Exception], ...]:
        """The exceptions that the backend raises if it fails. They become `SessionBackendError`."""

    def read(self, key: str) -> Record | None:
        """Return the record, or ``None`` if there is none."""

    def create(self, key: str, payload: bytes, lifetime: float) -> bool:
        """Write the record if none exists. Return whether it was written."""

    def update(self, key: str, payload: bytes, lifetime: float) -> bool:
        """Replace the record if one exists. Return whether it was replaced."""

    def touch(self, key: str, record: Record, lifetime: float) -> bool:
        """Move the expiry of a record, and never overwrite newer data.

        `record` is the return value of `read`. Return whether the record still exists.
        """

    def delete(self, key: str) -> bool:
        """Delete the record. Return whether one existed."""

    def purge(self) -> Iterator[int]:
        """Delete the expired records in batches, and yield the size of each batch.

        If the server deletes expired records itself, there may be nothing to yield.
        """


@dataclass(slots=True)
class Loaded:
    """What a session turned out to be when it was first looked at.

    Attributes:
        sid: The id: that of the cookie if the store knows it, otherwise a new one.
        data: The session's content.
        record: What the store holds for `sid`, ``None`` for a new session.
        key: The key that the store holds it under.
        permanent: Whether the session was permanent.
        failure: Why the store could not be read, if it could not.
        unknown: The id in the cookie, if the store does not know it.
        since: When the store was asked, in seconds of `time.monotonic`.
    """

    sid: str = field(repr=False)
    data: dict[str, Any] = field(default_factory=dict)
    record: Record | None = None
    key: str = ""
    permanent: bool = False
    failure: SessionBackendError | None = None
    unknown: str | None = field(default=None, repr=False)
    since: float = field(default_factory=time.monotonic)


class ServerSideSession(SessionMixin):
    """A session whose data is in a store. In a view, it is :obj:`flask.session`.

    It is a mapping and not a subclass of :class:`dict`, because some reads of a `dict` call no
    Python code that could load the data first. For a plain `dict`, call ``dict(session)``.

    As with Flask's own session, a change *inside* a value is not noticed: after
    ``session["cart"].append(1)`` set ``session.modified = True``.

    Attributes:
        modified: Whether the session has to be written at the end of the request.
        accessed: Whether the session was used. Then the response has ``Vary: Cookie``.
        cookie: The value of the cookie as the client sent it. Do not trust it.
        renewed: Whether this request has given the session a new id.
        retired: The old id and its record, which end when the session is saved.
        failed: Whether saving the session failed. Saving is not tried again for the error page.
    """

    modified = False
    accessed = False

    def __init__(
        self, interface: "ServerSideSessionInterface", app: Flask, cookie: str | None
    ) -> None:
        self.cookie = cookie
        self.renewed = False
        self.retired: tuple[str, Record] | None = None
        self.failed = False
        self._interface = interface
        self._app = app
        self._loaded: Loaded | None = None
        self._loading = Lock()
        self._written: set[str] = set()

    def load(self) -> Loaded:
        """Ask the store, once, what is behind the cookie. The answer may be that it failed."""
        if self._loaded is None:
            with self._loading:  # a view may have threads
                self._loaded = self._loaded or self._interface.load(self._app, self.cookie)
        return self._loaded

    @property
    def loaded(self) -> bool:
        """Whether the store was asked."""
        return self._loaded is not None

    @property
    def sid(self) -> str:
        """The id of the session. Keep it as secret as a password while the session lives."""
        return self.load().sid

    @property
    def new(self) -> bool:  # type: ignore[override]  # known only once the store was asked
        """Whether the session is not in the store yet."""
        return self.load().record is None

    @property
    def empty(self) -> bool:
        """Whether there is nothing in it worth keeping. Being permanent alone is not."""
        return self.load().data.keys() <= {"_permanent"}

    @property
    def permanent(self) -> bool:
        """Whether the cookie survives the end of the browser, for ``PERMANENT_SESSION_LIFETIME``.

        Setting it to the value that it has is not a change, so you can set it before each
        request.
        """
        return bool(self._data().get("_permanent", self._interface.permanent))

    @permanent.setter
    def permanent(self, value: bool) -> None:
        self._written.add("_permanent")
        if bool(value) != self.permanent:
            self["_permanent"] = bool(value)

    def replace_id(self, sid: str) -> None:
        """Go on under another id. The old one ends when the session is saved."""
        self._data()  # raises what the store failed with, before the view goes on
        loaded = self.load()
        if loaded.record:
            self.retired = (loaded.sid, loaded.record)
        loaded.sid, loaded.record = sid, None
        self.renewed = self.modified = True

    def disinherit(self, inherited: dict[str, Any]) -> None:
        """Keep only what this request has put in, equal to what was there or not."""
        data = self.load().data
        for key in inherited.keys() & data.keys() - self._written:
            if data[key] == inherited[key]:
                del data[key]

    # The mapping. What is missing here comes from `MutableMapping`, by way of these methods.

    def _data(self) -> dict[str, Any]:
        self.accessed = True
        loaded = self._loaded or self.load()
        if loaded.failure and not (self._interface.anonymous_when_down or _makes_an_error_page()):
            raise loaded.failure
        return loaded.data

    def __getitem__(self, key: str) -> Any:
        return self._data()[key]

    def __setitem__(self, key: str, value: Any) -> None:
        self._data()[key] = value
        self._written.add(key)
        self.modified = True

    def __delitem__(self, key: str) -> None:
        del self._data()[key]
        self._written.discard(key)
        self.modified = True

    def __iter__(self) -> Iterator[str]:
        return iter(self._data())

    def __len__(self) -> int:
        return len(self._data())

    def __contains__(self, key: object) -> bool:
        return key in self._data()

    def get(self, key: str, default: Any = None) -> Any:
        """Return the value of a key, or `default` if there is none."""
        return self._data().get(key, default)

    def clear(self) -> None:
        """Remove all data. If none are added, the stored session and the cookie go too."""
        self._data().clear()
        self._written.clear()
        self.modified = True

    def copy(self) -> dict[str, Any]:
        """Return the data as a plain dictionary."""
        return self._data().copy()

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self._data()}>"


class SessionOptions(TypedDict, total=False):
    """What every interface takes by name and hands on to `ServerSideSessionInterface`."""

    key_prefix: str | None
    use_signer: bool
    permanent: bool
    sid_length: int
    anonymous_when_down: bool


class ServerSideSessionInterface(SessionInterface):
    """Open and save sessions in a store.

    A request that does not use the session makes no call to the store. Reading the session makes
    one call, and only if the client sent a cookie that can be an id. Changing the session makes
    one more call. If a permanent session was only read, one more call moves its expiry, unless
    ``SESSION_REFRESH_EACH_REQUEST`` is ``False``.

    The store keeps a session for ``PERMANENT_SESSION_LIFETIME``, permanent or not, because the
    server does not learn when a browser ends and deletes its cookie.

    If two requests change one session at the same time, the one that is saved last overwrites the
    other. A request that only reads undoes nothing that another request has changed. A session
    that ended or got a new id in the meantime does not come back: the late change raises
    `SessionEndedError`. A late `regenerate` starts a session that contains only what its own
    request has stored.

    In an error handler, a session that could not be read is empty, so that the error page can be
    shown.

    Args:
        store: The store of the sessions.
        key_prefix: The key of a session in the store begins with this prefix. Applications with
            the same prefix share their sessions. It consists of ASCII characters without spaces,
            100 at most. By default, it contains the name of the application: ``session:shop:``.
        use_signer: Whether the id in the cookie is signed with ``SECRET_KEY``, so that an
            invented id is refused without a call to the store. The keys in
            ``SECRET_KEY_FALLBACKS`` are accepted too. Without a key, the session is empty, and
            writing to it raises an error that says what is missing. If you change this option,
            all users have to log in again.
        permanent: Whether a session is permanent if the view does not set ``session.permanent``.
        sid_length: The number of random bytes in an id, from 32 to 64. If you change it, all
            users have to log in again.
        anonymous_when_down: Whether views get an empty session instead of an error while the
            store fails. The browser keeps its cookie, and the failure is logged. A change of the
            session still raises the error, because it would be lost.

    Raises:
        ValueError: `key_prefix` or `sid_length` is not as described above.
    """

    session_class = ServerSideSession
    serializer = SessionSerializer()
    salt = "server-side-session"

    def __init__(
        self,
        store: SessionStore,
        *,
        key_prefix: str | None = None,
        use_signer: bool = False,
        permanent: bool = False,
        sid_length: int = 32,
        anonymous_when_down: bool = False,
    ) -> None:
        if not re.fullmatch("[!-~]{0,100}", key_prefix or ""):
            raise ValueError("key_prefix must be ASCII without spaces, 100 characters at most")
        if not 32 <= sid_length <= 64:
            raise ValueError("sid_length must be from 32 to 64")
        self.store = store
        self.key_prefix = key_prefix
        self.use_signer = use_signer
        self.permanent = permanent
        self.sid_length = sid_length
        self.anonymous_when_down = anonymous_when_down
        sid = rf"[\w-]{{{len(self._new_sid())}}}"
        signature = r"\.[\w-]{43}" if use_signer else ""
        self._cookie_pattern = re.compile(sid + signature, re.ASCII)

    # For the application.

    def regenerate(self, session: SessionMixin) -> None:
        """Give the session a new id and keep its data. Call it at login and when rights change.

        The old id ends when the session is saved, whatever the view does to the session before or
        after. It ends last: if anything fails before, the old session stays as it was. For 30
        seconds, a request with the old id cannot start a session, because its cookie would
        replace the new one.
        """
        if not isinstance(session, ServerSideSession):
            raise TypeError("the session was opened by another session interface")
        session.replace_id(self._new_sid())

    def destroy(self, session: SessionMixin) -> None:
        """End the session: delete its data, its id and its cookie. Call it at logout.

        What the view stores in the session afterwards starts a new session.
        """
        session.clear()
        self.regenerate(session)

    def purge(self) -> int:
        """Delete the expired sessions from the store. Return how many were deleted."""
        try:
            return sum(self.store.purge())
        except self.store.errors as error:
            raise SessionBackendError from error

    # For Flask.

    def open_session(self, app: Flask, request: Request) -> ServerSideSession | None:
        """Return the session of a request, not read yet.

        Without the key that `use_signer` needs, return ``None``: Flask then puts a session in its
        place that explains itself.
        """
        if self.use_signer and not app.secret_key:
            return None
        return self.session_class(self, app, request.cookies.get(self.get_cookie_name(app)))

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Bring the store up to date if need be, then set or delete the cookie.

        A cookie is never sent for what was not saved.

        Raises:
            SessionBackendError: The store failed.
            SessionEndedError: The session that was changed is not there any more.
            TypeError: A value cannot be stored. What was stored before stays.
        """
        if not isinstance(session, ServerSideSession):
            return  # Flask asks even if opening the session failed, and has none then.
        if session.accessed or session.modified:
            _vary_with_cookie(response)
        if session.failed or not (session.loaded or session.modified):
            return
        if session.load().failure and response.status_code >= 500:
            return  # The answer says that something is down.
        try:
            wanted = self._save(app, session)
        except Exception:
            session.failed = True
            raise
        if wanted and self.should_set_cookie(app, session):
            value = self._sign(app, session.sid)
            end = self.get_expiration_time(app, session)
            expires = _date(end.replace(microsecond=0)) if end else None
            response.set_cookie(value=value, expires=expires, **self._cookie_attributes(app))
        elif wanted is False and session.cookie is not None:
            response.delete_cookie(**self._cookie_attributes(app))

    def should_set_cookie(self, app: Flask, session: SessionMixin) -> bool:
        """Return whether a session that was saved needs its cookie sent.

        Flask's own cookie holds the data, so it is sent with every change. This one holds the id:
        it is sent if the client has another one, or if its expiry moves.
        """
        session = cast(ServerSideSession, session)
        loaded, permanent = session.load(), session.permanent
        if loaded.permanent != permanent or self._sign(app, loaded.sid) != session.cookie:
            return True
        return permanent and super().should_set_cookie(app, session)

    # Reading.

    def load(self, app: Flask, cookie: str | None) -> Loaded:
        """Find out what is behind a cookie. No cookie makes this raise."""
        sid = self._unsign(app, cookie)
        if sid is None:
            return Loaded(self._new_sid())
        key = self.key(app, sid)
        try:
            record = self._ask(self.store.read, key)
            if record is None:
                return Loaded(self._new_sid(), unknown=sid)
            data = self.serializer.decode(_unsealed(key, record))
        except SessionBackendError as failure:
            app.logger.exception("The session store failed; the session was not read.")
            return Loaded(self._new_sid(), failure=failure)
        except Exception:
            app.logger.warning("A stored session is not readable; it is ignored.", exc_info=True)
            return Loaded(self._new_sid())
        return Loaded(sid, data, record, key, bool(data.get("_permanent", self.permanent)))

    def key(self, app: Flask, sid: str) -> str:
        """Return the key of a session in the store: the prefix and a hash of the id."""
        prefix = _default_prefix(app.name) if self.key_prefix is None else self.key_prefix
        return prefix + hashlib.sha256(sid.encode()).hexdigest()

    # Writing.

    def get_expiration_time(self, app: Flask, session: SessionMixin) -> datetime | None:
        """Return when the cookie expires, ``None`` if it ends with the browser."""
        return datetime.now(UTC) + _lifetime(app) if session.permanent else None

    def _save(self, app: Flask, session: ServerSideSession) -> bool | None:
        """Bring the store up to date.

        Return whether the client is to have the cookie, ``None`` to leave it as it is.
        """
        loaded = session.load()
        lifetime = _lifetime(app).total_seconds()
        if not session.modified:
            if loaded.record and session.permanent and app.config["SESSION_REFRESH_EACH_REQUEST"]:
                return self._ask(self.store.touch, loaded.key, loaded.record, lifetime) or None
            return None
        if loaded.failure:
            raise loaded.failure
        if loaded.record and not session.empty:
            self._update(loaded, lifetime)
            return True
        if loaded.record:
            session.replace_id(self._new_sid())
        if loaded.unknown and (session.empty or not session.renewed):
            note = self._note(app, loaded.unknown)
            if note and note.startswith(b"moved"):
                if session.empty:
                    return None
                raise SessionEndedError
        if not session.empty:
            self._create(app, loaded, lifetime)
        if session.retired:
            retired, session.retired = session.retired, None
            if not self._retire(app, session, *retired):
                return None
        return not session.empty

    def _update(self, loaded: Loaded, lifetime: float) -> None:
        payload = _sealed(loaded.key, self.serializer.encode(loaded.data))
        if not self._ask(self.store.update, loaded.key, payload, lifetime):
            raise SessionEndedError

    def _create(self, app: Flask, loaded: Loaded, lifetime: float) -> None:
        payload = self.serializer.encode(loaded.data)
        for _ in range(3):
            loaded.key = self.key(app, loaded.sid)
            loaded.record = Record(_sealed(loaded.key, payload))
            if self._ask(self.store.create, loaded.key, loaded.record.payload, lifetime):
                return
            loaded.sid = self._new_sid()
        raise SessionBackendError("The session store refused three new ids.")

    def _retire(self, app: Flask, session: ServerSideSession, old: str, record: Record) -> bool:
        """End the session under its old id, now that the store has it under the new one.

        If another request has ended it, what it held ends too: only what is new may go on. Return
        whether something went on, or there was nothing that could.
        """
        loaded = session.load()
        if self._end(app, old, loaded):
            return True
        app.logger.warning("A session had ended before it was given a new id.")
        old_key = self.key(app, old)
        session.disinherit(self.serializer.decode(_unsealed(old_key, record)))
        if loaded.record is None:
            return False
        if session.empty:
            self._ask(self.store.delete, loaded.key)
            loaded.record = None
            return False
        self._update(loaded, _lifetime(app).total_seconds())
        return True

    def _end(self, app: Flask, sid: str, loaded: Loaded) -> bool:
        """End a session and leave a note under its id. Return whether nobody else had ended it.

        The note, which nobody can log in with, says what has taken the session's place. If the
        store finds nothing to delete, it tells who was first: another request, or this one, whose
        command reached the store twice. A request older than notes cannot tell, and is late.
        """
        key = self.key(app, sid)
        note = f"{'moved' if loaded.record else 'ended'} {self.key(app, loaded.sid)}".encode()
        payload = _sealed(key + _NOTE, note)
        mine = self._ask(self.store.create, key + _NOTE, payload, _REMEMBERED)
        if self._ask(self.store.delete, key):
            return True
        mine = mine or self._note(app, sid) == note
        return mine and time.monotonic() - loaded.since < _REMEMBERED

    def _note(self, app: Flask, sid: str) -> bytes | None:
        """Return the note under the id of a session that has ended lately."""
        key = self.key(app, sid) + _NOTE
        record = self._ask(self.store.read, key)
        return _unsealed(key, record) if record else None

    def _ask(self, method: Callable[..., _Result], *arguments: object) -> _Result:
        """Call a method of the store. Its exceptions become ours."""
        try:
            return method(*arguments)
        except self.store.errors as error:
            raise SessionBackendError from error

    # The id and its cookie.

    def _new_sid(self) -> str:
        return secrets.token_urlsafe(self.sid_length)

    def _signer(self, app: Flask) -> Signer:
        # The key that signs comes last; all of them verify.
        keys = [*(app.config["SECRET_KEY_FALLBACKS"] or ()), app.secret_key]
        return Signer(keys, salt=self.salt, key_derivation="hmac", digest_method=hashlib.sha256)

    def _sign(self, app: Flask, sid: str) -> str:
        return self._signer(app).sign(sid).decode() if self.use_signer else sid

    def _unsign(self, app: Flask, cookie: str | None) -> str | None:
        """Return the id in a cookie, or ``None`` if there is none or it cannot be one of ours."""
        if cookie is None or not self._cookie_pattern.fullmatch(cookie):
            return None
        if not self.use_signer:
            return cookie
        try:
            return self._signer(app).unsign(cookie).decode()
        except BadSignature:
            return None

    def _cookie_attributes(self, app: Flask) -> dict[str, Any]:
        """Name and attributes, the same for setting and for deleting."""
        return {
            "key": self.get_cookie_name(app),
            "domain": self.get_cookie_domain(app),
            "path": self.get_cookie_path(app),
            "secure": self.get_cookie_secure(app),
            "httponly": self.get_cookie_httponly(app),
            "samesite": self.get_cookie_samesite(app),
            "partitioned": self.get_cookie_partitioned(app),
        }


def _vary_with_cookie(response: Response) -> None:
    if response.headers.getlist("Vary"):
        response.vary.add("Cookie")
    else:  # as nearly always: there is nothing to parse and to write anew
        response.headers.add("Vary", "Cookie")


@lru_cache(maxsize=8)
def _date(second: datetime) -> str:
    """Return a time as a cookie has it. The requests of one second have the same."""
    return http_date(second)


@cache
def _default_prefix(application: str) -> str:
    return f"session:{quote(application)[:80]}:"


def _lifetime(app: Flask) -> timedelta:
    return min(app.permanent_session_lifetime, _LONGEST)


def _sealed(key: str, payload: bytes) -> bytes:
    """Return what is stored under a key: the key again, and the payload."""
    return key.encode() + b" " + payload


def _unsealed(key: str, record: Record) -> bytes:
    """Return the payload, if the record is the one that was asked for.

    Raises:
        SessionBackendError: The store gave the answer to another question.
        ValueError: The record is none of ours.
    """
    sealed_with, _, payload = record.payload.partition(b" ")
    if sealed_with == key.encode():
        return payload
    if _KEY.fullmatch(sealed_with):
        raise SessionBackendError("The session store gave another record than that asked for.")
    raise ValueError("the record is of another format")


def _makes_an_error_page() -> bool:
    """Return whether Flask has caught an error and now makes the page for it."""
    error = sys.exception()
    while error:
        if any(frame.f_code in _CATCHERS for frame, _ in walk_tb(error.__traceback__)):
            return True
        error = error.__context__
    return False
