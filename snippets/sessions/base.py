"""What all server-side sessions share: the id, the cookie, the lazy load and when to write.

The browser keeps a random id in its cookie, the data stay on the server. A backend is a
:class:`SessionStore` of six short methods; everything else is here, once:

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
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Protocol, TypedDict, TypeVar, cast

from flask import Flask, Request, Response
from flask.sessions import SessionInterface, SessionMixin
from itsdangerous import BadSignature, Signer
from werkzeug.exceptions import ServiceUnavailable

from .serializer import SessionSerializer

_Result = TypeVar("_Result")


class SessionBackendError(ServiceUnavailable):
    """The store failed, so the session could not be read or saved.

    Raised while a view reads the session, it answers 503. Raised while the session is being saved,
    after the view, Flask answers 500. The client's own exception is the ``__cause__``; the
    answer does not show it.
    """

    description = "The session store is not available. Please try again in a moment."


class Record(NamedTuple):
    """A stored session as a store read it.

    Attributes:
        payload: The bytes that were written.
        version: What the store needs to recognise this record in ``touch``, if it needs anything.
    """

    payload: bytes
    version: object = None


class SessionStore(Protocol):
    """Where sessions are kept. Write these six methods and you have a backend.

    Each method is one step that cannot be interrupted half way: two requests that call at the
    same moment see one before the other. `lifetime` is in seconds, fractions count. An expired
    record cannot be read, from the very moment that it expires.
    """

    @property
    def errors(self) -> tuple[type[Exception], ...]:
        """The exceptions of a backend that failed. They become `SessionBackendError`."""

    def read(self, key: str) -> Record | None:
        """Return the record, or ``None`` if there is none."""

    def create(self, key: str, payload: bytes, lifetime: float) -> bool:
        """Write a record unless there is one. Return whether it was written."""

    def update(self, key: str, payload: bytes, lifetime: float) -> bool:
        """Replace a record if there is one. Return whether it was replaced."""

    def touch(self, key: str, record: Record, lifetime: float) -> bool:
        """Move the expiry of a record, never writing data over newer data.

        `record` is what `read` returned. Return whether the record still exists.
        """

    def delete(self, key: str) -> bool:
        """Remove a record. Return whether there was one."""

    def purge(self) -> Iterator[int]:
        """Remove what has expired, in batches, and yield the size of each.

        A store whose server removes expired records by itself yields nothing.
        """


@dataclass(slots=True)
class Loaded:
    """What a session turned out to be when it was first looked at.

    Attributes:
        sid: The id: that of the cookie if the store knows it, otherwise a new one.
        data: The session's content.
        record: What the store holds under `sid`, ``None`` for a new session.
        permanent: Whether the session was permanent.
        failure: Why the store could not be read, if it could not.
    """

    sid: str
    data: dict[str, Any] = field(default_factory=dict)
    record: Record | None = None
    permanent: bool = False
    failure: SessionBackendError | None = None


class ServerSideSession(SessionMixin):
    """A session whose data are in a store. In a view it is :obj:`flask.session`.

    It is a mapping and not a subclass of :class:`dict`: some reads of a `dict` never reach Python
    code, and so could not load the data first. Take a plain `dict` with ``dict(session)``.

    As with Flask's own session, a change *inside* a value is not seen: after
    ``session["cart"].append(1)`` set ``session.modified = True``.

    Attributes:
        modified: Whether the session must be written at the end of the request.
        accessed: Whether it was looked at. The answer then varies with the cookie.
        cookie: The cookie's value as the client sent it, not to be trusted.
        retired: The id it had before, with what the store held, to end when it is saved.
        failed: Whether saving it failed. It is not tried again for the error page.
    """

    modified = False
    accessed = False

    def __init__(
        self, interface: "ServerSideSessionInterface", app: Flask, cookie: str | None
    ) -> None:
        self.cookie = cookie
        self.retired: tuple[str, Record] | None = None
        self.failed = False
        self._interface = interface
        self._app = app
        self._loaded: Loaded | None = None

    def load(self) -> Loaded:
        """Ask the store, once, what is behind the cookie. The answer may be that it failed."""
        if self._loaded is None:
            self._loaded = self._interface.load(self._app, self.cookie)
        return self._loaded

    @property
    def loaded(self) -> bool:
        """Whether the store was asked."""
        return self._loaded is not None

    @property
    def sid(self) -> str:
        """The id. It means nothing, and is as secret as a password while the session lives."""
        return self.load().sid

    @property
    def new(self) -> bool:  # type: ignore[override]  # known only once the store was asked
        """Whether the store does not hold this session yet."""
        return self.load().record is None

    @property
    def empty(self) -> bool:
        """Whether there is nothing in it worth keeping. Being permanent alone is not."""
        return self.load().data.keys() <= {"_permanent"}

    @property
    def permanent(self) -> bool:
        """Whether the cookie outlives the browser, for ``PERMANENT_SESSION_LIFETIME``.

        Setting what it is already is no change, so a function that runs before each request may.
        """
        return bool(self._data().get("_permanent", self._interface.permanent))

    @permanent.setter
    def permanent(self, value: bool) -> None:
        if bool(value) != self.permanent:
            self["_permanent"] = bool(value)

    def replace_id(self, sid: str) -> None:
        """Go on under another id. The old one ends when the session is saved."""
        loaded = self.load()
        if loaded.record:
            self.retired = (loaded.sid, loaded.record)
        loaded.sid, loaded.record = sid, None
        self.modified = True

    # The mapping. What is missing here comes from `MutableMapping`, by way of these methods.

    def _data(self) -> dict[str, Any]:
        self.accessed = True
        loaded = self._loaded or self.load()
        if loaded.failure and not self._interface.anonymous_when_down:
            raise loaded.failure
        return loaded.data

    def __getitem__(self, key: str) -> Any:
        return self._data()[key]

    def __setitem__(self, key: str, value: Any) -> None:
        self._data()[key] = value
        self.modified = True

    def __delitem__(self, key: str) -> None:
        del self._data()[key]
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
        self.modified = True

    def copy(self) -> dict[str, Any]:
        """Return the data as a plain dictionary."""
        return self._data().copy()

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self._data()}>"


class SessionOptions(TypedDict, total=False):
    """What every interface takes by name and hands on to `ServerSideSessionInterface`."""

    key_prefix: str
    use_signer: bool
    permanent: bool
    sid_length: int
    anonymous_when_down: bool


class ServerSideSessionInterface(SessionInterface):
    """Open and save sessions in a store.

    A request that does not look at its session costs nothing. Looking at it costs one read, and
    only if the client sent what could be an id. Changing it costs one write more. A permanent
    session that was looked at has its expiry moved, its data not written, unless
    ``SESSION_REFRESH_EACH_REQUEST`` is off.

    The store keeps a session for ``PERMANENT_SESSION_LIFETIME``, permanent or not, because a
    cookie that ends with the browser does not tell the server when it did.

    When two requests change one session at the same time, the one that is saved last wins as a
    whole. A request that only reads never undoes another one's change. A session that was ended
    or given a new id meanwhile does not come back: the late change is dropped, with a warning in
    the log. A late `regenerate` starts a session with what its own request has put in.

    Args:
        store: Where the sessions are kept.
        key_prefix: Put in front of the id to make the store's key, so that applications can share
            a store. ASCII without spaces, 100 characters at most.
        use_signer: Sign the id in the cookie with ``SECRET_KEY``, so that a made-up id is refused
            without asking the store. ``SECRET_KEY_FALLBACKS`` are honoured. Without a key the
            session is empty, and writing to it says what is missing.
        permanent: Whether a session is permanent that does not say.
        sid_length: Random bytes in an id, from 32 to 64.
        anonymous_when_down: While the store fails, serve pages with an empty session instead of
            an error. The visitor keeps the cookie, the failure is logged, and changing the
            session is an error all the same: the change would be lost.

    Raises:
        ValueError: `key_prefix` or `sid_length` is not as described.
    """

    session_class = ServerSideSession
    serializer = SessionSerializer()
    salt = "server-side-session"

    def __init__(
        self,
        store: SessionStore,
        *,
        key_prefix: str = "session:",
        use_signer: bool = False,
        permanent: bool = False,
        sid_length: int = 32,
        anonymous_when_down: bool = False,
    ) -> None:
        if not re.fullmatch("[!-~]{0,100}", key_prefix):
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

        Whoever else knows the old id is left with nothing: it ends when the session is saved,
        whatever the view does to the session before or after.
        """
        if not isinstance(session, ServerSideSession):
            raise TypeError("the session was opened by another session interface")
        session.replace_id(self._new_sid())

    def destroy(self, session: SessionMixin) -> None:
        """End the session: its data, its id, its cookie. Call it at logout.

        What the view puts into the session afterwards starts a new one.
        """
        session.clear()
        self.regenerate(session)

    def purge(self) -> Iterator[int]:
        """Remove expired sessions in batches, and yield the size of each."""
        try:
            yield from self.store.purge()
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
            TypeError: A value cannot be stored. What was stored before stays.
        """
        if not isinstance(session, ServerSideSession):
            return  # Flask asks even if opening the session failed, and has none then.
        if session.accessed or session.modified:
            _vary_with_cookie(response)
        if session.failed or not (session.loaded or session.modified):
            return
        try:
            wanted = self._save(app, session)
        except Exception:
            session.failed = True
            raise
        if wanted and self.should_set_cookie(app, session):
            value = self._sign(app, session.sid)
            expires = self.get_expiration_time(app, session)
            response.set_cookie(value=value, expires=expires, **self._cookie_attributes(app))
        elif wanted is False and session.cookie is not None:
            response.delete_cookie(**self._cookie_attributes(app))

    def should_set_cookie(self, app: Flask, session: SessionMixin) -> bool:
        """Return whether a session that was saved needs its cookie sent.

        Flask's own cookie holds the data, so it is sent with every change. This one holds the id:
        it is sent if the client has another one, or if its expiry moves.
        """
        session = cast(ServerSideSession, session)
        loaded = session.load()
        if loaded.permanent != session.permanent or self._sign(app, loaded.sid) != session.cookie:
            return True
        return session.permanent and super().should_set_cookie(app, session)

    # Reading.

    def load(self, app: Flask, cookie: str | None) -> Loaded:
        """Find out what is behind a cookie. No cookie makes this raise."""
        sid = self._unsign(app, cookie)
        if sid is None:
            return Loaded(self._new_sid())
        try:
            record = self._ask(self.store.read, sid)
        except SessionBackendError as failure:
            app.logger.exception("The session store failed; the session was not read.")
            return Loaded(self._new_sid(), failure=failure)
        if record is None:
            return Loaded(self._new_sid())
        try:
            data = self.serializer.decode(record.payload)
        except Exception:
            app.logger.warning("A stored session is not readable; it is ignored.", exc_info=True)
            return Loaded(self._new_sid())
        return Loaded(sid, data, record, permanent=bool(data.get("_permanent", self.permanent)))

    # Writing.

    def _save(self, app: Flask, session: ServerSideSession) -> bool | None:
        """Bring the store up to date.

        Return whether the client is to have the cookie, ``None`` to leave it as it is.
        """
        loaded = session.load()
        lifetime = app.permanent_session_lifetime.total_seconds()
        if not session.modified:
            if loaded.record and session.permanent and app.config["SESSION_REFRESH_EACH_REQUEST"]:
                return self._ask(self.store.touch, loaded.sid, loaded.record, lifetime) or None
            return None
        if loaded.failure:
            raise loaded.failure
        if loaded.record and session.empty:
            session.replace_id(self._new_sid())
        payload = self.serializer.encode(loaded.data)  # if this fails, nothing has ended yet
        if session.retired and not self._end(*session.retired, loaded):
            app.logger.warning("A session had ended before it was given a new id.")
            if session.empty:
                return None
            payload = self.serializer.encode(loaded.data)
        if session.empty:
            return False
        if loaded.record is None:
            self._create(loaded, payload, lifetime)
        elif not self._ask(self.store.update, loaded.sid, payload, lifetime):
            app.logger.warning("A session had ended before its change was saved.")
            return None
        return True

    def _end(self, sid: str, record: Record, loaded: Loaded) -> bool:
        """Delete a session whose data go on under another id. Return whether it was there.

        If another request has ended it, what it held ends too: only what is new may go on.
        """
        if self._ask(self.store.delete, sid):
            return True
        for key, value in self.serializer.decode(record.payload).items():
            if loaded.data.get(key) == value:
                del loaded.data[key]
        return False

    def _create(self, loaded: Loaded, payload: bytes, lifetime: float) -> None:
        for _ in range(3):
            if self._ask(self.store.create, loaded.sid, payload, lifetime):
                loaded.record = Record(payload)
                return
            loaded.sid = self._new_sid()
        raise SessionBackendError("The session store refused three new ids.")

    def _ask(self, method: Callable[..., _Result], sid: str, *arguments: object) -> _Result:
        """Call a method of the store, whose failure is ours."""
        try:
            return method(self.key_prefix + sid, *arguments)
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
