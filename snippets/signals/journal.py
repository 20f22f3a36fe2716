"""A journal of the last request: a WSGI middleware and a session interface in one class."""

from collections.abc import Callable, Iterable
from typing import Any, NamedTuple
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from flask import Flask, Request, Response, has_app_context, has_request_context, request
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface, SessionMixin


class Step(NamedTuple):
    kind: str
    name: str
    detail: str
    error: str
    app_context: bool
    request_context: bool


class Journal(SecureCookieSessionInterface):
    def __init__(self) -> None:
        self.steps: list[Step] = []

    def note(self, kind: str, name: str, **values: object) -> None:
        detail = ", ".join(f"{key}={value}" for key, value in values.items())
        # ?fail=cart makes the step of that name raise an exception
        error = RuntimeError(name) if request and request.args.get("fail") == name else None
        raised = type(error).__name__ if error else ""
        self.steps.append(
            Step(kind, name, detail, raised, has_app_context(), has_request_context())
        )
        if error:
            raise error

    def around(self, inner: WSGIApplication) -> Callable[..., Iterable[bytes]]:
        def outer(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
            def start(status: str, *arguments: Any) -> Any:
                self.note("server", "start_response", status=status)
                return start_response(status, *arguments)

            self.steps.clear()
            self.note("server", "wsgi_app")
            body = inner(environ, start)
            self.note("server", "body")
            return body

        return outer

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        self.note("session", "open_session")
        return super().open_session(app, request)

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        self.note("session", "save_session")
        super().save_session(app, session, response)
