"""Two applications in one process, with one extension object and a setting each."""

from flask import Flask
from werkzeug.middleware.dispatcher import DispatcherMiddleware

from snippets.extensions.smallest import create_app as create_shop


def create_app() -> Flask:
    app = create_shop("tea shop")
    other = create_shop("book shop")
    app.wsgi_app = DispatcherMiddleware(app.wsgi_app, {"/books": other})  # type: ignore[method-assign]
    return app
