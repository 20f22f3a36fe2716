"""Wrap the application: give each request an id, and read the headers of the proxies."""

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from snippets.middleware.request_id import RequestId


def init_app(app: Flask) -> None:
    app.wsgi_app = RequestId(app.wsgi_app)  # type: ignore[method-assign]
    if number := app.config["PROXIES"]:
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=number, x_proto=number, x_host=number
        )
