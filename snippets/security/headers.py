"""Headers that take from a browser what no page of this application needs."""

from flask import Flask, Response, request

HEADERS = {
    "Content-Security-Policy": "frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
}


def add_headers(response: Response) -> Response:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if request.is_secure:
        response.headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"
    return response


def create_app(careful: bool = True) -> Flask:
    app = Flask(__name__)
    app.add_url_rule("/", "shop", lambda: "<button>Buy</button>")
    app.add_url_rule("/notes/1.txt", "note", note)
    if careful:
        app.after_request(add_headers)
    return app


def note() -> Response:
    # a text that a user has uploaded
    return Response("document.title = 'the text ran'", mimetype="text/plain")
