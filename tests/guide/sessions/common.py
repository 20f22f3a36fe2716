"""What the tests of docs/guide/sessions.md share."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from flask import Flask, Response, request, session
from flask.sessions import SessionInterface, SessionMixin
from flask.testing import FlaskClient
from flask_session import Session
from itsdangerous import BadSignature, Signer
from redis import Redis
from werkzeug.datastructures import CallbackDict

from snippets.sessions import RedisSessionInterface
from tests.subjects import text_of

ROOT = Path(__file__).parents[3]


TEXT = text_of("sessions")


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


def content_of_session() -> str:
    return str(dict(session))


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
