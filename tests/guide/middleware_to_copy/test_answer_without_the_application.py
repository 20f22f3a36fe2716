"""Answer without the application: docs/guide/middleware-to-copy.md."""

from __future__ import annotations

from proven.claims.proofs import proves
from snippets.middleware import health
from tests.guide.middleware.common import get


@proves(
    "guide/middleware-to-copy",
    "A middleware does not have to call the application.",
    "A flask.Response and the exceptions of werkzeug.exceptions are WSGI applications "
    "too, so the middleware can call one of them:",
)
@proves("guide/middleware", "respond before any code of the application runs | a middleware")
def test_a_middleware_may_answer_by_itself() -> None:
    assert get(health.app, "/healthz").text == "ok"
    assert get(health.app).status_code == 401
