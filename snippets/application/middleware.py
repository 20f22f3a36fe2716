"""Around the application: an id for each request, and the headers that every answer has."""

from flask import Flask

from snippets.middleware.headers import DefaultHeaders
from snippets.middleware.request_id import RequestId

HEADERS = {
    # all that the pages need; a script is not among it
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    # after the logout, the way back shows no notes
    "Cache-Control": "no-store",
}


def init_app(app: Flask) -> None:
    app.wsgi_app = RequestId(DefaultHeaders(app.wsgi_app, HEADERS))  # type: ignore[method-assign]
