"""A middleware that responds itself, before any code of the application runs."""

from collections.abc import Iterable
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from flask import Flask, Response, abort


class Health:
    def __init__(self, app: WSGIApplication, path: str = "/healthz") -> None:
        self.app, self.path = app, path

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if environ["PATH_INFO"] == self.path:
            # a response is a WSGI application too
            return Response("ok", mimetype="text/plain")(environ, start_response)
        return self.app(environ, start_response)


app = Flask(__name__)
app.wsgi_app = Health(app.wsgi_app)  # type: ignore[method-assign]


@app.before_request
def nobody_may() -> None:
    abort(401)
