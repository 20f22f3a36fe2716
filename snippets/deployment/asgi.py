"""The same application for an ASGI server: ten threads call it, and the loop of the server stays free."""

from a2wsgi import WSGIMiddleware

from .waiting import app

__all__ = ["app", "asgi_app"]

# the ASGI server loads this one; app is for `flask run` and for tests
asgi_app = WSGIMiddleware(app, workers=10)  # type: ignore[arg-type]
