"""Old lines of the page on sessions; each function returns what came of it."""

import base64

from flask import Flask, session


def readable():
    app = Flask("shop")
    app.secret_key = "asdasda"
    app.add_url_rule("/", "index", lambda: session.update(user="ada") or "")
    cookie = app.test_client().get("/").headers["Set-Cookie"]
    return base64.urlsafe_b64decode(cookie.partition("=")[2].partition(".")[0] + "==")


def open_session():
    app = Flask("shop")
    app.secret_key = "asdasda"
    with app.test_request_context() as context:
        return type(app.open_session(context.request)).__name__


def flask_ext():
    from flask.ext.session import Session

    return Session.__name__
