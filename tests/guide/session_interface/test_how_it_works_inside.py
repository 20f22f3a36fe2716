"""How it works inside: docs/guide/session-interface.md."""

from __future__ import annotations

import inspect
import sys
import threading
from typing import Any
from urllib.request import urlopen

import flask.cli
import gunicorn.util
import pytest
import werkzeug.serving
from click.testing import CliRunner
from flask import Flask, Response, request, session
from flask.sessions import NullSession, SecureCookieSessionInterface, SessionMixin
from itsdangerous import URLSafeTimedSerializer
from werkzeug.serving import make_server

from proven.claims.proofs import proves
from snippets.signed_sessions import flow
from tests.guide.sessions.common import SAID, content, new_app, visit


@proves(
    "guide/session-interface",
    "The second response contains three lists of calls: the calls that opened the session "
    "of the first request, those that saved it, and those that opened the session of the "
    "second request.",
    "wsgi_app creates a RequestContext and pushes it.",
    "full_dispatch_request() runs the hooks and the view.",
    "finalize_request calls process_response(), which runs the functions registered with "
    "after_request and then calls save_session().",
    "A session interface opens the session at the start of a request and saves it at the end.",
)
def test_who_calls_the_interface(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(flow, "calls", [])
    client = flow.app.test_client()
    client.get("/")
    opened, saved, opened_again = client.get("/").text.split("\n\n")
    push = ["Flask.__call__", "Flask.wsgi_app", "RequestContext.push", "Traced.open_session"]
    assert opened.split("\n") == opened_again.split("\n") == push
    dispatch = ["Flask.full_dispatch_request", "Flask.finalize_request", "Flask.process_response"]
    assert saved.split("\n") == [*push[:2], *dispatch, "Traced.save_session"]


@proves(
    "guide/session-interface",
    "Flask.run calls run_simple() with the host, the port and the application.",
)
def test_app_run_hands_itself_to_run_simple(monkeypatch: pytest.MonkeyPatch) -> None:
    given: list[Any] = []
    monkeypatch.setattr(werkzeug.serving, "run_simple", lambda *args, **kw: given.extend(args))
    monkeypatch.delenv("FLASK_RUN_FROM_CLI", raising=False)
    app = new_app()
    app.run()
    assert given == ["127.0.0.1", 5000, app]


@proves(
    "guide/session-interface",
    "For each request, the server calls the application.",
    "Werkzeug's development server does this in WSGIRequestHandler.run_wsgi.",
)
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


@proves(
    "guide/session-interface",
    "For a NullSession it does not.",
    "if signer is None: return None | refuses to sign without a key | The first two lines "
    "do the same. Flask replaces None by a NullSession.",
)
def test_none_becomes_a_null_session_which_is_not_saved() -> None:
    interface = Refusing()
    client = new_app(interface).test_client()
    kinds: list[type] = []
    visit(client, lambda: kinds.append(type(session._get_current_object())))  # type: ignore[attr-defined]
    assert kinds == [NullSession]
    assert interface.saved == 0


@proves(
    "guide/session-interface",
    "Flask saves the session for an error page too, so what the view changed before it "
    "failed is kept.",
    "In both cases the view changes an object in memory, and Flask saves it with the response.",
)
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


SAVED = {
    "empty and changed": (lambda: session.clear(), "deleted"),
    "empty and not changed": (lambda: session.get("user"), "nothing"),
    "not to be sent": (lambda: session.get("user"), "nothing"),
    "changed": (lambda: session.update(user="bob"), "set"),
}


@proves(
    "guide/sessions",
    "save_session deletes the cookie if the session is empty and was changed.",
    "It does nothing if the session is empty and was not changed, or if "
    "should_set_cookie() returns False.",
    "Otherwise it signs the session and sets the cookie.",
)
@pytest.mark.parametrize("case", SAVED)
def test_what_save_session_does(case: str) -> None:
    change, expected = SAVED[case]
    client = new_app().test_client()
    if case != "empty and not changed":
        visit(client, lambda: session.update(user="ada"))
    sent = visit(client, lambda: str(change())).headers.get("Set-Cookie")
    found = "nothing" if sent is None else "deleted" if "Max-Age=0" in sent else "set"
    assert found == expected


@proves(
    "guide/sessions",
    "open_session reads the cookie with URLSafeTimedSerializer and passes the lifetime as max_age.",
)
def test_the_lifetime_is_passed_as_max_age(monkeypatch: pytest.MonkeyPatch) -> None:
    ages: list[int | None] = []
    loads = URLSafeTimedSerializer.loads

    def note(self: Any, value: Any, max_age: int | None = None, **options: Any) -> Any:
        ages.append(max_age)
        return loads(self, value, max_age, **options)

    monkeypatch.setattr(URLSafeTimedSerializer, "loads", note)
    client = new_app(PERMANENT_SESSION_LIFETIME=70).test_client()
    visit(client, lambda: session.update(user="ada"))
    assert content(client) == {"user": "ada"}
    assert ages == [70]


@proves(
    "guide/sessions",
    "To change how the cookie is named or when it is sent, subclass it and override a "
    "method of SessionInterface, such as get_cookie_name().",
)
def test_a_subclass_names_the_cookie() -> None:
    class Named(SecureCookieSessionInterface):
        def get_cookie_name(self, app: Flask) -> str:
            return "named"

    answer = visit(new_app(Named()).test_client(), lambda: session.update(user="ada"))
    assert answer.headers["Set-Cookie"].startswith("named=")


@proves(
    "guide/session-interface",
    "The push calls open_session() of the session interface, before the URL is matched.",
)
def test_the_session_is_opened_before_the_url_is_matched() -> None:
    matched: list[Any] = []

    class Asking(SecureCookieSessionInterface):
        def open_session(self, app: Flask, request: Any) -> Any:
            matched.append(request.url_rule)
            return super().open_session(app, request)

    visit(new_app(Asking()).test_client(), lambda: matched.append(request.url_rule))
    assert [str(rule) for rule in matched] == ["None", "/"]


@proves(
    "guide/session-interface",
    "self.session = self.app.open_session(self.request). Today Flask calls open_session "
    "of the session interface.",
    "app.open_session and app.save_session were removed: ….",
)
def test_the_methods_of_the_application_are_gone() -> None:
    assert not hasattr(Flask, "open_session")
    assert not hasattr(Flask, "save_session")


@proves(
    "guide/session-interface",
    "If open_session returns None, as Flask's own does without a secret key, Flask uses a "
    "NullSession instead.",
    "It is empty, and raises an error if a view writes to it.",
)
def test_without_a_key_flask_uses_an_empty_session_that_refuses_to_be_written() -> None:
    app = new_app()
    app.secret_key = None
    kinds: list[object] = []

    def look() -> None:
        kinds.extend([type(session._get_current_object()), dict(session)])  # type: ignore[attr-defined]
        with pytest.raises(RuntimeError, match="no secret key was set"):
            session["user"] = "ada"

    visit(app.test_client(), look)
    assert kinds == [NullSession, {}]


@proves(
    "guide/session-interface", "In them, flask.session is the object that open_session returned."
)
def test_hooks_and_view_have_the_object_that_open_session_returned() -> None:
    seen: list[object] = []

    class Noting(SecureCookieSessionInterface):
        def open_session(self, app: Flask, request: Any) -> Any:
            seen.append(super().open_session(app, request))
            return seen[0]

    app = new_app(Noting())
    app.before_request(lambda: seen.append(session._get_current_object()))  # type: ignore[attr-defined]
    visit(app.test_client(), lambda: seen.append(session._get_current_object()))  # type: ignore[attr-defined]
    assert len(seen) == 3
    assert seen[0] is seen[1] is seen[2]


@proves(
    "guide/session-interface",
    "flask run and servers such as Gunicorn do not call app.run().",
    "They import the application.",
)
def test_flask_run_and_gunicorn_import_the_application(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any, **__: Any) -> None:
        raise AssertionError("app.run() was called")

    # Whoever loads snippets anew takes them out of it.
    monkeypatch.setitem(sys.modules, flow.__name__, flow)
    served: list[Any] = []
    monkeypatch.setattr(Flask, "run", refuse)
    monkeypatch.setattr(
        flask.cli, "run_simple", lambda host, port, app, **options: served.append(app)
    )
    found = CliRunner().invoke(
        flask.cli.cli, ["--app", "snippets.signed_sessions.flow", "run", "--no-reload"]
    )
    assert (found.exit_code, len(served)) == (0, 1)
    assert gunicorn.util.import_app("snippets.signed_sessions.flow:app") is flow.app


@proves("guide/session-interface", "The call runs Flask.__call__, which only calls wsgi_app().")
def test_call_only_calls_wsgi_app(monkeypatch: pytest.MonkeyPatch) -> None:
    app = new_app()
    environ: dict[str, Any] = {}
    monkeypatch.setattr(app, "wsgi_app", lambda *given: given)
    assert app(environ, refuse := object()) == (environ, refuse)
    assert environ == {}
