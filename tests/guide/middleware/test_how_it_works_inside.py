"""How it works inside: docs/guide/middleware.md."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any
from wsgiref.types import StartResponse, WSGIEnvironment

from flask import Response, request
from werkzeug.test import create_environ

from proven.claims.proofs import proves
from snippets.middleware import bare, order
from tests.guide.middleware.common import Wrapper, get, new_app, wrapped


@proves(
    "guide/middleware",
    "The server calls the application, and the application calls its attribute wsgi_app().",
    "Flask.__call__ only calls wsgi_app(), so you can replace that attribute.",
    "Each middleware stores the next one, and the innermost stores the method:",
)
def test_the_application_calls_what_stands_in_wsgi_app() -> None:
    outer: Any = order.app.wsgi_app
    assert (outer.name, outer.app.name) == ("outer", "inner")
    assert outer.app.app.__qualname__ == "Flask.wsgi_app"
    app = new_app()
    app.wsgi_app = Response("instead")  # type: ignore[method-assign]
    assert get(app).text == "instead"


@proves(
    "guide/middleware",
    "request, session, g, endpoint and view arguments | yes | only while start_response runs",
    "When it has the body, the request context has ended.",
    "wsgi_app pushes the contexts, calls full_dispatch_request(), calls the response as a "
    "WSGI application and pops the contexts.",
    "So the request context is still active when start_response is called, and no longer "
    "when the server reads the body.",
)
def test_start_response_is_called_with_the_request_and_the_body_read_without() -> None:
    found: list[bool] = []

    class Look(Wrapper):
        def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Any:
            def start(*given: Any) -> Any:
                found.append(bool(request))
                return start_response(*given)

            body = self.app(environ, start)
            found.append(bool(request))
            return body

    get(wrapped(new_app(), Look))
    assert found == [True, False]


@proves(
    "guide/middleware",
    "A middleware is one object for all requests and threads.",
    "Store what belongs to one request in local variables or in the environ, never in self.",
)
def test_what_is_kept_in_self_is_shared_by_all_requests() -> None:
    class Keeps(Wrapper):
        def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Any:
            self.path = environ["PATH_INFO"]
            return self.late(self.app(environ, start_response))

        def late(self, body: Iterable[bytes]) -> Iterator[bytes]:
            yield from body
            yield self.path.encode()

    calls = Keeps(bare.hello)
    both = [calls(create_environ(path), lambda *given: lambda b: b) for path in ("/a", "/b")]
    assert [list(body)[-1] for body in both] == [b"/b", b"/b"]
