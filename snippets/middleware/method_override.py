"""Let an HTML form send PUT and DELETE, which a browser cannot."""

from collections.abc import Iterable
from urllib.parse import parse_qs
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from flask import Flask

ALLOWED = {"PUT", "PATCH", "DELETE"}


class MethodOverride:
    def __init__(self, app: WSGIApplication) -> None:
        self.app = app

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        asked = parse_qs(environ.get("QUERY_STRING", "")).get("_method", [""])[-1].upper()
        # only a POST: a link must not become a DELETE
        if environ["REQUEST_METHOD"] == "POST" and asked in ALLOWED:
            environ["REQUEST_METHOD"] = asked
        return self.app(environ, start_response)


app = Flask(__name__)
app.wsgi_app = MethodOverride(app.wsgi_app)  # type: ignore[method-assign]


@app.get("/notes/<int:number>")
def show(number: int) -> str:
    return f'<form method="post" action="/notes/{number}?_method=delete"><button>Delete</button></form>'


@app.delete("/notes/<int:number>")
def delete(number: int) -> str:
    return f"Note {number} is deleted."
